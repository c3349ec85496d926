"""Server-sent events: whoever looks at a store is told when something of it changed, by one question a moment for all who look."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from sqlalchemy import Connection

from sync.central.database import one
from sync.central.errors import DatabaseAwayError, Refusal

log = logging.getLogger(__name__)
EVERY_S: Final = 0.5
BEAT_EVERY_S: Final = 4.0  # so that a page knows when its line is dead
MOST_LOOKING: Final = 200  # of one process


def mark(connection: Connection, store_id: str) -> str:
    """A text that differs when something that the console shows of this store differs."""
    row = one(
        connection,
        "SELECT (SELECT count(*) FROM sale WHERE store_id = :store AND day >= :day) AS sales,"
        " (SELECT last_number FROM export_counter WHERE store_id = :store) AS number,"
        " (SELECT max(coalesce(state_ms, 0)) + max(coalesce(seen_ms, 0)) FROM terminal WHERE store_id = :store) AS told,"
        " (SELECT last_number FROM form_counter WHERE store_id = :store) AS forms,"
        " (SELECT max(last_ms) FROM alert WHERE store_id = :store) AS alerted,"
        " (SELECT count(*) FROM alert WHERE store_id = :store AND closed_ms IS NULL) AS open_alerts,"
        " (SELECT max(at_ms) FROM audit WHERE store_id = :store) AS acted,"
        " (SELECT last_number FROM bill_counter WHERE store_id = :store) AS bills",
        store=store_id,
        day=time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400)),
    )
    return "-".join(str(value) for value in row) if row else ""


class Pulse:
    """Who looks at which store. `ask(stores)` gives each one's mark. On one event loop."""

    def __init__(self, ask: Callable[[frozenset[str]], Awaitable[dict[str, str]]]) -> None:
        self._ask = ask
        self._looking: Counter[str] = Counter()
        self._marks: dict[str, str] = {}
        self._beat = asyncio.Event()
        self._is_closed = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether nobody else may look: pages then are as they were loaded, and say so."""
        return self._looking.total() >= MOST_LOOKING

    async def events(self, store_id: str) -> AsyncIterator[bytes]:
        """The stream of one page, until the page goes away."""
        self._looking[store_id] += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        try:
            told, told_at = self._marks.get(store_id, ""), 0.0
            while not self._is_closed:
                now = self._marks.get(store_id, "")
                if now != told:
                    told, told_at = now, time.monotonic()
                    yield b"event: change\ndata: 1\n\n"
                elif time.monotonic() - told_at >= BEAT_EVERY_S:
                    told_at = time.monotonic()
                    yield b"event: beat\ndata: 1\n\n"
                await self._beat.wait()
        finally:
            self._looking[store_id] -= 1
            if not self._looking[store_id]:
                del self._looking[store_id]
                self._marks.pop(store_id, None)

    def close(self) -> None:
        """End every stream, so that the service can end."""
        self._is_closed = True
        self._beat.set()

    async def _run(self) -> None:
        while self._looking:
            try:
                self._marks.update(await self._ask(frozenset(self._looking)))
            except (DatabaseAwayError, Refusal) as error:
                # No beat either: pages then say that they are not live.
                log.warning("the console's pages are not told of changes: %s", error)
                await asyncio.sleep(EVERY_S)
                continue
            if self._is_closed:
                return
            woken, self._beat = self._beat, asyncio.Event()
            woken.set()
            await asyncio.sleep(EVERY_S)
