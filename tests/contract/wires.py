"""What the contract suites share: waiting for something to come true, and proof that nothing is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def eventually(come_true: Callable[[], object], what: str = "", within_s: float = 10.0) -> None:
    """Poll until `come_true()` holds; fails with `what` after `within_s`."""
    deadline = time.monotonic() + within_s
    while not come_true():
        assert time.monotonic() < deadline, f"never came true: {what}"
        time.sleep(0.005)


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Every thread and descriptor that was opened inside is gone at the end; what an earlier test left may go meanwhile."""
    before, threads = _descriptors(), set(threading.enumerate())
    yield
    eventually(lambda: set(threading.enumerate()) <= threads, "all threads ended")
    left = _descriptors() - before
    assert not left, f"left open: {left}"


def _descriptors() -> set[tuple[str, str]]:
    """The number of each open descriptor, and what it is of."""
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists the others is closed by now
            found.add((path.name, str(path.readlink())))
    return found
