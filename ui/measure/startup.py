"""`startup`: from the start of the process to ready for a scan, and the memory it then takes, beside an empty Chromium kiosk window."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from devices.virtual.scanner import VirtualScanner
from ui.measure import Bounds, MeasureError
from ui.measure.children import PYTHON, offscreen, running
from ui.measure.machine import family, pss_mb
from ui.measure.shop import draft, far_sides, forget_draft, gtins, stock

ITEMS: Final = 100_000
ITEMS_QUICK: Final = 1_000
STARTS: Final = 7
_PATIENCE_S: Final = 30.0
_SETTLE_S: Final = 1.0  # before memory is counted: what is loaded late counts as well
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
# A page that tells when it is on the screen: in the frame after the one that it asked for. Local network access is allowed for that.
_PAGE: Final = (
    "data:text/html,<script>requestAnimationFrame(()=>requestAnimationFrame(()=>"
    "{{new Image().src='http://127.0.0.1:{port}/painted'}}))</script>"
)
_FLAGS: Final = (
    "--headless=new",
    "--kiosk",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=LocalNetworkAccessChecks",
)


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until it was ready, and megabytes a second later."""

    seconds: float
    pss_mb: float


def measure(bounds: Bounds) -> dict[str, Any]:
    """Medians of starts with a warm disk cache, the terminal and Chromium in turns, both drawing into memory. Raises MeasureError.

    A profile of Chromium is used again, as a kiosk's would be. What Chromium shows is empty; the terminal has its books open, its
    devices connected, its first screen drawn, and has then proven that it takes a scan.
    """
    items, starts = (ITEMS_QUICK, 1) if bounds.quick else (ITEMS, STARTS)
    books, chromium = bounds.directory / "books", browser()
    stock(books, items)
    ours: list[Start] = []
    theirs: list[Start] = []
    with far_sides(bounds.directory) as (far, site):
        for code in gtins(items, starts + 1):
            ours.append(_terminal(books, site, far.scanner, code))
            if chromium is not None:
                theirs.append(_chromium(chromium, bounds.directory))
    found = _medians(ours[1:])
    found["how"] = f"median of {starts} starts on {items} items, warm disk cache, drawn into memory"
    if theirs:
        peer = _medians(theirs[1:])
        found["ratio"] = round(found["seconds"] / peer["seconds"], 3)
        found["memory_ratio"] = round(found["pss_mb"] / peer["pss_mb"], 3)
        found |= {f"chromium_{name}": value for name, value in peer.items()}
    else:
        found["how"] += "; Chromium is not installed, so there is nothing to set it against"
    return found


def _medians(starts: list[Start]) -> dict[str, Any]:
    return {
        "seconds": round(statistics.median(one.seconds for one in starts), 3),
        "pss_mb": round(statistics.median(one.pss_mb for one in starts), 1),
    }


def _terminal(books: Path, site: Path, scanner: VirtualScanner, code: str) -> Start:
    """Start the terminal; what it tells a service manager is what is waited for, and then held to it: the next scan has to arrive."""
    log = site.with_name("log")
    command = [PYTHON, "-m", "ui.cli", "--config", str(site), "--data", str(books), "run", "--no-bench"]
    with _notices(site.with_name("notify")) as (address, notices):
        begun = time.perf_counter()
        with running(command, {**offscreen(), "NOTIFY_SOCKET": address}, log) as child:
            try:
                told = notices.recv(64)
            except TimeoutError:
                raise child.failure(f"was not ready in {_PATIENCE_S:.0f} s") from None
            seconds = time.perf_counter() - begun
            if told != b"READY=1":
                raise child.failure(f"said {told!r} instead of READY=1")
            scanner.scan(code)
            if not _is_drafted(books, code):
                raise child.failure("said that it was ready, and did not take a scan")
            time.sleep(_SETTLE_S)
            start = Start(seconds, pss_mb(family(child.pid)))
    forget_draft(books)
    return start


def _is_drafted(books: Path, code: str) -> bool:
    """Whether the article arrives in the basket that the terminal keeps on disk."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if code in draft(books):
            return True
        time.sleep(0.02)
    return False


@contextmanager
def _notices(path: Path) -> Iterator[tuple[str, socket.socket]]:
    """A service manager's socket (sd_notify(3)), and its address."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(os.fsencode(path))
        line.settimeout(_PATIENCE_S)
        try:
            yield str(path), line
        finally:
            path.unlink()


def browser() -> str | None:
    """Chromium's command, None where it is not installed."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def _chromium(peer: str, directory: Path) -> Start:
    """Start Chromium on a page that is empty but for a word to us once it is painted."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(_PATIENCE_S)
        page = _PAGE.format(port=server.getsockname()[1])
        command = [peer, *_FLAGS, f"--user-data-dir={directory / 'profile'}", page]
        begun = time.perf_counter()
        with running(command, dict(os.environ), directory / "browser-log") as child:
            try:
                line, _ = server.accept()
            except TimeoutError:
                raise MeasureError(f"{peer} painted nothing in {_PATIENCE_S:.0f} s; measure without it") from None
            seconds = time.perf_counter() - begun
            line.close()
            time.sleep(_SETTLE_S)
            return Start(seconds, pss_mb(family(child.pid)))
