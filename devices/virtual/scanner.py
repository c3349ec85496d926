"""A bar code scanner without hardware: the far end of a pseudo-terminal that writes codes, and fails on demand."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
import tty
from pathlib import Path
from types import TracebackType

from devices.transport import Transport

_WRITE_TIMEOUT_MS = 10_000


class VirtualScanner:
    """Speaks over `url`, a link that outlives unplugging, as /dev/serial/by-id does.

    `suffix` and the AIM identifier of `scan` are how a scanner would be set up. Raises TransportLostError from `scan` when
    unplugged, or when nobody has read for ten seconds.
    """

    def __init__(self, directory: Path | None = None, *, name: str = "scanner", suffix: bytes = b"\r") -> None:
        self._own_directory = directory is None
        self._directory = directory or Path(tempfile.mkdtemp(prefix="scanner-"))
        self._link = self._directory / name
        self._suffix = suffix
        self._line: Transport | None = None
        self._slave = -1
        self.replug()

    @property
    def url(self) -> str:
        """The transport a driver opens."""
        return f"serial:{self._link}"

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
        if self._line is None:
            raise OSError("the virtual scanner is unplugged; replug it first")
        self._line.write(raw, _WRITE_TIMEOUT_MS)

    def unplug(self) -> None:
        """The cable is pulled: the driver's line hangs up, and the link is gone."""
        self._link.unlink(missing_ok=True)
        if self._line is not None:
            self._line.close()
            os.close(self._slave)
            self._line = None

    def replug(self) -> None:
        """Plugged in (again): another terminal behind the same link."""
        self.unplug()
        master, self._slave = os.openpty()
        tty.setraw(self._slave)  # no echo, no translation: what a wire does
        # The slave stays open here: with nobody on it, reading the master would fail.
        self._line = Transport(master, "virtual scanner")
        self._link.symlink_to(os.ttyname(self._slave))

    def close(self) -> None:
        """Unplug for good."""
        self.unplug()
        if self._own_directory:
            shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> VirtualScanner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _frame(self, data: bytes | str, aim: str) -> bytes:
        raw = data.encode("utf-8") if isinstance(data, str) else data
        return aim.encode("ascii") + raw + self._suffix
