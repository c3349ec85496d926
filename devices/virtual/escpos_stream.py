"""ESC/POS as a stream: which bytes are text, which are a command with its arguments, and which are real-time requests.

Source: Epson's ESC/POS command reference. Any bytes give tokens; nothing is kept beyond one command of at most `LONGEST_COMMAND`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST_COMMAND = 1 << 20  # bytes; a raster of a metre of 80 mm paper takes 580,000
_TERMINATED = 256  # the longest argument that ends with a NUL

ESC, FS, GS, DLE = b"\x1b", b"\x1c", b"\x1d", b"\x10"
_LEADS = {0x1B: "ESC", 0x1C: "FS", 0x1D: "GS", 0x10: "DLE"}


@dataclass(frozen=True, slots=True)
class Text:
    """Bytes to print in the current code page; none of them below 0x20."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """A control byte or a command: `name` is its leading bytes, `known` whether its length is documented.

    A command longer than `LONGEST_COMMAND` comes without its arguments, and is `skipped`.
    """

    name: bytes
    args: bytes = b""
    known: bool = True
    skipped: bool = False

    def __str__(self) -> str:
        lead = _LEADS.get(self.name[0], f"{self.name[0]:02X}")
        rest = "".join(f" {chr(byte)}" if 0x20 < byte < 0x7F else f" {byte:02X}" for byte in self.name[1:])
        args = "".join(f" {byte:02X}" for byte in self.args[:8]) + (" ..." if len(self.args) > 8 else "")
        return (
            ("" if self.known else "unknown ") + lead + rest + args + (" (too long, skipped)" if self.skipped else "")
        )


Token = Text | Command

# The number of argument bytes after the two bytes of a command's name.
_FIXED: dict[bytes, int] = {
    **{ESC + bytes([c]): 0 for c in b"@2<LSFimv"},
    **{ESC + bytes([c]): 1 for c in b"!-3=?EGJKMRTV aAdert{uZUQ%"},
    **{ESC + bytes([c]): 2 for c in b"$\\c"},
    ESC + b"p": 3,
    ESC + b"W": 8,
    **{GS + bytes([c]): 0 for c in b":c"},
    **{GS + bytes([c]): 1 for c in b"!#/BEHITabfhjrw"},
    **{GS + bytes([c]): 2 for c in b"$LPW\\"},
    **{GS + bytes([c]): 2 for c in b"z"},
    GS + b"^": 3,
    GS + b"g": 4,
    **{FS + bytes([c]): 0 for c in b"&."},
    **{FS + bytes([c]): 1 for c in b"!-CW"},
    **{FS + bytes([c]): 2 for c in b"Sp"},
    DLE + b"\x04": 1,
    DLE + b"\x05": 1,
}


class Tokenizer:
    """Cuts bytes into tokens, in whatever pieces they come."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0

    @property
    def pending(self) -> int:
        """Bytes received and not yet given out."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take more bytes."""
        passed = min(self._skip, len(data))
        self._skip -= passed
        self._buffer += data[passed:]

    def clear(self) -> None:
        """Forget everything received."""
        self._buffer.clear()
        self._skip = 0

    def next(self) -> Token | None:
        """The next token, or None until more bytes come."""
        buffer = self._buffer
        if not buffer:
            return None
        if buffer[0] >= 0x20:
            end = _TEXT.match(buffer)
            return Text(self._take(end.end() if end else 1))
        if buffer[0] not in _LEADS:
            return Command(self._take(1))
        if len(buffer) < 2:
            return None
        return self._command()

    def _command(self) -> Token | None:
        name = bytes(self._buffer[:2])
        if name in _FIXED:
            return self._whole(2, 2 + _FIXED[name])
        measure = _MEASURED.get(name)
        if measure is None:
            return Command(self._take(2), known=False)
        measured = measure(self._buffer)
        return None if measured is None else self._whole(*measured)

    def _whole(self, name_bytes: int, size: int) -> Token | None:
        if size > LONGEST_COMMAND:
            name = bytes(self._buffer[:name_bytes])
            here = min(size, len(self._buffer))
            del self._buffer[:here]
            self._skip = size - here
            return Command(name, skipped=True)
        if len(self._buffer) < size:
            return None
        whole = self._take(size)
        return Command(whole[:name_bytes], whole[name_bytes:])

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


_TEXT = re.compile(rb"[\x20-\xff]{1,512}")

# Each gives the bytes of the name and of the whole command, or None until enough has come to know.
_Measured = tuple[int, int] | None


def _counted(buffer: bytearray) -> _Measured:
    """`GS (` and `FS (`: a function letter, then a two-byte count."""
    return None if len(buffer) < 5 else (3, 5 + buffer[3] + (buffer[4] << 8))


def _counted_long(buffer: bytearray) -> _Measured:
    """`GS 8 L`: a four-byte count."""
    return None if len(buffer) < 7 else (3, 7 + int.from_bytes(buffer[3:7], "little"))


def _bit_image(buffer: bytearray) -> _Measured:
    """`ESC *` m nL nH: n columns of one byte, or of three for the 24-dot modes."""
    if len(buffer) < 5:
        return None
    return 2, 5 + (buffer[3] + (buffer[4] << 8)) * (3 if buffer[2] in (32, 33) else 1)


def _raster(buffer: bytearray) -> _Measured:
    """`GS v 0` m xL xH yL yH: x bytes a row, y rows."""
    if len(buffer) < 8:
        return None
    return 3, 8 + (buffer[4] + (buffer[5] << 8)) * (buffer[6] + (buffer[7] << 8))


def _bar_code(buffer: bytearray) -> _Measured:
    """`GS k`: up to 6 the data ends with a NUL, from 65 on a count leads it."""
    if len(buffer) < 4:
        return None
    if buffer[2] >= 65:
        return 2, 4 + buffer[3]
    return _until_nul(buffer, 3)


def _until_nul(buffer: bytearray, start: int) -> _Measured:
    end = buffer.find(0, start, start + _TERMINATED)
    if end >= 0:
        return 2, end + 1
    return (2, start + _TERMINATED) if len(buffer) >= start + _TERMINATED else None


def _tabs(buffer: bytearray) -> _Measured:
    return _until_nul(buffer, 2)


def _downloaded_image(buffer: bytearray) -> _Measured:
    """`GS *` x y: x times eight columns of y bytes."""
    return None if len(buffer) < 4 else (2, 4 + buffer[2] * 8 * buffer[3])


def _characters(buffer: bytearray) -> _Measured:
    """`ESC &` y c1 c2, then for each character its width x and x columns of y bytes."""
    if len(buffer) < 5:
        return None
    at = 5
    for _ in range(buffer[3], buffer[4] + 1):
        if len(buffer) <= at:
            return None
        at += 1 + buffer[at] * buffer[2]
    return 2, at


def _cut(buffer: bytearray) -> _Measured:
    """`GS V` m, and n for the forms that feed first."""
    return None if len(buffer) < 3 else (2, 4 if buffer[2] in (65, 66, 97, 98, 103, 104) else 3)


def _counter(buffer: bytearray) -> _Measured:
    """`GS C` 0 or 1 or 2: how the serial counter prints."""
    return None if len(buffer) < 3 else (2, {0x30: 5, 0x31: 9, 0x32: 5}.get(buffer[2], 3))


def _real_time(buffer: bytearray) -> _Measured:
    """`DLE DC4` fn: a pulse, power off, or clear the buffers."""
    return None if len(buffer) < 3 else (2, {1: 5, 2: 5, 8: 10}.get(buffer[2], 3))


_MEASURED: dict[bytes, Callable[[bytearray], _Measured]] = {
    GS + b"(": _counted,
    FS + b"(": _counted,
    GS + b"8": _counted_long,
    ESC + b"*": _bit_image,
    GS + b"v": _raster,
    GS + b"k": _bar_code,
    ESC + b"D": _tabs,
    GS + b"*": _downloaded_image,
    ESC + b"&": _characters,
    GS + b"V": _cut,
    GS + b"C": _counter,
    DLE + b"\x14": _real_time,
}


class RealTime:
    """Finds real-time requests as bytes arrive: a printer answers them at once, whatever it is busy with, even inside an image."""

    _REQUEST = re.compile(
        rb"\x10(?:\x04[\x01-\x04]|\x05[\x00-\x02]|\x14\x01[\x00\x01][\x01-\x08]|\x14\x08\x01\x03\x14\x01\x06\x02\x08)",
        re.DOTALL,
    )
    _LONGEST = 10

    def __init__(self) -> None:
        self._tail = b""

    def split(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """`data` in pieces, each with the request that ends it, or with b"" for the last piece."""
        joined = self._tail + data
        given = len(self._tail)
        for found in self._REQUEST.finditer(joined):
            yield joined[given : found.end()], found[0]
            given = found.end()
        yield joined[given:], b""
        # A request may come in two pieces: what could be its beginning is looked at again with the next one.
        unresolved = joined[max(given, len(joined) - self._LONGEST + 1) :] if given > len(self._tail) else joined
        self._tail = unresolved[-(self._LONGEST - 1) :]
