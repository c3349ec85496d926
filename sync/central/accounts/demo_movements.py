"""Movements of a demo holder, made up from their name and the day: the same at every start, and new ones as the days pass."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from kiosk.domain.account import Movement
from kiosk.domain.money import Money

BEGINS: Final = date(2025, 7, 1)
_MONTHLY: Final = {  # day of the month: what, at least, at most
    1: ("Rent November House", -84_000, -84_000),
    3: ("Stadtwerke Hofheim", -6_490, -5_890),
    15: ("Telephone and internet", -3_495, -3_495),
    20: ("Savings plan", -15_000, -15_000),
    27: ("Salary", 231_000, 238_000),
}
_SHOPS: Final = (
    "Hofmarkt Hofheim",
    "Bakery Kern",
    "Pharmacy am Markt",
    "City transport",
    "Bookshop Linde",
    "Café Nova",
)


def movements(account_id: str, kind: str, currency: str, first: date, last: date) -> Iterator[Movement]:
    """The movements from `first` to `last`, the oldest first."""
    day = max(first, BEGINS)
    while day <= last:
        yield from _of_day(random.Random(f"{account_id}:{day.isoformat()}"), kind, currency, day)  # noqa: S311 - made up, not secret
        day += timedelta(days=1)


def _of_day(chance: random.Random, kind: str, currency: str, day: date) -> Iterator[Movement]:
    if kind == "shop":
        if day.day == 2:
            yield Movement(day, "Card topped up", Money(10_000, currency))
        elif chance.random() < 0.14:
            yield Movement(day, "Hofmarkt Hofheim", Money(-chance.randint(300, 2_900), currency))
        return
    if day.day in _MONTHLY:
        text, least, most = _MONTHLY[day.day]
        yield Movement(day, text, Money(chance.randint(least, most), currency))
    if chance.random() < 0.6:
        yield Movement(day, chance.choice(_SHOPS), Money(-chance.randint(240, 9_800), currency))
