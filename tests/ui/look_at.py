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


def main(folder: Path, names: list[str]) -> None:
    """Grab each sample in both sizes, both languages, normal and large text."""
    app = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    stage = Stage()
    for size, (width, height) in {"land": (1280, 800), "port": (1080, 1920)}.items():
        for language in ("en", "de"):
            for large in (False, True):
                for name in names or SAMPLES:
                    stage.show(name, width, height, language, large=large)
                    stage.window.grab().save(str(folder / f"{name}-{size}-{language}{'-large' if large else ''}.png"))
    stage.window.close()
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
