"""What bills cost: exactly what they say, whatever else is in the basket."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.money import CurrencyMismatchError, Money
from kiosk.domain.pricing import PriceRules, price
from tests.unit.shop import TODAY, a_basket, an_item, an_offer, billed, billed_baskets, euro, site_rules, the_rules


@settings(deadline=None, max_examples=150)
@given(billed_baskets(), site_rules())
def test_nothing_reduces_taxes_or_rounds_a_bill(basket: Basket, rules: PriceRules) -> None:
    priced, goods = price(basket, rules, TODAY), price(replace(basket, bills=()), rules, TODAY)
    assert priced.bills == basket.bills
    assert priced.bills_total.minor == sum(one.amount.minor for one in basket.bills)
    assert priced.fees_total.minor == sum(one.fee.minor for one in basket.bills)
    assert priced.to_pay == goods.to_pay + priced.bills_total + priced.fees_total
    # All else is as if the bills were not there: taxes, savings, vouchers, rounding, what the shop turned over.
    assert replace(priced, bills=(), bills_total=euro(0), fees_total=euro(0), to_pay=goods.to_pay) == goods


def test_a_basket_of_bills_alone_has_a_price_and_no_tax() -> None:
    priced = price(billed(Basket(), 4200, 199, fee=50), the_rules(), TODAY)
    assert (priced.to_pay, priced.bills_total, priced.fees_total) == (euro(4499), euro(4399), euro(100))
    assert (priced.total, priced.taxes, priced.lines) == (euro(0), (), ())


def test_a_gift_card_never_pays_a_bill() -> None:
    basket = billed(a_basket(an_item(1, 300), vouchers=(Voucher("V", "gift", euro(10_000)),)), 4200)
    priced = price(basket, the_rules(), TODAY)
    assert priced.to_pay == euro(4200)
    assert [(use.used, use.unused) for use in priced.vouchers] == [(euro(300), euro(9700))]


def test_a_coupon_on_everything_leaves_the_bill_alone() -> None:
    offer = an_offer("coupon", code="C", percent_bp=10_000)
    basket = billed(a_basket(an_item(1, 300), coupons=("C",)), 4200)
    assert price(basket, the_rules(offer), TODAY).to_pay == euro(4200)


def test_goods_round_to_five_cents_and_the_bill_does_not() -> None:
    priced = price(billed(a_basket(an_item(1, 103)), 4201), the_rules(total_step=5), TODAY)
    assert (priced.rounding, priced.to_pay) == (euro(2), euro(4306))


def test_a_bill_in_another_currency_is_not_priced() -> None:
    bill = billed(Basket(), 4200).bills[0]
    for wrong in (replace(bill, amount=Money(4200, "CHF")), replace(bill, fee=Money(0, "CHF"))):
        with pytest.raises(CurrencyMismatchError):
            price(Basket(bills=(wrong,)), the_rules(), TODAY)
