"""A bill as JSON and back: in a draft, in a basket on hold, and on the wire to whoever knows how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.domain.bills.bill import STANDARDS, TEMPLATE, Bill
from kiosk.domain.facts import Json
from kiosk.domain.money import Money


class BillBodyError(ValueError):
    """The JSON is no bill that this version can read: let the customer show the bill again."""


def bill_body(bill: Bill) -> dict[str, Json]:
    """`bill` as JSON: amounts as [minor units, currency], the due date as ISO 8601."""
    return {
        **{name: getattr(bill, name) for name in _TEXTS},
        **{name: _money_body(getattr(bill, name)) for name in _AMOUNTS},
        "due": bill.due.isoformat() if bill.due else None,
        "may_change": bill.may_change,
    }


def bill_from_body(body: Mapping[str, Any]) -> Bill:
    """The bill of a body that `bill_body` made. Raises BillBodyError."""
    try:
        texts: dict[str, Any] = {name: body[name] for name in _TEXTS}
        if texts["standard"] not in (*STANDARDS, TEMPLATE) or not texts["account"] or not texts["currency"]:
            raise BillBodyError(f"a bill of standard {texts['standard']!r} cannot be read by this version")
        if not all(value is None or isinstance(value, str) for value in texts.values()):
            raise BillBodyError("a text of the bill is none")
        return Bill(
            **texts,
            amount=_money(body["amount"]),
            minimum=_money(body["minimum"]),
            maximum=_money(body["maximum"]),
            fee=_money(body["fee"]),
            due=date.fromisoformat(body["due"]) if body["due"] is not None else None,
            may_change=body["may_change"] is True,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise error if isinstance(error, BillBodyError) else BillBodyError(f"not a bill: {error!r}") from error


_TEXTS = ("standard", "account", "currency", "payee", "reference", "message")
_AMOUNTS = ("amount", "minimum", "maximum", "fee")


def _money_body(money: Money | None) -> Json:
    return None if money is None else [money.minor, money.currency]


def _money(body: Any) -> Money | None:
    if body is None:
        return None
    minor, currency = body
    if isinstance(minor, bool) or not isinstance(minor, int) or not isinstance(currency, str):
        raise TypeError(f"{body!r} is no amount")
    return Money(minor, currency)
