"""Performs effects, delivers events, owns time. Decisions are pure functions; this is the small machine around them.

`advance(state, event) -> (state, effects)` decides. A `Loop` (Qt's, or the virtual one here) delivers events one at a time on one
thread; performers do the work elsewhere and post what came of it. The very code of the shop thus runs under a virtual clock.
"""

from __future__ import annotations

import heapq
import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from kiosk.domain.records import dataclass

log = logging.getLogger(__name__)

State = TypeVar("State")
Post = Callable[[Any], None]
Performer = Callable[[Any, Post], None]


class Timer(Protocol):
    """A pending call."""

    def cancel(self) -> None:
        """Forget the call; harmless when it has run."""


class Loop(Protocol):
    """Delivers calls one at a time on one thread, and knows the time."""

    def now_ms(self) -> int:
        """Monotonic milliseconds."""

    def wall(self) -> datetime:
        """Wall time, with its offset."""

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the loop's thread, after what was posted before. Callable from any thread."""

    def later(self, delay_ms: int, call: Callable[[], None]) -> Timer:
        """Run `call` on the loop's thread in `delay_ms`. Callable from the loop's thread."""


@dataclass(frozen=True, slots=True)
class EffectFailed:
    """A performer raised: a bug of ours, logged, and told to the state so that it can end the matter in words."""

    effect: object
    message: str


class Runtime(Generic[State]):
    """Holds the state; feeds events to `advance`; hands effects to their performers by type."""

    def __init__(
        self,
        loop: Loop,
        advance: Callable[[State, Any], tuple[State, Sequence[object]]],
        state: State,
        performers: Mapping[type, Performer],
    ) -> None:
        self._loop = loop
        self._advance = advance
        self._performers = dict(performers)
        self._watchers: list[Callable[[State, Any], None]] = []
        self.state = state

    def post(self, event: object) -> None:
        """Deliver `event` soon, in order. Callable from any thread."""
        self._loop.post(lambda: self._deliver(event))

    def watch(self, watcher: Callable[[State, Any], None]) -> None:
        """Call `watcher(state, event)` on the loop's thread after each event, before its effects are performed."""
        self._watchers.append(watcher)

    def _deliver(self, event: object) -> None:
        self.state, effects = self._advance(self.state, event)
        for watcher in self._watchers:
            watcher(self.state, event)
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: object) -> None:
        try:
            self._performers[type(effect)](effect, self.post)
        except Exception as error:
            log.exception("effect %s failed", type(effect).__name__)
            self.post(EffectFailed(effect, str(error)))


class VirtualLoop:
    """A loop under a virtual clock, for simulations and tests: nothing sleeps, time jumps to the next call. One thread only."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._now_ms = 0
        self._order = itertools.count()
        self._calls: list[tuple[int, int, _VirtualTimer]] = []

    def now_ms(self) -> int:
        """Virtual milliseconds since the loop was made."""
        return self._now_ms

    def wall(self) -> datetime:
        """The virtual wall time."""
        return self._start + timedelta(milliseconds=self._now_ms)

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` at the present virtual time, after what was posted before."""
        self.later(0, call)

    def later(self, delay_ms: int, call: Callable[[], None]) -> Timer:
        """Run `call` when virtual time has come."""
        timer = _VirtualTimer(call)
        heapq.heappush(self._calls, (self._now_ms + max(0, delay_ms), next(self._order), timer))
        return timer

    def step(self, until_ms: int | None = None) -> bool:
        """Run the next call, moving time to it; False where there is none (before `until_ms`)."""
        while self._calls:
            due_ms, _, timer = self._calls[0]
            if until_ms is not None and due_ms > until_ms:
                return False
            heapq.heappop(self._calls)
            if timer.call is None:
                continue
            self._now_ms = max(self._now_ms, due_ms)
            call, timer.call = timer.call, None
            call()
            return True
        return False

    def run(self, for_ms: int) -> None:
        """Run all calls of the next `for_ms` of virtual time."""
        until_ms = self._now_ms + for_ms
        while self.step(until_ms):
            pass
        self._now_ms = until_ms


class _VirtualTimer:
    __slots__ = ("call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None
