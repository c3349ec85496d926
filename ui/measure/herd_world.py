"""Ten thousand terminals whose line comes back at the same moment, in a world whose clock is a number.

Real: the service's admission (`sync.central.admission`, one a process), the terminals' shipping and pacing (`sync.shipping`,
`sync.pacing`), what of the journal is live (`sync.batches.class_of`), the deadlines. Measured: how long a request takes, also one that is
turned away. Simulated: the clock, the line (which takes no time), the balancer (any process, by chance), and that a batch, once begun, is
taken.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk.ports import StoredEntry
from sync.batches import class_of
from sync.central.admission import Admission, Fate, Ticket
from sync.exchange import LineError
from sync.line import ProblemError
from sync.pacing import Pacing
from sync.protocol.problems import Problem, ProblemType
from sync.protocol.wire import RequestClass
from sync.shipping import Acknowledged, Event, Grown, Lost, Pace, Rang, Refused, Remember, Send, Shipping, Wait, advance
from sync.uplink import WITHIN_S
from ui.measure import MeasureError

BACKLOG_ENTRIES: Final = 200
SALE_ENTRIES: Final = 4
SALE_EVERY_S: Final = 60.0
WORST_LIVE_PER_S: Final = (
    2 / 15 + 1 / SALE_EVERY_S
)  # a terminal: its reporter waits up to 15 s without a line, then it and its sales
_OUTAGE_S: Final = 120.0  # long enough for every terminal to wait as long as it ever does between two attempts
_TICK_S: Final = 0.05
_BEGUN: Final = datetime(2026, 11, 22, tzinfo=UTC)
_PROBLEMS: Final = {Fate.BUSY: ProblemType.BUSY, Fate.SHED: ProblemType.SHED, Fate.EXPIRED: ProblemType.EXPIRED}


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds that requests took, drawn from with equal chance: batches of the backlog, what is live, and what is turned away."""

    backlog_s: Sequence[float]
    live_s: Sequence[float]
    refused_s: Sequence[float]


class World:
    """The clock, and what happens when."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a simulation
        self.now_s = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def later(self, delay_s: float, happens: Callable[[], None]) -> None:
        """Let it happen."""
        heapq.heappush(self._events, (self.now_s + delay_s, next(self._order), happens))

    def step(self) -> None:
        """The next thing that happens."""
        self.now_s, _, happens = heapq.heappop(self._events)
        happens()

    def wall(self) -> datetime:
        """The time of day."""
        return _BEGUN + timedelta(seconds=self.now_s)


Answered = Callable[[ProblemError | LineError | None], None]


class Process:
    """A process of the service: its door, and workers that take as long as was measured."""

    def __init__(self, world: World, workers: int, costs: Costs) -> None:
        self._world = world
        self._costs = costs
        self._admission = Admission(workers, world.random.random)
        self._waiting: dict[Ticket, Answered] = {}
        self._owed_s = 0.0  # to turn one away takes the process's time as well: what it works on takes so much longer
        self.worked_s = 0.0
        world.later(_TICK_S, self._tick)

    def ask(self, of: RequestClass, answered: Answered) -> None:
        """A request arrives; `answered` is told None, or what the service answers instead."""
        now_s = self._world.now_s
        if self._admission.turned_away(of):
            self._owed_s += self._world.random.choice(self._costs.refused_s)
            answered(_problem(self._admission.send_away(of, now_s)))
            return
        ticket = self._admission.arrive(of, now_s, now_s + WITHIN_S)
        self._waiting[ticket] = answered
        if ticket.fate is not Fate.WAIT:
            self._settle([ticket])

    def _settle(self, tickets: Sequence[Ticket]) -> None:
        for ticket in tickets:
            answered = self._waiting.pop(ticket)
            if ticket.fate is Fate.START:
                costs = self._costs.live_s if ticket.kind is RequestClass.LIVE else self._costs.backlog_s
                cost_s = self._world.random.choice(costs)
                self.worked_s += cost_s
                self._world.later(cost_s, _Done(self, ticket, answered))
            else:
                answered(_problem(ticket))

    def done(self, ticket: Ticket, answered: Answered) -> None:
        """The worker is free again, unless turning others away held it up."""
        if self._owed_s:
            owed_s, self._owed_s = self._owed_s, 0.0
            self._world.later(owed_s, _Done(self, ticket, answered))
            return
        answered(None)
        self._settle(self._admission.finish(ticket, self._world.now_s))

    def _tick(self) -> None:
        self._settle(self._admission.expire(self._world.now_s))
        self._world.later(_TICK_S, self._tick)


@dataclass(frozen=True, slots=True)
class _Done:
    process: Process
    ticket: Ticket
    answered: Answered

    def __call__(self) -> None:
        self.process.done(self.ticket, self.answered)


class Terminal:
    """A terminal with a backlog: its uplink, which sells on, and its reporter, which asks something live once a minute."""

    def __init__(self, world: World, herd: Herd) -> None:
        self._world = world
        self._herd = herd
        self._shipping = Shipping()
        self._pace = Pace()
        self._pacing = Pacing(world.random.random)
        self._head = BACKLOG_ENTRIES
        self._sold_s = [(BACKLOG_ENTRIES, -3_600.0)]  # up to which entry was written when
        self._asked = (-1, 0.0)  # behind which entry, since when
        world.later(world.random.uniform(0, SALE_EVERY_S), lambda: self._deliver(Grown(self._head)))
        world.later(world.random.uniform(0, SALE_EVERY_S), self._sell)
        world.later(world.random.uniform(0, SALE_EVERY_S), self._report)

    @property
    def is_drained(self) -> bool:
        """Whether the service holds all that had gathered."""
        return self._shipping.acked >= BACKLOG_ENTRIES

    def _sell(self) -> None:
        self._head += SALE_ENTRIES
        self._sold_s.append((self._head, self._world.now_s))
        self._deliver(Grown(self._head))
        self._world.later(SALE_EVERY_S, self._sell)

    def _deliver(self, event: Event) -> None:
        self._shipping, effects = advance(self._shipping, event, self._pace, self._world.random.random())
        for effect in effects:
            match effect:
                case Send(after, most):
                    self._send(after, most)
                case Wait(delay_ms):
                    self._world.later(delay_ms / 1_000, lambda: self._deliver(Rang()))
                case Remember():
                    pass
                case _:
                    raise AssertionError(f"{effect} does not follow from anything that happens here")

    def _send(self, after: int, most: int) -> None:
        world, last = self._world, min(self._head, after + most)
        if self._asked[0] != after:
            self._asked = (after, world.now_s)
        since_s = self._asked[1]
        of = self._class_of(after + 1)

        def answered(problem: ProblemError | LineError | None) -> None:
            if isinstance(problem, LineError):
                self._asked = (-1, 0.0)
                self._deliver(Lost(problem.reason))
                return
            if problem is not None:
                refused = Refused(problem.problem.type, after + 1, last, retry_after_ms=problem.retry_after_ms)
                self._deliver(refused)
                return
            if of is RequestClass.LIVE:
                self._herd.live_waits_s.append(world.now_s - since_s)
            self._deliver(Acknowledged(last))
            self._herd.looked_at(self)

        self._herd.ask(of, answered)

    def _class_of(self, seq: int) -> RequestClass:
        written_s = next(at_s for through, at_s in self._sold_s if through >= seq)
        at = (_BEGUN + timedelta(seconds=written_s)).isoformat()
        return class_of(StoredEntry("", seq, at, 0, "", "", "", "", ""), self._world.wall())

    def _report(self, since_s: float = 0.0) -> None:
        """Something live, first asked at `since_s` (0: now)."""
        begun_s = since_s or self._world.now_s

        def answered(problem: ProblemError | LineError | None) -> None:
            if problem is None:
                self._pacing.went_well()
                self._herd.live_waits_s.append(self._world.now_s - begun_s)
                self._world.later(max(0.0, SALE_EVERY_S - (self._world.now_s - begun_s)), self._report)
            else:
                first_s = 0.0 if isinstance(problem, LineError) else begun_s
                self._world.later(self._pacing.wait_s(problem), lambda: self._report(first_s))

        self._herd.ask(RequestClass.LIVE, answered)


@dataclass
class Herd:
    """`drained_s`: how long after the line's return the last backlog was in. `ideal_s`: how long the same workers would have needed for
    all that they did, had none ever rested and nobody been turned away. `live_waits_s`: what each live request waited for its answer,
    retries included."""

    terminals: int
    costs: Costs
    processes: int
    workers: int = 1
    seed: int = 1
    drained_s: float = 0.0
    ideal_s: float = 0.0
    attempts: int = 0
    live_waits_s: list[float] = field(default_factory=list)

    def run(self, most_s: float) -> None:
        """Until the last backlog is in. Raises MeasureError where that takes longer."""
        world = self._world = World(self.seed)
        self._service = [Process(world, self.workers, self.costs) for _ in range(self.processes)]
        self._waiting = {Terminal(world, self) for _ in range(self.terminals)}
        while self._waiting:
            world.step()
            if world.now_s > _OUTAGE_S + most_s:
                raise MeasureError(f"{len(self._waiting)} terminals still wait after {most_s:.0f} s")
        self.drained_s = world.now_s - _OUTAGE_S
        self.ideal_s = sum(process.worked_s for process in self._service) / (self.processes * self.workers)

    def ask(self, of: RequestClass, answered: Answered) -> None:
        """A request, to any process of the service, once there is a line."""
        if self._world.now_s < _OUTAGE_S:
            answered(LineError("offline", "there is no line"))
            return
        self.attempts += 1
        self._world.random.choice(self._service).ask(of, answered)

    def looked_at(self, terminal: Terminal) -> None:
        """Some of what it had to tell was taken."""
        if terminal.is_drained:
            self._waiting.discard(terminal)


def _problem(ticket: Ticket) -> ProblemError:
    kind = _PROBLEMS[ticket.fate]
    asked_ms = math.ceil(ticket.retry_after_s * 1_000) if ticket.retry_after_s else None
    return ProblemError(Problem(type=kind.value, title="", status=503), asked_ms)
