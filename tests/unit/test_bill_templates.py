"""Bills of billers without a standard, as a site lays them out; and patterns that no site should be able to lay out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import stdnum.luhn

from kiosk.configuration import ConfigurationError, load
from kiosk.configuration.rules import scan_rules
from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.reading import BillRules
from kiosk.domain.bills.references import ROUTINES
from kiosk.domain.bills.template import BillTemplate, BillTemplateError
from kiosk.domain.money import Money
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.scan import BillCode, ItemCode, Scan, Unknown

PATTERN = r"71(?P<account>\d{3})(?P<reference>[A-Z0-9]{8})(?P<amount>\d{7})(?P<due>\d{6})(?P<check>\d)"
WATER = BillTemplate("Stadtwerke", 27, PATTERN, "luhn")


def rules(*templates: BillTemplate) -> ScanRules:
    return ScanRules(today=date(2026, 11, 22), bills=BillRules(templates=templates))


def code(payload: str) -> str:
    return payload + stdnum.luhn.calc_check_digit("".join(sign for sign in payload if sign.isdigit()))


GOOD = code("71042AB1234560001999261231")


def test_a_code_of_a_template_is_a_bill() -> None:
    found = resolve(Scan(GOOD.encode()), rules(WATER))
    assert found == BillCode(
        Bill("template", "042", "EUR", "Stadtwerke", "AB123456", Money(1999, "EUR"), date(2026, 12, 31))
    )
    plain = BillTemplate("Verein", 8, "V(?P<reference>[0-9]{7})", currency="CHF")
    assert resolve(Scan(b"V1234567"), rules(WATER, plain)) == BillCode(
        Bill("template", "Verein", "CHF", "Verein", "1234567")
    )


def test_zeros_leave_amount_and_date_open() -> None:
    found = WATER.read(code("71042AB1234560000000000000"), "EUR")
    assert isinstance(found, Bill)
    assert (found.amount, found.due) == (None, None)


@pytest.mark.parametrize("place", [place for place, sign in enumerate(GOOD) if sign.isdigit()])
def test_a_wrong_digit_is_noticed_by_the_check_routine(place: int) -> None:
    for digit in "0123456789".replace(GOOD[place], ""):
        wrong = GOOD[:place] + digit + GOOD[place + 1 :]
        expected = "not-a-code" if place < 2 else "bill-check-digit"
        assert resolve(Scan(wrong.encode()), rules(WATER)) == Unknown(expected)


def test_what_does_not_fit_a_template_may_still_be_an_article() -> None:
    greedy = BillTemplate("Everything", 13, r"(?P<reference>\d{12})(?P<check>\d)", "731")
    assert resolve(Scan(b"9526001040018"), rules(greedy)) == ItemCode("09526001040018")


def test_a_day_that_is_none_is_refused() -> None:
    assert resolve(Scan(code("71042AB1234560001999261331").encode()), rules(WATER)) == Unknown("bill-date")
    iso = BillTemplate("A", 20, r"(?P<reference>\d{12})(?P<due>\d{8})")
    found = iso.read("1" * 12 + "20270228", "EUR")
    assert isinstance(found, Bill)
    assert found.due == date(2027, 2, 28)


@pytest.mark.parametrize("routine", sorted(ROUTINES))
def test_every_routine_can_be_named(routine: str) -> None:
    length = 2 if routine == "mod97" else 1
    digits = "123456789"
    made = BillTemplate("A", 9 + length, rf"(?P<reference>\d{{9}})(?P<check>\d{{{length}}})", routine)
    assert isinstance(made.read(digits + ROUTINES[routine](digits), "EUR"), Bill)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<reference>(\d+)+)",
        r"(?P<reference>\d*)",
        r"(?P<reference>\d+)",
        r"(?P<reference>\d{2,5}){2}",
        r"(?P<reference>\d{2})?",
        r"(?P<reference>\d{2}(?P<account>\d))",
        r"(?P<reference>a|b)",
        r"(?P<reference>\d)(?=x)",
        r"(?P<reference>\d)\1",
        r"(?P<reference>\d)(?P=reference)",
        r"(?P<reference>.{3})",
        r"(?i)(?P<reference>\d)",
        r"^(?P<reference>\d)$",
        r"(?P<reference>\d{1,}\d)",
        r"(?P<reference>\d{5,2})",
        r"(?P<reference>[z-a])",
        r"(?P<reference>[a--b])",
        r"(?P<reference>[[a])",
        r"(?P<reference>\d??)",
        r"(?P<reference>\d{1,9}[0-9]{1,9}[0-9]?)",
        r"(?P<reference>\d",
        r"(?P<reference>\d))",
        r"\d)(?P<reference>\d",
        r"(?P<reference>\d)(?P<reference>\d)",
        r"(?P<nonsense>\d)(?P<reference>\d)",
        r"(?P<account>\d{8})",
        r"(?P<reference>\d{8})(?P<check>\d)",
        "",
    ],
)
def test_a_pattern_that_could_be_slow_or_says_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(BillTemplateError):
        BillTemplate("A", 20, pattern)


@pytest.mark.parametrize(("length", "check"), [(7, "none"), (129, "none"), (20, "sha256"), (20, "luhn")])
def test_lengths_and_routines_have_bounds(length: int, check: str) -> None:
    with pytest.raises(BillTemplateError):
        BillTemplate("A", length, r"(?P<reference>\d{8})", check)


def test_the_worst_pattern_that_is_allowed_comes_to_an_end() -> None:
    worst = BillTemplate("A", 128, r"(?P<reference>\d{1,128})(?P<message>[0-9]{1,128})x")
    for _ in range(20):
        assert worst.read("1" * 128, "EUR") is None


SITE = """
[site.bills]
standards = ["epc"]
[[site.bills.templates]]
biller = "Stadtwerke"
currency = "CHF"
length = 27
check = "luhn"
pattern = '{pattern}'
"""


def test_a_site_writes_its_templates_into_its_file(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(pattern=PATTERN), "utf-8")
    made = scan_rules(load(path, environment={}).site, date(2026, 11, 22))
    assert made.bills.standards == {"epc"}
    found = resolve(Scan(GOOD.encode()), made)
    assert isinstance(found, BillCode)
    assert found.bill.amount == Money(1999, "CHF")


def test_a_pattern_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(pattern="(?P<reference>[0-9]+)(?P<check>[0-9])"), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load(path, environment={})
    assert "pattern does not make a template: the pattern cannot have" in str(refused.value.problems[0])
    path.write_text(SITE.replace('["epc"]', '["epc", "sms"]').format(pattern=PATTERN), "utf-8")
    with pytest.raises(ConfigurationError, match="swiss-qr"):
        load(path, environment={})
