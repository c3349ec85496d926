"""The payment machine: never charges twice, never charges without a sale, never sells without a charge.

Found by trying every schedule of crashes and lost messages: intent before the call, fence before asking, and an answer that is
durable before the terminal is acknowledged; each of the three is needed. `advance` decides, `kiosk.services.payments` performs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.domain.facts import Kind
from kiosk.domain.payment import (
    MOVES,
    Answered,
    ApprovalSeen,
    Authorise,
    Begin,
    Commit,
    CustomerLeft,
    Decide,
    Decision,
    Durable,
    Effect,
    Ended,
    Event,
    Fence,
    Fenced,
    IllegalMoveError,
    NotDurable,
    Outcome,
    Payment,
    ReadStatus,
    Recover,
    Result,
    RetryDue,
    Reverse,
    Stamp,
    State,
    Unreachable,
    Wait,
)
from kiosk.domain.payment_facts import booking, end_body, intent_body, outcome_body, settlement_body, voiding

# 1 s doubling to half a minute: an attendant who plugs the terminal in again is not kept waiting longer than that.
_FIRST_WAIT_MS = 1_000
_LONGEST_WAIT_MS = 30_000


def advance(payment: Payment, event: Event, stamp: Stamp) -> Decision:
    """Decide what `event` means for `payment`. An event that comes too late for the state it meets changes nothing."""
    if isinstance(event, CustomerLeft):
        return replace(payment, customer_present=False), ()
    decide = _DECISIONS.get((payment.state, type(event)))
    return decide(payment, event, stamp) if decide else (payment, ())


def _move(payment: Payment, state: State, **changes: object) -> Payment:
    if state not in MOVES[payment.state]:
        raise IllegalMoveError(f"payment {payment.ref} cannot go from {payment.state} to {state}")
    return replace(payment, state=state, **changes)  # type: ignore[arg-type]  # the field names are checked by replace()


# --- before the money ---


def _begin(payment: Payment, _: Event, __: Stamp) -> Decision:
    return payment, (ReadStatus(),)


def _prepared(payment: Payment, event: Answered, stamp: Stamp) -> Decision:
    if event.status.busy:
        return _move(payment, State.FAILED, reason="busy"), ()
    last_trace = event.status.last.trace if event.status.last else None
    intended = _move(payment, State.INTENDING, last_trace=last_trace)
    return intended, (Commit((stamp(Kind.PAYMENT_INTENDED, intent_body(intended)),)),)


def _not_reached(payment: Payment, event: Unreachable, _: Stamp) -> Decision:
    # Nothing was intended and nothing sent: the plain failure, with nothing to clear up.
    return _move(payment, State.FAILED, reason=event.reason), ()


def _intended(payment: Payment, _: Event, __: Stamp) -> Decision:
    return _move(payment, State.INTENDED), (Authorise(payment.ref, payment.amount),)


def _not_intended(payment: Payment, event: NotDurable, _: Stamp) -> Decision:
    return _move(payment, State.FAILED, reason=event.reason), ()


# --- the terminal answers ---


def _approval_seen(payment: Payment, event: ApprovalSeen, stamp: Stamp) -> Decision:
    approving = _move(payment, State.APPROVING, outcome=event.outcome)
    return approving, (Commit(booking(approving, stamp)),)


def _booked(payment: Payment, _: Event, stamp: Stamp) -> Decision:
    if payment.fenced:
        # Found by asking, not at the commit point: the terminal has closed the transaction already.
        settled = _move(payment, State.SETTLED, booked=True)
        return settled, (_settlement(settled, stamp),)
    if payment.cut_off:
        return _lose(replace(payment, booked=True, cut_off=False), "line-lost", stamp)
    return _move(payment, State.APPROVED, booked=True), (Decide(keep=True),)


def _not_booked(payment: Payment, event: NotDurable, _: Stamp) -> Decision:
    resolving = _move(payment, State.RESOLVING, customer_present=False, reason=event.reason)
    effects: tuple[Effect, ...] = (Fence(),) if payment.fenced else (Decide(keep=False), Fence())
    return replace(resolving, fenced=False, outcome=None), effects


def _ended(payment: Payment, event: Ended, stamp: Stamp) -> Decision:
    outcome = event.outcome
    if outcome.result in (Result.DECLINED, Result.CANCELLED):
        failed = _move(payment, State.FAILED, reason=outcome.reason or outcome.result.value)
        return failed, (Commit((stamp(Kind.PAYMENT_DECLINED, end_body(failed)),), awaited=False),)
    # Lost, timed out, or "approved" without a commit point: only the terminal itself can say.
    return _lose(payment, outcome.reason or "line-lost", stamp)


def _ended_while_booking(payment: Payment, _: Event, __: Stamp) -> Decision:
    # The line broke while we were writing. What is being written stays; whether the terminal kept it is asked once it is durable.
    return replace(payment, cut_off=True), ()


def _completed(payment: Payment, event: Ended, stamp: Stamp) -> Decision:
    if event.outcome.result is Result.APPROVED:
        slips = replace(payment.outcome or event.outcome, customer_slip=event.outcome.customer_slip)
        slips = replace(slips, merchant_slip=event.outcome.merchant_slip)
        settled = _move(payment, State.SETTLED, outcome=slips)
        return settled, (_settlement(settled, stamp),)
    return _lose(payment, event.outcome.reason or "line-lost", stamp)


def _lose(payment: Payment, reason: str, stamp: Stamp) -> Decision:
    lost = _move(payment, State.RESOLVING, reason=reason, tries=0, fenced=False)
    if lost.booked:
        # The books hold it as approved and not yet settled. "Unknown" on top would hide from a recovery that the sale is booked,
        # and it would book it again.
        return lost, (Fence(),)
    return lost, (Commit((stamp(Kind.PAYMENT_UNKNOWN, end_body(lost)),), awaited=False), Fence())


# --- nobody knows: fence, ask, then complete, reverse, or let go ---


def _recover(payment: Payment, _: Event, __: Stamp) -> Decision:
    return replace(payment, state=State.RESOLVING, tries=0, fenced=False), (Fence(),)


def _fenced(payment: Payment, _: Event, __: Stamp) -> Decision:
    return replace(payment, fenced=True), (ReadStatus(),)


def _no_answer(payment: Payment, event: Unreachable, _: Stamp) -> Decision:
    delay_ms = min(_LONGEST_WAIT_MS, _FIRST_WAIT_MS << min(payment.tries, 10))
    return replace(payment, tries=payment.tries + 1, fenced=False, reason=event.reason), (Wait(delay_ms),)


def _try_again(payment: Payment, _: Event, __: Stamp) -> Decision:
    return payment, (Fence(),)


def _told(payment: Payment, event: Answered, stamp: Stamp) -> Decision:
    if not payment.fenced:
        return payment, ()  # an answer from before the fence proves nothing
    if event.status.busy:
        return _no_answer(payment, Unreachable("busy"), stamp)
    found = event.status.last if _is_ours(payment, event.status.last) else None
    if found is None:
        return _not_charged(payment, stamp)
    if payment.booked:
        settled = _move(payment, State.SETTLED)
        return settled, (_settlement(settled, stamp),)
    if payment.customer_present and not payment.giving_back:
        approving = _move(payment, State.APPROVING, outcome=found)
        return approving, (Commit(booking(approving, stamp)),)
    return _give_back(payment, found, stamp)


def _is_ours(payment: Payment, last: Outcome | None) -> bool:
    if last is None or last.result is not Result.APPROVED or last.amount != payment.amount:
        return False
    if payment.outcome is not None and payment.outcome.trace is not None:
        return last.trace == payment.outcome.trace
    return last.trace != payment.last_trace


def _not_charged(payment: Payment, stamp: Stamp) -> Decision:
    if payment.booked:
        # The terminal reversed by itself because our acknowledgement never came: the sale in the books has no money.
        voided = _move(payment, State.REVERSED, reason="reversed-by-terminal")
        return voided, (Commit(voiding(voided, stamp), awaited=False),)
    if payment.giving_back:
        return _given_back(payment, Ended(Outcome(Result.APPROVED)), stamp)
    failed = _move(payment, State.FAILED, reason="not-charged")
    return failed, (Commit((stamp(Kind.PAYMENT_DECLINED, end_body(failed)),), awaited=False),)


def _give_back(payment: Payment, found: Outcome, stamp: Stamp) -> Decision:
    reversing = _move(payment, State.REVERSING, outcome=found)
    if payment.giving_back:
        return reversing, (_reversal(reversing),)
    return reversing, (Commit((stamp(Kind.PAYMENT_REVERSING, outcome_body(reversing)),)),)


def _reversal_decided(payment: Payment, _: Event, __: Stamp) -> Decision:
    decided = replace(payment, giving_back=True)
    return decided, (_reversal(decided),)


def _reversal(payment: Payment) -> Reverse:
    receipt_no = payment.outcome.receipt_no if payment.outcome else None
    return Reverse(receipt_no or 0, payment.amount)


def _reversal_answered(payment: Payment, event: Ended, stamp: Stamp) -> Decision:
    if event.outcome.result is Result.APPROVED:
        return _given_back(payment, event, stamp)
    return _reversal_unclear(payment, Unreachable(event.outcome.reason or "line-lost"), stamp)


def _reversal_unclear(payment: Payment, event: Unreachable, stamp: Stamp) -> Decision:
    # Asked again before it is sent again: a reversal that went through must not be sent twice.
    back = _move(payment, State.RESOLVING, fenced=False)
    return _no_answer(back, event, stamp)


def _reversal_not_durable(payment: Payment, event: NotDurable, stamp: Stamp) -> Decision:
    return _reversal_unclear(payment, Unreachable(event.reason), stamp)


def _given_back(payment: Payment, _: Ended, stamp: Stamp) -> Decision:
    done = _move(payment, State.REVERSED, reason="customer-gone")
    return done, (Commit((stamp(Kind.PAYMENT_REVERSED, end_body(done)),), awaited=False),)


def _settlement(payment: Payment, stamp: Stamp) -> Commit:
    return Commit((stamp(Kind.PAYMENT_SETTLED, settlement_body(payment)),), awaited=False)


_DECISIONS: Mapping[tuple[State, type], Callable[..., Decision]] = {
    (State.NEW, Begin): _begin,
    (State.NEW, Answered): _prepared,
    (State.NEW, Unreachable): _not_reached,
    (State.INTENDING, Durable): _intended,
    (State.INTENDING, NotDurable): _not_intended,
    (State.INTENDED, ApprovalSeen): _approval_seen,
    (State.INTENDED, Ended): _ended,
    (State.INTENDED, Unreachable): lambda payment, event, stamp: _lose(payment, event.reason, stamp),
    (State.APPROVING, Durable): _booked,
    (State.APPROVING, NotDurable): _not_booked,
    (State.APPROVING, Ended): _ended_while_booking,
    (State.APPROVED, Ended): _completed,
    (State.APPROVED, Unreachable): lambda payment, event, stamp: _lose(payment, event.reason, stamp),
    (State.RESOLVING, Recover): _recover,
    (State.RESOLVING, Fenced): _fenced,
    (State.RESOLVING, Unreachable): _no_answer,
    (State.RESOLVING, RetryDue): _try_again,
    (State.RESOLVING, Answered): _told,
    (State.REVERSING, Durable): _reversal_decided,
    (State.REVERSING, NotDurable): _reversal_not_durable,
    (State.REVERSING, Ended): _reversal_answered,
    (State.REVERSING, Unreachable): _reversal_unclear,
}
