"""One window for all tests of the screens: a kiosk has only one, too."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtGui import QGuiApplication
from samples import Stage


@pytest.fixture(scope="session")
def stage(qapp: QGuiApplication) -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()
