"""Time, language, leaving, power cuts, and the table itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from till import BANANAS, MILK, RULES, Shop, paying

from kiosk.domain.basket import Basket
from kiosk.domain.facts import Kind
from kiosk.domain.quantity import Quantity
from kiosk.domain.scan import Scan
from kiosk.ports import Health, HealthState
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import (
    Back,
    BooksFailed,
    CountChanged,
    CustomerAct,
    DeviceChanged,
    DraftFound,
    EasierChosen,
    EmptyPressed,
    GoOn,
    HelpCalled,
    HoldPressed,
    LanguageChosen,
    LineRemoved,
    Opened,
    PaymentFailed,
    PaymentGivenBack,
    PaymentLeftOver,
    PaymentsClear,
    PayPressed,
    Picked,
    PinEntered,
    ReceiptChosen,
    Scanned,
    StaffChose,
    TimerRang,
    Undone,
    WeightGiven,
)
from kiosk.services.checkout.session import Easier, Turn
from kiosk.services.visit import VISIT


@pytest.fixture
def shop() -> Shop:
    return Shop()


# --- time, language, leaving ---


def test_an_absent_shopper_is_warned_and_then_cleared(shop: Shop) -> None:
    shop.scan("9526001040018")
    assert shop.last(ask.StartTimer) == ask.StartTimer("idle", 60_000)
    shop.tell(TimerRang("idle"))
    assert shop.session.countdown_s == 20
    for _ in range(19):
        shop.tell(TimerRang("countdown"))
    assert (shop.step, shop.session.countdown_s) == ("basket", 1)
    shop.tell(TimerRang("countdown"))
    assert shop.step == "attract"
    assert shop.session.basket.is_empty
    assert Kind.SALE_VOIDED in shop.facts()
    assert any(isinstance(effect, ask.ForgetCustomer) for effect in shop.asked)


def test_one_touch_takes_the_warning_away(shop: Shop) -> None:
    shop.scan("9526001040018").tell(TimerRang("idle"), TimerRang("countdown"))
    shop.scan("9526001030170")
    assert shop.session.countdown_s is None
    assert shop.tell(TimerRang("countdown")).session.basket.item_count == 2


def test_a_tender_is_never_cleared_by_time() -> None:
    shop = paying()
    assert isinstance(shop.asked[-1], ask.StopTimer) or shop.last(ask.StopTimer).name == "idle"
    assert shop.tell(TimerRang("idle")).step == "pay"


def test_language_keeps_the_basket_and_goes_with_the_customer(shop: Shop) -> None:
    shop.scan("9526001040018").tell(LanguageChosen("de"), EasierChosen("large_text", on=True))
    assert (shop.session.language, shop.to_pay) == ("de", 129)
    assert shop.session.easier.large_text
    shop.tell(LanguageChosen("xx"), EasierChosen("rocket", on=True))
    assert shop.session.language == "de"
    shop.tell(EmptyPressed())
    assert (shop.session.language, shop.session.easier) == ("en", Easier())


def test_a_language_chosen_by_someone_who_left_is_reset(shop: Shop) -> None:
    shop.tell(LanguageChosen("de"))
    assert shop.last(ask.StartTimer) == ask.StartTimer("idle", 60_000)
    assert shop.tell(TimerRang("idle")).session.language == "en"


def test_help_calls_staff_with_the_context(shop: Shop) -> None:
    shop.scan("9526001040018").tell(HelpCalled())
    assert shop.last(ask.CallStaff).reason == "help:basket"
    assert shop.step == "basket"


def test_full_books_stop_selling(shop: Shop) -> None:
    assert shop.scan("9526001040018").tell(BooksFailed("books")).step == "out-of-service"
    assert shop.scan("9526001030170").step == "out-of-service"


def test_staff_hear_of_low_paper_before_a_shopper_misses_it(shop: Shop) -> None:
    shop.tell(DeviceChanged("printer", Health(HealthState.DEGRADED, "paper-low")))
    assert shop.last(ask.CallStaff).reason == "printer:paper-low"
    assert shop.session.devices.can_print


# --- after a power cut ---


def test_the_basket_is_offered_again(shop: Shop) -> None:
    basket = Basket().with_item(MILK, Quantity.pieces(2))
    shop.tell(DraftFound(basket, "S1", "de"))
    assert (shop.step, shop.to_pay, shop.session.language) == ("resume", 258, "de")
    assert shop.tell(GoOn()).step == "basket"
    assert Shop().tell(DraftFound(basket, "S1", "de"), EmptyPressed()).step == "attract"


def test_an_unresolved_payment_comes_before_the_basket(shop: Shop) -> None:
    basket = Basket().with_item(MILK, Quantity.pieces(2))
    shop.tell(DraftFound(basket, "S1", "en"), PaymentLeftOver("P1", 258, customer_present=True))
    assert shop.step == "clarifying"
    assert shop.tell(PaymentFailed("not-charged")).to_pay == 258
    assert shop.step == "pay-problem"


def test_an_unresolved_payment_of_someone_gone_closes_the_lane(shop: Shop) -> None:
    shop.tell(PaymentLeftOver("P1", 258, customer_present=False))
    assert shop.step == "out-of-service"
    assert shop.scan("9526001040018").step == "out-of-service"
    assert shop.tell(PaymentGivenBack(), PaymentsClear()).step == "attract"


# --- the table itself ---


def test_every_step_can_be_left_without_a_network_a_printer_or_an_answer() -> None:
    """Nobody is stuck: each step has a way that hands, time or an outcome of ours open."""
    for step in VISIT.steps:
        assert any(way.to - {step.name} for way in step.ways.values()), step.name


def test_hands_mean_something_or_nothing_but_never_break_anything() -> None:
    """Every act at every step, in a basket with goods: at worst nothing happens."""
    acts: list[Callable[[], CustomerAct]] = [
        lambda: Scanned(Scan(b"9526001040018", "E0")),
        lambda: Scanned(Scan(b"\xff\x00garbage")),
        lambda: Scanned(Scan(b"STF-100", "C0")),
        lambda: Picked(BANANAS),
        lambda: WeightGiven(0),
        lambda: CountChanged(99, 1),
        lambda: LineRemoved(99),
        Undone,
        lambda: Opened("nowhere"),
        Back,
        GoOn,
        PayPressed,
        lambda: ReceiptChosen("marble"),
        HoldPressed,
        EmptyPressed,
        HelpCalled,
        lambda: PinEntered(""),
        lambda: StaffChose("anything"),
    ]
    for step in VISIT.steps:
        for make in acts:
            shop = Shop().scan("9526001040018")
            shop.session = replace(shop.session, step=step.name)
            shop.tell(make())


def test_today_is_the_site_s_day() -> None:
    assert Turn(RULES, datetime(2026, 1, 5, 23, 30, tzinfo=UTC), 0, "x").today == date(2026, 1, 5)
