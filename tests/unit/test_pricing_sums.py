"""What holds for every basket and every set of offers: sums agree, order does not matter, nothing goes below nothing."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.basket import Basket
from kiosk.domain.pricing import PriceRules, price
from kiosk.domain.promotion import Promotion
from tests.unit.shop import TODAY, baskets, offers, site_rules


@settings(deadline=None, max_examples=150)
@given(baskets(), site_rules())
def test_the_sums_always_agree_and_no_line_goes_below_nothing(basket: Basket, rules: PriceRules) -> None:
    priced = price(basket, rules, TODAY)
    lines, deposits = sum(one.total.minor for one in priced.lines), sum(one.total.minor for one in priced.deposits)
    assert lines + deposits + priced.tax_added.minor == priced.total.minor
    assert priced.subtotal.minor - priced.savings.minor + priced.tax_added.minor == priced.total.minor
    assert sum(tax.gross.minor for tax in priced.taxes) == priced.total.minor
    assert all(tax.net + tax.tax == tax.gross for tax in priced.taxes)
    assert sum(one.amount.minor for one in priced.promotions) == priced.savings.minor
    used = sum(one.used.minor for one in priced.vouchers)
    assert priced.total.minor - used + priced.rounding.minor == priced.to_pay.minor >= 0
    for line in priced.lines:
        assert line.gross.minor - sum(one.amount.minor for one in line.savings) == line.total.minor >= 0
        assert all(one.amount.minor > 0 for one in line.savings)
    assert price(basket, rules, TODAY) == priced


@settings(deadline=None, max_examples=150)
@given(baskets(), site_rules(), st.integers(0, 1000))
def test_the_order_of_scanning_never_changes_what_is_paid(basket: Basket, rules: PriceRules, seed: int) -> None:
    lines = list(basket.lines)
    Random(seed).shuffle(lines)  # noqa: S311  # an order for a test, not a secret
    shuffled = replace(basket, lines=tuple(replace(line, line_id=n) for n, line in enumerate(lines, 1)))
    one, other = price(basket, rules, TODAY), price(shuffled, rules, TODAY)
    assert (one.total, one.to_pay, one.taxes) == (other.total, other.to_pay, other.taxes)
    assert one.promotions == other.promotions


@settings(deadline=None, max_examples=150)
@given(baskets(), site_rules(), offers())
def test_a_promotion_that_goes_last_never_raises_the_total(
    basket: Basket, rules: PriceRules, more: tuple[Promotion, ...]
) -> None:
    last = tuple(replace(one, promotion_id=f"last-{one.promotion_id}", priority=9) for one in more[:1])
    with_it = replace(rules, promotions=(*rules.promotions, *last))
    assert price(basket, with_it, TODAY).total.minor <= price(basket, rules, TODAY).total.minor
