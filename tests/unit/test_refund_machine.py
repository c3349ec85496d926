"""The refund machine, move by move: what it decides, and what it refuses to decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.facts import Fact, Kind
from kiosk.domain.money import Money
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
    TerminalStatus,
    Unreachable,
    Wait,
)
from kiosk.domain.refund_facts import intent_body, recovered
from kiosk.domain.refund_machine import _move, advance
from kiosk.domain.refunding import MOVES, GiveBack, Original, Refund, State

AMOUNT = Money(500, "EUR")
PAID = Money(1371, "EUR")
ORIGINAL = Original(7, 3, PAID, "0010")
EARLIER = Outcome(Result.APPROVED, amount=PAID, trace=7, receipt_no=3, card_last4="0010")
APPROVED = Outcome(Result.APPROVED, amount=AMOUNT, trace=8, receipt_no=4, card_last4="0010")
REVERSED = Outcome(Result.CANCELLED, "reversed", PAID, trace=7, receipt_no=4)
BODY = {"sale_id": "S1", "number": 1, "amount_minor": 500, "currency": "EUR", "lines": []}
NEW = Refund("R1", AMOUNT, ORIGINAL, BODY)
WHOLE = replace(NEW, amount=PAID, by_reversal=True)
LOST = Ended(Outcome(Result.UNKNOWN, "line-lost"))


def stamp(kind: Kind, body: object) -> Fact:
    return Fact(kind, "R1", body, "2026-01-05T08:00:00+00:00", 0)  # type: ignore[arg-type]


def play(refund: Refund, *events: object) -> tuple[Refund, list[object]]:
    effects: list[object] = []
    for event in events:
        refund, asked = advance(refund, event, stamp)
        effects += asked
    return refund, effects


def kinds(effects: list[object]) -> list[Kind]:
    return [fact.kind for effect in effects if isinstance(effect, Commit) for fact in effect.facts]


def answered(last: Outcome | None, *, busy: bool = False) -> Answered:
    return Answered(TerminalStatus(busy, last))


TO_INTENDED = (Begin(), answered(EARLIER), Durable())
TO_APPROVED = (*TO_INTENDED, ApprovalSeen(APPROVED), Durable())


def test_nothing_is_sent_before_the_intent_is_on_disk() -> None:
    refund, effects = play(NEW, Begin(), answered(EARLIER))
    assert (refund.state, refund.last_trace) == (State.INTENDING, 7)
    assert kinds(effects) == [Kind.REFUND_INTENDED]
    assert not any(isinstance(effect, GiveBack | Reverse) for effect in effects)
    assert play(refund, Durable())[1] == [GiveBack("R1", AMOUNT)]


def test_the_whole_payment_is_reversed_under_its_receipt_number() -> None:
    refund, effects = play(WHOLE, *TO_INTENDED)
    assert effects[-1] == Reverse(3, PAID)
    refund, effects = play(refund, Ended(replace(REVERSED, result=Result.APPROVED, reason="")), Durable())
    assert refund.state is State.COMPLETED
    assert kinds(effects) == [Kind.REFUND_COMPLETED]


def test_a_reversal_plainly_refused_becomes_a_refund_to_the_card_that_is_presented() -> None:
    refund, effects = play(WHOLE, *TO_INTENDED, Ended(Outcome(Result.DECLINED, "reversal-not-possible")))
    assert effects[-1] == ReadStatus()
    refund, effects = play(refund, answered(EARLIER), Durable())
    assert kinds(effects) == [Kind.REFUND_INTENDED]
    assert effects[-1] == GiveBack("R1", PAID)
    assert not refund.by_reversal


def test_a_payment_that_was_reversed_already_gives_nothing_more() -> None:
    for refund in (play(WHOLE, Begin(), answered(REVERSED))[0], play(WHOLE, *TO_INTENDED, Ended(REVERSED))[0]):
        assert (refund.state, refund.reason) == (State.FAILED, "already-reversed")


def test_the_approval_is_on_disk_before_the_money_goes() -> None:
    refund, effects = play(NEW, *TO_INTENDED, ApprovalSeen(APPROVED))
    assert refund.state is State.APPROVING
    assert Decide(keep=True) not in effects
    refund, effects = play(refund, Durable())
    assert effects == [Decide(keep=True)]
    refund, effects = play(refund, Ended(APPROVED))
    assert refund.state is State.COMPLETING and kinds(effects) == [Kind.REFUND_COMPLETED]
    assert play(refund, Durable())[0].state is State.COMPLETED


def test_another_card_than_the_one_that_paid_gets_nothing() -> None:
    other = replace(APPROVED, card_last4="4111")
    refund, effects = play(NEW, *TO_INTENDED, ApprovalSeen(other))
    assert effects[-1] == Decide(keep=False)
    taken_back = Outcome(Result.CANCELLED, "reversed", AMOUNT, trace=8)
    refund, effects = play(refund, Ended(Outcome(Result.UNKNOWN, "not-confirmed")), Fenced(), answered(taken_back))
    assert (refund.state, refund.reason) == (State.FAILED, "other-card")
    assert kinds(effects) == [Kind.REFUND_UNKNOWN, Kind.REFUND_FAILED]


@pytest.mark.parametrize("result", [Result.DECLINED, Result.CANCELLED])
def test_a_refund_that_the_terminal_refuses_failed(result: Result) -> None:
    refund, effects = play(NEW, *TO_INTENDED, Ended(Outcome(result, "card-blocked")))
    assert (refund.state, refund.reason) == (State.FAILED, "card-blocked")
    assert kinds(effects)[-1] is Kind.REFUND_FAILED


@pytest.mark.parametrize("lost", [LOST, Unreachable("unreachable"), Ended(APPROVED)])
def test_a_lost_line_is_resolved_by_asking_and_never_by_sending_again(lost: object) -> None:
    refund, effects = play(NEW, *TO_INTENDED, lost)
    assert refund.state is State.RESOLVING
    assert effects[-1] == Fence()
    refund, effects = play(refund, Fenced(), answered(APPROVED), Durable())
    assert refund.state is State.COMPLETED
    assert kinds(effects) == [Kind.REFUND_COMPLETED]
    assert not any(isinstance(effect, GiveBack | Reverse) for effect in effects)


def test_a_lost_refund_that_never_was_gives_its_lines_free() -> None:
    refund, effects = play(NEW, *TO_INTENDED, LOST, Fenced(), answered(EARLIER))
    assert (refund.state, refund.reason) == (State.FAILED, "not-given")
    assert kinds(effects)[-1] is Kind.REFUND_FAILED


def test_a_lost_reversal_is_found_by_the_trace_of_the_payment() -> None:
    lost, _ = play(WHOLE, *TO_INTENDED, LOST)
    assert play(lost, Fenced(), answered(REVERSED), Durable())[0].state is State.COMPLETED
    assert play(lost, Fenced(), answered(EARLIER))[0].state is State.FAILED
    assert play(lost, Fenced(), answered(replace(REVERSED, trace=6)))[0].state is State.FAILED


def test_an_approval_lost_after_the_books_have_it_is_asked_for_by_its_trace() -> None:
    refund, effects = play(NEW, *TO_APPROVED, LOST)
    assert Kind.REFUND_UNKNOWN not in kinds(effects)
    assert play(refund, Fenced(), answered(APPROVED), Durable())[0].state is State.COMPLETED
    assert play(refund, Fenced(), answered(replace(APPROVED, trace=9)))[0].state is State.FAILED


def test_a_line_that_breaks_while_the_approval_is_written_is_asked_about() -> None:
    refund, effects = play(NEW, *TO_INTENDED, ApprovalSeen(APPROVED), LOST, Durable())
    assert refund.state is State.RESOLVING and refund.is_approved
    assert effects[-1] == Fence()


def test_a_full_disk_lets_no_money_go() -> None:
    assert play(NEW, Begin(), answered(EARLIER), NotDurable("books"))[0].state is State.FAILED
    refund, effects = play(NEW, *TO_INTENDED, ApprovalSeen(APPROVED), NotDurable("books"))
    assert refund.state is State.RESOLVING
    assert effects[-2:] == [Decide(keep=False), Fence()]


def test_money_that_is_back_is_asked_about_until_the_books_can_say_so() -> None:
    refund, effects = play(NEW, *TO_APPROVED, Ended(APPROVED), NotDurable("books"))
    assert refund.state is State.RESOLVING and isinstance(effects[-1], Wait)
    refund, _ = play(refund, RetryDue(), Fenced(), answered(APPROVED), Durable())
    assert refund.state is State.COMPLETED


def test_an_unreachable_terminal_is_asked_again_and_more_patiently() -> None:
    refund, _ = play(NEW, *TO_INTENDED, LOST)
    waits = []
    for _ in range(7):
        refund, effects = play(refund, Unreachable("unreachable"), RetryDue())
        waits += [effect.delay_ms for effect in effects if isinstance(effect, Wait)]
    assert waits == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
    assert isinstance(play(refund, Fenced(), answered(None, busy=True))[1][-1], Wait)


def test_an_answer_from_before_the_fence_proves_nothing() -> None:
    refund, _ = play(NEW, *TO_INTENDED, LOST)
    assert advance(refund, answered(EARLIER), stamp) == (refund, ())


def test_what_no_card_paid_goes_back_by_the_books_alone() -> None:
    refund, effects = play(replace(NEW, amount=Money(0, "EUR")), Begin())
    assert kinds(effects) == [Kind.REFUND_COMPLETED]
    assert play(refund, Durable())[0].state is State.COMPLETED
    assert play(refund, NotDurable("books"))[0].state is State.FAILED


@pytest.mark.parametrize("refund", [NEW, WHOLE])
@pytest.mark.parametrize("trace", [None, 8])
def test_what_the_journal_holds_finds_the_refund_again(refund: Refund, trace: int | None) -> None:
    intended, _ = play(refund, *TO_INTENDED)
    found = recovered(intent_body(intended), trace=trace)
    assert (found.ref, found.amount, found.original, found.body) == (refund.ref, refund.amount, ORIGINAL, BODY)
    assert (found.by_reversal, found.last_trace, found.is_approved) == (refund.by_reversal, 7, trace is not None)
    found, effects = play(found, Recover(), Fenced())
    assert effects == [Fence(), ReadStatus()]


def test_a_refund_that_could_not_begin_writes_nothing() -> None:
    for event in (answered(EARLIER, busy=True), Unreachable("unreachable")):
        refund, effects = play(NEW, Begin(), event)
        assert refund.state is State.FAILED and kinds(effects) == []


def test_a_refund_after_a_refused_reversal_that_cannot_begin_closes_the_first_intent() -> None:
    refund, effects = play(WHOLE, *TO_INTENDED, Ended(Outcome(Result.DECLINED, "not-possible")), Unreachable("gone"))
    assert refund.state is State.FAILED
    assert kinds(effects)[-1] is Kind.REFUND_FAILED


def test_no_move_that_is_not_in_the_table() -> None:
    for state, allowed in MOVES.items():
        for wanted in set(State) - allowed:
            with pytest.raises(IllegalMoveError, match="R1"):
                _move(replace(NEW, state=state), wanted)
