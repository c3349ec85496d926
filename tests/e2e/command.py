"""The `kiosk` command as a process, for the tests of this folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# The import path of a checkout comes first: an installed `kiosk` may belong to another one.
KIOSK = [sys.executable, "-m", "ui.cli"]


def kiosk(*arguments: str | Path, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*KIOSK, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=PROJECT,
        env={**clean_environment(), **variables},
        timeout=60,
        check=False,
    )


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("KIOSK__", "PYTHONUNBUFFERED"))}


def one_plain_line(result: subprocess.CompletedProcess[bytes]) -> str:
    """What is said on stderr, which must be one line and no traceback, with status 1."""
    assert result.returncode == 1
    said = result.stderr.decode()
    assert said.count("\n") == 1, said
    return said
