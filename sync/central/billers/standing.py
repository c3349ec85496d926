"""Where each bill payment stands with its biller: one state, its allowed moves, and the number under which a change is exported."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row

from sync.central.database import changed, one, run
from sync.central.feeds import EVERY_STORE


class State(StrEnum):
    """PENDING and UNDOING are worked on until the biller has answered; everything else rests."""

    PENDING = "pending"  # the biller is to be told
    POSTED = "posted"  # he has it
    REFUSED = "refused"  # he will not have it: a refund case
    DOUBLE = "double"  # another payment of the same bill came first: a refund case, and he is never told
    VOIDED = "voided"  # its sale turned out to have no money, and he was never told
    UNDOING = "undoing"  # the same, and he has to be told that it is taken back
    UNDONE = "undone"  # he gave it back
    KEPT = "kept"  # he does not give it back


_MOVES: Final[dict[State, frozenset[State]]] = {
    State.PENDING: frozenset({State.POSTED, State.REFUSED, State.DOUBLE, State.VOIDED, State.UNDOING}),
    State.POSTED: frozenset({State.UNDOING}),
    State.REFUSED: frozenset({State.VOIDED}),
    State.DOUBLE: frozenset({State.VOIDED}),
    State.UNDOING: frozenset({State.UNDONE, State.KEPT, State.VOIDED}),
    State.VOIDED: frozenset(),
    State.UNDONE: frozenset(),
    State.KEPT: frozenset(),
}


class IllegalMoveError(RuntimeError):
    """A bill payment was to be moved where it cannot go: our own bug."""


def move(connection: Connection, row: Row[Any], to: State, now_s: float, told: Mapping[str, str] | None = None) -> bool:
    """Move a row of `bill_posting` from the state in which it was read; False where it stands elsewhere meanwhile.

    When it is looked at next stays as it is: what is told of it just now is not overtaken. `told` is what the biller said: `receipt_id`,
    `posted_at`, `reason`. Raises IllegalMoveError.
    """
    since = State(row.state)
    if to not in _MOVES[since]:
        raise IllegalMoveError(f"bill payment {row.payment_ref} cannot become {to} from {since}")
    told = told or {}
    is_moved = changed(
        connection,
        "UPDATE bill_posting SET state = :to, changed_ms = :now, failures = 0, receipt_id = :receipt, posted_at = :posted,"
        " reason = :reason WHERE terminal_id = :terminal AND payment_ref = :ref AND state = :since",
        to=to.value,
        since=since.value,
        now=int(now_s * 1000),
        receipt=told.get("receipt_id", row.receipt_id),
        posted=told.get("posted_at", row.posted_at),
        reason=told.get("reason", row.reason),
        terminal=row.terminal_id,
        ref=row.payment_ref,
    )
    if is_moved:
        number(connection, row)
    if is_moved and to in (State.VOIDED, State.UNDONE, State.REFUSED):
        # Nobody has paid the bill by this: the next one that does is the first.
        sql = "DELETE FROM bill_first WHERE store_id = :every AND code = :code AND terminal_id = :terminal AND payment_ref = :ref"
        run(connection, sql, every=EVERY_STORE, code=code_of(row), terminal=row.terminal_id, ref=row.payment_ref)
    return bool(is_moved)


def code_of(row: Row[Any]) -> str:
    """What can be paid once: the bill, or with an open amount the payment itself."""
    return f"ref:{row.payment_ref}" if row.is_open_amount else str(row.key)


def number(connection: Connection, row: Row[Any]) -> None:
    """The row comes (again) behind every cursor of its store's export."""
    run(
        connection,
        "UPDATE bill_posting SET number = :number WHERE terminal_id = :terminal AND payment_ref = :ref",
        number=next_number(connection, row.store_id),
        terminal=row.terminal_id,
        ref=row.payment_ref,
    )


def next_number(connection: Connection, store_id: str) -> int:
    """The next number of a store's export of bills. Its row is kept until the commit, so that numbers are seen in their order."""
    found = one(
        connection,
        "INSERT INTO bill_counter VALUES (:store, 1) ON CONFLICT (store_id) DO UPDATE SET last_number = bill_counter.last_number + 1"
        " RETURNING last_number",
        store=store_id,
    )
    return int(found.last_number) if found else 0


def paid_at(connection: Connection, key: str) -> str | None:
    """When the books of any terminal show the bill paid (ISO 8601), None where none do."""
    found = one(
        connection,
        "SELECT at FROM bill_posting WHERE key = :key AND is_open_amount = 0 AND state IN ('pending', 'posted') ORDER BY heard_ms LIMIT 1",
        key=key,
    )
    return str(found.at) if found else None
