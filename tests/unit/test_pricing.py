"""What a basket costs: promotions, deposits, taxes, vouchers."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.money import CurrencyMismatchError, Money, RoundingMode
from kiosk.domain.pricing import NotWeighedError, PriceRules, price
from kiosk.domain.promotion import Promotion, PromotionError
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.tax import UnknownTaxClassError
from tests.unit.shop import TAX, TODAY, a_basket, an_item, an_offer, euro, the_rules


def total(basket: Basket, *promotions: Promotion, **more: Any) -> int:
    return price(basket, the_rules(*promotions, **more), TODAY).total.minor


# --- prices --------------------------------------------------------------------------------------------------------------


def test_an_empty_basket_costs_nothing() -> None:
    priced = price(Basket(), the_rules(), TODAY)
    assert priced.to_pay == priced.total == priced.subtotal == euro(0)
    assert priced.lines == priced.taxes == ()


def test_three_pieces_cost_three_times_one() -> None:
    assert total(a_basket((an_item(minor=199), 3))) == 597


@pytest.mark.parametrize(("mode", "minor"), [("half-up", 125), ("down", 124), ("half-even", 124)])
def test_weighed_goods_round_as_the_site_rounds(mode: str, minor: int) -> None:
    basket = Basket().with_item(an_item(minor=249, unit=Unit.KILOGRAM), Quantity.grams(500))  # 124.5 cents
    assert total(basket, mode=RoundingMode(mode)) == minor


def test_an_embedded_price_stands_whatever_the_price_list_says() -> None:
    cheese = an_item(minor=1999, unit=Unit.KILOGRAM)
    assert total(Basket().with_item(cheese, Quantity.pieces(1), embedded_price=euro(437))) == 437


def test_a_weighed_article_without_weight_is_refused() -> None:
    with pytest.raises(NotWeighedError):
        total(a_basket(an_item(unit=Unit.KILOGRAM)))


def test_an_article_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        total(a_basket(an_item(price=Money(100, "USD"))))


def test_an_unknown_tax_class_is_refused_by_name() -> None:
    with pytest.raises(UnknownTaxClassError, match="luxury"):
        total(a_basket(an_item(tax_class="luxury")))


# --- promotions, one by one ----------------------------------------------------------------------------------------------


def test_three_for_two_gives_the_cheapest_of_each_three() -> None:
    offer = an_offer("n-for-m", n=3, pay=2, gtins=frozenset(f"{n:014}" for n in (1, 2, 3)))
    basket = a_basket((an_item(1, 100), 3), (an_item(2, 80), 2), an_item(3, 60), (an_item(4, 999), 3))
    assert total(basket, offer) == 300 + 160 + 60 + 2997 - 100 - 60


def test_two_for_a_price_needs_two_of_the_same_article() -> None:
    offer = an_offer("n-for-price", n=2, price_minor=500)
    assert total(a_basket((an_item(1, 299), 2), an_item(2, 299)), offer) == 500 + 299
    assert total(a_basket(an_item(1, 299), an_item(2, 299)), offer) == 598


def test_a_price_for_two_above_the_usual_price_is_not_taken() -> None:
    assert total(a_basket((an_item(1, 200), 2)), an_offer("n-for-price", n=2, price_minor=500)) == 400


def test_any_three_may_be_mixed() -> None:
    offer = an_offer("mix-and-match", n=3, price_minor=349, category="food")
    assert total(a_basket(an_item(1, 149), an_item(2, 139), an_item(3, 129), an_item(4, 119)), offer) == 349 + 119


def test_a_percentage_is_rounded_once_a_line() -> None:
    assert total(a_basket((an_item(1, 33), 7)), an_offer("percent", percent_bp=1000)) == 231 - 23


def test_an_amount_off_never_makes_a_piece_cost_less_than_nothing() -> None:
    assert total(a_basket((an_item(1, 100), 2), an_item(2, 400)), an_offer("amount", amount_minor=150)) == 250


def test_a_coupon_counts_once_and_only_when_it_was_scanned() -> None:
    offer = an_offer("coupon", code="CPN-5", amount_minor=500)
    assert total(a_basket(an_item(1, 2000)), offer) == 2000
    assert total(a_basket(an_item(1, 2000), coupons=("CPN-5", "CPN-5")), offer) == 1500


@pytest.mark.parametrize(("minor", "expected"), [(1999, 1999), (2000, 1800)])
def test_a_coupon_asks_for_its_minimum_spend(minor: int, expected: int) -> None:
    offer = an_offer("coupon", code="CPN-10", percent_bp=1000, min_spend_minor=2000)
    assert total(a_basket(an_item(1, minor), coupons=("CPN-10",)), offer) == expected


def test_a_coupon_that_saved_nothing_says_why() -> None:
    offers = (
        an_offer("coupon", "late", code="LATE", amount_minor=100, valid_to=date(2026, 5, 31)),
        an_offer("coupon", "big", code="BIG", amount_minor=100, min_spend_minor=9999),
        an_offer("coupon", "coffee", code="COFFEE", amount_minor=100, category="coffee"),
        an_offer("coupon", "good", code="GOOD", amount_minor=10),
    )
    basket = a_basket(an_item(), coupons=("LATE", "BIG", "COFFEE", "GOOD", "WHAT"))
    unused = price(basket, the_rules(*offers), TODAY).unused_coupons
    assert {one.code: one.reason for one in unused} == {
        "LATE": "not-today",
        "BIG": "below-minimum",
        "COFFEE": "nothing-to-reduce",
        "WHAT": "unknown",
    }


def test_members_pay_the_member_price_and_others_do_not() -> None:
    piece = an_item(1, 299, member_price=euro(249))
    weighed = an_item(2, 1000, unit=Unit.KILOGRAM, member_price=euro(800))
    basket = a_basket((piece, 2)).with_item(weighed, Quantity.grams(250))
    assert total(basket, an_offer("member")) == 598 + 250
    assert total(replace(basket, member="MBR-1"), an_offer("member")) == 498 + 200


@pytest.mark.parametrize(("day", "expected"), [(10, 100), (11, 90), (20, 90), (21, 100)])
def test_an_offer_runs_from_its_first_to_its_last_day(day: int, expected: int) -> None:
    offer = an_offer("percent", percent_bp=1000, valid_from=date(2026, 11, 11), valid_to=date(2026, 11, 20))
    assert price(a_basket(an_item()), the_rules(offer), date(2026, 11, day)).total == euro(expected)


def test_an_offer_finds_its_articles_by_plu_and_by_category() -> None:
    bananas = a_basket(an_item(1, 100, plu="4011", category="fruit"))
    assert total(bananas, an_offer("percent", percent_bp=1000, gtins=frozenset({"4011"}))) == 90
    assert total(bananas, an_offer("percent", percent_bp=1000, category="fruit")) == 90
    assert total(bananas, an_offer("percent", percent_bp=1000, category="meat")) == 100


def test_goods_never_reduced_are_never_reduced() -> None:
    offer = an_offer("percent", percent_bp=1000)
    assert total(a_basket(an_item(tax_class="zero")), offer, never_reduced=frozenset({"zero"})) == 100


# --- promotions together -------------------------------------------------------------------------------------------------


def test_the_lower_priority_number_goes_first() -> None:
    small = an_offer("percent", "small", percent_bp=1000, priority=1)
    large = an_offer("percent", "large", percent_bp=5000, priority=2)
    assert total(a_basket(an_item()), small, large) == 90


def test_among_equals_the_larger_saving_wins_then_the_id() -> None:
    small, large = an_offer("percent", "a", percent_bp=1000), an_offer("percent", "b", percent_bp=5000)
    assert total(a_basket(an_item()), small, large) == 50
    twin = replace(large, promotion_id="a-twin")
    assert price(a_basket(an_item()), the_rules(large, twin), TODAY).promotions[0].promotion_id == "a-twin"


def test_two_offers_share_a_piece_only_if_each_allows_the_other() -> None:
    first = an_offer("percent", "first", percent_bp=1000, priority=1, combines_with=("second",))
    second = an_offer("percent", "second", percent_bp=1000, priority=2)
    basket = a_basket(an_item())
    assert total(basket, first, second) == 90
    assert total(basket, first, replace(second, combines_with="all")) == 81
    assert total(basket, replace(first, combines_with="none"), replace(second, combines_with="all")) == 90


def test_pieces_that_one_offer_left_are_free_for_the_next() -> None:
    three = an_offer("n-for-m", "three", n=3, pay=2, priority=1)
    tenth = an_offer("percent", "tenth", percent_bp=1000, priority=2)
    assert total(a_basket((an_item(), 4)), three, tenth) == 200 + 90


def test_a_promotion_with_a_better_place_but_a_smaller_saving_can_raise_the_total() -> None:
    """Said plainly: a promotion that forbids others and goes first takes their place. Only the last in line never costs."""
    large = an_offer("percent", "large", percent_bp=5000, priority=2)
    small = an_offer("percent", "small", percent_bp=1000, priority=1)
    assert total(a_basket(an_item()), large) < total(a_basket(an_item()), large, small)


def test_each_line_says_what_saved_how_much() -> None:
    offer = an_offer("mix-and-match", "any-2", n=2, price_minor=300)
    priced = price(a_basket(an_item(1, 300), an_item(2, 100)), the_rules(offer), TODAY)
    assert [[(one.promotion_id, one.amount.minor) for one in line.savings] for line in priced.lines] == [
        [("any-2", 75)],
        [("any-2", 25)],
    ]
    assert [(one.promotion_id, one.amount, one.labels["en"]) for one in priced.promotions] == [
        ("any-2", euro(100), "any-2")
    ]


def test_a_coupon_on_the_basket_is_shared_among_the_tax_classes() -> None:
    basket = a_basket(an_item(1, 1000), an_item(2, 500, tax_class="reduced"), coupons=("C",))
    taxes = price(basket, the_rules(an_offer("coupon", code="C", amount_minor=300)), TODAY).taxes
    assert {tax.tax_class: tax.gross.minor for tax in taxes} == {"standard": 800, "reduced": 400}


def test_two_promotions_with_one_id_are_refused() -> None:
    with pytest.raises(PromotionError):
        the_rules(an_offer("member"), an_offer("member"))


# --- deposits, vouchers, rounding ----------------------------------------------------------------------------------------


def test_a_deposit_is_a_line_of_its_own_and_no_offer_touches_it() -> None:
    offer = an_offer("percent", percent_bp=1000)
    priced = price(a_basket((an_item(1, 100, deposit=euro(25)), 4)), the_rules(offer), TODAY)
    assert [(one.count, one.unit, one.total) for one in priced.deposits] == [(4, euro(25), euro(100))]
    assert (priced.subtotal, priced.savings, priced.total) == (euro(500), euro(40), euro(460))
    assert priced.taxes[0].gross == euro(460)


def test_a_deposit_stands_untaxed_where_the_site_says_so() -> None:
    rules = PriceRules(replace(TAX, tax_deposits=False), "EUR")
    taxes = price(a_basket(an_item(1, 119, deposit=euro(25))), rules, TODAY).taxes
    assert [(tax.tax_class, tax.tax.minor, tax.gross.minor) for tax in taxes] == [("", 0, 25), ("standard", 19, 119)]


def test_vouchers_pay_up_to_the_total_and_say_what_is_left() -> None:
    slip, gift = Voucher("DEP-1", "deposit-return", euro(325)), Voucher("CARD-1", "gift", euro(1000))
    priced = price(a_basket(an_item(1, 500), vouchers=(gift, slip)), the_rules(), TODAY)
    assert [(one.voucher.code, one.used.minor, one.unused.minor) for one in priced.vouchers] == [
        ("DEP-1", 325, 0),
        ("CARD-1", 175, 825),
    ]
    assert (priced.total, priced.to_pay) == (euro(500), euro(0))


def test_a_deposit_slip_above_the_total_is_not_paid_out() -> None:
    slip = Voucher("DEP-1", "deposit-return", euro(325))
    priced = price(a_basket(an_item(1, 100), vouchers=(slip, slip)), the_rules(), TODAY)
    assert [(one.used.minor, one.unused.minor) for one in priced.vouchers] == [(100, 225)]
    assert priced.to_pay == euro(0)


@pytest.mark.parametrize(("minor", "to_pay"), [(102, 100), (103, 105), (100, 100)])
def test_the_amount_to_pay_is_rounded_to_the_sites_step(minor: int, to_pay: int) -> None:
    priced = price(a_basket(an_item(1, minor)), the_rules(total_step=5), TODAY)
    assert (priced.to_pay.minor, priced.rounding.minor, priced.total.minor) == (to_pay, to_pay - minor, minor)


def test_tax_comes_on_top_where_prices_exclude_it() -> None:
    rules = PriceRules(replace(TAX, prices_include_tax=False), "EUR")
    priced = price(a_basket(an_item(1, 100), an_item(2, 100, tax_class="reduced")), rules, TODAY)
    assert (priced.subtotal, priced.tax_added, priced.total) == (euro(200), euro(26), euro(226))


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_which_of_equally_dear_pieces_an_offer_takes_is_not_a_matter_of_scanning(order: tuple[int, ...]) -> None:
    pair = an_offer("mix-and-match", "pair", n=2, price_minor=150, priority=1)
    half = an_offer("percent", "half", percent_bp=5000, priority=2, gtins=frozenset({f"{3:014}"}))
    assert total(a_basket(*(an_item(number) for number in order)), pair, half) == 150 + 50


def test_pieces_of_one_article_from_two_batches_count_together() -> None:
    basket = Basket()
    for item, batch in ((an_item(1), "A"), (an_item(2), None), (an_item(1), "B")):
        basket = basket.with_item(item, Quantity.pieces(1), batch=batch)
    assert total(basket, an_offer("n-for-price", n=2, price_minor=150)) == 150 + 100
