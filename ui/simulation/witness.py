"""Stands in the middle of the line and remembers what the service promised, to hold it to that."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from typing import Final

from sync.faults.message import Message

_NONCE: Final = re.compile(r';nonce="([^"]+)"')
_UNSIGNED: Final = "/v1/enrolment"  # what makes it one of its kind is its code
_PROMISING: Final = ("/v1/journal", "/v1/quarantine")


class Witness:
    """`watch` from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accepted: Counter[str] = Counter()
        self._promised: dict[str, tuple[int, str]] = {}

    def watch(self, request: Message, answer: Message) -> None:
        """This request arrived whole, and this was answered, whether or not the terminal ever heard it."""
        if answer.status != 200 or request.path == _UNSIGNED:
            return
        nonce = _NONCE.search(request.header("signature-input"))
        with self._lock:
            self._accepted[nonce[1] if nonce else ""] += 1
            if request.method == "POST" and request.path in _PROMISING:
                told = json.loads(answer.body)
                known = self._promised.get(told["journal_id"], (0, ""))
                self._promised[told["journal_id"]] = max(known, (told["seq"], told["hash"]))

    @property
    def promised(self) -> dict[str, tuple[int, str]]:
        """By journal id, up to which entry, with which digest, the service said that it holds everything."""
        with self._lock:
            return dict(self._promised)

    @property
    def taken_twice(self) -> int:
        """How many requests were accepted more than once, or without anything that makes them one of their kind."""
        with self._lock:
            return sum(1 for nonce, times in self._accepted.items() if times > 1 or not nonce)
