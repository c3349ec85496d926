"""Scan data as a line of text: with or without an AIM identifier, and with escapes for what a line cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

# What a line holds beyond this is dropped; a scan ends at 512 bytes, and four bytes may stand for one.
LONGEST_LINE_BYTES = 1 << 22

_ESCAPES = {b"\\n": b"\n", b"\\r": b"\r", b"\\x1d": b"\x1d", b"\\\\": b"\\"}
_ESCAPE = re.compile(rb"\\(?:n|r|x1[dD]|\\)")


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


def unescaped(line: bytes) -> bytes:
    r"""The data a line stands for: `\n`, `\r`, `\x1d` and `\\` are line feed, return, separator and backslash; all else is itself."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0].lower()], line)
