"""Whoever knows what has become of a bill: the biller, by way of the central service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Protocol

from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass


class BillStanding(StrEnum):
    """What the biller says of a bill now."""

    OPEN = "open"  # it can be paid, and no other terminal is paying it: it is kept for this sale
    PAID = "paid"  # nothing is owed
    BEING_PAID = "being-paid"  # another sale of the company has it
    CLOSED = "closed"  # the biller takes no payments here (any more)
    UNKNOWN = "unknown"  # the biller does not know this bill
    AWAY = "away"  # nobody could be asked in time: the site's offline policy holds
    ALONE = "alone"  # there is nobody to ask, ever: as AWAY, and nobody will come to know more


@dataclass(frozen=True, slots=True)
class BillAnswer:
    """A biller's answer. What is None is as the bill itself says: `amount` is what is owed today (with late charges), `fee` what the
    biller or the site asks on top; between `minimum` and `maximum` the customer may change the amount where `may_change`.

    `payee` is the biller's name as it is registered, "" where nobody knows. `paid_on` is when, where it is PAID and known.
    """

    standing: BillStanding
    payee: str = ""
    amount: Money | None = None
    fee: Money | None = None
    due: date | None = None
    may_change: bool | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    paid_on: date | None = None


class BillOffice(Protocol):
    """Asks about bills. Thread-safe; nothing blocks."""

    def ask(self, bill: Bill, sale_id: str, done: Callable[[BillAnswer], None]) -> None:
        """How the bill stands; where it is open it is kept for `sale_id`. `done` from any thread, within five seconds."""

    def release(self, bill: Bill, sale_id: str) -> None:
        """The sale does not pay it: another may. Said once; what is not given back ends by itself."""
