"""The payment: what a terminal answers, the states, and the events and effects of the machine in `kiosk.domain.payment_machine`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass


class Result(StrEnum):
    """What the payment terminal said. UNKNOWN is not an answer: the line was lost or time ran out."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a transaction on the payment terminal ended. `reason` is a stable code ("declined", "wrong-pin", "timeout", "cancelled",
    "line-lost", ...). Of the card number only the last four digits ever exist here. Slips are the lines the terminal had printed."""

    result: Result
    reason: str = ""
    amount: Money | None = None
    trace: int | None = None
    receipt_no: int | None = None
    terminal_id: str = ""
    card_name: str = ""
    card_last4: str = ""
    authorisation: str = ""
    at: str = ""  # the terminal's own date and time, ISO 8601 without offset
    customer_slip: tuple[str, ...] = ()
    merchant_slip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TerminalStatus:
    """A terminal's answer to "what was your last transaction": `last` is None where it has made none."""

    busy: bool
    last: Outcome | None


class State(StrEnum):
    """Where a payment is. SETTLED, FAILED and REVERSED are the ends."""

    NEW = "new"  # nothing done; the terminal's last trace is being read
    INTENDING = "intending"  # the intent is being made durable
    INTENDED = "intended"  # durable; the terminal has been asked to charge
    APPROVING = "approving"  # the terminal approved and waits; payment and sale are being made durable
    APPROVED = "approved"  # durable and acknowledged; the terminal's completion is awaited
    SETTLED = "settled"
    FAILED = "failed"
    RESOLVING = "resolving"  # unknown: fence the terminal, then ask it; again until it answers
    REVERSING = "reversing"  # found charged, and the customer is gone: the terminal is asked to give it back
    REVERSED = "reversed"


# Every move there is; `_move` refuses any other.
MOVES: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.INTENDING, State.FAILED}),
    State.INTENDING: frozenset({State.INTENDED, State.FAILED}),
    State.INTENDED: frozenset({State.APPROVING, State.FAILED, State.RESOLVING}),
    State.APPROVING: frozenset({State.APPROVED, State.SETTLED, State.RESOLVING}),
    State.APPROVED: frozenset({State.SETTLED, State.RESOLVING}),
    State.RESOLVING: frozenset({State.APPROVING, State.SETTLED, State.FAILED, State.REVERSING, State.REVERSED}),
    State.REVERSING: frozenset({State.REVERSED, State.RESOLVING}),
    State.SETTLED: frozenset(),
    State.FAILED: frozenset(),
    State.REVERSED: frozenset(),
}


class IllegalMoveError(RuntimeError):
    """The machine was asked for a move that does not exist: our own bug, never a device's."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment. `sale` is the whole sale it is for, so that a recovery needs nothing but the journal.

    `last_trace` is the terminal's trace before the intent: a newer one with our amount is ours, the old one means nothing happened.
    `booked`: payment and sale are durable. `giving_back`: the decision to reverse is durable, and is never taken back.
    `fenced`: the terminal was idle when last asked. `cut_off`: its command ended while the approval was being written.
    """

    ref: str
    amount: Money
    sale: Mapping[str, Json]
    state: State = State.NEW
    last_trace: int | None = None
    outcome: Outcome | None = None
    booked: bool = False
    giving_back: bool = False
    fenced: bool = False
    cut_off: bool = False
    customer_present: bool = True
    tries: int = 0
    reason: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return not MOVES[self.state]


# --- events: what happened ---


@dataclass(frozen=True, slots=True)
class Begin:
    """The customer pays."""


@dataclass(frozen=True, slots=True)
class Recover:
    """The terminal was started again with this payment unresolved."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The payment terminal told its last transaction."""

    status: TerminalStatus


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The payment terminal could not be reached, or was busy: it was not asked, or did not say."""

    reason: str


@dataclass(frozen=True, slots=True)
class Durable:
    """What was committed last is on disk."""


@dataclass(frozen=True, slots=True)
class NotDurable:
    """The journal could not write."""

    reason: str


@dataclass(frozen=True, slots=True)
class ApprovalSeen:
    """The commit point: approved, and the terminal waits for our answer."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Ended:
    """The terminal's command is over: completion, abort, or a line lost in the middle (Result.UNKNOWN)."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Fenced:
    """The terminal is proven idle: nothing asked before can still charge."""


@dataclass(frozen=True, slots=True)
class RetryDue:
    """The wait before the next try is over."""


@dataclass(frozen=True, slots=True)
class CustomerLeft:
    """Nobody waits for the goods any more."""


Event = (
    Begin
    | Recover
    | Answered
    | Unreachable
    | Durable
    | NotDurable
    | ApprovalSeen
    | Ended
    | Fenced
    | RetryDue
    | CustomerLeft
)


# --- effects: what to do ---


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """Ask the terminal for its last transaction."""


@dataclass(frozen=True, slots=True)
class Commit:
    """Make these facts durable in one commit, then say Durable; `awaited` is False where nothing waits for it."""

    facts: tuple[Fact, ...]
    awaited: bool = True


@dataclass(frozen=True, slots=True)
class Authorise:
    """Ask the terminal to charge."""

    ref: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Decide:
    """Answer the commit point: acknowledge, or refuse the goods so that the terminal reverses by itself."""

    keep: bool


@dataclass(frozen=True, slots=True)
class Fence:
    """Close whatever is open on the terminal."""


@dataclass(frozen=True, slots=True)
class Reverse:
    """Ask the terminal to give the money back."""

    receipt_no: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Wait:
    """Try again in `delay_ms`."""

    delay_ms: int


Effect = ReadStatus | Commit | Authorise | Decide | Fence | Reverse | Wait
Decision = tuple[Payment, tuple[Effect, ...]]
# Makes a fact of this payment: kind and body in, stamped with the time of the event.
Stamp = Callable[[Kind, Mapping[str, Json]], Fact]
