"""Room on the disk: a reserve that is given up when it is full, so that the outcome of a payment in flight is still written."""

from __future__ import annotations

import os
from pathlib import Path

# The largest sale with its log and projections takes some 200 kB; a payment in flight writes three commits.
RESERVE_BYTES = 4 * 1024 * 1024
# Selling stops while there is still this much beside the reserve: stop selling before losing a sale.
LEAST_FREE_BYTES = 8 * 1024 * 1024


class Reserve:
    """A file of RESERVE_BYTES in the directory of the books. Callable from any thread."""

    def __init__(
        self, directory: Path, *, reserve_bytes: int = RESERVE_BYTES, least_free_bytes: int = LEAST_FREE_BYTES
    ) -> None:
        self._path = directory / "reserve"
        self._reserve_bytes = reserve_bytes
        self._least_free_bytes = least_free_bytes

    def hold(self) -> bool:
        """Take the reserve, if the disk has it to give; whether it is held."""
        if self._held_bytes() >= self._reserve_bytes:
            return True
        if self._free_bytes() < self._reserve_bytes + self._least_free_bytes:
            return False
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, self._reserve_bytes)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Give the reserve up; whether that made room."""
        held = self._held_bytes() > 0
        self._path.unlink(missing_ok=True)
        return held

    def room(self) -> bool:
        """Whether there is room for another sale: the reserve is held, or can be taken again, and some is free beside it."""
        return self.hold() and self._free_bytes() >= self._least_free_bytes

    def _held_bytes(self) -> int:
        try:
            return self._path.stat().st_blocks * 512
        except FileNotFoundError:
            return 0

    def _free_bytes(self) -> int:
        status = os.statvfs(self._path.parent)
        return status.f_bavail * status.f_frsize
