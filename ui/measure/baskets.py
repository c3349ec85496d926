"""`baskets`: a thousand baskets in one process, scanned and paid; its memory after the last of them and after the hundredth."""

from __future__ import annotations

from typing import Any, Final

from devices.virtual.payment_cards import CARDS, Customer, Entry
from devices.virtual.payment_settings import TerminalSettings
from ui.measure import Bounds
from ui.measure.children import PYTHON, offscreen, running
from ui.measure.machine import pss_mb
from ui.measure.shop import far_sides, stock

ITEMS: Final = 10_000
BASKETS: Final = 1_000
FROM: Final = 100
BASKETS_QUICK: Final = 6
FROM_QUICK: Final = 2
_PATIENCE_S: Final = 60.0
# A customer who never waits, at a bank that answers at once: a visit takes the time that our own work takes.
_CUSTOMER: Final = Customer(CARDS["visa"], Entry.TAPPED, card_after_ms=0, key_after_ms=0, removes_after_ms=0)
_BANK: Final = TerminalSettings(host_ms=0)


def measure(bounds: Bounds) -> dict[str, Any]:
    """Memory in megabytes (PSS) after the `from` basket and after the last, and their ratio. Raises MeasureError."""
    last, first = (BASKETS_QUICK, FROM_QUICK) if bounds.quick else (BASKETS, FROM)
    stock(bounds.directory / "books", ITEMS)
    seen: dict[int, float] = {}
    with far_sides(bounds.directory, _BANK, _CUSTOMER) as (_, site):
        command = [PYTHON, "-m", "ui.measure.basket_crowd", str(site), str(bounds.directory / "books"), str(last)]
        with running(command, offscreen(), bounds.directory / "log") as terminal:
            for basket in range(1, last + 1):
                terminal.line(_PATIENCE_S)
                if basket in (first, last):
                    seen[basket] = pss_mb([terminal.pid])
    return {
        "pss_mb_first": seen[first],
        "pss_mb_last": seen[last],
        "memory_growth": round(seen[last] / seen[first], 4),
        "how": f"after basket {first} and basket {last} of one process: five articles each, paid by card, receipt declined",
    }
