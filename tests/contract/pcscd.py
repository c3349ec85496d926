"""A PC/SC service of the tests' own: the real pcscd with vsmartcard's virtual reader, in a mount namespace where /run/pcscd is private.

pcscd's socket has a fixed place; its clients look where PCSCLITE_CSOCK_NAME says, once in a process. So neither disturbs a service of the
machine, and all services of one process have one place.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
READER = "Tern Reader"
_FOLDER = Path(tempfile.gettempdir()) / f"tern-pcscd-{os.getpid()}"
_WITHIN_S = 15.0
_PATH = f"/usr/sbin:/sbin:{os.environ.get('PATH', '/usr/bin')}"
# An ordinary user is root of a namespace of their own.
_SPACES = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]


def why_not() -> str:
    """What this machine forbids, "" for nothing. Packages that are missing are no reason: packaging/set-up.sh test installs them."""
    tried = subprocess.run(["unshare", *_SPACES, "true"], capture_output=True, check=False)
    return (
        "" if tried.returncode == 0 else "needs a mount namespace, which this machine does not allow (unshare --mount)"
    )


class PcscService:
    """Started by `start`, ended by `stop`, as often as wanted. It knows two readers, `READER` 00 00 and 00 01."""

    def __init__(self) -> None:
        self._port = _free_pair()
        self._process: subprocess.Popen[bytes] | None = None

    def port(self, slot: int = 0) -> int:
        """Where a card for the reader `slot` connects to."""
        return self._port + slot

    def start(self, *, plugged: bool = True) -> None:
        """Start it, with its readers plugged in or not."""
        assert DRIVER.exists(), "install vsmartcard-vpcd: packaging/set-up.sh test does"
        assert shutil.which("pcscd", path=_PATH), "install pcscd: packaging/set-up.sh test does"
        for name in ("run", "conf"):
            (_FOLDER / name).mkdir(parents=True, exist_ok=True)
        os.environ["PCSCLITE_CSOCK_NAME"] = str(_FOLDER / "run" / "pcscd.comm")
        port = f"0x{self._port:X}"
        text = f'FRIENDLYNAME "{READER}"\nDEVICENAME /dev/null:{port}\nLIBPATH {DRIVER}\nCHANNELID {port}\n'
        (_FOLDER / "conf" / "reader").write_text(text if plugged else "")
        inside = 'mkdir -p /run/pcscd && mount --bind "$1/run" /run/pcscd && exec pcscd --foreground -c "$1/conf"'
        command = ["unshare", *_SPACES, "setpriv", "--pdeathsig", "KILL", "sh", "-c", inside, "sh", str(_FOLDER)]
        with (_FOLDER / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PATH": _PATH})
        until = time.monotonic() + _WITHIN_S
        while not (_FOLDER / "run" / "pcscd.comm").exists():
            said = (_FOLDER / "log").read_text("utf-8", "replace")
            assert self._process.poll() is None, f"pcscd ended at once: {said}"
            assert time.monotonic() < until, f"pcscd did not start: {said}"
            time.sleep(0.02)

    def stop(self) -> None:
        """As when the service is stopped, or dies."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_WITHIN_S)
        for left in ("pcscd.comm", "pcscd.pid"):
            (_FOLDER / "run" / left).unlink(missing_ok=True)


@contextmanager
def serving() -> Iterator[PcscService]:
    """A service that runs, and is gone afterwards."""
    made = PcscService()
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(_FOLDER, ignore_errors=True)


def _free_pair() -> int:
    """A port that is free together with the one above it: vpcd has a second reader there."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("", port + 1))
            except (OSError, OverflowError):
                continue
            return port
