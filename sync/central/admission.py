"""Who is served now, who waits, who comes again later: decided purely, with the clock passed in, so that a herd can be simulated.

Live before backlog before telemetry; what has passed its deadline is dropped; nobody waits longer than a second for a worker; who must go
is told when to come again, each at a slot of his own. Of the policies that were simulated this alone drained ten thousand terminals in 1.09
of the ideal time while live ones saw 10 ms; with the same second for everyone they never drained.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from sync.protocol.wire import RequestClass

MOST_WAIT_S: Final = 1.0
FIRST_SLOT_S: Final = 0.5  # nobody is told to come again sooner
JITTER_S: Final = 0.25
LONGEST_RETRY_S: Final = 600.0
# More are told to come than there will be time for. While a herd is turned away, work takes longer than it will afterwards, so slots that
# were just right leave workers idle at the end (a fifth of the time, simulated); who comes too early waits in the queue, which is short.
OVERBOOKED: Final = 1.3
SMOOTHING: Final = 0.1  # of the measured costs
FIRST_COST_S: Final = 0.01
# One request that hung (the database failed over) says nothing about the next. Were it believed, everything would be turned away, and
# nothing would be left to learn from.
MOST_COST_S: Final = 0.5
# Telemetry is turned away while anything that matters waits longer than this, and for longer.
SHED_OVER_S: Final = 0.1
SHED_RETRY_S: Final = 30.0

_ORDER: Final = (RequestClass.LIVE, RequestClass.BACKLOG, RequestClass.TELEMETRY)


class Fate(Enum):
    """What becomes of a request that asks for a worker."""

    START = "start"
    WAIT = "wait"
    BUSY = "busy"  # 503, come again in `retry_after_s`
    SHED = "shed"  # as BUSY, for telemetry
    EXPIRED = "expired"  # its deadline has passed


@dataclass(eq=False, slots=True)
class Ticket:
    """One request. `deadline_s` is when the terminal stops waiting; all times on the clock that is passed in."""

    kind: RequestClass
    arrived_s: float
    deadline_s: float
    fate: Fate = Fate.WAIT
    started_s: float = 0.0
    retry_after_s: float = 0.0


@dataclass(slots=True)
class Admission:
    """The door of one process. Not thread-safe: it lives on the event loop. `jitter` gives a number from 0 to 1."""

    workers: int
    jitter: Callable[[], float]
    busy: int = 0
    _queues: dict[RequestClass, deque[Ticket]] = field(default_factory=lambda: {kind: deque() for kind in _ORDER})
    _cost_s: dict[RequestClass, float] = field(default_factory=lambda: dict.fromkeys(_ORDER, FIRST_COST_S))
    _slot_s: dict[RequestClass, float] = field(default_factory=lambda: dict.fromkeys(_ORDER, 0.0))

    def arrive(self, kind: RequestClass, now_s: float, deadline_s: float) -> Ticket:
        """A request is here. Its ticket says START, WAIT (`finish` and `expire` say more later), BUSY or SHED."""
        ticket = Ticket(kind, now_s, deadline_s)
        if self.busy < self.workers and not any(self._queues.values()):
            self._start(ticket, now_s)
        elif self.turned_away(kind):
            self._send_away(ticket, now_s)
        else:
            self._queues[kind].append(ticket)
        return ticket

    def turned_away(self, kind: RequestClass) -> bool:
        """Whether a request of this kind would only wait in vain; asked before its body is read."""
        wait_s = self.wait_s(kind)
        return wait_s > (SHED_OVER_S if kind is RequestClass.TELEMETRY else MOST_WAIT_S)

    def send_away(self, kind: RequestClass, now_s: float) -> Ticket:
        """The ticket of a request that goes at once."""
        ticket = Ticket(kind, now_s, now_s)
        self._send_away(ticket, now_s)
        return ticket

    def finish(self, ticket: Ticket, now_s: float) -> list[Ticket]:
        """A worker is free again. Gives the tickets that changed: those that start now, and those that must go."""
        self.busy -= 1
        spent_s = min(max(0.0, now_s - ticket.started_s), MOST_COST_S)
        self._cost_s[ticket.kind] += SMOOTHING * (spent_s - self._cost_s[ticket.kind])
        changed = self.expire(now_s)
        while self.busy < self.workers:
            waiting = next((queue for queue in self._queues.values() if queue), None)
            if waiting is None:
                break
            after = waiting.popleft()
            self._start(after, now_s)
            changed.append(after)
        return changed

    def expire(self, now_s: float) -> list[Ticket]:
        """Tickets that waited too long. To be asked at least every MOST_WAIT_S, and before anything starts."""
        gone: list[Ticket] = []
        for queue in self._queues.values():
            while queue and (queue[0].deadline_s <= now_s or queue[0].arrived_s + MOST_WAIT_S <= now_s):
                ticket = queue.popleft()
                if ticket.deadline_s <= now_s:
                    ticket.fate = Fate.EXPIRED
                else:
                    self._send_away(ticket, now_s)
                gone.append(ticket)
        return gone

    def leave(self, ticket: Ticket) -> None:
        """A waiting request was given up by the other end."""
        queue = self._queues[ticket.kind]
        if ticket in queue:
            queue.remove(ticket)

    def wait_s(self, kind: RequestClass) -> float:
        """How long a request of this kind would wait: for what is ahead of it, and for one of the running ones to end."""
        if self.busy < self.workers and not any(self._queues.values()):
            return 0.0
        ahead_s = 0.0
        for other in _ORDER:
            ahead_s += len(self._queues[other]) * self._cost_s[other]
            if other is kind:
                break
        return (ahead_s + self._cost_s[kind]) / self.workers

    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._queues.values()))

    def _start(self, ticket: Ticket, now_s: float) -> None:
        self.busy += 1
        ticket.fate = Fate.START
        ticket.started_s = now_s

    def _send_away(self, ticket: Ticket, now_s: float) -> None:
        kind = ticket.kind
        ticket.fate = Fate.SHED if kind is RequestClass.TELEMETRY else Fate.BUSY
        first_s = now_s + (SHED_RETRY_S if kind is RequestClass.TELEMETRY else FIRST_SLOT_S)
        # Never further ahead than terminals are asked to believe: who comes then is given a slot anew.
        each_s = self._cost_s[kind] / self.workers / OVERBOOKED
        slot_s = min(max(self._slot_s[kind], first_s) + each_s, now_s + LONGEST_RETRY_S)
        self._slot_s[kind] = slot_s
        ticket.retry_after_s = slot_s - now_s + self.jitter() * JITTER_S
