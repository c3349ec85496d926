"""The door on the event loop: waits for admission, works on a thread, and lets the next one in."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sync.central.admission import Admission, Fate, Ticket
from sync.central.errors import Refusal
from sync.protocol.problems import ProblemType
from sync.protocol.wire import RequestClass

T = TypeVar("T")
TICK_S: Final = 0.05
_PROBLEMS: Final = {Fate.BUSY: ProblemType.BUSY, Fate.SHED: ProblemType.SHED, Fate.EXPIRED: ProblemType.EXPIRED}


class Door:
    """Admission for one process, with its worker threads. Used on one event loop."""

    def __init__(self, workers: int) -> None:
        self.admission = Admission(workers, random.random)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="central")
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._ticking: asyncio.Task[None] | None = None
        self._idle_since_s = time.monotonic()

    def idle_s(self) -> float:
        """For how long nothing has been worked on; 0 while something is. From any thread."""
        return 0.0 if self.admission.busy else time.monotonic() - self._idle_since_s

    def refuse_early(self, kind: RequestClass) -> None:
        """Before the body is read. Raises Refusal (BUSY, SHED) where the request would only wait in vain."""
        if self.admission.turned_away(kind):
            raise _refusal(self.admission.send_away(kind, time.monotonic()))

    async def through(self, kind: RequestClass, deadline_s: float, work: Callable[[], T]) -> T:
        """`work` on a worker's thread when it is its turn. `deadline_s` by time.monotonic(). Raises Refusal (BUSY, SHED, EXPIRED)."""
        ticket = self.admission.arrive(kind, time.monotonic(), deadline_s)
        if ticket.fate is Fate.WAIT:
            await self._turn(ticket)
        if ticket.fate is not Fate.START:
            raise _refusal(ticket)
        running = asyncio.get_running_loop().run_in_executor(self._pool, work)
        running.add_done_callback(lambda _: self._done(ticket))
        # Shielded: where the other end goes away, the thread works on, and its place is free only when it has done.
        return await asyncio.shield(running)

    def close(self) -> None:
        """End the worker threads once they are idle."""
        if self._ticking is not None:
            self._ticking.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _turn(self, ticket: Ticket) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[ticket] = turn
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._tick())
        try:
            await turn
        except asyncio.CancelledError:
            if self._waiting.pop(ticket, None) is not None:
                self.admission.leave(ticket)
            elif ticket.fate is Fate.START:
                self._done(ticket)
            raise

    def _done(self, ticket: Ticket) -> None:
        self._idle_since_s = time.monotonic()
        self._settle(self.admission.finish(ticket, self._idle_since_s))

    async def _tick(self) -> None:
        while self._waiting:
            await asyncio.sleep(TICK_S)
            self._settle(self.admission.expire(time.monotonic()))

    def _settle(self, tickets: list[Ticket]) -> None:
        for ticket in tickets:
            turn = self._waiting.pop(ticket, None)
            if turn is not None and not turn.done():
                turn.set_result(None)


def _refusal(ticket: Ticket) -> Refusal:
    kind = _PROBLEMS[ticket.fate]
    if ticket.fate is Fate.EXPIRED:
        return Refusal(kind, "nothing was done; send it again")
    return Refusal(kind, "send it again no sooner than retry_after_ms says", retry_after_s=ticket.retry_after_s)
