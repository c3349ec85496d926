"""The payment machine, move by move: what it decides, and what it refuses to decide."""

from __future__ import annotations

import pytest

from kiosk.domain.facts import Fact, Kind
from kiosk.domain.money import Money
from kiosk.domain.payment import (
    MOVES,
    Answered,
    ApprovalSeen,
    Authorise,
    Begin,
    Commit,
    CustomerLeft,
    Decide,
    Durable,
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
    State,
    TerminalStatus,
    Unreachable,
    Wait,
)
from kiosk.domain.payment_facts import recovered
from kiosk.domain.payment_machine import _move, advance

AMOUNT = Money(1371, "EUR")
APPROVED = Outcome(Result.APPROVED, amount=AMOUNT, trace=8, receipt_no=4)
EARLIER = Outcome(Result.APPROVED, amount=AMOUNT, trace=7, receipt_no=3)
SALE = {"sale_id": "S1", "receipt_number": "1", "vouchers": [{"code": "V1", "amount_minor": 25, "currency": "EUR"}]}


def stamp(kind: Kind, body: object) -> Fact:
    return Fact(kind, "P1", body, "2026-01-05T08:00:00+00:00", 0)  # type: ignore[arg-type]


def play(payment: Payment, *events: Event) -> tuple[Payment, list[object]]:
    effects: list[object] = []
    for event in events:
        payment, asked = advance(payment, event, stamp)
        effects += asked
    return payment, effects


def kinds(effects: list[object]) -> list[Kind]:
    return [fact.kind for effect in effects if isinstance(effect, Commit) for fact in effect.facts]


def answered(last: Outcome | None, *, busy: bool = False) -> Answered:
    return Answered(TerminalStatus(busy, last))


NEW = Payment("P1", AMOUNT, SALE)
TO_INTENDED = (Begin(), answered(EARLIER), Durable())
TO_APPROVED = (*TO_INTENDED, ApprovalSeen(APPROVED), Durable())
LOST = Ended(Outcome(Result.UNKNOWN, "line-lost"))


def test_nothing_is_sent_before_the_intent_is_on_disk() -> None:
    payment, effects = play(NEW, Begin(), answered(EARLIER))
    assert payment.state is State.INTENDING
    assert payment.last_trace == 7
    assert kinds(effects) == [Kind.PAYMENT_INTENDED]
    assert not any(isinstance(effect, Authorise) for effect in effects)
    _, effects = play(payment, Durable())
    assert effects == [Authorise("P1", AMOUNT)]


def test_the_terminal_is_acknowledged_only_when_sale_and_payment_are_on_disk_together() -> None:
    payment, effects = play(NEW, *TO_INTENDED, ApprovalSeen(APPROVED))
    booking = effects[-1]
    assert isinstance(booking, Commit)
    assert [fact.kind for fact in booking.facts] == [
        Kind.PAYMENT_APPROVED,
        Kind.SALE_COMPLETED,
        Kind.VOUCHER_REDEEMED,
        Kind.RECEIPT_PENDING,
    ]
    assert not any(isinstance(effect, Decide) for effect in effects)
    payment, effects = play(payment, Durable())
    assert effects == [Decide(keep=True)]
    payment, effects = play(payment, Ended(APPROVED))
    assert payment.state is State.SETTLED
    assert kinds(effects) == [Kind.PAYMENT_SETTLED]


def test_a_full_disk_at_the_commit_point_refuses_the_goods() -> None:
    payment, effects = play(NEW, *TO_INTENDED, ApprovalSeen(APPROVED), NotDurable("books"))
    assert payment.state is State.RESOLVING
    assert effects[-2:] == [Decide(keep=False), Fence()]
    payment, effects = play(payment, Fenced(), answered(EARLIER))
    assert payment.state is State.FAILED


@pytest.mark.parametrize("result", [Result.DECLINED, Result.CANCELLED])
def test_a_decline_ends_the_payment_without_a_sale(result: Result) -> None:
    payment, effects = play(NEW, *TO_INTENDED, Ended(Outcome(result, "wrong-pin")))
    assert payment.state is State.FAILED
    assert payment.reason == "wrong-pin"
    assert kinds(effects) == [Kind.PAYMENT_INTENDED, Kind.PAYMENT_DECLINED]


def test_a_lost_line_is_no_decline_but_a_question() -> None:
    payment, effects = play(NEW, *TO_INTENDED, LOST)
    assert payment.state is State.RESOLVING
    assert isinstance(effects[-1], Fence)


def test_the_answer_before_the_fence_is_not_believed() -> None:
    payment, _ = play(NEW, *TO_INTENDED, LOST)
    payment, effects = play(payment, answered(EARLIER))
    assert payment.state is State.RESOLVING
    assert effects == []


def test_not_found_after_the_fence_means_nothing_was_charged() -> None:
    payment, effects = play(NEW, *TO_INTENDED, LOST, Fenced(), answered(EARLIER))
    assert payment.state is State.FAILED
    assert payment.reason == "not-charged"
    assert Kind.SALE_COMPLETED not in kinds(effects)


def test_found_charged_with_the_customer_there_is_sold() -> None:
    payment, effects = play(NEW, *TO_INTENDED, LOST, Fenced(), answered(APPROVED), Durable())
    assert payment.state is State.SETTLED
    assert kinds(effects).count(Kind.SALE_COMPLETED) == 1
    assert not any(isinstance(effect, Decide) for effect in effects), "the terminal has closed it already"


def test_found_charged_with_the_customer_gone_is_given_back() -> None:
    payment, effects = play(NEW, *TO_INTENDED, LOST, CustomerLeft(), Fenced(), answered(APPROVED), Durable())
    assert payment.state is State.REVERSING
    assert effects[-1] == Reverse(4, AMOUNT)
    payment, effects = play(payment, Ended(Outcome(Result.APPROVED)))
    assert payment.state is State.REVERSED
    assert Kind.SALE_COMPLETED not in kinds(effects)


def test_a_reversal_whose_answer_is_lost_is_asked_for_before_it_is_sent_again() -> None:
    payment, _ = play(NEW, *TO_INTENDED, LOST, CustomerLeft(), Fenced(), answered(APPROVED), Durable())
    payment, effects = play(payment, LOST)
    assert payment.state is State.RESOLVING
    assert not any(isinstance(effect, Reverse) for effect in effects)
    gone, _ = play(payment, RetryDue(), Fenced(), answered(EARLIER))
    assert gone.state is State.REVERSED
    again, effects = play(payment, RetryDue(), Fenced(), answered(APPROVED))
    assert again.state is State.REVERSING
    assert effects[-1] == Reverse(4, AMOUNT)


def test_a_customer_who_comes_back_does_not_stop_a_reversal_once_decided() -> None:
    left = recovered(_intent(), Kind.PAYMENT_REVERSING, {"trace": 8, "receipt_no": 4}, customer_present=True)
    payment, effects = play(left, Recover(), Fenced(), answered(APPROVED))
    assert payment.state is State.REVERSING
    assert isinstance(effects[-1], Reverse)


def test_a_terminal_that_reversed_by_itself_voids_the_sale() -> None:
    payment, effects = play(NEW, *TO_APPROVED, LOST, Fenced(), answered(EARLIER))
    assert payment.state is State.REVERSED
    assert kinds(effects)[-2:] == [Kind.PAYMENT_REVERSED, Kind.SALE_VOIDED]


def test_a_line_that_breaks_while_the_approval_is_written_is_asked_about_once_it_is_durable() -> None:
    payment, _ = play(NEW, *TO_INTENDED, ApprovalSeen(APPROVED), LOST)
    payment, effects = play(payment, Durable())
    assert payment.state is State.RESOLVING
    assert payment.booked
    payment, effects = play(payment, Fenced(), answered(APPROVED))
    assert payment.state is State.SETTLED
    assert Kind.SALE_COMPLETED not in kinds(effects), "booked once already"


def test_a_power_cut_after_a_lost_completion_does_not_book_the_sale_twice() -> None:
    # The latest fact about a payment is what a recovery starts from: "unknown" after "approved" would hide that the sale is booked.
    _, effects = play(NEW, *TO_APPROVED, LOST)
    latest = [kind for kind in kinds(effects) if kind.startswith("payment.")][-1]
    left = recovered(_intent(), latest, {"trace": 8, "receipt_no": 4}, customer_present=True)
    payment, effects = play(left, Recover(), Fenced(), answered(APPROVED))
    assert payment.state is State.SETTLED
    assert Kind.SALE_COMPLETED not in kinds(effects)


def test_an_older_payment_of_the_same_amount_is_not_taken_for_ours() -> None:
    left = recovered(_intent(), Kind.PAYMENT_INTENDED, {}, customer_present=True)
    payment, _ = play(left, Recover(), Fenced(), answered(EARLIER))
    assert payment.state is State.FAILED


def test_an_unreachable_terminal_is_asked_again_later_and_later() -> None:
    payment, _ = play(NEW, *TO_INTENDED, LOST)
    waits = []
    for _ in range(8):
        payment, effects = play(payment, Unreachable("unreachable"))
        waits += [effect.delay_ms for effect in effects if isinstance(effect, Wait)]
        payment, _ = play(payment, RetryDue())
    assert waits == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
    assert payment.state is State.RESOLVING


def test_a_busy_terminal_is_not_believed() -> None:
    payment, _ = play(NEW, *TO_INTENDED, LOST, Fenced(), answered(EARLIER, busy=True))
    assert payment.state is State.RESOLVING


def test_a_terminal_that_cannot_be_reached_before_the_intent_leaves_nothing_to_clear_up() -> None:
    payment, effects = play(NEW, Begin(), Unreachable("unreachable"))
    assert payment.state is State.FAILED
    assert effects == [ReadStatus()]


def test_an_illegal_move_is_a_bug_and_raises() -> None:
    with pytest.raises(IllegalMoveError):
        _move(NEW, State.SETTLED)


def test_what_is_over_never_moves_again() -> None:
    settled, _ = play(NEW, *TO_APPROVED, Ended(APPROVED))
    for event in (Begin(), Durable(), LOST, Fenced(), answered(None), RetryDue(), Recover(), Ended(APPROVED)):
        after, effects = play(settled, event)
        assert after == settled
        assert effects == []
    assert {state for state in State if not MOVES[state]} == {State.SETTLED, State.FAILED, State.REVERSED}


def _intent() -> dict[str, object]:
    return {"ref": "P1", "amount_minor": 1371, "currency": "EUR", "last_trace": 7, "sale": SALE}  # type: ignore[return-value]
