"""`baskets`: a thousand baskets in one process, scanned and paid; its memory after the last of them and after the hundredth."""

from __future__ import annotations

import time
from typing import Any, Final

from devices.virtual.payment_cards import CARDS, Customer, Entry
from devices.virtual.payment_settings import TerminalSettings
from ui.measure import Bounds
from ui.measure.children import PYTHON, offscreen, running
from ui.measure.machine import resident_mb
from ui.measure.shop import far_sides, stock

ITEMS: Final = 10_000
BASKETS: Final = 1_000
FROM: Final = 100
BASKETS_QUICK: Final = 6
FROM_QUICK: Final = 2
PAUSE_S: Final = 4.0
_LOOK_S: Final = 0.25
_PATIENCE_S: Final = 60.0
# A customer who never waits, at a bank that answers at once: a visit takes the time that our own work takes.
_CUSTOMER: Final = Customer(CARDS["visa"], Entry.TAPPED, card_after_ms=0, key_after_ms=0, removes_after_ms=0)
_BANK: Final = TerminalSettings(host_ms=0)


def measure(bounds: Bounds) -> dict[str, Any]:
    """Resident megabytes after the `first` basket and after the last, and their ratio. Raises MeasureError.

    Before each of the two the shop pauses, and the least of some seconds counts: a backup that is being made at that moment, as one is
    every 200 sales, takes memory for a second and gives it back.
    """
    last, first = (BASKETS_QUICK, FROM_QUICK) if bounds.quick else (BASKETS, FROM)
    stock(bounds.directory / "books", ITEMS)
    seen: dict[int, float] = {}
    with far_sides(bounds.directory, _BANK, _CUSTOMER) as (_, site):
        books = str(bounds.directory / "books")
        command = [PYTHON, "-m", "ui.measure.basket_crowd", str(site), books, str(first), str(last)]
        with running(command, offscreen(), bounds.directory / "log") as terminal:
            for basket in range(1, last + 1):
                terminal.line(_PATIENCE_S)
                if basket in (first, last):
                    seen[basket] = _at_rest(terminal.pid)
    return {
        "resident_mb_first": seen[first],
        "resident_mb_last": seen[last],
        "memory_growth": round(seen[last] / seen[first], 4),
        "how": f"after basket {first} and basket {last} of one process: five articles each, paid by card, receipt declined",
    }


def _at_rest(process: int) -> float:
    seen = []
    for _ in range(int(PAUSE_S / 2 / _LOOK_S)):
        time.sleep(_LOOK_S)
        seen.append(resident_mb(process))
    return min(seen)
