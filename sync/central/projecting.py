"""Makes the projections follow the raw entries, behind ingest: a terminal at a time, in order, each by one process only."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from sync.central import alerts, conflicts, raw
from sync.central.database import Database, one, rows, run, text
from sync.central.projections import TABLES, changes, has_rule
from sync.central.standing import is_standing, read_body
from sync.central.standing_rows import fold
from sync.central.told import Told

log = logging.getLogger(__name__)
ENTRIES_A_COMMIT: Final = 500
ENTRIES_A_COMMIT_ANEW: Final = (
    4_000  # nobody waits behind it on PostgreSQL; on SQLite it holds the one writer for a moment longer
)
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
            made = sum(
                self._database.write(partial(self._project, terminal_id, ENTRIES_A_COMMIT)) for terminal_id in behind
            )
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
        most = ENTRIES_A_COMMIT_ANEW if self._database.is_postgresql else ENTRIES_A_COMMIT
        done = 0
        while made := self._database.write(partial(self._project, terminal_id, most)):
            done += made
        return done

    def rebuild_all(self, terminal_ids: Sequence[str], workers: int) -> dict[str, int]:
        """As `rebuild` for each of them, with so many at once where the database has more than one writer."""
        with ThreadPoolExecutor(workers if self._database.is_postgresql else 1) as pool:
            return dict(zip(terminal_ids, pool.map(self.rebuild, terminal_ids), strict=True))

    def _project(self, terminal_id: str, most: int, connection: Connection) -> int:
        """The next entries of one terminal: of its oldest journal that is behind. 0 where there is none, or another process is at it."""
        store_id = _lock(connection, terminal_id)
        if store_id is None:
            return 0
        if self._database.is_postgresql:
            # What a power cut undoes here is made again: `projected_seq` goes back with it. Whatever follows syncs it too.
            run(connection, "SET LOCAL synchronous_commit = off")
        journal = one(
            connection,
            "SELECT journal_id, projected_seq, seq FROM journal WHERE terminal_id = :terminal AND projected_seq < seq"
            " ORDER BY begun_ms, first_seq LIMIT 1",
            terminal=terminal_id,
        )
        if journal is None:
            return 0
        entries = raw.said(connection, terminal_id, journal.journal_id, journal.projected_seq, most)
        whose = (terminal_id, store_id, str(journal.journal_id))
        self._follow(connection, [_told(whose, row) for row in entries if _means_something(row.kind)])
        last = entries[-1].seq if entries else 0  # may be beyond the head that was read before: they came in meanwhile
        upto = last if len(entries) == most else max(last, journal.seq)
        run(
            connection,
            "UPDATE journal SET projected_seq = :upto WHERE terminal_id = :terminal AND journal_id = :journal",
            upto=upto,
            terminal=terminal_id,
            journal=journal.journal_id,
        )
        return int(upto - journal.projected_seq)

    def _follow(self, connection: Connection, told: Sequence[Told]) -> None:
        """What cannot be followed is set aside, and stops nothing."""
        for entry, reason in self._folded(connection, [entry for entry in told if is_standing(entry.kind)]):
            self._set_aside(connection, entry, reason)
        for entry in told:
            if not is_standing(entry.kind) and (reason := _tried(connection, partial(self._apply, connection, entry))):
                self._set_aside(connection, entry, reason)

    def _folded(self, connection: Connection, told: Sequence[Told]) -> list[tuple[Told, str]]:
        """Fold `told`, one by one where all at once cannot be done; gives those that could not be followed, and why."""
        failed: list[tuple[Told, str]] = []
        if not told:
            return failed
        reason = _tried(connection, lambda: failed.extend(fold(connection, told, self._now_s())))
        if not reason:
            return failed
        if len(told) == 1:
            return [(told[0], reason)]
        return [failure for entry in told for failure in self._folded(connection, [entry])]

    def _apply(self, connection: Connection, told: Told) -> None:
        for sql, values in changes(told):
            connection.execute(text(sql), values)
        conflicts.look(connection, told, self._now_s())

    def _set_aside(self, connection: Connection, told: Told, reason: str) -> None:
        now_s = self._now_s()
        plain = _plain(reason)
        log.error("entry %d of %s (%s) has no projection: %s", told.seq, told.terminal_id, told.kind, reason)
        run(
            connection,
            "INSERT INTO projection_failure VALUES (:terminal, :journal, :seq, :kind, :reason, :now) ON CONFLICT DO NOTHING",
            terminal=told.terminal_id,
            journal=told.journal_id,
            seq=told.seq,
            kind=told.kind,
            reason=plain,
            now=int(now_s * 1000),
        )
        words = f"entry {told.seq} ({told.kind}) of journal {told.journal_id} has no projection: {plain}"
        subject = f"{told.journal_id}:{told.seq}"
        alerts.raise_alert(
            connection, told.terminal_id, alerts.PROJECTION, subject, words, store_id=told.store_id, now_s=now_s
        )


def _tried(connection: Connection, work: Callable[[], object]) -> str:
    """Do `work`; where an entry is to blame that it cannot be done, undo it and say why."""
    try:
        with connection.begin_nested():
            work()
    except (ValueError, OverflowError, SQLAlchemyError) as error:
        if isinstance(error, SQLAlchemyError) and _is_the_databases(error):
            raise
        return str(error).partition("\n")[0] or type(error).__name__
    return ""


def _told(whose: tuple[str, str, str], row: Row[Any]) -> Told:
    """An entry with what is read of its body, which was proven to be a JSON object when it came in."""
    body = read_body(row.body) if is_standing(row.kind) else json.loads(row.body)
    return Told(*whose, row.seq, row.at, row.kind, row.subject, body)


def _means_something(kind: str) -> bool:
    return is_standing(kind) or has_rule(kind) or conflicts.has_rule(kind)


def _behind(connection: Connection) -> list[str]:
    # In the order in which they were heard: of two uses of one voucher, what came first stands.
    sql = "SELECT terminal_id FROM journal WHERE projected_seq < seq GROUP BY terminal_id ORDER BY min(heard_ms), terminal_id LIMIT :most"
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
