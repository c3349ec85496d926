"""What the journals tell of bills: each payment once into the queue for its biller; a refund case where another of the bill came first.

The first is the one that the service heard of first, whatever the clocks of the terminals say. A bill with an open amount is never a double
of another payment, only of itself. Nothing here is made anew by a rebuild: what was posted was posted.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from sync.central.billers import cases, standing
from sync.central.billers.standing import State
from sync.central.database import changed, one, one_locked, run
from sync.central.feeds import EVERY_STORE
from sync.central.told import BodyError, Told

CLAIM: Final = "bill"  # the kind of a claim on a bill


def paid(connection: Connection, told: Told, now_s: float) -> None:
    """`bill.paid`. Raises BodyError."""
    key, ref = told.text("key"), told.text("payment_ref")
    is_open = _is_open_amount(told, key)
    is_new = changed(
        connection,
        "INSERT INTO bill_posting VALUES (:terminal, :ref, :store, :journal, :seq, :key, :sale, :receipt_number, :at, :day, :standard,"
        " :payee, :account, :reference, :amount, :fee, :currency, :confirmed, :open, :now, :state, 0, 0, 0, '', '', '', '', :now, 0)"
        " ON CONFLICT (terminal_id, payment_ref) DO NOTHING",
        **told.common,
        ref=ref,
        key=key,
        sale=told.text("sale_id"),
        receipt_number=told.text("receipt_number", ""),
        standard=told.text("standard", ""),
        payee=told.text("payee", ""),
        account=told.text("account"),
        reference=told.text("reference", ""),
        amount=told.whole("amount_minor"),
        fee=told.whole("fee_minor", 0),
        currency=told.text("currency"),
        confirmed=int(told.body.get("is_confirmed") is True),
        open=int(is_open),
        now=int(now_s * 1000),
        state=State.PENDING.value,
    )
    # From here on the books themselves tell who has paid it.
    run(
        connection,
        "DELETE FROM claim WHERE store_id = :every AND kind = :kind AND code = :key",
        every=EVERY_STORE,
        kind=CLAIM,
        key=key,
    )
    if not is_new:
        return
    row = _row(connection, told)
    if row is None:  # what was written a moment ago
        return
    standing.number(connection, row)
    first = _first(connection, row)
    if first is not None:
        standing.move(connection, row, State.DOUBLE, now_s)
        cases.open_case(connection, row, cases.Why.DOUBLE, _stands_in(first), now_s)


def voided(connection: Connection, told: Told, now_s: float) -> None:
    """`bill.voided`: its sale has no money, so the biller must not keep any. Raises BodyError."""
    row = _row(connection, told)
    if row is None:
        return
    since = State(row.state)
    if since is State.POSTED or (since is State.PENDING and row.attempts):
        standing.move(connection, row, State.UNDOING, now_s)  # of a pending one nobody knows what the biller has heard
    elif since in (State.PENDING, State.REFUSED, State.DOUBLE):
        standing.move(connection, row, State.VOIDED, now_s)
        cases.close_case(connection, row, who=told.kind, note="its sale has no money", now_s=now_s)


def _row(connection: Connection, told: Told) -> Row[Any] | None:
    sql = "SELECT * FROM bill_posting WHERE terminal_id = :terminal AND payment_ref = :ref"
    return one_locked(connection, sql, terminal=told.terminal_id, ref=told.text("payment_ref"))


def _first(connection: Connection, row: Row[Any]) -> Row[Any] | None:
    """The payment of the same bill that came before this one, None where this is the first.

    The row of `bill_first` is made once, whoever projects: of two at once the second waits for the first.
    """
    code = standing.code_of(row)
    run(
        connection,
        "INSERT INTO bill_first VALUES (:every, :code, :terminal, :ref) ON CONFLICT (store_id, code) DO NOTHING",
        every=EVERY_STORE,
        code=code,
        terminal=row.terminal_id,
        ref=row.payment_ref,
    )
    sql = "SELECT terminal_id, payment_ref FROM bill_first WHERE store_id = :every AND code = :code"
    found = one(connection, sql, every=EVERY_STORE, code=code)
    is_first = found is None or (found.terminal_id, found.payment_ref) == (row.terminal_id, row.payment_ref)
    return None if is_first else found


def _stands_in(first: Row[Any]) -> str:
    return f"{first.terminal_id}/{first.payment_ref}"


def _is_open_amount(told: Told, key: str) -> bool:
    """Whether the bill itself names no amount: its key is that of the bill without one."""
    due = told.text("due", "")
    try:
        bill = Bill(
            standard=told.text("standard", ""),
            account=told.text("account"),
            currency=told.text("currency"),
            reference=told.text("reference", "") or None,
            due=date.fromisoformat(due) if due else None,
        )
    except ValueError as error:
        raise BodyError(f"{told.kind} of {told.subject} is due on no day: {error}") from None
    return bill_key(bill) == key
