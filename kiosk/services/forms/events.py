"""What can happen at a form: what its customer does, and what comes back from the books and the store. Plain data."""

from __future__ import annotations

from kiosk.domain.records import dataclass
from kiosk.ports import Verdict
from kiosk.services.checkout.events import CustomerAct


@dataclass(frozen=True, slots=True)
class Answered(CustomerAct):
    """The question in hand was answered, by touch or typed. "" leaves out one that need not be answered."""

    text: str

    def __repr__(self) -> str:
        return "Answered(text=...)"


@dataclass(frozen=True, slots=True)
class Corrected(CustomerAct):
    """An answer is to be given anew: that of the question in `place`."""

    place: int


@dataclass(frozen=True, slots=True)
class Revealed(CustomerAct):
    """The customer wants to see what they typed."""


@dataclass(frozen=True, slots=True)
class SlotsFound:
    """The times of the form that this terminal knows to be free."""

    submission_id: str
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotAnswered:
    """Whether the form may have a place at this time. `code` is under what it is held, "" where it is not."""

    submission_id: str
    slot: str
    verdict: Verdict
    code: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The form is in the books under `number`, since `at` (ISO 8601)."""

    submission_id: str
    number: str
    at: str


@dataclass(frozen=True, slots=True)
class NotSubmitted:
    """The books did not take it."""

    submission_id: str


@dataclass(frozen=True, slots=True)
class SlipDone:
    """How the slip's print job ended."""

    submission_id: str
    printed: bool
