"""What can happen while an account is looked up. Nothing here says a PIN, a number or a name when it is written down."""

from __future__ import annotations

from kiosk.domain.account import IdentifiedBy, Overview
from kiosk.domain.records import dataclass
from kiosk.ports import CardEvent, PrintOutcome
from kiosk.services.account_lookup.view import StatementCodes
from kiosk.services.checkout.events import CustomerAct

# --- what the holder does ---


@dataclass(frozen=True, slots=True)
class CardSeen(CustomerAct):
    """Something happened at the reader for members' and account holders' cards."""

    event: CardEvent


@dataclass(frozen=True, slots=True)
class NumberWanted(CustomerAct):
    """The holder types a number instead of showing a card."""

    by: IdentifiedBy


@dataclass(frozen=True, slots=True)
class NumberTyped(CustomerAct):
    """An account's or a telephone's number."""

    number: str

    def __repr__(self) -> str:
        return "NumberTyped(...)"


@dataclass(frozen=True, slots=True)
class AccountPinTyped(CustomerAct):
    """The holder's PIN. Never shown, never kept, never written down."""

    pin: str

    def __repr__(self) -> str:
        return "AccountPinTyped(...)"


@dataclass(frozen=True, slots=True)
class ConsentGiven(CustomerAct):
    """The holder agrees to the text that is shown."""


@dataclass(frozen=True, slots=True)
class AmountsShown(CustomerAct):
    """Names and amounts are to be seen, or hidden again."""

    on: bool


@dataclass(frozen=True, slots=True)
class PartOpened(CustomerAct):
    """ "movements", "statement" or "change"."""

    part: str


@dataclass(frozen=True, slots=True)
class MonthsChosen(CustomerAct):
    """How many months the statement is of."""

    months: int


@dataclass(frozen=True, slots=True)
class StatementWanted(CustomerAct):
    """ "paper" or "qr"."""

    how: str


@dataclass(frozen=True, slots=True)
class CodeTurned(CustomerAct):
    """The next code of the statement, or the one before (-1)."""

    by: int


@dataclass(frozen=True, slots=True)
class ChangeChosen(CustomerAct):
    """What is to be changed: "address" or "phone"."""

    what: str


@dataclass(frozen=True, slots=True)
class CodeTyped(CustomerAct):
    """The one-time code."""

    code: str

    def __repr__(self) -> str:
        return "CodeTyped(...)"


@dataclass(frozen=True, slots=True)
class CodeWanted(CustomerAct):
    """Another one-time code."""


@dataclass(frozen=True, slots=True)
class ChangeTyped(CustomerAct):
    """What it is to be changed to."""

    text: str

    def __repr__(self) -> str:
        return "ChangeTyped(...)"


@dataclass(frozen=True, slots=True)
class DueBillChosen(CustomerAct):
    """The due bill in place `at` is to be paid."""

    at: int


@dataclass(frozen=True, slots=True)
class CouponChosen(CustomerAct):
    """The coupon in place `at` is to go into the basket."""

    at: int


@dataclass(frozen=True, slots=True)
class AccountLeft(CustomerAct):
    """The holder is done: everything of theirs goes."""


# --- what comes back from outside. `visit` is the look-up that it answers. ---


@dataclass(frozen=True, slots=True)
class HolderVerified:
    """The holder is who they say: live with a `ticket`, or by the store's own copy, which is the `overview` then."""

    visit: str
    mark: str
    ticket: str = ""
    consent: str = ""
    steps_up: bool = False
    overview: Overview | None = None

    def __repr__(self) -> str:
        return f"HolderVerified(visit={self.visit!r}, mark={self.mark!r}, ...)"


@dataclass(frozen=True, slots=True)
class AccountDenied:
    """It was not to be had. `reason` as of `AccountRefused`, and "not-available": nobody could be asked, and there is no copy."""

    visit: str
    reason: str
    tries_left: int | None = None
    locked_for_s: int | None = None


@dataclass(frozen=True, slots=True)
class OverviewFound:
    """What is on the account; not `is_live`: as the store's own copy has it."""

    visit: str
    overview: Overview
    is_live: bool

    def __repr__(self) -> str:
        return f"OverviewFound(visit={self.visit!r}, is_live={self.is_live}, ...)"


@dataclass(frozen=True, slots=True)
class StatementPrinted:
    """How the printing of a statement ended; `count` movements stand on it."""

    visit: str
    outcome: PrintOutcome
    reason: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class CodesReady:
    """The statement as codes."""

    visit: str
    codes: StatementCodes


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A one-time code was made; `went_to` says where it is, masked ("app" for the holder's own)."""

    visit: str
    went_to: str


@dataclass(frozen=True, slots=True)
class SteppedUp:
    """The one-time code was right."""

    visit: str


@dataclass(frozen=True, slots=True)
class ChangeTaken:
    """The request is with those who decide about it."""

    visit: str
