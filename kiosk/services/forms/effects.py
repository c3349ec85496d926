"""What a form asks for: plain data, which `kiosk.services.forms.desk` has performed."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.facts import Json
from kiosk.domain.forms import Form
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class FindSlots:
    """Which of `slots` have a place left, by the terminal's own books: answered by SlotsFound."""

    submission_id: str
    form: Form
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimSlot:
    """A place at this time, in the whole store: answered by SlotAnswered."""

    submission_id: str
    form: Form
    slot: str


@dataclass(frozen=True, slots=True)
class Submit:
    """Journal the form under the next number: answered by Submitted or NotSubmitted. `body` is the fact's, but for the number."""

    submission_id: str
    form: Form
    prefix: str
    body: Mapping[str, Json]

    def __repr__(self) -> str:
        return f"Submit(submission_id={self.submission_id!r}, form={self.form.name!r}, body=...)"


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Answered by SlipDone. `lines` are (label, answer) pairs, none of them private."""

    submission_id: str
    form: Form
    number: str
    slot: str
    is_fixed: bool
    lines: tuple[tuple[str, str], ...]
    language: str
