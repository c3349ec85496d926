"""Proves the chain of a journal: every entry is the one that was written, and none is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.domain.chain import digest, genesis
from kiosk.domain.records import dataclass

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

SELECT_HEAD = "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1"
SELECT_ENTRY = "SELECT seq, journal_id, at, clock, kind, subject, body, prev, hash FROM entry"


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """`ok`, or the first bad `seq` and why: "changed", "missing", "reordered", "truncated", "other-head", "other-terminal"."""

    ok: bool
    seq: int
    reason: str = ""
    checked: int = 0


def verify_chain(connection: Connection, after_seq: int = 0, head: tuple[int, str] | None = None) -> ChainVerdict:
    """Prove the chain of `connection`'s journal behind `after_seq`, up to its end, which must hold `head` if one is given."""
    prev = _digest_before(connection, after_seq)
    if prev is None:
        return ChainVerdict(ok=False, seq=after_seq, reason="truncated")
    expected = after_seq
    if head is not None and head[0] <= after_seq:
        held = _digest_before(connection, head[0])
        if held != head[1]:
            return ChainVerdict(ok=False, seq=head[0], reason="other-head")
    for row in connection.execute(f"{SELECT_ENTRY} WHERE seq > ? ORDER BY seq", (after_seq,)):
        expected += 1
        reason = wrong_with(row, expected, prev)
        prev = row[8]
        if not reason and head is not None and expected == head[0] and prev != head[1]:
            reason = "other-head"
        if reason:
            return ChainVerdict(ok=False, seq=expected, reason=reason, checked=expected - after_seq)
    if head is not None and expected < head[0]:
        return ChainVerdict(ok=False, seq=expected + 1, reason="truncated", checked=expected - after_seq)
    return ChainVerdict(ok=True, seq=expected, checked=expected - after_seq)


def wrong_with(row: Any, expected: int, prev: str) -> str:
    """What is wrong with a row of SELECT_ENTRY that should be entry `expected` behind digest `prev`; "" if nothing is."""
    seq, journal_id, at, clock, kind, subject, body, its_prev, its_hash = row
    if seq != expected:
        return "missing"
    true_hash = digest(
        prev, journal_id=journal_id, seq=seq, kind=kind, subject=subject, body=body, at=at, clock_ms=clock
    )
    if true_hash == its_hash:
        return "" if its_prev == prev else "changed"
    return "changed" if its_prev == prev else ("other-terminal" if seq == 1 else "reordered")


def _digest_before(connection: Connection, seq: int) -> str | None:
    if seq:
        row = connection.execute("SELECT hash FROM entry WHERE seq = ?", (seq,)).fetchone()
        return row[0] if row else None
    named = dict(connection.execute("SELECT name, value FROM meta"))
    first = connection.execute("SELECT journal_id FROM entry WHERE seq = 1").fetchone()
    return genesis(named["terminal_id"], first[0] if first else named["journal_id"])
