"""Which bills a site takes while nobody can be asked about them: the biller is told later, so what may be owed by mistake is bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum

from kiosk.domain.bills.bill import STANDARDS, TEMPLATE, Bill
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass


class OfflineReason(StrEnum):
    """Why a bill has to wait for the line: stable codes, each with words in every language (`screen.bill-problem.bill-offline-*`)."""

    OFF = "off"  # the site takes none at all
    STANDARD = "standard"
    BILLER = "biller"
    OPEN_AMOUNT = "open-amount"
    OVERDUE = "overdue"
    AMOUNT = "amount"
    COUNT = "count"
    TOTAL = "total"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The bills that were paid here and that no biller has confirmed yet. `oldest_at` is when the oldest of them was paid."""

    count: int = 0
    total_minor: int = 0
    oldest_at: datetime | None = None

    def and_more(self, count: int, total_minor: int) -> Unconfirmed:
        """With `count` bills more, not paid yet, of `total_minor` together."""
        return Unconfirmed(self.count + count, self.total_minor + total_minor, self.oldest_at)


@dataclass(frozen=True, slots=True)
class OfflineRules:
    """What a site accepts unasked. Amounts in minor units of its currency, without the fee.

    `amount_minor` bounds one bill, `biller_amounts_minor` one of that account in its place; `count`, `total_minor` and `oldest` bound
    what is not confirmed yet, the bill in hand included. `only` are the accounts that are taken (every one where empty), `never` those
    that are not. `standards` tell everything themselves; a dynamic code never gets here. `open_amounts`: also bills that leave the
    amount to the customer; `overdue`: also after their day.
    """

    enabled: bool = True
    amount_minor: int = 50_000
    count: int = 50
    total_minor: int = 500_000
    oldest: timedelta = timedelta(hours=72)
    standards: frozenset[str] = frozenset((*STANDARDS, TEMPLATE))
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    biller_amounts_minor: Mapping[str, int] = field(default_factory=dict)
    open_amounts: bool = True
    overdue: bool = True

    def most_minor(self, bill: Bill) -> int:
        """The highest amount of a bill of this biller."""
        return self.biller_amounts_minor.get(bill.account, self.amount_minor)


def unasked(
    bill: Bill, amount: Money | None, rules: OfflineRules, unconfirmed: Unconfirmed | None, at: datetime
) -> OfflineReason | None:
    """Why `bill` cannot be paid unasked, or None where it can.

    `amount` is what the customer wants to pay, None while that is not known. `unconfirmed` is None where nobody will ever confirm
    anything (a terminal alone): then only the bill itself counts.
    """
    return (
        _of_the_site(bill, rules, at.date())
        or (_of_the_amount(bill, amount, rules) if amount else None)
        or (_of_what_waits(amount, rules, unconfirmed, at) if unconfirmed else None)
    )


def _of_the_site(bill: Bill, rules: OfflineRules, today: date) -> OfflineReason | None:
    if not rules.enabled:
        return OfflineReason.OFF
    if bill.standard not in rules.standards:
        return OfflineReason.STANDARD
    if bill.account in rules.never or (rules.only and bill.account not in rules.only):
        return OfflineReason.BILLER
    if bill.amount is None and not rules.open_amounts:
        return OfflineReason.OPEN_AMOUNT
    if bill.due is not None and bill.due < today and not rules.overdue:
        return OfflineReason.OVERDUE
    return None


def _of_the_amount(bill: Bill, amount: Money, rules: OfflineRules) -> OfflineReason | None:
    return OfflineReason.AMOUNT if amount.minor > rules.most_minor(bill) else None


def _of_what_waits(
    amount: Money | None, rules: OfflineRules, unconfirmed: Unconfirmed, at: datetime
) -> OfflineReason | None:
    if unconfirmed.count + 1 > rules.count:
        return OfflineReason.COUNT
    if unconfirmed.total_minor + (amount.minor if amount else 0) > rules.total_minor:
        return OfflineReason.TOTAL
    if unconfirmed.oldest_at is not None and at - unconfirmed.oldest_at > rules.oldest:
        return OfflineReason.AGE
    return None
