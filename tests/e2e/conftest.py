"""A terminal in this process, on a screen that nobody sees, for the tests that look at it through its window."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtGui import QGuiApplication

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
