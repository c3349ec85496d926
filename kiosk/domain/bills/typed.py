"""What is known of a bill's number while it is typed. Without the standards: `typed_checks` loads them, when somebody types."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.bills.bill import Reason
from kiosk.domain.records import dataclass


class State(StrEnum):
    """What is known of a field."""

    OPEN = "open"  # not all there, or nothing in it could be checked
    GOOD = "good"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Field:
    """What is typed of one field so far."""

    text: str
    state: State = State.OPEN


@dataclass(frozen=True, slots=True)
class Typed:
    """`standard` is what the number begins as ("" where nobody can say yet); `missing` how many characters it still needs (None where
    not known). `verdict` is good where the whole is a bill, wrong where a field is, and `reason` then says why."""

    text: str = ""
    standard: str = ""
    fields: tuple[Field, ...] = ()
    missing: int | None = None
    verdict: State = State.OPEN
    reason: Reason | None = None
