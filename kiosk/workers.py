"""Work off the loop's thread: one thread that runs calls in order, and its stand-in under a virtual clock."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Worker(Protocol):
    """Runs calls one after another, away from whoever asks."""

    def submit(self, call: Callable[[], T], done: Callable[[T | Exception], None]) -> None:
        """Run `call`, then `done` with its result or what it raised; in the order submitted."""


class ThreadWorker:
    """A worker on a thread of its own. `stop` finishes what was submitted."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[tuple[Callable[[], Any], Callable[[Any], None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, call: Callable[[], T], done: Callable[[T | Exception], None]) -> None:
        """Run `call` on the worker's thread, then `done` there."""
        self._calls.put((call, done))

    def stop(self, timeout_s: float = 5.0) -> None:
        """Finish what was submitted, and end the thread."""
        self._calls.put(None)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (job := self._calls.get()) is not None:
            call, done = job
            _finish(call, done)
            del job, call, done  # what they hold, a PIN perhaps, does not wait here for the next call


class InlineWorker:
    """Runs each call at once, on the thread that asks: for simulations."""

    def submit(self, call: Callable[[], T], done: Callable[[T | Exception], None]) -> None:
        """Run `call`, then `done`."""
        _finish(call, done)


def _finish(call: Callable[[], Any], done: Callable[[Any], None]) -> None:
    try:
        result: Any = call()
    except Exception as error:
        log.exception("work failed")
        result = error
    done(result)
