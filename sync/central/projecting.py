"""Makes the projections follow the raw entries, behind ingest: a terminal at a time, in order, each by one process only."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from sync.central import alerts, conflicts, raw
from sync.central.database import Database, one, rows, run
from sync.central.projections import TABLES, Change, Told, changes
from sync.protocol.journal import WireEntry

log = logging.getLogger(__name__)
ENTRIES_A_COMMIT: Final = 500
TERMINALS_A_ROUND: Final = 200


class Projector:
    """Projects what is not projected yet. Several processes may each have one."""

    def __init__(self, database: Database, now_s: Callable[[], float]) -> None:
        self._database = database
        self._now_s = now_s

    def project_all(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Everything that is there now, or until `stop`; gives how many entries. Raises DatabaseAwayError."""
        done = 0
        while not stop() and (behind := self._database.read(_behind)):
            made = sum(self._database.write(partial(self._project, terminal_id)) for terminal_id in behind)
            done += made
            if not made:  # other processes are at them
                break
        return done

    def rebuild(self, terminal_id: str) -> int:
        """A terminal's projections anew from its raw entries; gives how many entries. Raises DatabaseAwayError."""

        def forget(connection: Connection) -> None:
            _lock(connection, terminal_id)
            for table in TABLES:
                run(connection, f"DELETE FROM {table} WHERE terminal_id = :terminal", terminal=terminal_id)  # noqa: S608 - names of our own
            run(
                connection,
                "UPDATE journal SET projected_seq = first_seq - 1 WHERE terminal_id = :terminal",
                terminal=terminal_id,
            )

        self._database.write(forget)
        done = 0
        while made := self._database.write(partial(self._project, terminal_id)):
            done += made
        return done

    def _project(self, terminal_id: str, connection: Connection) -> int:
        """The next entries of one terminal: of its oldest journal that is behind. 0 where there is none, or another process is at it."""
        store_id = _lock(connection, terminal_id)
        if store_id is None:
            return 0
        journal = one(
            connection,
            "SELECT journal_id, projected_seq, seq FROM journal WHERE terminal_id = :terminal AND projected_seq < seq"
            " ORDER BY begun_ms, first_seq LIMIT 1",
            terminal=terminal_id,
        )
        if journal is None:
            return 0
        entries = raw.after(connection, terminal_id, journal.journal_id, journal.projected_seq, ENTRIES_A_COMMIT)
        self._follow(connection, terminal_id, store_id, journal.journal_id, entries)
        last = entries[-1].seq if entries else 0  # may be beyond the head that was read before: they came in meanwhile
        upto = last if len(entries) == ENTRIES_A_COMMIT else max(last, journal.seq)
        run(
            connection,
            "UPDATE journal SET projected_seq = :upto WHERE terminal_id = :terminal AND journal_id = :journal",
            upto=upto,
            terminal=terminal_id,
            journal=journal.journal_id,
        )
        return int(upto - journal.projected_seq)

    def _follow(
        self, connection: Connection, terminal_id: str, store_id: str, journal_id: str, entries: Sequence[WireEntry]
    ) -> None:
        for entry in entries:
            try:
                told = _told(terminal_id, store_id, journal_id, entry)
                wanted = list(changes(told))
                if wanted:
                    with connection.begin_nested():
                        _apply(connection, wanted)
                        conflicts.look(connection, told, self._now_s())
            except (ValueError, OverflowError, SQLAlchemyError) as error:
                if isinstance(error, SQLAlchemyError) and _is_the_databases(error):
                    raise
                self._set_aside(connection, (terminal_id, store_id, journal_id), entry, str(error).partition("\n")[0])

    def _set_aside(self, connection: Connection, whose: tuple[str, str, str], entry: WireEntry, reason: str) -> None:
        terminal_id, store_id, journal_id = whose
        now_s = self._now_s()
        log.error("entry %d of %s (%s) has no projection: %s", entry.seq, terminal_id, entry.kind, reason)
        run(
            connection,
            "INSERT INTO projection_failure VALUES (:terminal, :journal, :seq, :kind, :reason, :now) ON CONFLICT DO NOTHING",
            terminal=terminal_id,
            journal=journal_id,
            seq=entry.seq,
            kind=entry.kind,
            reason=_plain(reason),
            now=int(now_s * 1000),
        )
        words = f"entry {entry.seq} ({entry.kind}) of journal {journal_id} has no projection: {_plain(reason)}"
        alerts.raise_alert(
            connection,
            terminal_id,
            alerts.PROJECTION,
            f"{journal_id}:{entry.seq}",
            words,
            store_id=store_id,
            now_s=now_s,
        )


def _told(terminal_id: str, store_id: str, journal_id: str, entry: WireEntry) -> Told:
    body: Any = json.loads(entry.body)
    return Told(terminal_id, store_id, journal_id, entry.seq, entry.at, entry.kind, entry.subject, body)


def _apply(connection: Connection, wanted: Sequence[Change]) -> None:
    for sql, values in wanted:
        connection.execute(text(sql), values)


def _behind(connection: Connection) -> list[str]:
    sql = "SELECT DISTINCT terminal_id FROM journal WHERE projected_seq < seq LIMIT :most"
    return [row.terminal_id for row in rows(connection, sql, most=TERMINALS_A_ROUND)]


def _lock(connection: Connection, terminal_id: str) -> str | None:
    """The store of a terminal, whose projections are this transaction's alone; None where another has them."""
    run(
        connection,
        "INSERT INTO projection SELECT terminal_id, store_id FROM terminal WHERE terminal_id = :terminal ON CONFLICT DO NOTHING",
        terminal=terminal_id,
    )
    skip = " FOR UPDATE SKIP LOCKED" if connection.dialect.name == "postgresql" else ""
    row = one(connection, f"SELECT store_id FROM projection WHERE terminal_id = :terminal{skip}", terminal=terminal_id)  # noqa: S608 - words of our own
    return None if row is None else str(row.store_id)


def _is_the_databases(error: SQLAlchemyError) -> bool:
    """Whether the database is to blame, and not what the entry says: then the whole transaction is tried again."""
    return isinstance(error, (OperationalError, InterfaceError)) or (
        isinstance(error, DBAPIError)
        and (error.connection_invalidated or getattr(error.orig, "sqlstate", "") in ("40001", "40P01"))
    )


def _plain(reason: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in reason)[:300]
