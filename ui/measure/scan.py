"""`scan`: from the first byte of a code on the wire to the frame that shows its line, in catalogues of three sizes."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from ui.measure import Bounds, MeasureError
from ui.measure.children import PYTHON, offscreen, running
from ui.measure.scan_screen import A_BASKET
from ui.measure.shop import far_sides, gtins, stock

SIZES: Final = (1_000, 100_000, 1_000_000)
SIZES_QUICK: Final = (1_000, 3_000)
SCANS: Final = 500
SCANS_QUICK: Final = 20
WARM_UP: Final = 20
_PATIENCE_S: Final = 20.0
_START_S: Final = 60.0


def measure(bounds: Bounds) -> dict[str, Any]:
    """p50, p95, p99 in milliseconds by number of items; `growth` of the median from the smallest to the largest catalogue.

    Baskets have ten lines, so one scan in ten also changes the screen. The terminals take turns scan by scan, so that what else the
    machine does meets all sizes alike. Raises MeasureError.
    """
    sizes = SIZES_QUICK if bounds.quick else SIZES
    scans = SCANS_QUICK if bounds.quick else SCANS
    taken: dict[int, list[float]] = {items: [] for items in sizes}
    with ExitStack() as opened:
        lanes = [Lane(bounds.directory / str(items), items, WARM_UP + scans, opened) for items in sizes]
        for _ in range(WARM_UP + scans):
            for lane in lanes:
                taken[lane.items].append(lane.scan())
    cut = {str(items): statistics.quantiles(values[WARM_UP:], n=100) for items, values in taken.items()}
    found: dict[str, Any] = {
        f"p{percent}_ms": {items: round(values[percent - 1] * 1000, 2) for items, values in cut.items()}
        for percent in (50, 95, 99)
    }
    first, last = cut[str(sizes[0])], cut[str(sizes[-1])]
    found["growth"] = round(last[49] / first[49], 3)
    found["growth_p99"] = round(last[98] / first[98], 3)
    found["how"] = f"{scans} scans a size, taken in turns; codes on a pseudo-terminal, frames by Qt's software renderer"
    return found


class Lane:
    """A terminal in a process of its own, and its scanner in this one; `opened` ends both. Raises MeasureError."""

    def __init__(
        self,
        directory: Path,
        items: int,
        scans: int,
        opened: ExitStack,
        prepare: Callable[[Path, Path], None] = lambda _, __: None,
    ) -> None:
        """`prepare(site, books)` is called with the site's file and the directory of the books before the terminal starts."""
        self.items = items
        self._codes = iter(gtins(items, scans))
        # The same pauses for every size. A shopper is no metronome: a code meets the screen in the middle of whatever it does.
        self._chance = random.Random(7)  # noqa: S311 - not a secret
        self._in_basket = 0
        stock(directory / "books", items)
        self._far, site = opened.enter_context(far_sides(directory))
        prepare(site, directory / "books")
        command = [PYTHON, "-m", "ui.measure.scan_screen", str(site), str(directory / "books")]
        self._screen = opened.enter_context(running(command, offscreen(), directory / "log"))
        self._told("ready", _START_S)

    def scan(self) -> float:
        """Scan the next code; the seconds until the frame that shows its line."""
        time.sleep(self._chance.uniform(0.005, 0.02))
        code = next(self._codes)
        begun = time.monotonic()
        self._far.scanner.scan(code)
        seconds = self._told("line", _PATIENCE_S) - begun
        self._in_basket += 1
        if self._in_basket == A_BASKET:
            self._told("empty", _PATIENCE_S)
            self._in_basket = 0
        return seconds

    def _told(self, what: str, time_limit_s: float) -> float:
        """When the screen says that `what` was drawn, on the clock that all processes of a machine share."""
        word, _, at = self._screen.line(time_limit_s).partition(" ")
        if word != what:
            raise MeasureError(f"the terminal drew {word!r} where {what!r} was due; this is a bug, please report it")
        return float(at)
