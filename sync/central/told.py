"""An entry as the projections read it: whose it is, and its body's fields, each asked for by its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.domain.records import dataclass


class BodyError(ValueError):
    """An entry's body lacks what a projection needs."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, and whose it is."""

    terminal_id: str
    store_id: str
    journal_id: str
    seq: int
    at: str
    kind: str
    subject: str
    body: Mapping[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """A text of the body. Raises BodyError where it is missing and there is no default."""
        value = self.body.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return str(value)
        if default is None:
            raise BodyError(f"{self.kind} of {self.subject} has no {name}")
        return default

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number of the body. Raises BodyError as above."""
        value = self.optional(name)
        value = default if value is None else value
        if value is None:
            raise BodyError(f"{self.kind} of {self.subject} has no whole number {name}")
        return value

    def optional(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self.body.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def day(self) -> str:
        """The day by the terminal's wall clock, ISO."""
        return self.at[:10]

    @property
    def common(self) -> dict[str, Any]:
        """Columns that most tables have, as SQL names their values."""
        return {
            "terminal": self.terminal_id,
            "store": self.store_id,
            "journal": self.journal_id,
            "seq": self.seq,
            "at": self.at,
            "day": self.day,
        }

    @property
    def whose(self) -> dict[str, Any]:
        """The same, by the columns' own names."""
        return {
            "terminal_id": self.terminal_id,
            "store_id": self.store_id,
            "journal_id": self.journal_id,
            "seq": self.seq,
            "at": self.at,
            "day": self.day,
        }
