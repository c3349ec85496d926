"""An account as its holder sees it: whose it is, what is on it, what moved. All of it is private."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass


class IdentifiedBy(StrEnum):
    """What a customer showed or typed."""

    CARD = "card"
    ACCOUNT = "account"  # the account's number, typed
    PHONE = "phone"  # a telephone number, typed


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account is meant, as a card or typed digits say. `layout` names the card layout that it was read by, "" for typed digits."""

    by: IdentifiedBy
    number: str
    layout: str = ""

    def __repr__(self) -> str:
        return f"Holder(by={self.by!s}, number=..., layout={self.layout!r})"


@dataclass(frozen=True, slots=True)
class Balance:
    """What one account or card of the holder holds. `name` is a stable code with words ("current", "savings", "credit", "customer-card")
    or the bank's own name for it; `number` its number, shown masked."""

    name: str
    number: str
    amount: Money
    available: Money | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came or went (negative) on a day. `text` is data from outside."""

    on: date
    text: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DueBill:
    """A bill that the holder's billers sent to the account: payable from the overview as if its code were scanned."""

    bill: Bill
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon of the holder's: `code` counts at the checkout of this store, `text` is data from outside."""

    code: str
    text: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the overview shows. `as_of` is when it was true (ISO 8601 with offset); movements the newest first."""

    name: str
    balances: tuple[Balance, ...]
    movements: tuple[Movement, ...]
    due_bills: tuple[DueBill, ...] = ()
    points: int | None = None
    coupons: tuple[Coupon, ...] = ()
    as_of: str = ""
    address: str = ""
    phone: str = ""
