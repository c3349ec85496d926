"""`feed`: what a shopper notices of a catalogue that comes down: scan to line while the till loads, and while it does not."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kiosk.storage.database import open_reader
from kiosk.storage.key import load_key
from kiosk.storage.reading import KEY_NAME
from sync.identity import enrol
from ui.measure import Bounds, MeasureError
from ui.measure.children import PYTHON, finished, offscreen, running
from ui.measure.feed_centre import pages
from ui.measure.scan import WARM_UP, Lane
from ui.measure.shop import own_configuration

_STOCK_S: Final = 900.0
_LOAD_S: Final = 1_800.0
_EVERY_S: Final = 5  # the product asks every 30 s; nobody wants to wait for it
_BEHIND_S: Final = 1.5  # what was shown is still copied from the log into the file
_CODES: Final = 200_000

Span = tuple[float, float]  # by time.monotonic


@dataclass(frozen=True, slots=True)
class Size:
    """How much is loaded, and how many scans are taken of an idle till between the loads."""

    items: int
    changed: int
    rounds: int
    idle: int


WHOLE: Final = Size(1_000_000, 10_000, 12, 600)
QUICK: Final = Size(3_000, 300, 1, 20)


def measure(bounds: Bounds) -> dict[str, Any]:
    """p50 and p99 of scan to line in milliseconds, idle, during a first load, and during deltas; the ratios of the p99; seconds.

    One terminal, enrolled, on a catalogue as large as the one that comes down. Idle scans are taken before, between and behind the
    loads. The service is ended and started again in the middle of the first load. Raises MeasureError.
    """
    size = QUICK if bounds.quick else WHOLE
    with ExitStack() as opened:
        centre = Centre(bounds.directory / "centre", size, opened)
        lane = Lane(bounds.directory / "till", size.items, _CODES, opened, centre.enrol)
        books = bounds.directory / "till" / "books"
        cache = opened.enter_context(closing(open_reader(books / "cache.db", load_key(books / KEY_NAME))))
        till = Till(lane, cache)
        till.scan(WARM_UP)
        till.taken.clear()
        till.scan(size.idle)
        load = _first_load(till, centre)
        till.scan(size.idle)
        deltas = [_delta(till, centre, number) for number in range(1, size.rounds + 1)]
    found = _latencies(till.taken, load, deltas)
    found["first_load_s"] = round(load.seconds, 1)
    found["first_load_pages_again"] = load.again
    found["delta_s"] = round(statistics.median(delta.seconds for delta in deltas), 2)
    found["items"], found["changed"] = size.items, size.changed
    found["how"] = (
        f"scans of one enrolled terminal, one after the other; first load of {size.items} articles and their prices with the service"
        f" killed half way, then {size.rounds} deltas of {size.changed} articles, name and price; the service in a process of its own"
        " that gives way to the till"
    )
    return found


class Till:
    """Scans one code after the other, and looks behind each what the till holds of the feeds."""

    def __init__(self, lane: Lane, cache: Any) -> None:
        self._lane = lane
        self._cache = cache
        self.taken: list[Span] = []

    def scan(self, count: int) -> None:
        """`count` scans, each from the byte to the frame."""
        for _ in range(count):
            seconds = self._lane.scan()
            ended = time.monotonic()
            self.taken.append((ended - seconds, ended))

    def until(self, table: str, cursors: Mapping[str, int]) -> float:
        """Scan until `feed` (what is shown) or `feed_stage` has come to `cursors`; gives when. Raises MeasureError."""
        end = time.monotonic() + _LOAD_S
        while time.monotonic() < end:
            self.scan(1)
            held = dict(self._cache.execute(f"SELECT name, cursor FROM {table}").fetchall())  # noqa: S608 - our own words
            if all(held.get(name, 0) >= cursor for name, cursor in cursors.items()):
                return time.monotonic()
        raise MeasureError(f"the till did not take in what came down within {_LOAD_S:.0f} s")


@dataclass(frozen=True, slots=True)
class Load:
    """When the till loaded. `outage`: it waited for the service. `again`: pages that were asked for twice."""

    spans: tuple[Span, ...]
    outage: Span = (0.0, 0.0)
    again: int = 0

    @property
    def seconds(self) -> float:
        """How long it was at it, the outage left out."""
        return sum(ended - begun for begun, ended in self.spans) - _BEHIND_S


@dataclass(slots=True)
class Centre:
    """The service in a process of its own: started, killed, and started again on the same port."""

    directory: Path
    size: Size
    opened: ExitStack
    cursors: dict[str, int] = field(default_factory=dict)
    _terminal: str = ""
    _code: str = ""
    _port: int = 0
    _serving: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.directory.mkdir()
        self.opened.callback(self._serving.close)
        self._terminal = own_configuration(self.directory).terminal.id
        self._code, _, stand = self._do("stock", self._terminal, str(self.size.items)).partition(" ")
        self.cursors = json.loads(stand)

    def enrol(self, site: Path, books: Path) -> None:
        """Let the till of `site` and `books` in; the line is down when it starts."""
        self.open()
        enrol(books, f"https://127.0.0.1:{self._port}", self._code, self._terminal)
        self.cut()
        with site.open("a", encoding="utf-8") as more:
            more.write(f"\n[sync]\nenabled = true\nfeeds_every_s = {_EVERY_S}\n")

    def open(self) -> None:
        """Serve."""
        command = [PYTHON, "-m", "ui.measure.feed_centre", "serve", str(self.directory), str(self._port)]
        child = self._serving.enter_context(running(command, offscreen(), self.directory / "log"))
        self._port = int(child.line(60.0))

    def cut(self) -> None:
        """End the process."""
        self._serving.close()

    def change(self, number: int) -> None:
        """Change as many articles as a delta has."""
        self.cursors = json.loads(self._do("change", *map(str, (self.size.items, self.size.changed, number))))

    def asked(self, since: float) -> list[tuple[float, str, int]]:
        """The pages of feeds that were asked for since then: when, of which, behind which change."""
        return [page for page in pages(self.directory) if page[0] >= since]

    def _do(self, what: str, *arguments: str) -> str:
        command = [PYTHON, "-m", "ui.measure.feed_centre", what, str(self.directory), *arguments]
        return finished(command, f"feed ({what})", _STOCK_S, offscreen())


def _first_load(till: Till, centre: Centre) -> Load:
    opened = time.monotonic()
    centre.open()
    till.until("feed_stage", {"catalogue": centre.cursors["catalogue"] // 2})
    cut = time.monotonic()
    centre.cut()
    centre.open()
    ended = till.until("feed", centre.cursors)
    asked = centre.asked(opened)
    resumed = next((at for at, _, _ in asked if at > cut), cut)  # a small load may have been fetched whole by then
    places = [(name, after) for _, name, after in asked]
    spans = ((asked[0][0], cut), (resumed, ended + _BEHIND_S))
    return Load(spans, (cut, resumed), len(places) - len(set(places)))


def _delta(till: Till, centre: Centre, number: int) -> Load:
    centre.change(number)
    changed = time.monotonic()
    ended = till.until("feed", centre.cursors)
    till.scan(centre.size.idle // centre.size.rounds)
    return Load(((centre.asked(changed)[0][0], ended + _BEHIND_S),))


def _latencies(taken: Iterable[Span], load: Load, deltas: Iterable[Load]) -> dict[str, Any]:
    changes = tuple(span for delta in deltas for span in delta.spans)
    during: dict[str, list[float]] = {"idle": [], "first_load": [], "delta": []}
    for scan in taken:
        if _meets(scan, load.spans):
            during["first_load"].append(scan[1] - scan[0])
        elif _meets(scan, changes):
            during["delta"].append(scan[1] - scan[0])
        elif not _meets(scan, (load.outage,)):
            during["idle"].append(scan[1] - scan[0])
    cut = {what: statistics.quantiles(seconds, n=100) for what, seconds in during.items()}
    found: dict[str, Any] = {
        f"{what}_ratio": round(cut[what][98] / cut["idle"][98], 3) for what in ("first_load", "delta")
    }
    for percent in (50, 95, 99):
        found[f"p{percent}_ms"] = {what: round(values[percent - 1] * 1000, 2) for what, values in cut.items()}
    found["scans"] = {what: len(seconds) for what, seconds in during.items()}
    return found


def _meets(scan: Span, spans: Iterable[Span]) -> bool:
    return any(scan[0] < ended and begun < scan[1] for begun, ended in spans)
