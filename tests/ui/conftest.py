"""One window for all tests of the screens: a kiosk has only one, too; and a bench on a table."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from samples import Stage

from tests.ui.bench_table import SLEEPER, Table


@pytest.fixture(scope="session")
def stage(qapp: QGuiApplication) -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


@pytest.fixture
def table(qapp: QObject, tmp_path: Path) -> Iterator[Table]:
    made = Table(tmp_path, [sys.executable, "-c", SLEEPER])
    yield made
    made.close()
