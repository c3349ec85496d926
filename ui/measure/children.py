"""The processes that a figure starts: in the project's folder, ended by whoever started them, their errors said in one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from kiosk.configuration import PROJECT_ROOT
from ui.measure import MeasureError

PYTHON: Final = sys.executable
ROOT: Final = PROJECT_ROOT
_PATIENCE_S = 5.0


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


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """`command` in the background, in a process group of its own, which is ended at the end, however that comes."""
    process = subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, then end it and what it started. Callable more than once."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_line(text: str) -> str:
    """The last line that says something, cut to what fits beside our own words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no reason was given"
