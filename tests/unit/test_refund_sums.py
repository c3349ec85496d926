"""What a refund is worth: every share of every sale, in any order, adds up to what was paid and never to more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.pricing import PriceRules, price
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.refund import NotRefundableError, RefundSum, fingerprint, pieces_of, refund_of, refundable
from kiosk.domain.sale import Sale, sale_body
from tests.unit.shop import (
    TAX,
    TODAY,
    a_basket,
    an_item,
    an_offer,
    baskets,
    billed_baskets,
    euro,
    site_rules,
    the_rules,
)

AT = "2026-11-21T10:00:00+01:00"


def sold(basket: Basket, rules: PriceRules) -> Sale:
    priced = price(basket, rules, TODAY)
    body = sale_body("sale-1", basket, priced, language="en", at=AT)
    if priced.to_pay:
        body["tender"] = {"amount_minor": priced.to_pay.minor, "trace": 7, "receipt_no": 7, "card_last4": "0010"}
    return Sale.from_body(json.loads(json.dumps(body)))


def whole(sale: Sale) -> dict[int, int]:
    return {line.line_id: pieces_of(line) for line in sale.lines}


def parts(sale: Sale, seed: int) -> list[RefundSum]:
    """The sale given back in random parts, to the last piece."""
    draw = Random(seed)  # noqa: S311 - a play, no secret
    given: dict[int, int] = {}
    made = []
    while left := refundable(sale, given):
        chosen = {one.line.line_id: draw.randint(1, one.left) for one in draw.sample(left, draw.randint(1, len(left)))}
        made.append(refund_of(sale, given, chosen))
        given = {line_id: given.get(line_id, 0) + chosen.get(line_id, 0) for line_id in given | chosen}
    return made


@settings(deadline=None, max_examples=300)
@given(baskets() | billed_baskets(), site_rules(), st.integers(0, 10_000))
def test_partial_refunds_never_exceed_what_was_paid_and_are_exactly_that_when_all_is_back(
    basket: Basket, rules: PriceRules, seed: int
) -> None:
    sale = sold(basket, rules)
    made = parts(sale, seed)
    vouchers = sum(voucher.used.minor for voucher in sale.vouchers)
    by_card = sale.to_pay.minor - sale.bills_total.minor - sale.fees_total.minor  # bills are their billers'
    paid = vouchers + by_card
    back = cards = 0
    for one in made:
        back, cards = back + one.amount.minor, cards + one.to_card.minor
        assert one.amount.minor >= 0 and one.to_card.minor >= 0 and one.to_voucher.minor >= 0
        assert back <= paid and cards <= by_card
        assert not (one.is_whole and sale.bills), "a payment that paid bills too is never undone as a whole"
        assert one.to_card + one.to_voucher == one.amount == one.gross + one.rounding
        assert sum(tax.gross.minor for tax in one.taxes) == one.gross.minor
        assert all(tax.net + tax.tax == tax.gross for tax in one.taxes)
        assert cards == min(back, by_card), "what the card paid goes back first"
    if sale.lines:
        assert (back, cards) == (paid, by_card)
    taxed = {
        (tax.tax_class, tax.rate_bp): [
            sum(getattr(part, name).minor for one in made for part in one.taxes if part.tax_class == tax.tax_class)
            for name in ("net", "tax", "gross")
        ]
        for tax in sale.taxes
    }
    for tax in sale.taxes:
        assert taxed[tax.tax_class, tax.rate_bp] == [tax.net.minor, tax.tax.minor, tax.gross.minor]


@settings(deadline=None, max_examples=100)
@given(baskets(), site_rules())
def test_only_a_refund_of_everything_undoes_the_payment(basket: Basket, rules: PriceRules) -> None:
    sale = sold(basket, rules)
    if not sale.lines:
        return
    assert refund_of(sale, {}, whole(sale)).is_whole == bool(sale.to_pay)
    for line in sale.lines:
        only = refund_of(sale, {}, {line.line_id: 1})
        assert not only.is_whole or only.to_card == sale.to_pay


def test_three_for_two_comes_back_piece_by_piece_to_the_cent() -> None:
    offer = an_offer("n-for-m", "3for2", n=3, pay=2, gtins=frozenset({an_item(1).gtin}))
    sale = sold(a_basket((an_item(1, 100), 3)), the_rules(offer))
    assert sale.to_pay == euro(200)
    given: Mapping[int, int] = {}
    back = []
    for count in (0, 1, 2):
        given = {1: count} if count else {}
        back.append(refund_of(sale, given, {1: 1}).amount.minor)
    assert back == [66, 67, 67]


def test_a_deposit_goes_with_its_article_and_a_weighed_line_comes_back_whole() -> None:
    cheese = an_item(2, 1000, unit=Unit.KILOGRAM)
    basket = a_basket((an_item(1, 100, deposit=euro(25)), 4)).with_item(cheese, Quantity.grams(333))
    sale = sold(basket, the_rules())
    bottles, cheese_line = refund_of(sale, {}, {1: 2, 2: 1}).lines
    assert (bottles.count, bottles.total, bottles.deposit) == (2, euro(200), euro(50))
    assert (cheese_line.count, cheese_line.weight_g, cheese_line.total) == (0, 333, euro(333))
    assert [(one.line.line_id, one.pieces, one.left) for one in refundable(sale, {1: 4})] == [(2, 1, 1)]


def test_a_voucher_goes_back_last_and_not_as_money() -> None:
    vouchers = (Voucher("GIFT-1", "gift", euro(150)),)
    sale = sold(a_basket((an_item(1, 100), 3), vouchers=vouchers), the_rules())
    first = refund_of(sale, {}, {1: 1})
    assert (first.to_card, first.to_voucher) == (euro(100), euro(0))
    rest = refund_of(sale, {1: 1}, {1: 2})
    assert (rest.to_card, rest.to_voucher) == (euro(50), euro(150))


def test_the_rounding_of_a_sale_is_given_back_with_it() -> None:
    sale = sold(a_basket((an_item(1, 33), 2)), the_rules(total_step=5))
    assert (sale.total, sale.to_pay) == (euro(66), euro(65))
    one, other = refund_of(sale, {}, {1: 1}), refund_of(sale, {1: 1}, {1: 1})
    assert one.amount + other.amount == euro(65)
    assert one.rounding + other.rounding == euro(-1)


def test_tax_on_top_is_given_back_to_the_cent() -> None:
    rules = replace(the_rules(), tax=replace(TAX, prices_include_tax=False))
    sale = sold(a_basket((an_item(1, 99), 3)), rules)
    made = [refund_of(sale, {1: n} if n else {}, {1: 1}) for n in range(3)]
    assert sum(one.amount.minor for one in made) == sale.to_pay.minor
    assert sum(one.taxes[0].tax.minor for one in made) == sale.taxes[0].tax.minor


@pytest.mark.parametrize(("given", "chosen"), [({}, {}), ({}, {9: 1}), ({}, {1: 3}), ({1: 2}, {1: 1}), ({}, {1: 0})])
def test_more_than_was_bought_or_nothing_is_never_given_back(given: dict[int, int], chosen: dict[int, int]) -> None:
    sale = sold(a_basket((an_item(1, 100), 2)), the_rules())
    with pytest.raises(NotRefundableError):
        refund_of(sale, given, chosen)


def test_an_approval_is_bound_to_lines_counts_reason_and_amount() -> None:
    prints = {
        fingerprint("s1", {1: 2}, "damaged", euro(200)),
        fingerprint("s2", {1: 2}, "damaged", euro(200)),
        fingerprint("s1", {1: 1}, "damaged", euro(200)),
        fingerprint("s1", {2: 2}, "damaged", euro(200)),
        fingerprint("s1", {1: 2}, "changed-mind", euro(200)),
        fingerprint("s1", {1: 2}, "damaged", euro(201)),
    }
    assert len(prints) == 6
