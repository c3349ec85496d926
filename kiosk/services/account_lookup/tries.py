"""How often a PIN was wrong, and the lock-out that survives a restart because the journal remembers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Final, Protocol

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.records import dataclass
from kiosk.ports import Journal

_REMEMBERED: Final = 1_000
_LOOKED_AT: Final = 40  # entries about one holder: behind the verdicts stand statements and requests


class Clock(Protocol):
    """The time: at the site, and since the terminal was switched on."""

    def now_ms(self) -> int:
        """Monotonic milliseconds."""

    def wall(self) -> datetime:
        """Wall time, with its offset."""


@dataclass(frozen=True, slots=True)
class Locking:
    """`tries` wrong PINs in a row lock an account at this terminal for `locked_for`."""

    tries: int
    locked_for: timedelta


class Tries:
    """Counts wrong PINs by the journal, under marks: what is in it tells nobody whose they were. For one thread.

    A clock that is set back does not open a lock, for the time that has passed is then not known. One that is set forward does not
    either, as long as the terminal runs: its monotonic clock has to agree.
    """

    def __init__(self, journal: Journal, clock: Clock, locking: Locking) -> None:
        self._journal = journal
        self._clock = clock
        self._locking = locking
        self._refused_ms: OrderedDict[str, int] = OrderedDict()

    def locked_for_s(self, subject: str) -> int | None:
        """The seconds until a lock ends; None where there is none."""
        refused = self._refused_in_a_row(subject)
        if len(refused) < self._locking.tries:
            return None
        since = self._clock.wall() - datetime.fromisoformat(refused[0].at)
        left = self._locking.locked_for - max(since, timedelta(0))
        if (told_ms := self._refused_ms.get(subject)) is not None:
            left = max(left, self._locking.locked_for - timedelta(milliseconds=self._clock.now_ms() - told_ms))
        return ceil(left.total_seconds()) if left > timedelta(0) else None

    def tries_left(self, subject: str) -> int:
        """Before the account is locked here."""
        return max(0, self._locking.tries - len(self._refused_in_a_row(subject)))

    def refused(self, subject: str, body: Mapping[str, Json]) -> None:
        """A wrong PIN: durable when this returns. Raises JournalError."""
        self._refused_ms[subject] = self._clock.now_ms()
        self._refused_ms.move_to_end(subject)
        while len(self._refused_ms) > _REMEMBERED:
            self._refused_ms.popitem(last=False)
        self.record(Kind.ACCOUNT_REFUSED, subject, body)

    def verified(self, subject: str, body: Mapping[str, Json]) -> None:
        """A right one: the count begins anew. Raises JournalError."""
        self._refused_ms.pop(subject, None)
        self.record(Kind.ACCOUNT_VERIFIED, subject, body)

    def record(self, kind: Kind, subject: str, body: Mapping[str, Json]) -> None:
        """Journal a fact about a holder. Raises JournalError."""
        at = self._clock.wall().isoformat(timespec="milliseconds")
        self._journal.commit([Fact(kind, subject, body, at, self._clock.now_ms())])

    def consent(self, subject: str) -> str:
        """The version of the text that this holder agreed to last at this terminal, "" for none known."""
        given = (one.fact for one in self._journal.latest(subject, _LOOKED_AT) if one.fact.kind is Kind.CONSENT_GIVEN)
        newest = next(given, None)
        return str(newest.body.get("version", "")) if newest else ""

    def _refused_in_a_row(self, subject: str) -> list[Fact]:
        found: list[Fact] = []
        for entry in self._journal.latest(subject, self._locking.tries):
            if entry.fact.kind is not Kind.ACCOUNT_REFUSED:
                break
            found.append(entry.fact)
        return found
