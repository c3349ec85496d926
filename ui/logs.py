"""What a process beside us said last, read from the end of its log."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_TAIL_BYTES: Final = 4096
LONGEST_LINE: Final = 200


def last_line(log: Path) -> str:
    """The last line with something on it, printable and short; "" where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL_BYTES))
            lines = file.read().decode(errors="replace").split("\n")
    except OSError:
        return ""
    said = [line for line in lines if line.strip()]
    return "".join(filter(str.isprintable, said[-1]))[:LONGEST_LINE] if said else ""
