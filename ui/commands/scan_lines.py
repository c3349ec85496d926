"""The lines of a stream of scan data, as they come, and never more of one than memory should hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

# What a line holds beyond this is dropped; a scan ends at 997 bytes, and what follows can change nothing.
LONGEST_LINE_BYTES = 1 << 22


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """Each line of `stream` without its end (LF or CR LF), as soon as it is there; the last one may lack its end."""
    while True:
        line = stream.readline(LONGEST_LINE_BYTES)
        if not line:
            return
        while not line.endswith(b"\n") and len(line) >= LONGEST_LINE_BYTES:
            rest = stream.readline(LONGEST_LINE_BYTES)
            if rest.endswith(b"\n") or not rest:
                break
        yield line.removesuffix(b"\n").removesuffix(b"\r")
