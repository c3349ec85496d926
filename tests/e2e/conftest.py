"""A terminal in this process, on a screen that nobody sees, for the tests that look at it through its window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtGui import QGuiApplication

from kiosk.storage.boot import Books, open_books
from sync.faults.faulty import FaultyLine
from sync.identity import Identity, enrol
from tests.e2e.central_ends import Central
from tests.e2e.shop_floor import ShopFloor, visit_to
from ui.tour.visit import Visit


@pytest.fixture(scope="module")
def shop_floor(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """One terminal for a module."""
    with visit_to(tmp_path_factory.mktemp("shop")) as floor:
        yield floor


@pytest.fixture
def visit(shop_floor: ShopFloor) -> Iterator[Visit]:
    """The module's terminal with nobody at it; afterwards whoever is there is sent home."""
    shop_floor.clear()
    yield shop_floor.visit
    shop_floor.clear()


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """The real service."""
    made = Central(tmp_path / "central")
    yield made
    made.stop()


@pytest.fixture
def line(central: Central) -> Iterator[FaultyLine]:
    """The way to it, which fails on demand."""
    made = FaultyLine(central.port, seed=7)
    made.start()
    yield made
    made.close()


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """A terminal's books."""
    opened = open_books(tmp_path / "books", "T1")
    yield opened
    opened.close()


@pytest.fixture
def identity(central: Central, line: FaultyLine, books: Books) -> Identity:
    """Who that terminal is, once enrolled."""
    return enrol(books.directory, line.url, central.code(), "T1")
