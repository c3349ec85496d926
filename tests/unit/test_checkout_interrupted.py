"""The checkout when two things happen at once: a badge during a payment, an answer that comes when its customer has gone."""

from __future__ import annotations

from dataclasses import replace

from till import BREAD, MILK, Shop, paid, paying, staffed

from kiosk.domain.facts import Kind
from kiosk.domain.scan import ItemCode
from kiosk.services.checkout.events import (
    Back,
    DraftFound,
    ItemFound,
    PaymentDone,
    PaymentUnclear,
    PayPressed,
    TimerRang,
)


def test_a_badge_while_a_card_is_under_way_takes_nothing_from_the_payment() -> None:
    shop = paying().scan("STF-100", symbology="C0")
    assert shop.step == "pay"
    assert shop.tell(PaymentDone(shop.session.sale_id, "1")).step == "receipt-choice"


def test_staff_who_walk_away_leave_an_unclear_payment_as_it_was() -> None:
    shop = staffed(paying().tell(PaymentUnclear("line-lost")))
    shop.tell(TimerRang("idle"))
    assert shop.step == "clarifying"
    assert Kind.SALE_VOIDED not in shop.facts()
    assert not shop.session.basket.is_empty


def test_staff_who_walk_away_leave_a_receipt_to_be_chosen() -> None:
    assert staffed(paid()).tell(TimerRang("idle")).step == "receipt-choice"


def test_a_badge_right_behind_an_article_does_not_keep_the_basket_from_being_paid() -> None:
    shop = Shop().scan(MILK.gtin)
    shop.session = replace(shop.session, looking_up=1)  # the next one is scanned, and being looked up
    shop.scan("STF-100", symbology="C0").tell(ItemFound(ItemCode(BREAD.gtin), BREAD), Back(), PayPressed())
    assert shop.step == "pay"


def test_an_article_found_when_its_customer_has_gone_is_not_the_next_ones() -> None:
    shop = Shop().tell(ItemFound(ItemCode(BREAD.gtin), BREAD))
    assert (shop.step, shop.session.basket.lines) == ("attract", ())


def test_a_scan_goes_on_with_the_basket_from_before_the_power_cut() -> None:
    before = Shop().scan(MILK.gtin)
    shop = Shop().tell(DraftFound(before.session.basket, "S", "en"))
    assert shop.step == "resume"
    shop.scan(BREAD.gtin)
    assert (shop.step, len(shop.session.basket.lines)) == ("basket", 2)
