"""A journey is data: a table of steps that reads from top to bottom as the customer walks it, and the one function that follows it.

From the same table come the screens, the progress bar, the time-outs, the help topics, the spoken words and the funnel figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, Protocol

from kiosk.domain.records import dataclass


class Idle(StrEnum):
    """What an absent customer means at a step."""

    STAY = "stay"  # nothing: nobody is waited for, or money is under way
    CLEAR = "clear"  # warn, count down, clear the session
    PRIVATE = "private"  # as CLEAR, after the shorter time that private things may stand there
    WAIT = "wait"  # as CLEAR, after the longer time that it takes staff to come
    FINISH = "finish"  # go on to the end as if the customer wanted nothing more
    RESET = "reset"  # back to the first language and look, without a word: there is nothing else to lose
    LEAVE = "leave"  # back to the start, without a warning: nothing is lost


class Shedding(StrEnum):
    """How soon a step's extras are switched off under load."""

    CRITICAL_PLUS = "critical-plus"
    CRITICAL = "critical"
    SHEDDABLE_PLUS = "sheddable-plus"
    SHEDDABLE = "sheddable"


class Session(Protocol):
    """What every journey's session has: the step it stands at."""

    @property
    def step(self) -> str:
        """The name of the present step."""


# (session, event, turn) -> (session, effects); `turn` carries the rules, the time and fresh ids: nothing is taken from outside.
Handler = Callable[[Any, Any, Any], tuple[Any, Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Way:
    """What an event does at a step: the decision, and the steps it may lead to (besides staying)."""

    decide: Handler
    to: frozenset[str] = frozenset()


def way(decide: Handler, *to: str) -> Way:
    """A way that may lead to the steps `to`."""
    return Way(decide, frozenset(to))


@dataclass(frozen=True, slots=True)
class Step:
    """A place in a journey. `progress` names the mark of the progress bar it belongs to ("" for none); `help` its help topic."""

    name: str
    screen: str
    ways: Mapping[type, Way]
    progress: str = ""
    idle: Idle = Idle.CLEAR
    help: str = ""
    shedding: Shedding = Shedding.CRITICAL_PLUS


class IllegalStepError(RuntimeError):
    """A decision led to a step that its way does not name: our own bug."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A service as a table. `everywhere` holds the ways that are open at each step, where the step has none of its own for the event."""

    name: str
    first: str
    steps: tuple[Step, ...]
    everywhere: Mapping[type, Way]
    _by_name: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {step.name: step for step in self.steps}
        ways = [found for step in self.steps for found in step.ways.values()] + list(self.everywhere.values())
        missing = {name for found in ways for name in found.to} - set(by_name)
        if missing or self.first not in by_name:
            raise ValueError(f"journey {self.name} leads to steps it does not have: {', '.join(sorted(missing))}")
        object.__setattr__(self, "_by_name", by_name)

    def step(self, name: str) -> Step:
        """The step `name`."""
        return self._by_name[name]

    def accepts(self, session: Session, event: object) -> bool:
        """Whether `event` means anything where `session` stands."""
        return self._way(session, event) is not None

    def advance(self, session: Session, event: object, turn: object) -> tuple[Any, Sequence[object]]:
        """Follow the table. An event that means nothing at this step changes nothing. Raises IllegalStepError."""
        found = self._way(session, event)
        if found is None:
            return session, ()
        after, effects = found.decide(session, event, turn)
        if after.step != session.step and after.step not in found.to:
            raise IllegalStepError(f"{self.name}: {type(event).__name__} at {session.step} led to {after.step}")
        return after, effects

    def _way(self, session: Session, event: object) -> Way | None:
        return self._by_name[session.step].ways.get(type(event)) or self.everywhere.get(type(event))
