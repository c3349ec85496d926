"""The bills of a sale as the journal keeps them: whole enough to tell the biller years later, and who pays what alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.domain.basket import BillLine
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.facts import Json
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class SaleBill:
    """A bill as paid: `amount` goes to the payee, `fee` came on top. `key` is `bill_key`, the same for the same bill at every terminal;
    `payment_ref` our own reference for the biller. Without `is_confirmed` the biller has yet to say that it knows the bill as open."""

    line_id: int
    standard: str
    payee: str | None
    account: str
    reference: str | None
    amount: Money
    fee: Money
    due: date | None
    message: str | None
    payment_ref: str
    key: str
    is_confirmed: bool


def sale_bill_body(line: BillLine) -> dict[str, Json]:
    """A bill in the body of its sale, and in its own `bill.paid`: plain texts, `..._minor` in minor units of `currency`."""
    bill = line.bill
    return {
        "line_id": line.line_id,
        "standard": bill.standard,
        "payee": bill.payee,
        "account": bill.account,
        "reference": bill.reference,
        "amount_minor": line.amount.minor,
        "fee_minor": line.fee.minor,
        "currency": line.amount.currency,
        "due": bill.due.isoformat() if bill.due else None,
        "message": bill.message,
        "payment_ref": line.payment_ref,
        "key": bill_key(bill),
        "is_confirmed": line.is_confirmed,
    }


def sale_bill(body: Mapping[str, Any]) -> SaleBill:
    """The bill of such a body. Raises KeyError, TypeError, ValueError where it is none."""
    currency = _text(body, "currency")
    return SaleBill(
        line_id=_whole(body, "line_id"),
        standard=_text(body, "standard"),
        payee=_text_or_none(body, "payee"),
        account=_text(body, "account"),
        reference=_text_or_none(body, "reference"),
        amount=Money(_whole(body, "amount_minor"), currency),
        fee=Money(_whole(body, "fee_minor"), currency),
        due=date.fromisoformat(body["due"]) if body["due"] else None,
        message=_text_or_none(body, "message"),
        payment_ref=_text(body, "payment_ref"),
        key=_text(body, "key"),
        is_confirmed=body["is_confirmed"] is True,
    )


def _text(of: Mapping[str, Any], name: str) -> str:
    if not isinstance(of[name], str):
        raise TypeError(f"{name} is no text")
    return str(of[name])


def _text_or_none(of: Mapping[str, Any], name: str) -> str | None:
    return None if of[name] is None else _text(of, name)


def _whole(of: Mapping[str, Any], name: str) -> int:
    if isinstance(of[name], bool) or not isinstance(of[name], int):
        raise TypeError(f"{name} is no whole number")
    return int(of[name])
