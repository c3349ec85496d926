"""What can be used once in a whole store, and whoever decides which terminal has it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from kiosk.domain.records import dataclass


class ClaimKind(StrEnum):
    """What is claimed for a sale before it is used."""

    VOUCHER = "voucher"
    BASKET = "basket"  # a basket on hold
    SLOT = "slot"  # a place of an appointment's time, for a form
    RECEIPT = "receipt"  # while a refund of it is under way: afterwards another part of it may be refunded


class Verdict(StrEnum):
    """Whether the sale may have it."""

    GRANTED = "granted"  # and no other sale of the store, until it is used, given back, or its time is over
    TAKEN = "taken"  # another sale has it, or had it
    AWAY = "away"  # nobody could be asked in time: the site's rules for this hold
    ALONE = "alone"  # there is nobody to ask: this terminal's own books are all there is


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """A verdict. `body` is the held basket's JSON as another terminal of the store wrote it, "" where none is known."""

    verdict: Verdict
    body: str = ""


class Claims(Protocol):
    """Asks for the whole store. Thread-safe; nothing blocks."""

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:
        """May `sale_id` have it? The same for the same sale however often it is asked. `done` from any thread, within two seconds."""

    def release(self, kind: ClaimKind, code: str, sale_id: str) -> None:
        """The sale did not use it. Said once, as well as the line allows: a claim that is not given back ends by itself."""
