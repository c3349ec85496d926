"""Paying a basket with bills in it: alone or beside goods, and what becomes of them where nothing is paid."""

from __future__ import annotations

from dataclasses import replace

import pytest
from till import RULES, Shop

from kiosk.domain.basket import Basket
from kiosk.domain.facts import Kind
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import BasketTakenUp, EmptyPressed, PaymentDone, PaymentFailed, PayPressed
from kiosk.services.checkout.keeping import unpaid_bills
from kiosk.services.checkout.session import Turn, changed
from tests.unit.shop import billed


def with_bills(shop: Shop, *amounts: int) -> Shop:
    turn = Turn(RULES, shop.at, 0, "sale")
    basket = billed(shop.session.basket, *amounts)
    return Shop(replace(changed(shop.session, basket, turn), step="basket"))


@pytest.mark.parametrize(("goods", "to_pay"), [((), 4200), (("9526001040018",), 4329)])
def test_bills_are_paid_alone_or_together_with_goods(goods: tuple[str, ...], to_pay: int) -> None:
    shop = with_bills(Shop().scan(*goods), 4200).tell(PayPressed())
    asked = shop.last(ask.Pay)
    assert (shop.step, asked.amount_minor) == ("pay", to_pay)
    assert [bill["amount_minor"] for bill in asked.sale["bills"]] == [4200]
    assert shop.tell(PaymentDone(shop.session.sale_id, "1")).step == "receipt-choice"


def test_a_refused_card_leaves_the_bills_in_the_basket() -> None:
    shop = with_bills(Shop(), 4200).tell(PayPressed(), PaymentFailed("declined"))
    assert (shop.step, len(shop.session.basket.bills)) == ("pay-problem", 1)


def test_the_limit_of_a_payment_holds_for_bills_too() -> None:
    shop = with_bills(Shop().scan("9526001040018"), RULES.limits.payment_minor).tell(PayPressed())
    assert shop.step == "basket"
    assert not any(isinstance(effect, ask.Pay) for effect in shop.asked)


def test_a_basket_of_bills_that_is_given_up_is_in_the_books_without_anyone_s_name() -> None:
    shop = with_bills(Shop(), 4200).tell(EmptyPressed())
    (voided,) = [f for effect in shop.asked if isinstance(effect, ask.Record) for f in effect.facts]
    assert voided.kind is Kind.SALE_VOIDED
    (bill,) = voided.body["bills"]  # type: ignore[misc]
    assert bill.keys() == {"key", "payment_ref", "amount_minor", "fee_minor"}
    assert (voided.body["total_minor"], voided.body["lines"]) == (0, 0)


def test_bills_that_were_taken_out_again_are_not_this_sale_s_any_more() -> None:
    session = with_bills(Shop(), 4200, 199).session
    turn = Turn(RULES, Shop().at, 0, "x")
    session = changed(session, session.basket.without_bill(1), turn)
    assert [bill.reference for bill in unpaid_bills(session, used=True)] == ["RF01"]
    assert {bill.reference for bill in unpaid_bills(session)} == {"RF01", "RF02"}


def test_bills_of_a_basket_from_hold_are_asked_about_anew() -> None:
    shop = Shop()
    held = billed(Basket(), 4200, 199)
    shop.session = replace(shop.session, sale_id="s9", claiming=("H1",))
    shop.tell(BasketTakenUp("H1", held, "s9"))
    bills = shop.session.basket.bills
    assert [one.is_confirmed for one in bills] == [False, False]
    assert not {one.payment_ref for one in bills} & {"ref-1", "ref-2"}
    assert len({one.payment_ref for one in bills}) == 2
