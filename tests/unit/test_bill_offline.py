"""Which bills are taken while nobody can be asked: each rule by itself, at its edge and one beyond."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.offline_policy import OfflineReason, OfflineRules, Unconfirmed, unasked
from kiosk.domain.money import Money

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DUE = date(2026, 11, 22)
BILL = Bill("epc", "DE02", "EUR", amount=Money(20_000, "EUR"), due=DUE)
RULES = OfflineRules(amount_minor=20_000, count=3, total_minor=50_000, oldest=timedelta(hours=1))
WAITS = Unconfirmed(2, 30_000, AT - timedelta(hours=1))


def decided(bill: Bill = BILL, waits: Unconfirmed | None = WAITS, **rules: Any) -> OfflineReason | None:
    return unasked(bill, bill.amount, replace(RULES, **rules), waits, AT)


def test_at_every_edge_a_bill_is_taken() -> None:
    assert decided() is None


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"enabled": False}, OfflineReason.OFF),
        ({"standards": frozenset({"boleto"})}, OfflineReason.STANDARD),
        ({"never": frozenset({"DE02"})}, OfflineReason.BILLER),
        ({"only": frozenset({"DE03"})}, OfflineReason.BILLER),
        ({"amount_minor": 19_999}, OfflineReason.AMOUNT),
        ({"biller_amounts_minor": {"DE02": 19_999}}, OfflineReason.AMOUNT),
        ({"count": 2}, OfflineReason.COUNT),
        ({"total_minor": 49_999}, OfflineReason.TOTAL),
        ({"oldest": timedelta(minutes=59)}, OfflineReason.AGE),
    ],
)
def test_one_beyond_it_waits(rules: dict[str, Any], reason: OfflineReason) -> None:
    assert decided(**rules) is reason


def test_a_biller_may_have_a_higher_limit_than_others() -> None:
    assert decided(amount_minor=1, biller_amounts_minor={"DE02": 20_000}) is None


def test_a_bill_that_is_listed_is_taken_and_no_other() -> None:
    assert decided(only=frozenset({"DE02"})) is None


def test_overdue_and_open_bills_are_the_sites_choice() -> None:
    overdue = replace(BILL, due=DUE - timedelta(days=1))
    assert decided(overdue) is None
    assert decided(overdue, overdue=False) is OfflineReason.OVERDUE
    unknown = replace(BILL, amount=None)
    assert decided(unknown) is None
    assert decided(unknown, open_amounts=False) is OfflineReason.OPEN_AMOUNT


def test_a_terminal_alone_counts_nothing_that_nobody_will_ever_confirm() -> None:
    assert decided(waits=None, count=0, total_minor=0) is None
    assert decided(waits=None, amount_minor=1) is OfflineReason.AMOUNT


def test_bills_that_lie_in_the_basket_count_as_well() -> None:
    assert decided(waits=WAITS.and_more(1, 0)) is OfflineReason.COUNT
    assert decided(waits=WAITS.and_more(0, 1)) is OfflineReason.TOTAL
