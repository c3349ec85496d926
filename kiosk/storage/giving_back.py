"""Entries of an older journal that the central service gave back after a restore: proven, kept read-only beside the journal, and known to
its projections. There they stand under negative numbers, for the journal's own numbers were written anew since."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kiosk.domain.chain import genesis
from kiosk.domain.facts import Entry, Fact, Kind
from kiosk.domain.records import dataclass
from kiosk.ports import ForeignEntriesError, OlderPlace, StoredEntry
from kiosk.storage import projections
from kiosk.storage.chain_check import wrong_with
from kiosk.storage.database import DatabaseError, error_code

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

log = logging.getLogger(__name__)

_COLUMNS = "seq, journal_id, at, clock, kind, subject, body, prev, hash"
SELECT_GIVEN_BACK = f"SELECT id, behind, {_COLUMNS} FROM given_back"  # noqa: S608 - column names
_CONSTRAINT = 19
_KNOWN = frozenset(str(kind) for kind in Kind)


@dataclass(frozen=True, slots=True)
class Link:
    """Where an older journal is to go on: behind entry `seq`, whose digest is `digest`; `behind` is our own last entry before that."""

    seq: int
    digest: str
    behind: int


class TakeBack:
    """The work of one commit: `entries` of one older journal, in order. Gives how many were new. Raises ForeignEntriesError."""

    def __init__(self, terminal_id: str, entries: Sequence[StoredEntry]) -> None:
        self._terminal_id = terminal_id
        self._entries = entries

    def __call__(self, connection: Connection) -> int:
        first = self._entries[0]
        link = link_of(connection, self._terminal_id, OlderPlace(first.journal_id, first.seq))
        if link is None:
            raise ForeignEntriesError(f"entry {first.seq} of journal {first.journal_id} follows nothing that is ours")
        count, expected, prev = 0, link.seq, link.digest
        for entry in self._entries:
            if entry.seq <= link.seq:
                continue  # asked for again after a line that broke
            expected += 1
            row = _row(entry)
            reason = wrong_with(row, expected, prev)
            if reason or entry.journal_id != first.journal_id:
                raise ForeignEntriesError(
                    f"entry {entry.seq} of journal {entry.journal_id} is {reason or 'another journal'}"
                )
            prev = entry.digest
            sql = "INSERT INTO given_back VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
            ((number,),) = connection.execute(sql, (link.behind, *row)).fetchall()
            project(connection, number, row)
            count += 1
        return count


def link_of(connection: Connection, terminal_id: str, place: OlderPlace) -> Link | None:
    """Behind what the older journal of `place` goes on here; None where nothing of ours is its beginning."""
    given = connection.execute(
        "SELECT seq, hash, behind FROM given_back WHERE journal_id = ? ORDER BY seq DESC LIMIT 1", (place.journal_id,)
    ).fetchone()
    if given:
        return Link(*given)
    ours = connection.execute(
        "SELECT seq, hash FROM entry WHERE journal_id = ? ORDER BY seq DESC LIMIT 1", (place.journal_id,)
    ).fetchone()
    if ours:
        return Link(ours[0], ours[1], ours[0])
    before = place.first_seq - 1
    if before == 0:
        return Link(0, genesis(terminal_id, place.journal_id), 0)
    held = connection.execute("SELECT seq, hash FROM entry WHERE seq = ?", (before,)).fetchone()
    return Link(held[0], held[1], held[0]) if held else None


def project(connection: Connection, number: int, row: Any) -> None:
    """Let the projections know entry `number` (its row of SELECT_ENTRY). What they know better already stays."""
    if row[4] not in _KNOWN:
        return
    fact = fact_of(row)
    try:
        for sql, parameters in projections.changes(fact, -number):
            connection.execute(sql, parameters)
    except (ValueError, OverflowError) as error:
        log.error("entry %d that was given back has no projection: %s", row[0], error)
    except DatabaseError as error:
        if error_code(error) != _CONSTRAINT:
            raise
        log.warning("entry %d that was given back says what is known already: %s", row[0], error)


def by_place(connection: Connection) -> dict[int, list[tuple[int, Any]]]:
    """Everything given back, by the entry of ours that it follows: (number, row) in order."""
    found: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for number, behind, *row in connection.execute(f"{SELECT_GIVEN_BACK} ORDER BY id"):
        found[behind].append((number, tuple(row)))
    return found


def first_wrong(connection: Connection) -> tuple[int, str] | None:
    """The first entry given back that does not prove itself, or does not follow ours: (seq, reason)."""
    last: dict[str, tuple[int, str]] = {}
    for _, _, *row in connection.execute(f"{SELECT_GIVEN_BACK} ORDER BY id"):
        before = last.get(row[1])
        expected, prev = (before[0] + 1, before[1]) if before else (row[0], _ours_before(connection, row))
        if reason := wrong_with(tuple(row), expected, prev):
            return row[0], reason
        last[row[1]] = row[0], row[8]
    return None


def _ours_before(connection: Connection, row: Any) -> str:
    """The digest that the first entry of an older journal must name; its own word where what it follows was given back, too."""
    held = connection.execute("SELECT hash FROM entry WHERE seq = ?", (row[0] - 1,)).fetchone()
    return str(held[0]) if held else str(row[7])


def entry_given_back(row: Any) -> Entry:
    """The entry of a row of SELECT_GIVEN_BACK."""
    seq, journal_id, _, _, _, _, _, prev, hash_ = row[2:]
    return Entry(journal_id, seq, fact_of(row[2:]), prev, hash_)


def readable(rows: Iterator[Any]) -> Iterator[Any]:
    """Those whose kind this version knows."""
    return (row for row in rows if row[6] in _KNOWN)


def fact_of(row: Any) -> Fact:
    """The fact of a row of SELECT_ENTRY."""
    _, _, at, clock, kind, subject, body, _, _ = row
    return Fact(Kind(kind), subject, json.loads(body), at, clock)


def _row(entry: StoredEntry) -> tuple[Any, ...]:
    try:
        json.loads(entry.body)
    except ValueError as error:
        raise ForeignEntriesError(f"entry {entry.seq} holds no JSON ({error})") from error
    return (
        entry.seq,
        entry.journal_id,
        entry.at,
        entry.clock_ms,
        entry.kind,
        entry.subject,
        entry.body,
        entry.prev,
        entry.digest,
    )
