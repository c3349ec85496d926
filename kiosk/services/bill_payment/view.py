"""What a session knows of a bill that is being looked at: a part of the one session, gone with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.offline_policy import Unconfirmed
from kiosk.domain.bills.typed import Typed
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass

Told = Money | date  # what words about a bill are filled with


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be paid, of the bill and of what its biller said. `amount` is None where the customer has to enter it; `due` what the
    bill or the biller says; `late` what the biller adds because the day is over."""

    payee: str
    amount: Money | None
    fee: Money
    due: date | None
    late: Money | None
    may_change: bool
    minimum: Money
    maximum: Money
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class BillView:
    """The bill in hand; `key` is its `bill_key`. `problem` is the stable code of why it cannot be paid, or of what is asked before it
    can, with `params` for its words; `agreed` are the questions that were answered with yes.

    `amount` is what the customer chose, `refused_amount` why another one was not taken ("low", "high", "same"). `paid_here` is when
    this very bill was paid at this terminal. `unconfirmed` is what waits for its billers, None where nobody will ever be asked.
    `typed` is the number that is being typed, `not_read` why it could not be taken as it is.
    """

    bill: Bill | None = None
    key: str = ""
    offer: Offer | None = None
    amount: Money | None = None
    refused_amount: str = ""
    paid_here: date | None = None
    unconfirmed: Unconfirmed | None = None
    problem: str = ""
    params: Mapping[str, Told] = field(default_factory=dict)
    agreed: frozenset[str] = frozenset()
    typed: Typed = Typed()
    not_read: str = ""
