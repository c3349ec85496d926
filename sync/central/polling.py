"""Long polls of one process: whoever waits is woken when something is open, found by one question a moment for all of them."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from sync.central.errors import DatabaseAwayError, Refusal

log = logging.getLogger(__name__)
EVERY_S: Final = 0.5


class Polls:
    """Who waits for commands. `find(terminal_ids)` gives those that something is open for. On one event loop."""

    def __init__(self, find: Callable[[frozenset[str]], Awaitable[frozenset[str]]]) -> None:
        self._find = find
        self._waiting: Counter[str] = Counter()
        self._woken: dict[str, asyncio.Event] = {}
        self._looking: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._waiting.total()

    async def wait(self, terminal_id: str, most_s: float) -> None:
        """Come back when something is open for this terminal, or after `most_s`, or at once where all is to end."""
        if self._is_closed:
            return
        self._waiting[terminal_id] += 1
        event = self._woken.setdefault(terminal_id, asyncio.Event())
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            async with asyncio.timeout(most_s):
                await event.wait()
        except TimeoutError:
            return
        finally:
            self._waiting[terminal_id] -= 1
            if not self._waiting[terminal_id]:
                del self._waiting[terminal_id]
                self._woken.pop(terminal_id, None)

    def close(self) -> None:
        """Let everyone go, also those who come from now on."""
        self._is_closed = True
        if self._looking is not None:
            self._looking.cancel()
        for event in self._woken.values():
            event.set()

    async def _look(self) -> None:
        while self._waiting:
            await asyncio.sleep(EVERY_S)
            try:
                found = await self._find(frozenset(self._waiting))
            except (DatabaseAwayError, Refusal) as error:
                log.warning("commands were not looked for: %s", error)
                continue
            for terminal_id in found:
                if terminal_id in self._woken:
                    self._woken[terminal_id].set()
