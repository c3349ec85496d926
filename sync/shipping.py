"""How the journal is shipped, decided purely: what to send next, what every answer means, how long to wait. No clock, no line, no chance.

One attempt at a time. An entry that the service cannot take is found, set aside there, and what comes after it goes on: nothing is dropped,
nothing blocks. Waiting is full jitter, `U(0, min(cap, base 2^n))`, never less than what the service asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.protocol.problems import ProblemType
from sync.protocol.wire import BATCH_MOST_ENTRIES


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait, in milliseconds. The cap leaves room for two attempts within 30 s of the line's return."""

    base_ms: int = 500
    cap_ms: int = 10_000
    told_off_ms: int = 180_000  # after "you are not known here": a technician has to act
    longest_asked_ms: int = 600_000  # of Retry-After; more than that is no answer of our service
    asked_jitter_ms: int = 250


@dataclass(frozen=True, slots=True)
class Shipping:
    """Where the shipping stands. Every entry up to `acked` is held by the service; `head` is the journal's highest seq.

    `suspect` is the seq of an entry that the service refused for `problem` (0: none): batches end before it, then it is set aside, with
    its row unless that was refused too. `most` entries go into a batch: fewer while the service refuses one without saying which entry,
    or the line does not carry as many.
    """

    acked: int = 0
    head: int = 0
    set_aside: int = 0
    busy: bool = False
    waits: bool = False
    failures: int = 0
    reason: str = ""
    most: int = BATCH_MOST_ENTRIES
    suspect: int = 0
    problem: str = ""
    with_row: bool = True
    is_lost: bool = False  # the service has to be asked how far it holds the journal


# --- what happens


@dataclass(frozen=True, slots=True)
class Grown:
    """The journal reaches to `head`."""

    head: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The service holds every entry up to `through`: proven by our own entry's digest."""

    through: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The service was asked: it holds every entry up to `seq` of what is ours, 0 for none."""

    seq: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The service answered with a problem to the entries `first` to `last`. `seq`, `kept_through` as in `Problem`."""

    problem: str
    first: int
    last: int
    seq: int | None = None
    kept_through: int | None = None
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer, or none that is our service's. `reason` is a stable code: "offline", "timeout", "cut", "foreign", "books", ..."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rang:
    """The wait is over."""


Event = Grown | Acknowledged | Placed | Refused | Lost | Rang


# --- what to do


@dataclass(frozen=True, slots=True)
class Send:
    """Send the entries after `after`, at most `most` of them and as many as fit: answered by Acknowledged, Refused or Lost."""

    after: int
    most: int


@dataclass(frozen=True, slots=True)
class PutAside:
    """Give entry `seq` into quarantine: answered as `Send` is."""

    seq: int
    problem: str
    with_row: bool


@dataclass(frozen=True, slots=True)
class FindPlace:
    """Ask the service how far it holds the journal: answered by Placed, Refused or Lost."""


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep across a restart that everything up to `seq` is held, `set_aside` entries of it outside the books."""

    seq: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Tell `Rang` after `delay_ms`."""

    delay_ms: int


Effect = Send | PutAside | FindPlace | Remember | Wait
Decision = tuple[Shipping, tuple[Effect, ...]]

_UNFIT = frozenset({ProblemType.BAD_CHAIN, ProblemType.MALFORMED, ProblemType.TOO_LARGE})
_TOLD_OFF = {
    ProblemType.REVOKED: "revoked",
    ProblemType.UNKNOWN_KEY: "unknown-key",
    ProblemType.BAD_SIGNATURE: "bad-signature",
    ProblemType.OTHER_TERMINAL: "other-terminal",
    ProblemType.PROTOCOL: "protocol",
}
# On a line that is too slow for a whole batch, the same batch again would never arrive. Every acknowledgement doubles it again.
_MAYBE_TOO_MUCH = frozenset({"timeout", "cut"})
_LATER = {
    ProblemType.BUSY: "busy",
    ProblemType.SHED: "busy",
    ProblemType.EXPIRED: "busy",
    ProblemType.UNAVAILABLE: "unavailable",
    ProblemType.CLOCK: "clock",
    ProblemType.FORK: "fork",
}


def advance(state: Shipping, event: Event, pace: Pace, chance: float) -> Decision:
    """What follows from `event`. `chance` is uniform in [0, 1), drawn by the caller."""
    match event:
        case Grown(head):
            return _next(replace(state, head=max(state.head, head)))
        case Rang():
            return _next(replace(state, waits=False))
        case Acknowledged(through) if through > state.acked:
            return _acknowledged(state, through)
        case Acknowledged():
            return _again(state, "foreign", pace, chance)  # of what was not asked
        case Placed(seq):
            acked = max(0, min(seq, state.head))
            placed = replace(state, acked=acked, busy=False, is_lost=False, suspect=0, with_row=True)
            after, effects = _next(placed)
            return after, (Remember(acked, state.set_aside), *effects)
        case Lost(reason) if reason in _MAYBE_TOO_MUCH:
            return _again(replace(state, most=max(1, state.most // 2)), reason, pace, chance)
        case Lost(reason):
            return _again(state, reason, pace, chance)
        case Refused():
            return _refused(replace(state, busy=False), event, pace, chance)


def _next(state: Shipping) -> Decision:
    if state.busy or state.waits or state.acked >= state.head:
        return state, ()
    busy = replace(state, busy=True)
    if state.is_lost:
        return busy, (FindPlace(),)
    if state.suspect == state.acked + 1:
        return busy, (PutAside(state.suspect, state.problem, state.with_row),)
    most = min(state.most, state.suspect - state.acked - 1) if state.suspect else state.most
    return busy, (Send(state.acked, most),)


def _acknowledged(state: Shipping, through: int) -> Decision:
    """On, at once: whatever went wrong before is over."""
    acked = max(state.acked, min(through, state.head))
    after = replace(state, acked=acked, busy=False, waits=False, failures=0, reason="")
    after = replace(after, most=min(BATCH_MOST_ENTRIES, state.most * 2))
    if state.suspect and acked >= state.suspect:
        in_quarantine = int(state.suspect == state.acked + 1)
        after = replace(after, suspect=0, problem="", with_row=True, set_aside=state.set_aside + in_quarantine)
    remember = Remember(after.acked, after.set_aside)
    after, effects = _next(after)
    return after, (remember, *effects)


def _refused(state: Shipping, event: Refused, pace: Pace, chance: float) -> Decision:
    problem = event.problem
    if problem in _UNFIT:
        return _unfit(state, event, pace, chance)
    if problem == ProblemType.GAP:
        # The service lost what it held, or never had it. After a wait: two that disagree for ever must not spin.
        return _again(replace(state, is_lost=True), "gap", pace, chance)
    if problem == ProblemType.FORK and _kept_beside(event):
        kept = (event.kept_through or 0) - (event.seq or 0) + 1
        return _acknowledged(replace(state, set_aside=state.set_aside + kept), event.kept_through or 0)
    if problem in _TOLD_OFF:
        delay_ms = pace.told_off_ms + int(chance * pace.told_off_ms / 2)
        return replace(state, waits=True, reason=_TOLD_OFF[ProblemType(problem)]), (Wait(delay_ms),)
    reason = _LATER.get(ProblemType(problem), "refused") if problem in set(ProblemType) else "refused"
    return _again(state, reason, pace, chance, event.retry_after_ms)


def _unfit(state: Shipping, event: Refused, pace: Pace, chance: float) -> Decision:
    """Find the one entry that cannot be taken, send what is before it, then set it aside."""
    if state.suspect == event.first == event.last:
        if not state.with_row:
            return _again(state, "refused", pace, chance)
        return _next(replace(state, with_row=False))
    if event.seq is not None and event.first <= event.seq <= event.last:
        return _next(replace(state, suspect=event.seq, problem=event.problem, with_row=True))
    if event.first == event.last:
        return _next(replace(state, suspect=event.first, problem=event.problem, with_row=True))
    return _next(replace(state, most=max(1, (event.last - event.first + 1) // 2)))


def _kept_beside(event: Refused) -> bool:
    return (
        event.seq is not None
        and event.kept_through is not None
        and event.first <= event.seq <= event.kept_through <= event.last
    )


def _again(state: Shipping, reason: str, pace: Pace, chance: float, asked_ms: int | None = None) -> Decision:
    ceiling_ms = min(pace.cap_ms, pace.base_ms * 2 ** min(state.failures, 16))
    delay_ms = int(chance * ceiling_ms)
    if asked_ms is not None:
        delay_ms = min(max(asked_ms, 0), pace.longest_asked_ms) + int(chance * pace.asked_jitter_ms)
    after = replace(state, busy=False, waits=True, failures=state.failures + 1, reason=reason)
    return after, (Wait(delay_ms),)
