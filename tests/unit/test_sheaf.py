"""The bench's sheaf of bills: each is what its label says, on any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kiosk.configuration import load
from kiosk.configuration.rules import scan_rules
from kiosk.domain.bills.bill import STANDARDS, TEMPLATE
from kiosk.domain.resolver import resolve
from kiosk.domain.scan import BillCode, Meaning, Scan, Unknown
from ui.bench.bills import PaperBill, sheaf

SITE = load(environment={}).site
TODAY = date(2026, 11, 22)
WRONG = {
    "wrong-digit": "bill-reference",
    "wrong-account": "bill-account",
    "wrong-sum": "bill-checksum",
    "too-short": "not-a-code",
    "dynamic-pix": "bill-online",
    "giant": "bill-too-long",
    "control-characters": "bill-characters",
    "foreign-digits": "not-ascii",
    "overflow": "bill-amount",
}


def meaning(bill: PaperBill, today: date = TODAY) -> Meaning:
    return resolve(Scan(bill.data, bill.aim.removeprefix("]")), scan_rules(SITE, today))


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2026, 12, 31)])
@pytest.mark.parametrize("start", [1, 1_795_323_039, 10**10 - 1])
def test_there_is_a_valid_bill_of_each_standard(today: date, start: int) -> None:
    bills = [bill for bill in sheaf(today, start) if bill.group == "bills"]
    found = {bill.id: meaning(bill, today) for bill in bills}
    assert set(found) == {*STANDARDS, TEMPLATE}
    for name, one in found.items():
        assert isinstance(one, BillCode), (name, one)
        assert one.bill.standard == name
        assert one.bill.due is None or one.bill.due == today + timedelta(days=14)


def test_what_is_the_matter_with_a_bill_is_so() -> None:
    found = {bill.id: meaning(bill) for bill in sheaf(TODAY, 7) if bill.group == "matters"}
    assert all(isinstance(one, BillCode) for one in found.values())
    bills = {name: one.bill for name, one in found.items() if isinstance(one, BillCode)}
    assert bills["overdue"].due == TODAY - timedelta(days=10)
    assert bills["open-amount"].amount is None
    assert bills["wrong-currency"].currency == "CHF"
    amount = bills["over-limit"].amount
    assert amount is not None
    assert amount.minor > load(environment={}).limits.payment_max_minor


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_or_hostile_bill_is_refused(name: str) -> None:
    bill = next(one for one in sheaf(TODAY, 7) if one.id == name)
    assert meaning(bill) == Unknown(WRONG[name])


def test_no_start_makes_the_bills_of_another() -> None:
    first, second = ({bill.id: bill.data for bill in sheaf(TODAY, start)} for start in (1, 2))
    assert not [name for name in first if first[name] == second[name] and name not in WRONG and name != "injection"]
