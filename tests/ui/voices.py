"""A `spd-say` that writes down what it is asked to say: a program on the path, as the real one is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SCRIPT = """#!/bin/sh
[ "$1" = -C ] && { echo CUT >> "$SPOKEN"; exit 0; }
while [ "$1" != -- ]; do [ "$1" = -l ] && language=$2; shift; done
printf '%s: %s\\n' "$language" "$2" >> "$SPOKEN"
"""


class Voice:
    """The program, and what it has said so far: "en: Welcome." a line, or "CUT"."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        folder.mkdir(exist_ok=True)
        self.program = folder / "spd-say"
        self._spoken = folder / "spoken.txt"
        self.replace(SCRIPT)
        patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("SPOKEN", str(self._spoken))

    def replace(self, script: str) -> None:
        self.program.write_text(script)
        self.program.chmod(0o755)

    @property
    def heard(self) -> list[str]:
        return self._spoken.read_text("utf-8").splitlines() if self._spoken.exists() else []

    def forget(self) -> None:
        self._spoken.unlink(missing_ok=True)
