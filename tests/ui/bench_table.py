"""A bench on a table, for tests: every far side on a real wire, and a window to touch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from devices.virtual.far_sides import KINDS, FarSides
from kiosk.services.words import Words
from ui.bench.bench import Bench
from ui.bench.bills import sheaf
from ui.bench.holders import Holder
from ui.bench.process import KioskProcess, kiosk_environment
from ui.bench.shelf import read_shelf
from ui.bench.window import ASSETS, BenchWindow
from ui.viewmodels.words import WordsBridge

SLEEPER = """
import os, signal, sys, time
def asked(*_):
    print("asked to end", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, asked)
print("up", os.getpid(), flush=True)
time.sleep(60)
"""
WITHIN_MS = 10_000
DAY, START = date(2026, 11, 22), 1
LENA = Holder("lena", "Lena Hartwig", "9276100000014", "4711", b"12345678901234567890")
TOM = Holder("tom", "Tomasz Wieczorek", "9276100000022", "8093", is_sent=True)


class Table:
    """A bench with every far side on real wires, and a window to touch."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.log = folder / "kiosk.log"
        self.sides = FarSides(KINDS, folder)
        self.words = WordsBridge(Words(ASSETS / "languages", "en", country="DE"), "en", "EUR")
        self.power = KioskProcess(command, kiosk_environment(self.sides.urls), self.log)
        shelf = read_shelf(ASSETS / "store" / "shelf.toml")
        self.bench = Bench(self.sides, self.power, shelf, self.words, bills=sheaf(DAY, START), holders=(LENA, TOM))
        self.window = BenchWindow(self.bench, self.words)
        self.window.show()

    def close(self) -> None:
        self.power.stop()
        self.window.close()
        self.bench.close()
        self.sides.close()

    def press(self, label: str) -> None:
        """Press the first key to be seen that says `label`, as a mouse does."""
        found = (item for item in everything(self.window.root()) if item.isVisible())
        button = next(item for item in found if item.property("label") == label)
        middle = button.mapToScene(button.boundingRect().center()).toPoint()
        QTest.mouseClick(self.window.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)


def everything(item: QQuickItem) -> Iterator[QQuickItem]:
    yield item
    for child in item.childItems():
        yield from everything(child)


def soon(qtbot: QtBot, come_true: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(come_true()), timeout=WITHIN_MS)
