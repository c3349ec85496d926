"""How far each journal is held: its row, which whoever stores entries keeps locked; and where a terminal resumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from sync.central import raw
from sync.central.database import changed, one, one_locked, rows, run
from sync.central.errors import Refusal
from sync.protocol.journal import JournalHead, JournalHeads, JournalPage
from sync.protocol.problems import ProblemType
from sync.protocol.wire import BATCH_MOST_ENTRIES


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose request this is, and when it is."""

    terminal_id: str
    store_id: str
    now_s: float

    @property
    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return int(self.now_s * 1000)


def locked(connection: Connection, terminal_id: str, journal_id: str) -> Row[Any] | None:
    """first_seq, seq and hash of a journal, kept for this transaction."""
    sql = "SELECT first_seq, seq, hash FROM journal WHERE terminal_id = :terminal AND journal_id = :journal"
    return one_locked(connection, sql, terminal=terminal_id, journal=journal_id)


def begin(
    connection: Connection, sender: Sender, journal_id: str, *, first_seq: int, prev: str, continues: str | None
) -> bool:
    """Make the row of a journal that holds nothing yet; False where another process was faster."""
    made = changed(
        connection,
        "INSERT INTO journal VALUES (:terminal, :journal, :first, :before, :prev, :continues, :now, :now, :before)"
        " ON CONFLICT (terminal_id, journal_id) DO NOTHING",
        terminal=sender.terminal_id,
        journal=journal_id,
        first=first_seq,
        before=first_seq - 1,
        prev=prev,
        continues=continues,
        now=sender.now_ms,
    )
    return made > 0


def move(connection: Connection, sender: Sender, journal_id: str, seq: int, hash_: str) -> None:
    """The journal is held up to `seq` now."""
    run(
        connection,
        "UPDATE journal SET seq = :seq, hash = :hash, heard_ms = :now WHERE terminal_id = :terminal AND journal_id = :journal",
        terminal=sender.terminal_id,
        journal=journal_id,
        seq=seq,
        hash=hash_,
        now=sender.now_ms,
    )


def holder_of(connection: Connection, terminal_id: str, seq: int, hash_: str) -> str | None:
    """The journal of this terminal that holds entry `seq` with this hash, or has set it aside."""
    known = rows(
        connection,
        "SELECT journal_id, seq, hash FROM journal WHERE terminal_id = :terminal AND first_seq <= :seq AND seq >= :seq",
        terminal=terminal_id,
        seq=seq,
    )
    for row in known:
        if row.seq == seq and row.hash == hash_:
            return str(row.journal_id)
        if raw.hashes(connection, terminal_id, row.journal_id, seq, seq).get(seq) == hash_:
            return str(row.journal_id)
    aside = one(
        connection,
        "SELECT journal_id FROM set_aside WHERE terminal_id = :terminal AND to_seq = :seq AND to_hash = :hash",
        terminal=terminal_id,
        seq=seq,
        hash=hash_,
    )
    return str(aside.journal_id) if aside else None


def has_others(connection: Connection, terminal_id: str, journal_id: str) -> bool:
    """Whether this terminal has written another journal than this one."""
    sql = "SELECT 1 FROM journal WHERE terminal_id = :terminal AND journal_id <> :journal"
    return one(connection, sql, terminal=terminal_id, journal=journal_id) is not None


def gap(journal_id: str, expected_seq: int, held_hash: str | None) -> Refusal:
    """What to send first."""
    detail = f"entry {expected_seq} is missing before these; send from there on"
    return Refusal(ProblemType.GAP, detail, journal_id=journal_id, expected_seq=expected_seq, held_hash=held_hash)


def heads(connection: Connection, terminal_id: str) -> JournalHeads:
    """Where every journal of a terminal stands, the one that was heard of last first."""
    found = rows(
        connection,
        "SELECT journal_id, first_seq, seq, hash FROM journal WHERE terminal_id = :terminal AND seq >= first_seq"
        " ORDER BY heard_ms DESC, seq DESC",
        terminal=terminal_id,
    )
    return JournalHeads(terminal_id=terminal_id, journals=_heads(found))


def page(connection: Connection, terminal_id: str, journal_id: str, after: int) -> JournalPage:
    """Acknowledged entries, given back. Raises Refusal (UNKNOWN)."""
    sql = "SELECT seq FROM journal WHERE terminal_id = :terminal AND journal_id = :journal"
    head = one(connection, sql, terminal=terminal_id, journal=journal_id)
    if head is None:
        raise Refusal(ProblemType.UNKNOWN, f"terminal {terminal_id} has no journal {journal_id}")
    entries = raw.after(connection, terminal_id, journal_id, after, BATCH_MOST_ENTRIES)
    done = len(entries) < BATCH_MOST_ENTRIES or entries[-1].seq >= head.seq
    return JournalPage(terminal_id=terminal_id, journal_id=journal_id, entries=entries, done=done)


def _heads(found: Sequence[Row[Any]]) -> tuple[JournalHead, ...]:
    return tuple(JournalHead(journal_id=r.journal_id, first_seq=r.first_seq, seq=r.seq, hash=r.hash) for r in found)
