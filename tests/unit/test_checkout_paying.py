"""From Pay to the receipt, and what can go wrong on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from till import GONE, Shop, paid, paying, staffed

from kiosk.domain.basket import Voucher
from kiosk.domain.facts import Kind
from kiosk.domain.money import Money
from kiosk.ports import Health, HealthState, PrintOutcome
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import (
    Back,
    DeviceChanged,
    EmptyPressed,
    GoOn,
    PaymentDone,
    PaymentFailed,
    PaymentGivenBack,
    PaymentMessage,
    PaymentsClear,
    PaymentUnclear,
    PayPressed,
    QrReady,
    ReceiptChosen,
    ReceiptPrinted,
    StaffChose,
    TimerRang,
    VoucherFound,
)


@pytest.fixture
def shop() -> Shop:
    return Shop()


# --- paying ---


def test_paying_shows_what_the_terminal_says() -> None:
    shop = paying()
    assert (shop.step, shop.last(ask.Pay).amount_minor) == ("pay", 129)
    assert shop.tell(PaymentMessage("enter-pin")).session.payment.message == "enter-pin"  # type: ignore[union-attr]


@pytest.mark.parametrize("reason", ["declined", "wrong-pin", "timeout", "card-left-in", "unreachable"])
def test_each_failure_has_its_screen_and_its_way_on(reason: str) -> None:
    shop = paying().tell(PaymentFailed(reason))
    assert (shop.step, shop.session.problem) == ("pay-problem", reason)
    assert shop.to_pay == 129, "the basket is still there"
    first = shop.last(ask.Pay).ref
    assert shop.tell(PayPressed()).step == "pay"
    assert shop.last(ask.Pay).ref != first, "a new payment, as the old one is known to have failed"


def test_back_to_the_basket_leaves_the_last_word_to_the_terminal() -> None:
    shop = paying().tell(Back())
    assert shop.step == "pay"
    assert shop.last(ask.CancelPayment) == ask.CancelPayment()
    late = replace(shop.session)
    assert shop.tell(PaymentFailed("cancelled")).step == "basket"
    approved = Shop(late).tell(PaymentDone(late.sale_id, "1"))
    assert approved.step == "receipt-choice", "the card was quicker than the finger"


def test_a_lost_line_is_cleared_up_before_anything_else() -> None:
    shop = paying().tell(PaymentUnclear("line-lost"))
    assert shop.step == "clarifying"
    for event in (TimerRang("idle"), PayPressed(), EmptyPressed(), Back()):
        assert shop.tell(event).step == "clarifying", f"{event} may not end a payment that nobody knows of"
    assert shop.tell(PaymentDone("S", "1")).step == "receipt-choice"
    shop = paying().tell(PaymentUnclear("line-lost"), PaymentFailed("not-charged"))
    assert (shop.step, shop.session.problem) == ("pay-problem", "not-charged")


def test_staff_take_an_unclear_payment_over_and_the_lane_takes_no_card() -> None:
    shop = staffed(paying().tell(PaymentUnclear("line-lost"))).tell(StaffChose("take-over"))
    assert shop.last(ask.LeavePayment) == ask.LeavePayment()
    assert (shop.step, shop.session.problem) == ("out-of-service", "payment-unresolved")
    assert shop.session.basket.is_empty
    assert shop.tell(PaymentGivenBack(), PaymentsClear()).step == "attract"


def test_vouchers_that_cover_all_need_no_card(shop: Shop) -> None:
    shop.scan("9526001040018")
    shop.tell(VoucherFound(Voucher("VCH-1", "gift", Money(1000, "EUR")), shop.session.sale_id), PayPressed())
    assert shop.to_pay == 0
    assert shop.last(ask.BookSale).sale["vouchers"][0]["code"] == "VCH-1"
    assert not any(isinstance(effect, ask.Pay) for effect in shop.asked)


def test_without_a_payment_terminal_no_card_is_asked_for(shop: Shop) -> None:
    shop.scan("9526001040018").tell(DeviceChanged("payment", Health(HealthState.FAULT, "line-lost")), PayPressed())
    assert (shop.step, shop.session.problem) == ("pay-problem", "unreachable")
    assert not any(isinstance(effect, ask.Pay) for effect in shop.asked)


def test_paper_out_is_told_before_paying(shop: Shop) -> None:
    shop.scan("9526001040018").tell(DeviceChanged("printer", GONE), PayPressed())
    assert shop.step == "paper-out"
    assert shop.tell(GoOn()).step == "pay"
    shop.tell(PaymentDone(shop.session.sale_id, "1"), ReceiptChosen("paper"))
    assert shop.step == "receipt-choice", "what cannot be printed is not promised"


def test_a_look_up_under_way_is_waited_for(shop: Shop) -> None:
    shop.scan("9526001040018")
    waiting = replace(shop.session, looking_up=1)
    after = Shop(waiting).tell(PayPressed())
    assert after.step == "basket"


# --- the receipt ---


def test_a_receipt_is_a_choice() -> None:
    assert paid().tell(ReceiptChosen("none")).step == "thanks"
    assert Kind.RECEIPT_DECLINED in paid().tell(ReceiptChosen("none")).facts()
    shop = paid().tell(ReceiptChosen("qr"), QrReady("text"))
    assert (shop.step, shop.session.receipt.qr_text) == ("receipt-qr", "text")  # type: ignore[union-attr]
    shop = paid().tell(ReceiptChosen("paper"))
    assert shop.step == "printing"
    assert shop.tell(ReceiptPrinted(PrintOutcome.PRINTED)).step == "thanks"


def test_a_receipt_nobody_knows_of_is_offered_again_as_a_copy() -> None:
    shop = paid().tell(ReceiptChosen("paper"), ReceiptPrinted(PrintOutcome.UNKNOWN, "line-lost"))
    assert shop.step == "receipt-choice"
    assert shop.tell(ReceiptChosen("paper")).last(ask.PrintReceipt).is_copy
    shop = paid().tell(ReceiptChosen("paper"), ReceiptPrinted(PrintOutcome.NOT_PRINTED, "paper-out"))
    assert not shop.tell(ReceiptChosen("paper")).last(ask.PrintReceipt).is_copy


def test_who_walks_away_from_the_receipt_leaves_a_clean_terminal() -> None:
    shop = paid()
    assert shop.session.basket.is_empty
    shop.tell(TimerRang("idle"))
    assert shop.step == "thanks"
    shop.tell(TimerRang("idle"))
    assert (shop.step, shop.session.receipt) == ("attract", None)


def test_the_next_shopper_need_not_wait_for_the_farewell() -> None:
    shop = paid().tell(ReceiptChosen("none")).scan("9526001030170")
    assert (shop.step, shop.to_pay) == ("basket", 219)
