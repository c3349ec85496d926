"""How the ends of the line and whoever plays with them speak: a word a line, on stdin and stdout. And the names that both know."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Final

TERMINAL: Final = "T1"
STORE: Final = "S1"
DONE_NAME: Final = "done.txt"
TELEMETRY_BYTES: Final = 100_000


def say(word: str) -> None:
    """A line on stdout, whole or not at all, from any thread."""
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


def hear(heard: Callable[[str], None]) -> None:
    """Call `heard` with every word, on a thread of its own. When whoever speaks has gone, this process ends at once."""

    def listen() -> None:
        for line in sys.stdin:
            heard(line.strip())
        os._exit(3)

    threading.Thread(target=listen, name="words", daemon=True).start()
