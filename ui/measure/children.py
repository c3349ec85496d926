"""The processes that a figure starts: in the project's folder, ended by whoever started them, their errors said in one line."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kiosk.configuration import PROJECT_ROOT
from ui.measure import MeasureError

PYTHON: Final = sys.executable
ROOT: Final = PROJECT_ROOT
_PATIENCE_S = 10.0


def offscreen() -> dict[str, str]:
    """The environment of a terminal that draws every frame, into memory."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}


def finished(command: Sequence[str], figure: str, time_limit_s: float, environment: Mapping[str, str]) -> str:
    """What `command` wrote to standard output. Raises MeasureError where it fails or does not end in time."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=time_limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise MeasureError(f"{figure} took longer than {time_limit_s:.0f} s; try again on a quieter machine") from None
    if done.returncode:
        raise MeasureError(f"{figure} could not be taken: {last_line(done.stderr)}")
    return done.stdout


class Child:
    """A process in the background, in a group of its own. What it says on standard output is read a line at a time."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as errors:
            self._said, said = os.pipe()
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=errors,
                start_new_session=True,
            )
            os.close(said)
        self._heard = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def line(self, time_limit_s: float) -> str:
        """The next line. Raises MeasureError where none comes in time, or the process has ended."""
        deadline = time.monotonic() + time_limit_s
        while b"\n" not in self._heard:
            ready, _, _ = select.select([self._said], [], [], max(0.0, deadline - time.monotonic()))
            more = os.read(self._said, 65536) if ready else b""
            if not more:
                raise self.failure("ended" if ready else f"said nothing for {time_limit_s:.0f} s")
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode("ascii", "replace")

    def failure(self, what: str) -> MeasureError:
        """That the process did `what`, with the last thing it logged."""
        return MeasureError(
            f"the terminal that is measured {what}: {last_line(self._log.read_text('utf-8', 'replace'))}"
        )

    def end(self) -> None:
        """Ask it to end, then end it and all that it started."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE_S)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._said)


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Child]:
    """`command` in the background, ended at the end, however that comes; its errors go to `log`."""
    child = Child(command, environment, log)
    try:
        yield child
    finally:
        child.end()


def last_line(text: str) -> str:
    """The last line that says something, cut to what fits beside our own words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no reason was given"
