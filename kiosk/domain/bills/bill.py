"""A bill as its code tells it, and why a code that begins as a bill is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import ParamSpec

from kiosk.domain.money import Money
from kiosk.domain.records import dataclass

# The names of the standards, in the configuration, the journal and on the wire. "template" is what a site lays out itself.
STANDARDS = ("swiss-qr", "epc", "emv-mpm", "boleto", "boleto-utility", "fi-barcode", "es-csb57", "gs1-slip")
TEMPLATE = "template"


class Reason(StrEnum):
    """Why there is no bill: stable codes, each with words in every language (`problem.*`) and in `kiosk.domain.interpret`."""

    MALFORMED = "bill-malformed"
    CHECK_DIGIT = "bill-check-digit"
    CHECKSUM = "bill-checksum"
    ACCOUNT = "bill-account"
    REFERENCE = "bill-reference"
    AMOUNT = "bill-amount"
    CURRENCY = "bill-currency"
    DATE = "bill-date"
    PAYEE = "bill-payee"
    FEE = "bill-fee"
    VERSION = "bill-version"
    CHARACTERS = "bill-characters"
    TOO_LONG = "bill-too-long"
    ONLINE = "bill-online"
    NO_PAYMENT = "bill-no-payment"
    NOT_TAKEN = "bill-not-taken"


@dataclass(frozen=True, slots=True)
class BillScan:
    """A code that may be a bill: its bytes without AIM identifier and terminator, with what a bill leaves to the place where it is
    paid: `today` (for dates that roll over) and the site's `currency` (for amounts without one)."""

    data: bytes
    symbology: str
    today: date
    currency: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid, to whom. `account` and `reference` are the payee's own numbers as the standard gives them; with amount and
    due date they tell one bill from another.

    Without `amount` the customer enters it, in `currency`, between `minimum` and `maximum` where the standard has bounds. `fee` comes
    on top of the amount. With `may_change` the payee lets the customer pay another amount.
    """

    standard: str
    account: str
    currency: str
    payee: str | None = None
    reference: str | None = None
    amount: Money | None = None
    due: date | None = None
    message: str | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    fee: Money | None = None
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """The code is laid out as a bill of a standard, and is not valid."""

    code: Reason


class Refused(Exception):  # noqa: N818 - not an error: it becomes the Refusal that a parser returns
    """Raised inside a parser, where the bill turns out not to be valid."""

    def __init__(self, code: Reason) -> None:
        super().__init__(code)
        self.code = code


_P = ParamSpec("_P")


def refusing(parse: Callable[_P, Bill]) -> Callable[_P, Bill | Refusal]:
    """`parse`, which may raise Refused, as a function that returns the Refusal."""

    @wraps(parse)
    def parsed(*args: _P.args, **kwargs: _P.kwargs) -> Bill | Refusal:
        try:
            return parse(*args, **kwargs)
        except Refused as refused:
            return Refusal(refused.code)

    return parsed


def require(holds: object, code: Reason) -> None:
    """Raises Refused(code) where `holds` is false, empty or None."""
    if not holds:
        raise Refused(code)
