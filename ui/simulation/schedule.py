"""What happens to a terminal, its line and its service in one play: drawn from a seed, so that it can be played again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

# How often each is drawn. Processes are slow to come back, so they are not killed all the time.
_ACTIONS: Final = {
    "weather": 6,  # another share of requests meets a fault
    "cut": 3,
    "mend": 3,
    "hold": 2,
    "slow": 2,
    "forget": 2,
    "order": 4,
    "kill-service": 2,
    "kill-terminal": 2,
    "kill-both": 1,
}
_WEATHER: Final = (0, 10, 30, 60, 90, 100)
_LAST: Final = ("cut", "hold", "forget", "weather", "mend")


@dataclass(frozen=True, slots=True)
class Step:
    """`action`, one of those above, with its `value` (percent; bytes a second; 1: it lasts), and for how long nothing else happens."""

    action: str
    value: int
    dwell_ms: int

    @property
    def is_passing(self) -> bool:
        """Whether it is over after its time; otherwise it lasts until the line is mended."""
        return self.action in ("cut", "hold") and not self.value


@dataclass(frozen=True, slots=True)
class Schedule:
    """One play. Over TLS the line breaks bytes only; else it reads what it forwards, and breaks requests. `is_brisk`: the terminal tries
    again within tenths of a second, so that more of its requests meet a fault; else at its own pace."""

    seed: int
    is_secret: bool
    is_brisk: bool
    steps: tuple[Step, ...]


def schedule(seed: int) -> Schedule:
    """What `seed` stands for."""
    draw = random.Random(seed)  # noqa: S311 - repeatable on purpose
    names, weights = list(_ACTIONS), list(_ACTIONS.values())
    drawn = draw.choices(names, weights, k=draw.randrange(8, 15))
    steps = [Step("weather", draw.choice(_WEATHER[1:]), draw.randrange(200, 900))]
    steps += [Step(action, _value(action, draw), draw.randrange(20, 900)) for action in drawn]
    last = draw.choice(_LAST)
    steps.append(Step(last, _value(last, draw) or 1, draw.randrange(20, 2_000)))  # it is on until everything is mended
    return Schedule(seed, is_secret=seed % 4 == 3, is_brisk=seed % 3 != 2, steps=tuple(steps))


def _value(action: str, draw: random.Random) -> int:
    if action == "weather":
        return draw.choice(_WEATHER)
    if action == "slow":
        return draw.choice((2_000, 20_000, 200_000))
    return int(action in ("cut", "hold") and draw.random() < 0.3)
