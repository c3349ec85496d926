"""Made-up bills of every standard come back as they were made, and a wrong digit is noticed wherever the standard can notice it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import stdnum.ch.esr
import stdnum.iban
import stdnum.iso11649
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.bills import iban, references
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.scan import BillCode, Scan, Unknown
from tests.unit.made_bills import DIGITS, MADE, TODAY, brazil_11, digits, rf
from tests.unit.made_bills import iban as made_iban

RULES = ScanRules(today=TODAY)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

fewer = settings(few, max_examples=12)


def meaning(code: bytes) -> object:
    return resolve(Scan(code), RULES)


@pytest.mark.parametrize("standard", MADE)
def test_a_bill_comes_back_as_it_was_made(standard: str) -> None:
    @few
    @given(MADE[standard])
    def holds(made: tuple[bytes, object]) -> None:
        assert meaning(made[0]) == BillCode(made[1])

    holds()


def with_a_wrong_digit(code: str, first: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """`code` with one digit wrong, in every way there is between the places `first` and `end`; and the place."""
    for place in range(first, len(code) if end is None else end):
        if code[place] in DIGITS:
            for digit in DIGITS.replace(code[place], ""):
                yield place, code[:place] + digit + code[place + 1 :]


@pytest.mark.parametrize(("standard", "first"), [("emv-mpm", 0), ("es-csb57", 5)])
def test_a_wrong_digit_anywhere_is_always_noticed(standard: str, first: int) -> None:
    """But in the five digits that name Spain's norm and format: another format is another code."""

    @fewer
    @given(MADE[standard])
    def holds(made: tuple[bytes, object]) -> None:
        for _, wrong in with_a_wrong_digit(made[0].decode(), first):
            assert isinstance(meaning(wrong.encode()), Unknown), wrong

    holds()


@fewer
@given(MADE["boleto-utility"])
def test_a_wrong_digit_of_a_utilitys_bill_is_noticed_but_where_two_remainders_share_a_check_digit(
    made: tuple[bytes, object],
) -> None:
    """Modulo 11 has eleven remainders for ten digits. The first digit says that it is a utility's, the third names the routine: with these
    wrong, another may fit by chance."""
    code = made[0].decode()
    for place, wrong in with_a_wrong_digit(code, 1):
        if place != 2 and isinstance(meaning(wrong.encode()), BillCode):
            assert code[2] in "89"
            bars = [one if len(one) == 44 else one[:11] + one[12:23] + one[24:35] + one[36:47] for one in (code, wrong)]
            assert {brazil_11(one[:3] + one[4:]) for one in bars} <= {0, 1}


@fewer
@given(MADE["boleto"])
def test_a_wrong_digit_of_a_boleto_is_noticed_but_where_three_remainders_share_a_check_digit(
    made: tuple[bytes, object],
) -> None:
    """And a first digit of 8 may make it a utility's by chance."""
    code = made[0].decode()
    for place, wrong in with_a_wrong_digit(code):
        found = meaning(wrong.encode())
        if isinstance(found, BillCode) and found.bill.standard == "boleto":
            ends = [
                one[5:] if len(one) == 44 else one[33:] + one[4:9] + one[10:20] + one[21:31] for one in (code, wrong)
            ]
            assert {brazil_11(one[:4] + end) for one, end in zip((code, wrong), ends, strict=True)} <= {0, 1, 10}
            assert len(code) == 44 or place >= 33, "the three fields of the typed line have check digits of their own"


def every_wrong_digit_is_noticed(standard: str, value_of: str) -> None:
    """In the part of the code that holds this value of the bill."""

    @fewer
    @given(MADE[standard])
    def holds(made: tuple[bytes, object]) -> None:
        code, value = made[0].decode("latin-1"), getattr(made[1], value_of) or ""
        if standard == "fi-barcode":
            value = value.removeprefix("FI") if value_of == "account" else value[4:] if value[:2] == "RF" else value
        start = code.index(value) if value_of == "account" else code.rindex(value)
        for _, wrong in with_a_wrong_digit(code, start, start + len(value)):
            assert isinstance(meaning(wrong.encode("latin-1")), Unknown), wrong

    holds()


@pytest.mark.parametrize("standard", ["swiss-qr", "epc", "fi-barcode", "gs1-slip"])
def test_one_wrong_digit_in_the_account_is_always_noticed(standard: str) -> None:
    every_wrong_digit_is_noticed(standard, "account")


@pytest.mark.parametrize("standard", ["swiss-qr", "epc", "fi-barcode"])
def test_one_wrong_digit_in_the_reference_is_always_noticed(standard: str) -> None:
    every_wrong_digit_is_noticed(standard, "reference")


def test_amount_and_date_have_no_check_digit_in_four_standards() -> None:
    """What nobody can notice: the customer is shown amount and day, and says yes to them."""
    lines = ["BCD", "002", "1", "SCT", "", "A", made_iban("DE", "1" * 18), "EUR1.00"]
    for amount in ("EUR1.00", "EUR7.00"):
        lines[7] = amount
        assert isinstance(meaning("\n".join(lines).encode()), BillCode)
    finnish = "479440520200360820048831500000000868516259619897100612"
    for place, digit in ((24, "7"), (53, "3")):
        assert isinstance(meaning((finnish[:place] + digit + finnish[place + 1 :]).encode()), BillCode)


# --- the sums, beside python-stdnum's -------------------------------------------------------------------------------------


@few
@given(st.sampled_from(sorted(iban.COUNTRIES)), st.data())
def test_account_numbers_of_every_country_agree_with_stdnum(country: str, data: st.DataObject) -> None:
    runs = re.findall("([0-9]+)([nac])", iban.COUNTRIES[country])
    letters = {"n": DIGITS, "a": "ABCDEFG", "c": DIGITS + "XYZ"}
    bban = "".join(data.draw(st.text(letters[kind], min_size=int(n), max_size=int(n))) for n, kind in runs)
    good = made_iban(country, bban)
    assert iban.is_iban(good)
    assert stdnum.iban.is_valid(good, check_country=False)
    for wrong in (good[:-1], good + "1", good[:5] + "a" + good[6:], good.lower(), "XX" + good[2:]):
        assert not iban.is_iban(wrong)
    other = data.draw(st.text(DIGITS, min_size=2, max_size=2))
    spoilt = country + other + bban
    assert iban.is_iban(spoilt) == (stdnum.iban.is_valid(spoilt, check_country=False) and "02" <= other <= "98")


def test_check_digits_that_nobody_issues_are_none() -> None:
    """00 leaves the same remainder as 97, and 99 as 02."""
    for check, alike in (("97", "00"), ("02", "99")):
        good = next(made for number in range(1000) if (made := made_iban("DE", f"{number:018}"))[2:4] == check)
        assert iban.is_iban(good)
        assert not iban.is_iban(f"DE{alike}{good[4:]}")


@few
@given(digits(3, 26), rf())
def test_references_agree_with_stdnum(payload: str, reference: str) -> None:
    assert references.mod10_recursive(payload) == stdnum.ch.esr.calc_check_digit(payload)
    assert references.is_rf(reference) == stdnum.iso11649.is_valid(reference)
    assert references.luhn(payload) == stdnum.luhn.calc_check_digit(payload)
    assert stdnum.iso7064.mod_97_10.is_valid(payload + references.mod_97(payload))
