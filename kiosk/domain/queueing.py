"""When a counter is open, which appointments there are, and the numbers that people wait under. Pure: the time is passed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta

from kiosk.domain.records import dataclass

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_LOOK_DAYS = 60
_LEAST_DIGITS = 3
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")

Span = tuple[int, int]  # minutes of the day: from, and until without it


class HoursError(ValueError):
    """Opening hours that cannot be read; the message says which, and how they are written."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a counter is open, by weekday ("mon" ...), in the site's own time; `closed` are days on which it is not at all."""

    by_day: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()

    def of(self, day: date) -> tuple[Span, ...]:
        """The spans of a day."""
        return () if day in self.closed else self.by_day.get(WEEKDAYS[day.weekday()], ())

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at this moment of the site's clock. A counter without hours is always open."""
        minute = at.hour * 60 + at.minute
        return not self.by_day or any(start <= minute < end for start, end in self.of(at.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """When it opens next, on the site's clock; None where it does not within `LONGEST_LOOK_DAYS`."""
        for ahead in range(LONGEST_LOOK_DAYS):
            day = at.date() + timedelta(days=ahead)
            for start, _ in sorted(self.of(day)):
                opening = datetime.combine(day, _time(start), at.tzinfo)
                if opening > at:
                    return opening
        return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Appointments: one every `every_min` minutes of `hours`, `capacity` people each; from `lead_min` minutes to `ahead_days` ahead."""

    hours: Hours
    every_min: int
    capacity: int
    ahead_days: int = 14
    lead_min: int = 60

    def slots(self, at: datetime) -> tuple[str, ...]:
        """What can be asked for at this moment of the site's clock: "2026-11-24T09:30" and so on, in order of time."""
        earliest = at.replace(tzinfo=None) + timedelta(minutes=self.lead_min)
        days = (at.date() + timedelta(days=ahead) for ahead in range(self.ahead_days + 1))
        return tuple(
            moment.isoformat(timespec="minutes")
            for day in days
            for start, end in sorted(self.hours.of(day))
            for minute in range(start, end - self.every_min + 1, self.every_min)
            if (moment := datetime.combine(day, _time(minute))) >= earliest
        )


def hours_of(by_day: Mapping[str, tuple[str, ...]], closed: tuple[date, ...] = ()) -> Hours:
    """The hours that texts such as {"mon": ("09:00-12:30", "14:00-18:00")} write. Raises HoursError."""
    unknown = sorted(by_day.keys() - set(WEEKDAYS))
    if unknown:
        raise HoursError(f"{unknown[0]} is no weekday; these are: {', '.join(WEEKDAYS)}")
    return Hours({day: tuple(map(_span, spans)) for day, spans in by_day.items()}, frozenset(closed))


def day_of(slot: str) -> str:
    """The day of a slot: "2026-11-24"."""
    return slot[:10]


def slot_code(form: str, slot: str, place: int) -> str:
    """Under what a place of a slot is claimed in the store: "appointment/2026-11-24T09:30/0"."""
    return f"{form}/{slot}/{place}"


def series_of(terminal_id: str, configured: str = "") -> str:
    """The letters that tell this terminal's numbers from its neighbours': as configured, else after its id ("4" gives "D", "27" "AA").

    An id that is no number gives itself and a dash, which no letters of a number can be taken for.
    """
    if configured:
        return configured
    if not (terminal_id.isascii() and terminal_id.isdigit() and int(terminal_id)):
        return f"{terminal_id.upper()}-"
    letters, left = "", int(terminal_id)
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    # "04" and "4" are two terminals: what stands in front keeps them apart.
    zeros = len(terminal_id) - len(terminal_id.lstrip("0"))
    return "0" * zeros + letters


def prefix_of(letters: str, series: str) -> str:
    """What stands before the running number: the queue's own letters, if it has any, and the terminal's series."""
    return f"{letters}-{series}" if letters else series


def ticket_number(prefix: str, running: int) -> str:
    """A number to be called by on its day: "D017"."""
    return f"{prefix}{running:0{_LEAST_DIGITS}d}"


def request_number(prefix: str, running: int, day: date) -> str:
    """A number that is still the only one next year: "261122-D017"."""
    return f"{day:%y%m%d}-{ticket_number(prefix, running)}"


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise HoursError(f'"{text[:40]}" are no hours; write them as "09:00-18:00"')
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if not start < end <= 24 * 60:
        raise HoursError(f'"{text}" ends before it begins; write hours as "09:00-18:00"')
    return start, end


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
