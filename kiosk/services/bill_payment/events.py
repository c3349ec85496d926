"""What can happen to a bill: what the customer does with it, and what its biller answers."""

from __future__ import annotations

from datetime import date

from kiosk.domain.bills.offline_policy import Unconfirmed
from kiosk.domain.records import dataclass
from kiosk.ports.billing import BillAnswer
from kiosk.services.checkout.events import CustomerAct


@dataclass(frozen=True, slots=True)
class BillWanted(CustomerAct):
    """A bill is to be shown: the first, or another one."""


@dataclass(frozen=True, slots=True)
class TypingWanted(CustomerAct):
    """The number of a bill is to be typed."""


@dataclass(frozen=True, slots=True)
class NumberTyped(CustomerAct):
    """What is typed of a bill's number now; the whole of it, at every key."""

    text: str

    def __repr__(self) -> str:
        return "NumberTyped(...)"


@dataclass(frozen=True, slots=True)
class NumberGiven(CustomerAct):
    """The number is complete, says the customer."""

    text: str

    def __repr__(self) -> str:
        return "NumberGiven(...)"


@dataclass(frozen=True, slots=True)
class BillTaken(CustomerAct):
    """The bill goes into the basket as it is shown."""


@dataclass(frozen=True, slots=True)
class AmountWanted(CustomerAct):
    """Another amount is to be paid."""


@dataclass(frozen=True, slots=True)
class AmountGiven(CustomerAct):
    """The customer pays so much, in minor units of the bill's currency."""

    amount_minor: int


@dataclass(frozen=True, slots=True)
class BillAnswered:
    """How the bill with this key stands. `paid_here` is when this terminal took it before; `unconfirmed` what waits here for its
    billers, None where nobody will ever be asked."""

    key: str
    sale_id: str
    answer: BillAnswer
    paid_here: date | None = None
    unconfirmed: Unconfirmed | None = None
