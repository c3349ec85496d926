"""The Qt binding must not wear Python's constants out: a kiosk runs for months."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLS = """
import sys
import ui
from PySide6.QtCore import QObject
one = QObject()
for _ in range(200_000):
    one.setObjectName("x")
    one.inherits("QObject")
    one.blockSignals(False)
assert sys.getrefcount(None) > 100_000 and sys.getrefcount(True) > 100_000, "worn out"
"""


def test_the_terminal_outlives_as_many_calls_into_qt_as_a_day_brings() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CALLS], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
