"""A thread that works over a line of its own until it is told to end: what orders, feeds, telemetry and the uplink share."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from sync.line import Line


class Background(ABC):
    """One thread and one line. `start` and `stop` from any thread; a subclass says what is done in `_run`, and rests by `_rest`."""

    def __init__(self, line: Line, name: str, woken_by: threading.Event | None = None) -> None:
        """`name` is the thread's, for logs; `woken_by` is what it waits for besides its end."""
        self._line = line
        self._woken_by = woken_by
        self._is_ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End: who rests is woken, a request that is under way fails, and whatever was not done is done after the next start."""
        self._is_ending.set()
        if self._woken_by is not None:
            self._woken_by.set()
        self._line.close()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @abstractmethod
    def _run(self) -> None:
        """The work, on the thread; ends soon after `_is_ending` is set."""

    def _rest(self, seconds: float) -> None:
        """Wait, but not beyond the end."""
        self._is_ending.wait(seconds)
