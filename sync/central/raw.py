"""The raw entries, kept for ever: written in bulk, read again by number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row

from sync.central.database import copying, many, rows
from sync.protocol.journal import WireEntry

COLUMNS: Final = "seq, at, clock_ms, kind, subject, body, prev, hash"
_INSERT: Final = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def put(connection: Connection, terminal_id: str, journal_id: str, entries: Sequence[WireEntry]) -> None:
    """Store entries that are not held yet; the caller holds the journal's row, so nobody else stores them meanwhile.

    PostgreSQL: COPY straight into the table. The head's lock makes ON CONFLICT and its temporary table superfluous, which cost a quarter.
    """
    if connection.dialect.name == "postgresql":
        with copying(connection, "entry") as copy:
            copy.write(copy_text(terminal_id, journal_id, entries))
        return
    lead_values = (terminal_id, journal_id)
    connection.exec_driver_sql(_INSERT, [(*lead_values, *_values(entry)) for entry in entries])


def copy_text(terminal_id: str, journal_id: str, entries: Iterable[WireEntry]) -> str:
    """Entries in the text format of PostgreSQL's COPY."""
    lead = f"{_copied(terminal_id)}\t{_copied(journal_id)}\t"
    return "".join([lead + _line(entry) for entry in entries])


def put_fork(connection: Connection, terminal_id: str, journal_id: str, entries: Iterable[WireEntry]) -> None:
    """Keep entries of a fork beside the books. The same again changes nothing."""
    many(
        connection,
        "INSERT INTO fork_entry VALUES (:terminal_id, :journal_id, :seq, :at, :clock_ms, :kind, :subject, :body, :prev, :hash)"
        " ON CONFLICT DO NOTHING",
        [{"terminal_id": terminal_id, "journal_id": journal_id, **entry.model_dump()} for entry in entries],
    )


def hashes(connection: Connection, terminal_id: str, journal_id: str, first: int, last: int) -> Mapping[int, str]:
    """seq -> hash of what is held from `first` to `last`."""
    found = rows(
        connection,
        "SELECT seq, hash FROM entry WHERE terminal_id = :terminal AND journal_id = :journal AND seq BETWEEN :first AND :last",
        terminal=terminal_id,
        journal=journal_id,
        first=first,
        last=last,
    )
    return {row.seq: row.hash for row in found}


def after(connection: Connection, terminal_id: str, journal_id: str, seq: int, limit: int) -> tuple[WireEntry, ...]:
    """The entries behind `seq`, in order."""
    found = rows(
        connection,
        f"SELECT {COLUMNS} FROM entry WHERE terminal_id = :terminal AND journal_id = :journal AND seq > :seq ORDER BY seq LIMIT :limit",  # noqa: S608 - names of our own
        terminal=terminal_id,
        journal=journal_id,
        seq=seq,
        limit=limit,
    )
    return tuple(WireEntry.model_construct(**row._mapping) for row in found)


def said(connection: Connection, terminal_id: str, journal_id: str, seq: int, limit: int) -> Sequence[Row[Any]]:
    """What the entries behind `seq` say: seq, at, kind, subject, body, in order."""
    return rows(
        connection,
        "SELECT seq, at, kind, subject, body FROM entry WHERE terminal_id = :terminal AND journal_id = :journal AND seq > :seq"
        " ORDER BY seq LIMIT :limit",
        terminal=terminal_id,
        journal=journal_id,
        seq=seq,
        limit=limit,
    )


def _values(entry: WireEntry) -> tuple[int | str, ...]:
    return entry.seq, entry.at, entry.clock_ms, entry.kind, entry.subject, entry.body, entry.prev, entry.hash


def _line(entry: WireEntry) -> str:
    """A line of COPY's text format. Only subject and body can hold what it must escape; the other fields' patterns exclude it."""
    return (
        f"{entry.seq}\t{entry.at}\t{entry.clock_ms}\t{entry.kind}\t{_copied(entry.subject)}\t{_copied(entry.body)}"
        f"\t{entry.prev}\t{entry.hash}\n"
    )


def _copied(value: str) -> str:
    # Control characters are excluded by the wire types, so the backslash is all that is left to escape.
    return value.replace("\\", "\\\\") if "\\" in value else value
