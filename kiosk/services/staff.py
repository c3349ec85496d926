"""Badge and PIN: who a member of staff is, and the lock-out that survives a restart because the journal remembers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.domain.facts import Fact, Kind
from kiosk.ports import Journal, StaffDirectory
from kiosk.services.checkout.events import StaffRefused, StaffVerified

log = logging.getLogger(__name__)


class StaffDesk:
    """Verifies staff against the directory; journals every answer. `tries` wrong PINs in a row lock a badge for `locked_for`.

    With five tries and a quarter of an hour, ten thousand PINs take three weeks of standing at the terminal.
    """

    def __init__(
        self,
        directory: StaffDirectory,
        journal: Journal,
        wall: Callable[[], datetime],
        *,
        tries: int,
        locked_for: timedelta,
    ) -> None:
        self._directory = directory
        self._journal = journal
        self._wall = wall
        self._tries = tries
        self._locked_for = locked_for

    def verify(self, badge: str, pin: str) -> StaffVerified | StaffRefused:
        """Whether `pin` belongs to `badge`. Takes the time that argon2id takes: not for the loop's thread."""
        # The journal goes to the centre and into exports: a badge in the clear would be a badge for whoever reads it.
        subject = f"staff:{self._directory.badge_mark(badge)}"
        if self._is_locked(subject):
            return StaffRefused("locked")
        member = self._directory.by_badge(badge)
        if member is None:
            self._record(Kind.STAFF_REFUSED, subject, "unknown-badge")
            return StaffRefused("unknown-badge")
        if not _matches(member.pin_hash, pin):
            self._record(Kind.STAFF_REFUSED, subject, "wrong-pin")
            return StaffRefused("locked" if self._is_locked(subject) else "wrong-pin")
        self._record(Kind.STAFF_VERIFIED, subject, member.role)
        return StaffVerified(member.name, member.role)

    def _is_locked(self, subject: str) -> bool:
        entries = self._journal.latest(subject, self._tries)
        if len(entries) < self._tries or any(entry.fact.kind is not Kind.STAFF_REFUSED for entry in entries):
            return False
        since = self._wall() - datetime.fromisoformat(entries[0].fact.at)
        # A clock that was set back does not unlock: the time that has passed is then not known.
        return since < self._locked_for

    def _record(self, kind: Kind, subject: str, reason: str) -> None:
        at = self._wall()
        self._journal.commit([Fact(kind, subject, {"reason": reason}, at.isoformat(timespec="milliseconds"), 0)])


def _matches(pin_hash: str, pin: str) -> bool:
    # Imported when the first PIN is typed: the first scan does not wait for it.
    from argon2 import PasswordHasher  # noqa: PLC0415
    from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415

    try:
        return PasswordHasher().verify(pin_hash, pin)
    except (Argon2Error, InvalidHashError):
        return False
