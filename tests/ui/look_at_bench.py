"""Draws the bench in the middle of a payment into pictures, to be looked at: `python tests/ui/look_at_bench.py DIR`."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem

from devices.terminals.zvt import ZvtTerminal
from devices.virtual.far_sides import KINDS, FarSides
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome
from kiosk.ports import TerminalMessage
from kiosk.services.words import Words
from ui.bench.bench import Bench
from ui.bench.bills import sheaf
from ui.bench.holders import read_holders
from ui.bench.office import OfficeBench
from ui.bench.process import KioskProcess
from ui.bench.shelf import read_shelf
from ui.bench.window import ASSETS, BenchWindow
from ui.office.office import Office
from ui.viewmodels.words import WordsBridge

RECEIPT = b"\x1b@\x1ba\x01\x1d!\x11HOFMARKT\n\x1d!\x00Am Anger 3\n\n\x1ba\x00" + b"".join(
    f"{name:<36}{price:>12}\n".encode() for name, price in [("Vollmilch 3,8 %", "1,29"), ("Roggenbrot", "2,19")] * 9
)


class Till:
    """A register that keeps every approval."""

    def __init__(self, driver: ZvtTerminal) -> None:
        self._driver = driver

    def progress(self, message: TerminalMessage) -> None:
        """Nothing is shown here."""

    def approved(self, outcome: Outcome) -> None:
        """Keep it."""
        threading.Timer(0.05, self._driver.decide, kwargs={"keep": True}).start()


def settle(seconds: float) -> None:
    """Let the devices and the window work."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QCoreApplication.processEvents()
        time.sleep(0.01)


def pay(sides: FarSides, minor: int) -> threading.Thread:
    """A register that asks for a payment."""
    assert sides.payment is not None
    driver = ZvtTerminal(sides.payment.url, check_s=0)
    paying = threading.Thread(
        target=lambda: driver.authorise("ref", Money(minor, "EUR"), Till(driver)), name="paying", daemon=True
    )
    paying.start()
    settle(1)
    return paying


def play(folder: Path, sides: FarSides, bench: Bench, window: BenchWindow) -> None:
    """A payment, a paper, a power cut, a payment in hand."""

    def grab(name: str) -> None:
        for code in ("en", "de"):
            bench.speak(code)
            settle(0.2)
            window.grab().save(str(folder / f"{name}-{code}.png"))

    grab("1-new")
    bench.power.powerOn()
    bench.office.start()
    until = time.monotonic() + 60
    while bench.office.state == "starting" and time.monotonic() < until:
        settle(0.2)
    bench.office.show(arrived=3, lastMinor=1290)
    tabs = window.root().findChild(QQuickItem, "tabs")
    tabs.setProperty("current", "sheaf")
    grab("8-bills")
    tabs.setProperty("current", "cards")
    window.root().findChild(QQuickItem, "cards").setProperty("faultsShown", True)
    grab("9-cards")
    tabs.setProperty("current", "shelf")
    first = pay(sides, 2417)
    bench.payment.presentCard("visa")
    settle(2)
    first.join(5)
    assert sides.printer is not None
    host, _, port = sides.printer.url.removeprefix("tcp:").partition(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(RECEIPT + b"\n\n\x1dV\x00" + RECEIPT[:600])
        settle(1.5)
    second = pay(sides, 6200)
    bench.payment.toggleInserting()
    bench.payment.presentCard("girocard")
    for digit in "12":
        bench.payment.pressKey(digit)
    bench.printer.toggle("paper-low")
    for name in ("printer", "scanner"):
        window.root().findChild(QQuickItem, name).setProperty("faultsShown", True)
    grab("2-playing")
    for name in ("printer", "scanner"):
        window.root().findChild(QQuickItem, name).setProperty("faultsShown", False)
    panel = window.root().findChild(QQuickItem, "payment")
    panel.setProperty("faultsShown", True)
    bench.payment.toggleFault("approval-lost")
    grab("3-faults")
    window.view.resize(640, 1080)
    grab("4-high")
    window.view.resize(620, 720)
    panel.setProperty("faultsShown", False)
    grab("5-narrow")
    window.view.resize(640, 864)
    reader = window.root().findChild(QQuickItem, "reader")
    reader.setProperty("picture", bench.printer.papers.rows[0].picture)
    grab("6-reader")
    reader.setProperty("picture", "")
    bench.payment.pressKey("red")
    bench.payment.removeCard()
    bench.power.pullPlug()
    bench.office.toggleLine()
    settle(0.5)
    second.join(5)
    grab("7-cut")


def main(folder: Path) -> None:
    """Play, and grab each stage in both languages."""
    app = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        sides = FarSides(KINDS, Path(data))
        words = WordsBridge(Words(ASSETS / "languages", "en", country="DE"), "en", "EUR")
        power = KioskProcess([sys.executable, "-c", "import time; time.sleep(60)"], {}, Path(data) / "kiosk.log")
        office = OfficeBench(Office(None, Path(data) / "data", Path(data) / "office.log"))
        store = ASSETS / "store"
        bench = Bench(
            sides,
            power,
            read_shelf(store / "shelf.toml"),
            words,
            bills=sheaf(datetime.now(UTC).date(), 42),
            holders=read_holders(store / "accounts.toml"),
            office=office,
        )
        window = BenchWindow(bench, words)
        window.show()
        play(folder, sides, bench, window)
        power.stop()
        office.close()
        window.close()
        bench.close()
        sides.close()
    assert isinstance(app, QObject)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
