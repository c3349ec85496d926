"""A bill's number while it is typed: every valid one is good all the way, every wrong digit is seen no later than at its end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.bills.bill import Bill, Reason, Refusal
from kiosk.domain.bills.reading import BillRules
from kiosk.domain.bills.typed import State, Typed
from kiosk.domain.bills.typed_checks import typed
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.scan import BillCode, Scan, Source, Unknown
from tests.unit.made_bills import MADE, TODAY

BOLETO = "23793381286000782713695000063305975520000370000"
FINNISH = "479440520200360820048831500000000868516259619897100612"
UTILITY = "846700000017435900240209024050002435842210108119"
CSB = {"es-csb57"}
RULES = BillRules()


def whole(text: str, currency: str = "EUR") -> Bill | Refusal | None:
    meaning = resolve(Scan(text.encode(), source=Source.TYPED), ScanRules(currency=currency, today=TODAY))
    if isinstance(meaning, BillCode):
        return meaning.bill
    reasons = set(Reason)
    return Refusal(Reason(meaning.reason)) if isinstance(meaning, Unknown) and meaning.reason in reasons else None


def read(text: str, currency: str = "EUR", rules: BillRules = RULES) -> Typed:
    return typed(text, rules, currency, lambda number: whole(number, currency))


TYPED = {"boleto": 47, "boleto-utility": 48, "fi-barcode": 54, "es-csb57": 46}


@pytest.mark.parametrize("standard", TYPED)
@settings(max_examples=15)
@given(data=st.data())
def test_no_field_of_a_valid_number_is_ever_wrong(standard: str, data: st.DataObject) -> None:
    code, bill = data.draw(MADE[standard].filter(lambda one: len(one[0].translate(None, b" .-")) == TYPED[standard]))
    number = code.decode().translate(str.maketrans("", "", " .-"))
    currency = bill.currency
    for end in range(1, len(number)):
        so_far = read(number[:end], currency)
        assert so_far.verdict is not State.WRONG, (end, so_far)
        assert "".join(field.text for field in so_far.fields) == number[:end]
    assert read(number, currency).verdict is State.GOOD


@pytest.mark.parametrize(("number", "currency"), [(BOLETO, "BRL"), (FINNISH, "EUR")])
def test_a_wrong_digit_is_seen_at_its_field_or_at_the_end(number: str, currency: str) -> None:
    for at in range(len(number)):
        for digit in "0123456789".replace(number[at], ""):
            wrong = number[:at] + digit + number[at + 1 :]
            assert read(wrong, currency).verdict is not State.GOOD or whole(wrong, currency) is not None


@pytest.mark.parametrize(
    ("number", "currency", "ends"),
    [(BOLETO, "BRL", (10, 21, 32)), (FINNISH, "EUR", (17, 48))],
)
def test_the_field_is_marked_as_soon_as_it_is_complete(number: str, currency: str, ends: tuple[int, ...]) -> None:
    start = 0
    for place, end in enumerate(ends):
        last = str((int(number[end - 1]) + 1) % 10)
        before, after = read(number[: end - 1], currency), read(number[: end - 1] + last, currency)
        assert before.verdict is State.OPEN
        assert after.verdict is State.WRONG
        assert after.reason in (Reason.CHECK_DIGIT, Reason.ACCOUNT, Reason.REFERENCE)
        assert State.WRONG in [field.state for field in after.fields], (place, start)
        start = end


def test_it_says_how_much_is_missing() -> None:
    assert read(FINNISH[:50]).missing == 4
    assert read("").missing is None
    assert read("415" + "7709998013711").missing is None


def test_gaps_and_dots_do_not_count() -> None:
    printed = "23793.38128 60007.827136 95000.063305 9 75520000370000"
    assert read(printed, "BRL") == read(BOLETO, "BRL")


@given(st.text(max_size=200))
def test_nothing_typed_ever_raises(text: str) -> None:
    found = read(text)
    assert len(found.text) <= 128


@given(st.text("0123456789", max_size=130))
def test_digits_are_shown_as_they_are_typed(text: str) -> None:
    found = read(text)
    assert "".join(field.text for field in found.fields) == text[:128]
