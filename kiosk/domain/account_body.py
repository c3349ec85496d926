"""An account's overview and movements as JSON and back: on the wire, and in the snapshot. What comes from outside is bounded here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from kiosk.domain.account import Balance, Coupon, DueBill, Movement, Overview
from kiosk.domain.bills.body import bill_body, bill_from_body
from kiosk.domain.facts import Json
from kiosk.domain.money import Money

MOST_BALANCES: Final = 20
MOST_MOVEMENTS: Final = 2_000
MOST_BILLS: Final = 50
MOST_COUPONS: Final = 50
LONGEST_TEXT: Final = 200
_MOST_MINOR: Final = 10**15


class AccountBodyError(ValueError):
    """The JSON is no account that this version can read. The message names what is wrong and nothing that is in it."""


def overview_body(overview: Overview) -> dict[str, Json]:
    """`overview` as JSON: amounts as [minor units, currency], days as ISO 8601."""
    return {
        "name": overview.name,
        "balances": [
            {"name": one.name, "number": one.number, "amount": _money_body(one.amount), "available": _optional(one)}
            for one in overview.balances
        ],
        "movements": movements_body(overview.movements),
        "due_bills": [{"bill": bill_body(one.bill), "is_overdue": one.is_overdue} for one in overview.due_bills],
        "points": overview.points,
        "coupons": [
            {"code": one.code, "text": one.text, "until": one.until.isoformat() if one.until else None}
            for one in overview.coupons
        ],
        "as_of": overview.as_of,
        "address": overview.address,
        "phone": overview.phone,
    }


def movements_body(movements: Sequence[Movement]) -> list[Json]:
    """Movements as JSON, in their order."""
    return [{"on": one.on.isoformat(), "text": one.text, "amount": _money_body(one.amount)} for one in movements]


def overview_from_body(body: Mapping[str, Any]) -> Overview:
    """The overview of a body that `overview_body` made. Raises AccountBodyError."""
    try:
        return Overview(
            name=_text(body["name"]),
            balances=tuple(_balance(one) for one in _few(body["balances"], MOST_BALANCES)),
            movements=movements_from_body(body["movements"]),
            due_bills=tuple(
                DueBill(bill_from_body(one["bill"]), one["is_overdue"] is True)
                for one in _few(body["due_bills"], MOST_BILLS)
            ),
            points=None if body["points"] is None else _whole(body["points"]),
            coupons=tuple(_coupon(one) for one in _few(body["coupons"], MOST_COUPONS)),
            as_of=_moment(body["as_of"]),
            address=_text(body["address"]),
            phone=_text(body["phone"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _judged(error) from None  # the cause would show what is in it


def movements_from_body(body: Any) -> tuple[Movement, ...]:
    """The movements of a body that `movements_body` made. Raises AccountBodyError."""
    try:
        return tuple(
            Movement(date.fromisoformat(one["on"]), _text(one["text"]), _money(one["amount"]))
            for one in _few(body, MOST_MOVEMENTS)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _judged(error) from None


def _judged(error: Exception) -> AccountBodyError:
    if isinstance(error, AccountBodyError):
        return error
    return AccountBodyError(f"what came is not an account ({type(error).__name__}); the core sends what it should not")


def _balance(body: Mapping[str, Any]) -> Balance:
    available = body["available"]
    return Balance(
        _text(body["name"]),
        _text(body["number"]),
        _money(body["amount"]),
        None if available is None else _money(available),
    )


def _coupon(body: Mapping[str, Any]) -> Coupon:
    until = body["until"]
    return Coupon(_text(body["code"]), _text(body["text"]), None if until is None else date.fromisoformat(until))


def _few(body: Any, most: int) -> list[Any]:
    if not isinstance(body, list) or len(body) > most:
        raise AccountBodyError(f"a list of an account is none, or has more than {most} entries")
    return body


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not value.isprintable():
        raise AccountBodyError(f"a text of an account is none of one line with at most {LONGEST_TEXT} letters")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MOST_MINOR:
        raise AccountBodyError("a number of an account is none, or too large")
    return value


def _moment(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 40 or datetime.fromisoformat(value).tzinfo is None:
        raise AccountBodyError("an account does not say when it was true, with its offset")
    return value


def _money(body: Any) -> Money:
    minor, currency = body
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise AccountBodyError("an amount of an account has no currency of three letters")
    return Money(_whole(minor), currency)


def _money_body(money: Money) -> Json:
    return [money.minor, money.currency]


def _optional(balance: Balance) -> Json:
    return None if balance.available is None else _money_body(balance.available)
