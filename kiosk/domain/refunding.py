"""The refund: its states, what it is made of, and the effects of the machine in `kiosk.domain.refund_machine`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kiosk.domain.facts import Json
from kiosk.domain.money import Money
from kiosk.domain.payment import Commit, Decide, Fence, Outcome, ReadStatus, Reverse, Wait
from kiosk.domain.records import dataclass


class State(StrEnum):
    """Where a refund is. COMPLETED and FAILED are the ends."""

    NEW = "new"  # nothing done; the terminal's last trace is being read
    INTENDING = "intending"  # the intent is being made durable
    INTENDED = "intended"  # durable; the terminal has been asked to reverse, or to refund
    APPROVING = "approving"  # the terminal approved and waits; that is being made durable
    APPROVED = "approved"  # durable and acknowledged; the terminal's completion is awaited
    COMPLETING = "completing"  # the money is back; the refund is being made durable
    RESOLVING = "resolving"  # unknown: fence the terminal, then ask it; again until it answers
    COMPLETED = "completed"
    FAILED = "failed"


# Every move there is; `_move` refuses any other.
MOVES: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.INTENDING, State.COMPLETING, State.FAILED}),
    State.INTENDING: frozenset({State.INTENDED, State.FAILED}),
    State.INTENDED: frozenset({State.APPROVING, State.COMPLETING, State.NEW, State.RESOLVING, State.FAILED}),
    State.APPROVING: frozenset({State.APPROVED, State.RESOLVING}),
    State.APPROVED: frozenset({State.COMPLETING, State.RESOLVING}),
    State.COMPLETING: frozenset({State.COMPLETED, State.RESOLVING, State.FAILED}),
    State.RESOLVING: frozenset({State.COMPLETING, State.FAILED}),
    State.COMPLETED: frozenset(),
    State.FAILED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Original:
    """The card payment whose money goes back, as its sale's tender holds it. `card_last4` is "" where the terminal told none."""

    trace: int | None
    receipt_no: int | None
    amount: Money
    card_last4: str = ""


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund. `amount` goes back to the card (nothing: the books alone do it); `body` is all of the refund that the journal is to
    hold, so that a recovery needs nothing else.

    `by_reversal`: the whole payment is reversed under its receipt number; else money is given to the card that is presented.
    `last_trace` is the terminal's trace before the intent. `is_intended`, `is_approved`: so the books say. `fenced` and `cut_off` as in
    `kiosk.domain.payment.Payment`.
    """

    ref: str
    amount: Money
    original: Original
    body: Mapping[str, Json]
    by_reversal: bool = False
    state: State = State.NEW
    last_trace: int | None = None
    outcome: Outcome | None = None
    is_intended: bool = False
    is_approved: bool = False
    fenced: bool = False
    cut_off: bool = False
    tries: int = 0
    reason: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return not MOVES[self.state]


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Ask the terminal to give `amount` to the card that is presented (ZVT 06 31)."""

    ref: str
    amount: Money


Effect = ReadStatus | Commit | GiveBack | Reverse | Decide | Fence | Wait
Decision = tuple[Refund, tuple[Effect, ...]]
