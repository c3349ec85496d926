"""Backups of the journal: whole copies under the same key, made while selling, of which the last few are kept."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

from kiosk.storage.database import copy_into
from kiosk.storage.errors import StorageError
from kiosk.storage.key import sync_directory

log = logging.getLogger(__name__)

KEPT = 3


class Backups:
    """The backups in one directory. Thread-safe."""

    def __init__(self, journal: Path, directory: Path, key: bytes) -> None:
        self._journal = journal
        self._directory = directory
        self._key = key
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def newest_first(self) -> list[Path]:
        """The finished backups. Their names begin with the time at which they were made."""
        return sorted(self._directory.glob("journal-*.db"), reverse=True)

    def make(self) -> Path:
        """Make a backup now, durable when this returns. Reads all of the journal. Raises StorageError."""
        with self._lock:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self._directory / "unfinished"
            try:
                unfinished.unlink(missing_ok=True)
                copy_into(self._journal, self._key, unfinished)
                descriptor = os.open(unfinished, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                newest = next(iter(self.newest_first()), None)
                backup = unfinished.rename(self._directory / f"journal-{_later_than(newest)}.db")
                sync_directory(self._directory)
            except OSError as error:
                raise StorageError(
                    f"no backup of {self._journal} could be written ({error}); check {self._directory}"
                ) from error
            for old in self.newest_first()[KEPT:]:
                old.unlink(missing_ok=True)
            return backup

    def make_soon(self, delay_s: float = 0.0) -> None:
        """Make a backup on a thread of its own in `delay_s`, unless one is being made or nothing was written since the last."""
        if self._closing.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=self._make_quietly, args=(delay_s,), name="backup", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait for the backup that is being made; one that has not begun is left out."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _make_quietly(self, delay_s: float) -> None:
        if self._closing.wait(delay_s) or not self._is_behind():
            return
        try:
            self.make()
        except StorageError as error:
            log.warning("%s", error)

    def _is_behind(self) -> bool:
        newest = next(iter(self.newest_first()), None)
        if newest is None:
            return True
        log_path = Path(f"{self._journal}-wal")
        written = max(path.stat().st_mtime_ns for path in (self._journal, log_path) if path.exists())
        return written > newest.stat().st_mtime_ns


def _later_than(newest: Path | None) -> str:
    """A time for a name, in nanoseconds, that sorts behind `newest` though the clock was set back."""
    before = int(newest.stem.removeprefix("journal-")) if newest else 0
    return f"{max(time.time_ns(), before + 1):020d}"
