"""A hand at the bench: does one thing after another on a thread of its own, for nobody may be reading, and then a wire fills."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from devices.transport import TransportLostError


class Hand:
    """`told` is called on the hand's thread after each act with "" or the code of why it did not get through."""

    def __init__(self, told: Callable[[str], None], unplugged: str) -> None:
        self._told, self._unplugged = told, unplugged
        self._thread = ThreadPoolExecutor(1, "bench-hand")

    def do(self, act: Callable[[], None]) -> None:
        """Do it, after what is still to be done."""
        self._thread.submit(self._perform, act)

    def close(self) -> None:
        """Let go; what was not begun is left."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _perform(self, act: Callable[[], None]) -> None:
        try:
            act()
        except TransportLostError:
            self._told("nobody-reads")
        except OSError:
            self._told(self._unplugged)
        else:
            self._told("")
