"""What forms ask of the books: which numbers and places were given out here before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol


class FormBooks(Protocol):
    """Questions to the terminal's own books. Thread-safe; reads only."""

    def last_running(self, day: date, prefix: str) -> int:
        """The highest running number that may have been given out under `prefix` on this day, 0 before the first."""

    def places_taken(self, form: str, from_slot: str) -> Mapping[str, int]:
        """How many places of each slot are taken for good, from `from_slot` ("2026-11-24T09:30") on."""
