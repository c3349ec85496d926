"""Bills at the console: what was paid and where it stands with its biller, and the money that has to be given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Row

from kiosk.domain.money import Money
from sync.central.billers import cases
from sync.central.billers.standing import State
from sync.central.console.pages import Page
from sync.central.console.people import May
from sync.central.console.seeing import is_day, store_page
from sync.central.console.visits import Ended, Visit
from sync.central.database import rows

MOST_ROWS: Final = 200
UNREACHABLE: Final = "unreachable"  # pending, and the biller did not answer when he was last told


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill payment. `state` is a State or UNREACHABLE; `said` what the biller said, or why he said nothing."""

    terminal_id: str
    payment_ref: str
    sale_id: str
    receipt_number: str
    at: str
    payee: str
    reference: str
    amount: Money
    state: str
    biller: str
    receipt_id: str
    said: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A refund case. `amount` is what the customer has paid for it, fee included; the rest is for whoever gives it back."""

    terminal_id: str
    payment_ref: str
    sale_id: str
    receipt_number: str
    at: str
    why: str
    detail: str
    payee: str
    reference: str
    amount: Money
    payment_terminal: str
    card: str
    trace: int | None
    receipt_no: int | None
    done_ms: int
    done_by: str
    note: str


def bill_list(connection: Connection, visit: Visit) -> Page:
    """The bills of a day, or those of one state whenever they were paid; and the refund cases."""
    today = datetime.fromtimestamp(visit.now_s, UTC).astimezone().date().isoformat()
    day, state = visit.asked.get("day", today), visit.asked.get("state", "")
    if not is_day(day) or (state and state not in set(State)):
        raise Ended(400, "console.error.form")
    return store_page(
        connection,
        visit,
        "bills.html",
        "bills",
        day=day,
        state=state,
        states=[each.value for each in State],
        bills=_bills(connection, visit.store_id, day, state),
        cases=[_case(row) for row in cases.listed(connection, visit.store_id, MOST_ROWS)],
        most=MOST_ROWS,
        may_read=visit.person.may(May.READ_JOURNAL),
        may_close=visit.person.may(May.APPROVE_MONEY),
    )


def close_case(connection: Connection, visit: Visit) -> str:
    """The money of a refund case was given back."""
    visit.needs(May.APPROVE_MONEY)
    row = cases.find(connection, visit.store_id, visit.field("terminal"), visit.field("payment"))
    if row is None:
        raise Ended(404, "console.error.not-found")
    note = visit.field("note")
    if not cases.close_case(connection, row, who=visit.person.name, note=note, now_s=visit.now_s):
        raise Ended(409, "console.error.answered")
    return f"/console/stores/{quote(visit.store_id, safe='')}/bills"


def _bills(connection: Connection, store_id: str, day: str, state: str) -> list[BillRow]:
    which = "state = :state" if state else "day = :day"
    sql = f"SELECT * FROM bill_posting WHERE store_id = :store AND {which} ORDER BY at DESC, payment_ref LIMIT :most"  # noqa: S608 - one of two
    found = rows(connection, sql, store=store_id, most=MOST_ROWS, **({"state": state} if state else {"day": day}))
    return [_bill(row) for row in found]


def _bill(row: Row[Any]) -> BillRow:
    is_lost = row.state in (State.PENDING, State.UNDOING) and row.failures
    return BillRow(
        row.terminal_id,
        row.payment_ref,
        row.sale_id,
        row.receipt_number,
        row.at,
        row.payee or row.account,
        row.reference,
        Money(row.amount_minor, row.currency),
        UNREACHABLE if is_lost else row.state,
        row.biller,
        row.receipt_id,
        row.reason,
    )


def _case(row: Row[Any]) -> CaseRow:
    card = f"{row.card_name} …{row.card_last4}".strip() if row.card_last4 else ""
    return CaseRow(
        row.terminal_id,
        row.payment_ref,
        row.sale_id,
        row.receipt_number,
        row.at,
        row.why,
        row.detail,
        row.payee or row.account,
        row.reference,
        Money(row.amount_minor + row.fee_minor, row.currency),
        row.payment_terminal,
        card,
        row.trace,
        row.receipt_no,
        row.done_ms,
        row.done_by,
        row.note,
    )
