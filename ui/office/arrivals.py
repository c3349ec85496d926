"""What arrived at the office, asked for as any back office would: the sales of the store behind a cursor."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Final

import urllib3
from urllib3.exceptions import HTTPError

_WITHIN_S: Final = 5.0
_PAGE: Final = 500
_MOST_BYTES: Final = 16_000_000


class ArrivalsError(Exception):
    """The office did not answer, or not with sales; the message says how."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A sale that is at the office: `total_minor` is what was sold, `to_pay_minor` what was paid, bills included. `seen_s` is when it was
    first seen there, on the clock of `time.monotonic`."""

    sale_id: str
    terminal_id: str
    total_minor: int
    to_pay_minor: int
    seen_s: float


class Arrivals:
    """The sales at `address`, for whoever has `token`. `look` from one thread."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._headers = {"authorization": f"Bearer {token}"}
        self._pool = urllib3.PoolManager(maxsize=1, retries=False)
        self._after = 0
        self.seen: list[Arrived] = []
        """Every sale so far, in the order of its coming."""

    def look(self) -> int:
        """How many sales came since the last look. Raises ArrivalsError."""
        before = len(self.seen)
        while not self._page():
            pass
        return len(self.seen) - before

    def close(self) -> None:
        """Let the connection go."""
        self._pool.clear()

    def _page(self) -> bool:
        """Whether that was the last page for now."""
        address = f"{self._address}?after={self._after}&limit={_PAGE}"
        try:
            with self._pool.request(
                "GET", address, headers=self._headers, timeout=_WITHIN_S, preload_content=False
            ) as answer:
                body = answer.read(_MOST_BYTES)
                if answer.status != 200:
                    raise ArrivalsError(f"the office answered with status {answer.status}")
            found = json.loads(body)
            now_s = time.monotonic()
            self.seen += [
                Arrived(
                    str(one["sale_id"]),
                    str(one["terminal_id"]),
                    int(one["total_minor"]),
                    int(one["to_pay_minor"]),
                    now_s,
                )
                for one in found["sales"]
            ]
            self._after = int(found["next"])
            return bool(found["done"])
        except (HTTPError, OSError, ValueError, KeyError, TypeError) as error:
            raise ArrivalsError(f"the office did not answer with sales ({type(error).__name__})") from error
