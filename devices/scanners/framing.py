"""Where one code ends and the next begins on a serial scanner's line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kiosk.domain.scan import LONGEST_BILL_BYTES

SUFFIXES = {"auto": rb"\r\n|\r|\n", "cr": rb"\r", "lf": rb"\n", "crlf": rb"\r\n", "none": rb"(?!)"}
# A code that began and does not end: a whole QR code takes half a second at 9600 baud, and comes without a pause.
_HALF_FRAME_MS = 1000
_AIM_BYTES = 3
_KEEP = LONGEST_BILL_BYTES + 1 + _AIM_BYTES  # one byte too many says "too long" to the resolver; the rest is dropped

# Codes of these families hold lines (a bill in a QR code has thirty): their suffix ends them only where a new code or a pause follows.
# From a scanner without identifiers, the first line of a bill says so.
_HOLDS_LINES = re.compile(rb"\][QdLz][0-9A-Za-z]|(?:SPC|BCD)[\r\n]")
_NEXT_CODE = rb"(?=\][A-Za-z][0-9A-Za-z])"


class Framing:
    """Cuts a stream of bytes into codes, in pieces or many at once; holds no more than one code.

    `suffix`: "cr", "lf", "crlf", "none" (a pause ends a code), or "auto": any of the three, and a pause ends a code until a
    suffix has been seen once. A code that must have a suffix and stops without one is half a code, and dropped: the first eight
    digits of an EAN-13 are now and then a valid EAN-8.
    """

    def __init__(self, suffix: str) -> None:
        self._end = re.compile(SUFFIXES[suffix])
        self._end_before_code = re.compile(rb"(?:" + SUFFIXES[suffix] + rb")" + _NEXT_CODE)
        self._suffix_needed = suffix in {"cr", "lf", "crlf"}
        self._learns = suffix == "auto"
        self._buffer = b""
        self.dropped = 0  # since the last whole code

    @property
    def pending(self) -> bool:
        """Whether a code has begun and not ended."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Sequence[bytes]:
        """The codes that `data` completes, without their suffixes."""
        codes = []
        rest = self._buffer + data
        while True:
            rest = rest.lstrip(b"\r\n")
            pattern = self._end_before_code if _HOLDS_LINES.match(rest) else self._end
            end = pattern.search(rest)
            if end is None:
                break
            codes.append(rest[: end.start()][:_KEEP])
            rest = rest[end.end() :]
            self._suffix_needed = self._suffix_needed or self._learns
            self.dropped = 0
        # What is too long loses its middle, so that its end is still found.
        self._buffer = rest if len(rest) <= 2 * _KEEP else rest[:_KEEP] + rest[-_AIM_BYTES - 2 :]
        return codes

    def pause(self, silent_ms: int, gap_ms: int) -> Sequence[bytes]:
        """The code that a silence of `silent_ms` ends, if it does."""
        if silent_ms < gap_ms or not self._buffer:
            return ()
        end = list(self._end.finditer(self._buffer))
        complete = bool(end) and end[-1].end() == len(self._buffer)
        if self._suffix_needed and not complete:
            if silent_ms >= _HALF_FRAME_MS:
                self._buffer = b""
                self.dropped += 1
            return ()
        code = self._buffer[: end[-1].start()] if complete else self._buffer
        self._suffix_needed = self._suffix_needed or (complete and self._learns)
        self._buffer = b""
        return (code[:_KEEP],)
