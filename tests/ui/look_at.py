"""Draws every screen with sample data into pictures, to be looked at: `python tests/ui/look_at.py DIR [NAME...]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtGui import QGuiApplication
from samples import SAMPLES, Stage

SIZES = {"land": (1280, 800), "port": (1080, 1920)}
WAYS: dict[str, dict[str, bool]] = {"": {}, "-large": {"large_text": True}, "-low": {"low_reach": True}}


def main(folder: Path, names: list[str]) -> None:
    """Grab each sample in both sizes and languages, normal, in large text, and in low reach."""
    app = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    stage = Stage()
    for size, (width, height) in SIZES.items():
        for language in ("en", "de"):
            for way, easier in WAYS.items():
                for name in names or SAMPLES:
                    stage.show(SAMPLES[name], width, height, language, **easier)
                    stage.window.grab().save(str(folder / f"{name}-{size}-{language}{way}.png"))
    stage.close()
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
