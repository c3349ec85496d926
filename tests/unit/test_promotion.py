"""Offers as a feed brings them: what is understood, and what is refused by name. And the tax and the rounding below them."""

import json
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import RoundingMode, rounded, rounded_ratio
from kiosk.domain.offers import allocate
from kiosk.domain.promotion import Promotion, PromotionError, PromotionKind, may_combine
from kiosk.domain.tax import TaxClass, TaxRules, tax_totals
from tests.unit.shop import offers

STORE = Path(__file__).parents[2] / "assets" / "store" / "promotions.toml"


def a_body(**more: Any) -> dict[str, Any]:
    return {"id": "p", "kind": "percent", "percent": 20, "label_en": "20 % off", "label_de": "20 % Rabatt", **more}


def test_an_offer_is_read_as_the_store_writes_it() -> None:
    body = a_body(valid_from="2026-01-01", valid_to="2026-12-31", combines_with=["q"], gtins=["4011"], priority=30)
    assert Promotion.from_body(body) == Promotion(
        "p",
        PromotionKind.PERCENT,
        {"en": "20 % off", "de": "20 % Rabatt"},
        priority=30,
        gtins=frozenset({"4011"}),
        percent_bp=2000,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        combines_with=("q",),
    )


def test_every_offer_of_the_demo_store_can_be_read() -> None:
    read = [Promotion.from_body(body) for body in tomllib.loads(STORE.read_text("utf-8"))["promotion"]]
    assert {one.kind for one in read} == set(PromotionKind)


@given(offers())
def test_an_offer_comes_back_as_it_was_written(made: tuple[Promotion, ...]) -> None:
    for offer in made:
        assert Promotion.from_body(json.loads(json.dumps(offer.to_body()))) == offer


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "gift"},
        {"id": ""},
        {"percent": 101},
        {"percent": 12.5},
        {"percent": True},
        {"percent": 0},
        {"kind": "n-for-m", "n": 2, "pay": 2},
        {"kind": "n-for-price", "n": 2},
        {"kind": "mix-and-match", "price_minor": 100},
        {"kind": "amount"},
        {"kind": "coupon"},
        {"kind": "coupon", "code": "C", "amount_minor": 100},
        {"min_spend_minor": -1},
        {"valid_from": "soon"},
        {"gtins": "4011"},
        {"gtins": [4011]},
        {"combines_with": "some"},
        {"labels": "text"},
    ],
)
def test_an_offer_that_cannot_be_is_refused_by_name(more: dict[str, Any]) -> None:
    with pytest.raises(PromotionError, match=r"promotion '(p|)'"):
        Promotion.from_body(a_body(**more))


def test_combining_takes_two() -> None:
    one, other = Promotion.from_body(a_body(combines_with=["q"])), Promotion.from_body(a_body(id="q"))
    assert not may_combine(one, other)
    assert may_combine(one, Promotion.from_body(a_body(id="q", combines_with="all")))


@pytest.mark.parametrize(
    ("per_line", "included", "expected"),
    [(False, True, 48), (True, True, 48), (False, False, 57), (True, False, 57)],
)
def test_tax_of_three_lines_of_one_euro(per_line: bool, included: bool, expected: int) -> None:
    rules = TaxRules({}, prices_include_tax=included, round_per_line=per_line)
    (total,) = tax_totals([(TaxClass("standard", 1900), 100)] * 3, rules, "EUR")
    assert (total.tax.minor, total.gross.minor) == (expected, 300 if included else 357)


def test_rounding_each_line_can_differ_from_rounding_the_total() -> None:
    amounts = [(TaxClass("reduced", 700), 10)] * 3  # 0.654 of tax a line: 1 each, but 1.96 together
    per_line, per_total = (tax_totals(amounts, TaxRules({}, round_per_line=flag), "EUR")[0] for flag in (True, False))
    assert (per_line.tax.minor, per_total.tax.minor) == (3, 2)


_MODES = st.sampled_from(RoundingMode)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), _MODES, st.integers(1, 100))
def test_rounding_lands_on_the_nearest_step(numerator: int, denominator: int, mode: RoundingMode, step: int) -> None:
    value = Fraction(numerator, denominator)
    got = rounded_ratio(numerator, denominator, mode, step)
    assert got == rounded(value, mode, step)
    assert got % step == 0
    distance = abs(value - got)
    assert distance < step if mode is RoundingMode.DOWN else distance <= Fraction(step, 2)
    if mode is RoundingMode.DOWN or (distance == Fraction(step, 2) and mode is RoundingMode.HALF_UP):
        assert abs(got) <= abs(value) if mode is RoundingMode.DOWN else abs(got) > abs(value)
    if mode is RoundingMode.HALF_EVEN:
        assert got == round(value / step) * step


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=20).filter(any))
def test_a_saving_is_shared_out_to_the_last_cent_and_nobody_gets_more_than_his_weight(
    amount: int, weights: list[int]
) -> None:
    amount = min(amount, sum(weights))
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))
