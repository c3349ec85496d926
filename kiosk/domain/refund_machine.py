"""The refund machine: money goes back once or not at all, and the books say which.

It is the payment machine's sister: the same events, the same fence before asking, and an intent that is durable before the terminal is
asked. What differs is why it is a machine of its own: there is nothing to reverse (money that went back went to whom it belongs, so a
refund that is found is always completed, whoever is still there), it may begin with a reversal and go on with a refund once the terminal
has plainly refused that, and it looks at the card before it lets the money go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.domain.facts import Kind
from kiosk.domain.payment import (
    Answered,
    ApprovalSeen,
    Begin,
    Commit,
    Decide,
    Durable,
    Ended,
    Fence,
    Fenced,
    IllegalMoveError,
    NotDurable,
    Outcome,
    ReadStatus,
    Recover,
    Result,
    RetryDue,
    Reverse,
    Stamp,
    Unreachable,
    Wait,
)
from kiosk.domain.refund_facts import approval_body, completion_body, end_body, intent_body
from kiosk.domain.refunding import MOVES, Decision, GiveBack, Refund, State

_FIRST_WAIT_MS = 1_000
_LONGEST_WAIT_MS = 30_000
REVERSED = "reversed"  # an outcome's reason: the payment of that trace was reversed


def advance(refund: Refund, event: object, stamp: Stamp) -> Decision:
    """Decide what `event` means for `refund`. An event that comes too late for the state it meets changes nothing."""
    decide = _DECISIONS.get((refund.state, type(event)))
    return decide(refund, event, stamp) if decide else (refund, ())


def _move(refund: Refund, state: State, **changes: object) -> Refund:
    if state not in MOVES[refund.state]:
        raise IllegalMoveError(f"refund {refund.ref} cannot go from {refund.state} to {state}")
    return replace(refund, state=state, **changes)  # type: ignore[arg-type]  # the field names are checked by replace()


# --- before the money ---


def _begin(refund: Refund, _: object, stamp: Stamp) -> Decision:
    if not refund.amount.minor:
        return _complete(refund, None, stamp)
    return refund, (ReadStatus(),)


def _prepared(refund: Refund, event: Answered, stamp: Stamp) -> Decision:
    if event.status.busy:
        return _fail(refund, "busy", stamp)
    last = event.status.last
    if refund.by_reversal and _is_reversal(refund, last):
        return _fail(refund, "already-reversed", stamp)
    intended = _move(refund, State.INTENDING, last_trace=last.trace if last else None)
    return intended, (Commit((stamp(Kind.REFUND_INTENDED, intent_body(intended)),)),)


def _not_reached(refund: Refund, event: Unreachable, stamp: Stamp) -> Decision:
    return _fail(refund, event.reason, stamp)


def _intended(refund: Refund, _: object, __: Stamp) -> Decision:
    asked = _move(refund, State.INTENDED, is_intended=True)
    if asked.by_reversal:
        return asked, (Reverse(asked.original.receipt_no or 0, asked.amount),)
    return asked, (GiveBack(asked.ref, asked.amount),)


def _not_intended(refund: Refund, event: NotDurable, stamp: Stamp) -> Decision:
    return _fail(refund, event.reason, stamp)


# --- the terminal answers ---


def _approval_seen(refund: Refund, event: ApprovalSeen, stamp: Stamp) -> Decision:
    theirs, ours = event.outcome.card_last4, refund.original.card_last4
    if theirs and ours and theirs != ours:
        # Money goes back to the card that paid. The terminal takes its approval back by itself, and is asked whether it did.
        return replace(refund, reason="other-card"), (Decide(keep=False),)
    approving = _move(refund, State.APPROVING, outcome=event.outcome)
    return approving, (Commit((stamp(Kind.REFUND_APPROVED, approval_body(approving)),)),)


def _approval_kept(refund: Refund, _: object, stamp: Stamp) -> Decision:
    kept = replace(refund, is_approved=True)
    if kept.cut_off:
        return _lose(replace(kept, cut_off=False), "line-lost", stamp)
    return _move(kept, State.APPROVED), (Decide(keep=True),)


def _approval_not_kept(refund: Refund, event: NotDurable, _: Stamp) -> Decision:
    resolving = _move(refund, State.RESOLVING, reason=event.reason, fenced=False, outcome=None)
    return resolving, (Decide(keep=False), Fence())


def _ended_while_approving(refund: Refund, _: object, __: Stamp) -> Decision:
    return replace(refund, cut_off=True), ()


def _ended(refund: Refund, event: Ended, stamp: Stamp) -> Decision:
    outcome = event.outcome
    if outcome.result is Result.APPROVED and refund.by_reversal:
        return _complete(refund, outcome, stamp)
    if outcome.result is Result.DECLINED and refund.by_reversal:
        # A plain no to the reversal: nothing happened. The money can still go to the card, if its owner presents it.
        return _move(refund, State.NEW, by_reversal=False), (ReadStatus(),)
    if outcome.result in (Result.DECLINED, Result.CANCELLED):
        reason = "already-reversed" if outcome.reason == REVERSED else outcome.reason or outcome.result.value
        return _fail(refund, reason, stamp)
    return _lose(refund, refund.reason or outcome.reason or "line-lost", stamp)


def _ended_after_approval(refund: Refund, event: Ended, stamp: Stamp) -> Decision:
    if event.outcome.result is Result.APPROVED:
        return _complete(refund, event.outcome, stamp)
    return _lose(refund, event.outcome.reason or "line-lost", stamp)


def _lose(refund: Refund, reason: str, stamp: Stamp) -> Decision:
    lost = _move(refund, State.RESOLVING, reason=reason, tries=0, fenced=False)
    if lost.is_approved:
        return lost, (Fence(),)
    return lost, (Commit((stamp(Kind.REFUND_UNKNOWN, end_body(lost)),), awaited=False), Fence())


# --- nobody knows: fence, ask, then complete or let go ---


def _recover(refund: Refund, _: object, __: Stamp) -> Decision:
    return replace(refund, tries=0, fenced=False), (Fence(),)


def _fenced(refund: Refund, _: object, __: Stamp) -> Decision:
    return replace(refund, fenced=True), (ReadStatus(),)


def _no_answer(refund: Refund, _: object, __: Stamp) -> Decision:
    delay_ms = min(_LONGEST_WAIT_MS, _FIRST_WAIT_MS << min(refund.tries, 10))
    return replace(refund, tries=refund.tries + 1, fenced=False), (Wait(delay_ms),)


def _try_again(refund: Refund, _: object, __: Stamp) -> Decision:
    return refund, (Fence(),)


def _told(refund: Refund, event: Answered, stamp: Stamp) -> Decision:
    if not refund.fenced:
        return refund, ()  # an answer from before the fence proves nothing
    if event.status.busy:
        return _no_answer(refund, Unreachable("busy"), stamp)
    last = event.status.last
    if _is_reversal(refund, last) if refund.by_reversal else _is_refund(refund, last):
        return _complete(refund, last, stamp)
    # Fenced and not there: it never was, or the terminal took it back by itself.
    return _fail(refund, refund.reason if refund.reason == "other-card" else "not-given", stamp)


def _is_reversal(refund: Refund, last: Outcome | None) -> bool:
    if last is None or last.result is not Result.CANCELLED or last.reason != REVERSED:
        return False
    return last.trace is not None and last.trace == refund.original.trace


def _is_refund(refund: Refund, last: Outcome | None) -> bool:
    if last is None or last.result is not Result.APPROVED or last.amount != refund.amount:
        return False
    if refund.outcome is not None and refund.outcome.trace is not None:
        return last.trace == refund.outcome.trace
    return last.trace != refund.last_trace


# --- the ends ---


def _complete(refund: Refund, outcome: Outcome | None, stamp: Stamp) -> Decision:
    completing = _move(refund, State.COMPLETING, outcome=outcome)
    body = completion_body(completing)
    return completing, (Commit((stamp(Kind.REFUND_COMPLETED, body),)),)


def _completed(refund: Refund, _: object, __: Stamp) -> Decision:
    return _move(refund, State.COMPLETED), ()


def _not_completed(refund: Refund, event: NotDurable, stamp: Stamp) -> Decision:
    if not refund.is_intended:
        return _fail(refund, event.reason, stamp)  # the books alone were to do it, and did not
    # The money is back and the books cannot say so: they hold the intent, and the terminal is asked again until they can.
    resolving = _move(refund, State.RESOLVING, reason=event.reason, fenced=False)
    return _no_answer(resolving, Unreachable(event.reason), stamp)


def _fail(refund: Refund, reason: str, stamp: Stamp) -> Decision:
    failed = _move(refund, State.FAILED, reason=reason)
    if not failed.is_intended:
        return failed, ()
    return failed, (Commit((stamp(Kind.REFUND_FAILED, end_body(failed)),), awaited=False),)


_DECISIONS: Mapping[tuple[State, type], Callable[..., Decision]] = {
    (State.NEW, Begin): _begin,
    (State.NEW, Answered): _prepared,
    (State.NEW, Unreachable): _not_reached,
    (State.INTENDING, Durable): _intended,
    (State.INTENDING, NotDurable): _not_intended,
    (State.INTENDED, ApprovalSeen): _approval_seen,
    (State.INTENDED, Ended): _ended,
    (State.INTENDED, Unreachable): lambda refund, event, stamp: _lose(refund, event.reason, stamp),
    (State.APPROVING, Durable): _approval_kept,
    (State.APPROVING, NotDurable): _approval_not_kept,
    (State.APPROVING, Ended): _ended_while_approving,
    (State.APPROVED, Ended): _ended_after_approval,
    (State.APPROVED, Unreachable): lambda refund, event, stamp: _lose(refund, event.reason, stamp),
    (State.COMPLETING, Durable): _completed,
    (State.COMPLETING, NotDurable): _not_completed,
    (State.RESOLVING, Recover): _recover,
    (State.RESOLVING, Fenced): _fenced,
    (State.RESOLVING, Unreachable): _no_answer,
    (State.RESOLVING, RetryDue): _try_again,
    (State.RESOLVING, Answered): _told,
}
