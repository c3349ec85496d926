"""What the contract suites share: waiting for something to come true, and proof that nothing is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def eventually(come_true: Callable[[], object], what: str = "", within_s: float = 10.0) -> None:
    """Poll until `come_true()` holds; fails with `what` after `within_s`."""
    deadline = time.monotonic() + within_s
    while not come_true():
        assert time.monotonic() < deadline, f"never came true: {what}"
        time.sleep(0.005)


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Every thread and descriptor that was opened inside is gone at the end."""
    before, threads = _descriptors(), set(threading.enumerate())
    yield
    eventually(lambda: set(threading.enumerate()) <= threads, "all threads ended")
    assert _descriptors() == before


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
