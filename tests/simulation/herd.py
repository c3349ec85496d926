"""Ten thousand terminals that come back at once, against the service's own admission, under a virtual clock."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sync.central.admission import Admission, Fate, Ticket
from sync.protocol.wire import RequestClass

BACKLOG_S = 0.005  # what a batch of 200 entries costs a worker
LIVE_S = 0.001
LIVE_EVERY_S = 60.0
TICK_S = 0.05


@dataclass
class Herd:
    """`drained_s` is when the last backlog was in; `live_waits_s` what each live request waited for its answer, retries included."""

    terminals: int
    workers: int = 2
    seed: int = 1
    drained_s: float = 0.0
    live_waits_s: list[float] = field(default_factory=list)
    attempts: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - a simulation
        self._admission = Admission(self.workers, self._random.random)
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()
        self._then: dict[Ticket, Callable[[float], None]] = {}
        self._left = self.terminals

    @property
    def ideal_s(self) -> float:
        return self.terminals * BACKLOG_S / self.workers

    def run(self, most_s: float) -> None:
        for _ in range(self.terminals):
            self._at(self._random.uniform(0, 1.0), self._backlog)
            self._at(self._random.uniform(0, LIVE_EVERY_S), self._sale)
        self._at(TICK_S, self._tick)
        while self._events and self._left:
            now_s, _, happens = heapq.heappop(self._events)
            assert now_s < most_s, f"{self._left} terminals still wait after {now_s:.0f} s"
            happens(now_s)

    def _at(self, when_s: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (when_s, next(self._order), happens))

    def _backlog(self, now_s: float) -> None:
        self._ask(RequestClass.BACKLOG, now_s, BACKLOG_S, self._backlog, self._in)

    def _in(self, now_s: float) -> None:
        self._left -= 1
        self.drained_s = now_s

    def _sale(self, now_s: float) -> None:
        self._at(now_s + LIVE_EVERY_S, self._sale)

        def again(later_s: float) -> None:
            self._ask(RequestClass.LIVE, later_s, LIVE_S, again, lambda end_s: self.live_waits_s.append(end_s - now_s))

        again(now_s)

    def _ask(
        self,
        kind: RequestClass,
        now_s: float,
        cost_s: float,
        again: Callable[[float], None],
        done: Callable[[float], None],
    ) -> None:
        self.attempts += 1
        ticket = self._admission.arrive(kind, now_s, now_s + 10.0)

        def settled(at_s: float) -> None:
            if ticket.fate is Fate.START:
                self._at(at_s + cost_s, lambda end_s: self._end(ticket, end_s, done))
            else:
                self._at(at_s + ticket.retry_after_s, again)

        if ticket.fate is Fate.WAIT:
            self._then[ticket] = settled
        else:
            settled(now_s)

    def _end(self, ticket: Ticket, now_s: float, done: Callable[[float], None]) -> None:
        done(now_s)
        self._settle(self._admission.finish(ticket, now_s), now_s)

    def _tick(self, now_s: float) -> None:
        self._settle(self._admission.expire(now_s), now_s)
        self._at(now_s + TICK_S, self._tick)

    def _settle(self, tickets: list[Ticket], now_s: float) -> None:
        for ticket in tickets:
            self._then.pop(ticket)(now_s)
