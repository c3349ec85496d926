"""A bar code scanner without hardware: the far end of a pseudo-terminal that writes codes, and fails on demand."""

from __future__ import annotations

import random
import time
from pathlib import Path
from types import TracebackType

from devices.virtual.pty_port import PtyPort

_WRITE_TIMEOUT_MS = 10_000


class VirtualScanner:
    """Speaks over `url`, a link that outlives unplugging, as /dev/serial/by-id does.

    `suffix` and the AIM identifier of `scan` are how a scanner would be set up. `scan` raises OSError when
    unplugged, TransportLostError when nobody has read for ten seconds.
    """

    def __init__(self, directory: Path | None = None, *, name: str = "scanner", suffix: bytes = b"\r") -> None:
        self._port = PtyPort(name, directory)
        self._suffix = suffix

    @property
    def url(self) -> str:
        """The transport a driver opens."""
        return self._port.url

    def scan(self, data: bytes | str, aim: str = "]E0") -> None:
        """A code is held before the scanner: identifier, data, suffix."""
        self.send(self._frame(data, aim))

    def scan_slowly(self, data: bytes | str, aim: str = "]E0", *, byte_gap_ms: int = 5) -> None:
        """The same, a byte at a time."""
        for byte in self._frame(data, aim):
            self.send(bytes([byte]))
            time.sleep(byte_gap_ms / 1000)

    def half_frame(self, data: bytes | str, aim: str = "]E0") -> None:
        """A code that stops half way."""
        frame = self._frame(data, aim)
        self.send(frame[: len(frame) // 2])

    def garbage(self, size: int, seed: int = 0) -> None:
        """Noise on the line."""
        self.send(random.Random(seed).randbytes(size))  # noqa: S311 - noise, not a secret

    def send(self, raw: bytes) -> None:
        """Exactly these bytes: no identifier, no suffix."""
        line = self._port.line
        if line is None:
            raise OSError("the virtual scanner is unplugged; replug it first")
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

    def __enter__(self) -> VirtualScanner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _frame(self, data: bytes | str, aim: str) -> bytes:
        raw = data.encode("utf-8") if isinstance(data, str) else data
        return aim.encode("ascii") + raw + self._suffix
