"""Where one swipe ends and the next begins on a magnetic-stripe reader's line."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.cards.tracks import LONGEST_SWIPE_BYTES, is_swipe

_ENDS = b"\r\n"
_KEEP = LONGEST_SWIPE_BYTES + 1  # one byte too many says "too long"; the rest is dropped
_HALF_SWIPE_MS = 800  # a swipe comes at once; at 9600 baud, three tracks take a quarter of a second


class Swipes:
    """Cuts a stream of bytes into swipes, in pieces or many at once; holds no more than one. A carriage return or a line feed ends one.

    A reader without a suffix is understood by the pause behind an end sentinel. The buffer is overwritten once a swipe is taken out of it,
    and whoever takes one overwrites it with `wipe` in turn.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pending(self) -> bool:
        """Whether a swipe has begun and not ended."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Sequence[bytearray]:
        """The swipes that `data` completes. Noise between two ends is none."""
        whole: list[bytearray] = []
        for byte in data:
            if byte in _ENDS:
                self._take(whole)
            elif len(self._buffer) < _KEEP:
                self._buffer.append(byte)
        return whole

    def pause(self, silent_ms: int, gap_ms: int) -> Sequence[bytearray]:
        """The swipe that a silence of `silent_ms` ends: behind an end sentinel soon, half a swipe later."""
        whole: list[bytearray] = []
        if silent_ms >= (gap_ms if b"?" in self._buffer[-2:] else _HALF_SWIPE_MS):
            self._take(whole)
        return whole

    def clear(self) -> None:
        """Forget what has begun."""
        wipe(self._buffer)
        self._buffer = bytearray()

    def _take(self, whole: list[bytearray]) -> None:
        if is_swipe(self._buffer):
            whole.append(self._buffer)
            self._buffer = bytearray()
        else:
            self.clear()


def wipe(buffer: bytearray) -> None:
    """Overwrite what a buffer held."""
    buffer[:] = bytes(len(buffer))
