"""The office: a central service as a process of its own, the line to it, and the terminal let in. Knows nothing of the terminal's books."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.configuration import PROJECT_ROOT
from sync.faults.proxy import LineProxy
from sync.identity import EnrolmentError, IdentityError, enrol
from ui.logs import LONGEST_LINE, last_line

log = logging.getLogger(__name__)

CONSOLE_PORT: Final = 8480  # where it is free, so that a page that is open stays the right one
_HOST: Final = "127.0.0.1"
_END_S: Final = 10.0


class OfficeError(Exception):
    """There is no central service beside this terminal; the message says why."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the office is to be found. `console` is for a browser, `sales` the sales of its store for whoever has `token`."""

    console: str
    person: str
    password: str
    sales: str
    token: str


class Office:
    """`line` is the terminal's line, which can be cut and mended from the beginning. Every method from any thread."""

    def __init__(self, config_path: Path | None, data_dir: Path, log_path: Path) -> None:
        """Nothing runs before `start`. Raises OSError where no port is to be had."""
        self._data_dir = data_dir
        self._log_path = log_path
        port, self._console_port = _free_port(0), _free_port(CONSOLE_PORT)
        self.line = LineProxy(f"https://{_HOST}:{port}")
        self._command = [sys.executable, "-m", "ui.cli", "central", "demo", "--data", str(data_dir.absolute())]
        self._command += ["--port", str(port), "--console-port", str(self._console_port)]
        if config_path is not None:
            self._command += ["--config", str(config_path.absolute())]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_closed = False

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes the terminal use this line."""
        return {"KIOSK__SYNC__ENABLED": "true", "KIOSK__SYNC__URL": self.line.url}

    def start(self, told: Callable[[Doors | OfficeError], None]) -> None:
        """Start it, and let the terminal in where it is not known yet; `told` is called once, on another thread."""
        threading.Thread(target=lambda: told(self._started()), name="office", daemon=True).start()

    def close(self) -> None:
        """End the service and the line. Callable more than once."""
        with self._lock:
            self._is_closed = True
            process = self._process
        self.line.close()
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr] # a pipe, as asked for: its end is the word to end
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()  # type: ignore[union-attr] # a pipe, as asked for

    def _started(self) -> Doors | OfficeError:
        try:
            said = self._first_word()
            if said["code"]:
                enrol(self._data_dir, said["url"], said["code"], said["terminal_id"])
            self.line.start()
        except OfficeError as error:
            return error
        except (OSError, EnrolmentError, IdentityError, ValueError, KeyError) as error:
            return OfficeError(" ".join(str(error).split("\n"))[:LONGEST_LINE])
        base = said["console"].removesuffix("/console")
        sales = f"{base}/api/v1/stores/{said['store_id']}/sales"
        return Doors(said["console"], said["person"], said["password"], sales, said["token"])

    def _first_word(self) -> dict[str, str]:
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, self._log_path.open("ab") as errors:
            if self._is_closed:
                raise OfficeError("closed")
            process = self._process = subprocess.Popen(  # noqa: S603 - our own command, no words of anybody else in it
                self._command,
                # Its own folder on the path: a linked environment may know another folder's code.
                cwd=PROJECT_ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        line = process.stdout.readline(65_536) if process.stdout else b""
        if not line:
            raise OfficeError(last_line(self._log_path) or "it ended at once")
        said = json.loads(line)
        return {str(name): str(value) for name, value in said.items()}


def _free_port(wanted: int) -> int:
    """`wanted` where nobody has it, else one that nobody has. Raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((_HOST, wanted))
        except OSError:
            if not wanted:
                raise
            return _free_port(0)
        return int(one.getsockname()[1])
