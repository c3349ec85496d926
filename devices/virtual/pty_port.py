"""A serial port without hardware: a pseudo-terminal behind a link that outlives unplugging, as /dev/serial/by-id does."""

from __future__ import annotations

import os
import shutil
import tempfile
import tty
from pathlib import Path

from devices.transport import Transport


class PtyPort:
    """The far end of `url`. `line` is None while unplugged. Plugged in when made."""

    def __init__(self, name: str, directory: Path | None = None) -> None:
        self._own_directory = directory is None
        self._directory = directory or Path(tempfile.mkdtemp(prefix=f"{name}-"))
        self._directory.mkdir(parents=True, exist_ok=True)
        self._link = self._directory / name
        self._name = name
        self._slave = -1
        self.line: Transport | None = None
        self.replug()

    @property
    def url(self) -> str:
        """The transport a driver opens."""
        return f"serial:{self._link}"

    def unplug(self) -> None:
        """The cable is pulled: the driver's line hangs up, and the link is gone."""
        self._link.unlink(missing_ok=True)
        line, self.line = self.line, None
        if line is not None:
            line.close()
            os.close(self._slave)

    def replug(self) -> None:
        """Plugged in (again): another terminal behind the same link."""
        self.unplug()
        master, self._slave = os.openpty()
        tty.setraw(self._slave)  # no echo, no translation: what a wire does
        # The slave stays open here: with nobody on it, reading the master would fail.
        self.line = Transport(master, f"virtual {self._name}")
        self._link.symlink_to(os.ttyname(self._slave))

    def close(self) -> None:
        """Unplug for good."""
        self.unplug()
        if self._own_directory:
            shutil.rmtree(self._directory, ignore_errors=True)
