"""Decisions about bills: what is asked, what goes into the basket, what is given back; and bills that mean no good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from till import RULES, Shop

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.bills.offline_policy import OfflineRules, Unconfirmed
from kiosk.domain.money import Money
from kiosk.ports import BillAnswer, BillStanding
from kiosk.services.bill_payment.answering import ANSWERED, plain
from kiosk.services.bill_payment.effects import AskBill, ReleaseBill
from kiosk.services.bill_payment.events import (
    AmountGiven,
    AmountWanted,
    BillAnswered,
    BillTaken,
    BillWanted,
    NumberGiven,
    NumberTyped,
    TypingWanted,
)
from kiosk.services.bill_payment.opening import OPENED, open_bill
from kiosk.services.bill_payment.rules import BillPayRules
from kiosk.services.checkout.events import (
    Back,
    DraftFound,
    EmptyPressed,
    GoOn,
    LineRemoved,
    PaymentDone,
    PayPressed,
    TimerRang,
    Undone,
)
from kiosk.services.checkout.session import Turn
from kiosk.services.home import ServiceChosen
from tests.unit.made_bills import MADE
from tests.unit.sample_bills import epc

PROFILE = {"self-checkout": ("checkout", "bills")}
CODE = epc({7: "EUR42.10"})
OPEN = BillAnswer(BillStanding.OPEN)
AWAY = BillAnswer(BillStanding.AWAY)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def shop(**bills: Any) -> Shop:
    return Shop(rules=replace(RULES, profiles=PROFILE, bills=BillPayRules(**bills)))


def asked(at: Shop, code: str = CODE) -> AskBill:
    at.scan(code, symbology="Q1")
    assert at.step == "bill-asking"
    question: AskBill = at.last(AskBill)
    return question


def answer(at: Shop, said: BillAnswer = OPEN, **more: Any) -> Shop:
    question: AskBill = at.last(AskBill)
    return at.tell(BillAnswered(bill_key(question.bill), question.sale_id, said, **more))


def shown(said: BillAnswer = OPEN, **rules: Any) -> Shop:
    at = shop(**rules)
    asked(at)
    return answer(at, said)


def taken(said: BillAnswer = OPEN) -> Shop:
    return shown(said).tell(BillTaken())


def given_back(at: Shop) -> list[ReleaseBill]:
    return [effect for effect in at.asked if isinstance(effect, ReleaseBill)]


def test_a_bill_is_asked_about_for_the_sale_that_will_pay_it() -> None:
    at = taken()
    assert at.step == "basket"
    (line,) = at.session.basket.bills
    assert line.is_confirmed
    assert line.payment_ref not in ("", at.session.sale_id)
    assert at.last(AskBill).sale_id == at.session.sale_id
    assert at.session.bill is None


def test_two_bills_have_two_references() -> None:
    at = taken()
    asked(at, epc({7: "EUR1.00"}))
    answer(at).tell(BillTaken())
    assert len({line.payment_ref for line in at.session.basket.bills}) == 2


def test_a_paid_sale_keeps_its_bills_and_gives_back_the_rest() -> None:
    at = taken()
    asked(at, epc({7: "EUR1.00"}))
    answer(at).tell(BillTaken(), LineRemoved(2), PayPressed())
    assert at.step == "pay"
    at.tell(PaymentDone(at.session.sale_id, "1"))
    assert [effect.bill.amount for effect in given_back(at)] == [euro(100)]


@pytest.mark.parametrize("way", [(EmptyPressed(),), (TimerRang("idle"), *[TimerRang("countdown")] * 20)])
def test_a_given_up_sale_gives_everything_back(way: tuple[object, ...]) -> None:
    at = taken().tell(*way)
    assert at.step == "attract"
    assert len(given_back(at)) == 1


def test_an_undone_removal_keeps_the_bill() -> None:
    at = taken().tell(LineRemoved(1), Undone())
    assert len(at.session.basket.bills) == 1
    assert not given_back(at)


def test_an_answer_to_somebody_who_has_gone_changes_nothing() -> None:
    at = shop()
    asked(at)
    at.tell(Back())
    before = at.session
    answer(at)
    assert at.session == before


def test_a_power_cut_asks_about_the_bills_again_before_they_are_paid() -> None:
    before = taken()
    at = shop().tell(DraftFound(before.session.basket, before.session.sale_id, "en"), GoOn())
    assert at.last(AskBill).sale_id == before.session.sale_id
    at.tell(PayPressed())
    assert at.step == "basket", "it is not known yet whether it may still be paid"
    answer(at).tell(PayPressed())
    assert at.step == "pay"


@pytest.mark.parametrize(
    "said", [BillStanding.PAID, BillStanding.BEING_PAID, BillStanding.CLOSED, BillStanding.UNKNOWN]
)
def test_a_bill_that_can_no_longer_be_paid_leaves_the_basket(said: BillStanding) -> None:
    before = taken()
    at = shop().tell(DraftFound(before.session.basket, before.session.sale_id, "en"), GoOn())
    answer(at, BillAnswer(said))
    assert not at.session.basket.bills
    assert at.session.notice is not None
    assert at.session.notice.key == "notice.bill-gone"


def test_a_bill_that_nobody_can_be_asked_about_again_will_be_confirmed() -> None:
    before = taken()
    at = shop().tell(DraftFound(before.session.basket, before.session.sale_id, "en"), GoOn())
    answer(at, AWAY)
    assert [line.is_confirmed for line in at.session.basket.bills] == [False]


def test_unconfirmed_bills_in_the_basket_count_for_the_next() -> None:
    at = shop(offline=OfflineRules(count=1))
    asked(at)
    answer(at, AWAY, unconfirmed=Unconfirmed()).tell(BillTaken())
    asked(at, epc({7: "EUR1.00"}))
    answer(at, AWAY, unconfirmed=Unconfirmed())
    assert at.session.bill is not None
    assert at.session.bill.problem == "bill-offline-count"


def test_what_the_customer_enters_counts_for_the_limits_without_a_line() -> None:
    at = shop(offline=OfflineRules(total_minor=1_000))
    asked(at, epc({7: ""}))
    answer(at, AWAY, unconfirmed=Unconfirmed(1, 600)).tell(AmountGiven(500))
    assert at.session.bill is not None
    assert at.session.bill.problem == "bill-offline-total"


@pytest.mark.parametrize("minor", [0, -1, 10**13, 100_001])
def test_no_amount_beyond_its_bounds_is_taken(minor: int) -> None:
    at = shop()
    asked(at, epc({7: ""}))
    answer(at).tell(AmountGiven(minor), BillTaken())
    assert at.step == "bill-amount"
    assert at.session.basket.is_empty


def test_an_amount_that_may_not_be_changed_is_not() -> None:
    at = shown().tell(AmountWanted(), AmountGiven(1))
    assert at.step == "bill"
    assert at.session.bill is not None
    assert at.session.bill.amount == euro(4_210)


def test_a_name_from_outside_is_one_line_of_visible_letters() -> None:
    assert plain("A\u202eB\nC\x00" + "W" * 200) == "ABC" + "W" * 67


def test_an_answer_cannot_lower_what_is_owed_below_nothing() -> None:
    at = shown(replace(OPEN, amount=euro(-5)))
    assert at.session.bill is not None
    assert at.session.bill.problem == "bill-paid"


def test_a_fee_below_nothing_is_none() -> None:
    at = shown(replace(OPEN, fee=euro(-5))).tell(BillTaken())
    assert at.to_pay == 4_210


def test_bills_from_elsewhere_come_in_by_one_door() -> None:
    at = shop()
    bill = Bill("epc", "DE89370400440532013000", "EUR", "Stadtwerke", "RF18539007547034", euro(500))
    turn = Turn(at.rules, at.at, 1, "f" * 28)
    after, effects = open_bill(at.session, bill, turn)
    assert after.step in OPENED
    assert AskBill(bill, after.sale_id) in effects


def test_a_number_is_typed_to_its_end() -> None:
    number = "479440520200360820048831500000000868516259619897100612"
    at = shop().tell(ServiceChosen("bills"), TypingWanted(), NumberTyped(number[:20]), NumberGiven(number[:20]))
    assert at.step == "bill-typing"
    assert at.session.bill is not None
    assert at.session.bill.not_read
    at.tell(NumberGiven(number))
    assert at.step == "bill-asking"


def test_what_happens_in_the_wrong_place_changes_nothing() -> None:
    for event in (BillTaken(), AmountWanted(), AmountGiven(5), GoOn(), NumberTyped("1"), BillWanted()):
        at = shop().tell(event)
        assert at.step == "attract"
        assert at.session.bill is None


@pytest.mark.parametrize("standard", MADE)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_bill_ends_at_a_screen_and_in_no_basket_that_cannot_pay_it(standard: str, data: st.DataObject) -> None:
    code, _ = data.draw(MADE[standard])
    said = data.draw(
        st.builds(
            BillAnswer,
            st.sampled_from(BillStanding),
            payee=st.text(max_size=90),
            amount=st.none() | st.builds(Money, st.integers(-5, 10**15), st.sampled_from(["EUR", "CHF"])),
            fee=st.none() | st.builds(Money, st.integers(-5, 10**6), st.just("EUR")),
            due=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
            may_change=st.none() | st.booleans(),
            minimum=st.none() | st.builds(Money, st.integers(-5, 10**15), st.just("EUR")),
            maximum=st.none() | st.builds(Money, st.integers(-5, 10**15), st.just("EUR")),
        )
    )
    at = shop()
    at.tell(*[])
    at.scan(code.decode("latin-1"), symbology="Q1") if code.isascii() else None
    if at.step != "bill-asking":
        return
    answer(at, said)
    assert at.step in ANSWERED
    at.tell(GoOn(), GoOn(), AmountGiven(data.draw(st.integers(-5, 10**15))), BillTaken())
    for line in at.session.basket.bills:
        assert 0 < line.amount.minor <= at.rules.bills.limit_minor
        assert line.amount.currency == line.fee.currency == "EUR"
        assert line.fee.minor >= 0
        assert (line.bill.payee or "x").isprintable()
