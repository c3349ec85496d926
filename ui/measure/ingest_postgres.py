"""A PostgreSQL server of the figure's own: private directory, socket and port, syncing as the default does, an ordinary user's."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from ui.measure import MeasureError
from ui.measure.children import last_line

_START_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.1
_ORDINARY_USER: Final = "nobody"  # PostgreSQL refuses to run as root


def programs() -> Path | None:
    """Where the newest PostgreSQL server on this machine has its programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def place(directory: Path) -> Path:
    """Where the server's files are to be: `directory`, but for root, whose directories its ordinary user cannot enter."""
    return directory if os.geteuid() else Path(tempfile.gettempdir())


@contextmanager
def postgres(where: Path, installed: Path) -> Iterator[str]:
    """The URL of an empty database on a server with its files in `where`, ended and deleted afterwards. Raises MeasureError."""
    directory = Path(tempfile.mkdtemp(prefix="postgres-", dir=where))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    _make(directory, installed)
    command = [str(installed / "postgres"), "-D", str(directory / "data"), "-p", str(port), "-k", str(directory)]
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - our own words
            _ordinary([*command, "-c", "listen_addresses=127.0.0.1"]), stdout=log, stderr=log, cwd="/"
        )
    try:
        url = f"postgresql://tern@127.0.0.1:{port}/postgres"
        _wait(url, server, directory / "log")
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # fast: does not wait for who is connected
        server.wait(_START_S)
        shutil.rmtree(directory, ignore_errors=True)


def _make(directory: Path, installed: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam(_ORDINARY_USER)
        os.chown(directory, user.pw_uid, user.pw_gid)
    words = [str(installed / "initdb"), "-D", str(directory / "data"), "-U", "tern", "-A", "trust"]
    command = _ordinary([*words, "-E", "UTF8", "--locale=C"])
    made = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=_START_S, check=False)  # noqa: S603 - our own words
    if made.returncode:
        raise MeasureError(f"PostgreSQL could not make its files: {last_line(made.stderr)}")


def _ordinary(command: Sequence[str]) -> list[str]:
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", f"--reuid={_ORDINARY_USER}", "--regid=nogroup", "--clear-groups", *command]


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end_s = time.monotonic() + _START_S
    while time.monotonic() < end_s and server.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(_LOOK_EVERY_S)
        else:
            return
    raise MeasureError(f"PostgreSQL did not start: {last_line(log.read_text('utf-8', 'replace'))}")
