"""Nonces of requests that only read: remembered in this process, within bounds, without ever believing what it has forgotten."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from sync.central.errors import Refusal
from sync.central.keys import iso
from sync.protocol.problems import ProblemType
from sync.signing import Signed

MOST: Final = 50_000


class SeenHere:
    """Thread-safe. What was signed before this process began, or before what it had to forget, has to be signed again."""

    def __init__(self, began_s: float) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._from_s = int(began_s)

    def use_once(self, signed: Signed, now_s: float) -> None:
        """Remember it. Raises Refusal (REPLAY, CLOCK)."""
        key = (signed.terminal_id, signed.nonce)
        with self._lock:
            if key in self._known:
                raise Refusal(
                    ProblemType.REPLAY, "a request with this nonce was made before; sign it again with a new one"
                )
            if signed.created_s < self._from_s:
                words = "it was signed before what this process remembers; sign it again, by the service's clock"
                raise Refusal(ProblemType.CLOCK, words, service_time=iso(now_s))
            self._known[key] = signed.created_s
            while len(self._known) > MOST:
                _, created_s = self._known.popitem(last=False)
                # A terminal that is ahead of time must not shut out those that are not.
                self._from_s = max(self._from_s, min(created_s + 1, int(now_s)))
