"""A sale in the journal: whole, plain, and read back as it was."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from kiosk.domain.basket import Approval, Basket, Voucher
from kiosk.domain.facts import Json
from kiosk.domain.pricing import PriceRules, price
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.sale import Sale, SaleBodyError, sale_body
from tests.unit.shop import TODAY, a_basket, an_item, an_offer, baskets, euro, site_rules, the_rules

AT = "2026-11-21T10:00:00+01:00"


def body_of(basket: Basket, rules: PriceRules, **more: Json) -> dict[str, Json]:
    body = sale_body("sale-1", basket, price(basket, rules, TODAY), language="de", at=AT)
    return json.loads(json.dumps({**body, **more}))  # type: ignore[no-any-return]


def test_a_sale_says_everything_in_the_language_it_was_made_in() -> None:
    cheese = an_item(2, 1000, unit=Unit.KILOGRAM, names={"en": "Cheese", "de": "Käse"}, tax_class="reduced")
    beer = an_item(1, 200, deposit=euro(25), minimum_age=16, price_version="2026-47")
    basket = a_basket((beer, 2)).with_item(cheese, Quantity.grams(250), batch="L1", expiry=date(2026, 12, 1))
    approval = Approval("1001", "attendant", "age", "age:16", AT)
    basket = replace(
        basket, member="MBR-1", approval=approval, vouchers=(Voucher("DEP-1", "deposit-return", euro(100)),)
    )
    offer = replace(an_offer("percent", "ten", percent_bp=1000), labels={"en": "10 % off", "de": "10 % Rabatt"})
    sale = Sale.from_body(body_of(basket, the_rules(offer), receipt_number="7", tender={"card_last4": "1234"}))
    first, second = sale.lines
    assert (first.count, first.unit_price, first.gross, first.total) == (2, euro(200), euro(400), euro(360))
    assert (first.price_version, first.minimum_age, first.tax_rate_bp) == ("2026-47", 16, 1900)
    assert (second.name, second.weight_g, second.unit, second.batch) == ("Käse", 250, "kg", "L1")
    assert second.expiry == date(2026, 12, 1)
    assert [(one.promotion_id, one.label, one.amount) for one in first.savings] == [("ten", "10 % Rabatt", euro(40))]
    assert [(one.count, one.total) for one in sale.deposits] == [(2, euro(50))]
    assert [(one.code, one.used, one.unused) for one in sale.vouchers] == [("DEP-1", euro(100), euro(0))]
    assert (sale.total, sale.to_pay, sale.item_count, sale.member) == (euro(635), euro(535), 3, "MBR-1")
    assert (sale.approval and sale.approval.staff, sale.receipt_number) == ("1001", "7")
    assert sale.tender == {"card_last4": "1234"}


def test_a_voucher_that_was_not_needed_stays_good() -> None:
    slips = tuple(Voucher(code, "deposit-return", euro(500)) for code in ("DEP-1", "DEP-2"))
    sale = Sale.from_body(body_of(a_basket(an_item(1, 300), vouchers=slips), the_rules()))
    assert [(one.code, one.unused) for one in sale.vouchers] == [("DEP-1", euro(200))]


@settings(deadline=None, max_examples=50)
@given(baskets(), site_rules())
def test_what_was_priced_is_what_the_journal_gives_back(basket: Basket, rules: PriceRules) -> None:
    priced = price(basket, rules, TODAY)
    sale = Sale.from_body(body_of(basket, rules))
    for name in ("deposits", "taxes", "subtotal", "savings", "tax_added", "total", "rounding", "to_pay"):
        assert getattr(sale, name) == getattr(priced, name)
    assert [(one.line_id, one.gross, one.total) for one in sale.lines] == [
        (one.line.line_id, one.gross, one.total) for one in priced.lines
    ]
    assert [[saving.amount for saving in one.savings] for one in sale.lines] == [
        [saving.amount for saving in one.savings] for one in priced.lines
    ]


def _floats(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_floats, value.values()))
    return any(map(_floats, value)) if isinstance(value, list) else isinstance(value, float)


def test_no_float_ever_comes_near_the_books() -> None:
    assert not _floats(body_of(a_basket((an_item(1, 199), 3)), the_rules(an_offer("percent", percent_bp=1234))))


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 3},
        {"schema": 2},
        {"total_minor": 1.5},
        {"total_minor": True},
        {"lines": [{}]},
        {"currency": 978},
        {"taxes": None},
    ],
)
def test_a_body_that_is_no_sale_is_refused(change: dict[str, Json]) -> None:
    with pytest.raises(SaleBodyError):
        Sale.from_body(body_of(a_basket(an_item()), the_rules(), **change))
