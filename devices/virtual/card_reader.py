"""A magnetic-stripe reader without hardware: the far end of a pseudo-terminal that sends swipes, and fails on demand."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from devices.virtual.pty_port import PtyPort

_WRITE_TIMEOUT_MS = 10_000
# As the usual serial readers frame tracks; ISO/IEC 7811-6 and 4909 let track 3 begin as track 2 does, readers tell it apart.
_STARTS = {1: "%", 2: ";", 3: "+"}


def tracks_of(text: str) -> Mapping[int, str]:
    """Tracks as somebody writes them: `1:B92761^DOE/JO 2:9276123456789=2912`; empty where the text is none. A "_" stands for a blank."""
    found = re.findall(r"([1-3]):([!-~]{1,110})(?:\s|$)", text)
    return {int(number): said.replace("_", " ") for number, said in found}


class VirtualCardReader:
    """Speaks over `url`, a link that outlives unplugging, as /dev/serial/by-id does.

    `with_check` lets it send each track's check character, as readers do that are set up so. Every way to send raises OSError when
    unplugged, TransportLostError when nobody has read for ten seconds.
    """

    def __init__(self, directory: Path | None = None, *, suffix: bytes = b"\r", with_check: bool = False) -> None:
        self._port = PtyPort("card-reader", directory)
        self._suffix = suffix
        self._with_check = with_check

    @property
    def url(self) -> str:
        """The transport a driver opens."""
        return self._port.url

    def swipe(self, tracks: Mapping[int, str], *, backwards: bool = False) -> None:
        """A card is drawn through: its tracks, 1 to 3, without sentinels. `backwards`: from right to left, bits as they came."""
        frame = self._frame(tracks)
        self.send((frame[::-1] if backwards else frame) + self._suffix)

    def swipe_slowly(self, tracks: Mapping[int, str], *, byte_gap_ms: int = 5) -> None:
        """The same, a byte at a time."""
        for byte in self._frame(tracks) + self._suffix:
            self.send(bytes([byte]))
            time.sleep(byte_gap_ms / 1000)

    def half_swipe(self, tracks: Mapping[int, str]) -> None:
        """A card that stops half way: the reader sends what it had, and no end."""
        frame = self._frame(tracks)
        self.send(frame[: len(frame) // 2])

    def unreadable(self, *numbers: int) -> None:
        """A swipe of which these tracks could not be read: the reader says "E" in their place."""
        self.send("".join(f"{_STARTS[number]}E?" for number in numbers).encode("ascii") + self._suffix)

    def garbage(self, size: int, seed: int = 0) -> None:
        """Noise on the line."""
        self.send(random.Random(seed).randbytes(size))  # noqa: S311 - noise, not a secret

    def send(self, raw: bytes) -> None:
        """Exactly these bytes."""
        line = self._port.line
        if line is None:
            raise OSError("the virtual card reader is unplugged; replug it first")
        line.write(raw, _WRITE_TIMEOUT_MS)

    def unplug(self) -> None:
        """The cable is pulled: the driver's line hangs up, and the link is gone."""
        self._port.unplug()

    def replug(self) -> None:
        """Plugged in (again), under the same link."""
        self._port.replug()

    def close(self) -> None:
        """Unplug for good."""
        self._port.close()

    def __enter__(self) -> VirtualCardReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _frame(self, tracks: Mapping[int, str]) -> bytes:
        return b"".join(_framed(number, said, with_check=self._with_check) for number, said in sorted(tracks.items()))


def _framed(number: int, said: str, *, with_check: bool) -> bytes:
    text = f"{_STARTS[number]}{said}?".encode("ascii")
    return text + _check(number, said) if with_check else text


def _check(number: int, said: str) -> bytes:
    """The longitudinal redundancy check (ISO/IEC 7811): each bit column of start, data, end and check has an even sum."""
    base, bits = (0x20, 6) if number == 1 else (0x30, 4)
    signs = (("%" if number == 1 else ";") + said + "?").encode("ascii")
    columns = [sum((sign - base) >> bit & 1 for sign in signs) % 2 for bit in range(bits)]
    return bytes([base + sum(odd << bit for bit, odd in enumerate(columns))])
