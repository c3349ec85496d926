"""`herd`: ten thousand terminals whose line comes back at once: how soon all is in, and what live ones notice of it.

What is real, what measured and what simulated stands in `ui.measure.herd_world`.
"""

from __future__ import annotations

import math
import statistics
from typing import Any, Final

from ui.measure import Bounds
from ui.measure.herd_costs import measured
from ui.measure.herd_world import WORST_LIVE_PER_S, Costs, Herd

TERMINALS: Final = 10_000
TERMINALS_QUICK: Final = 400
REQUESTS: Final = 150
REQUESTS_QUICK: Final = 10
SEEDS: Final = (1, 2, 3)
_LIVE_SHARE: Final = 0.5  # of the service's time that what is live may take at the line's return
_MOST_TIMES_IDEAL: Final = 20


def measure(bounds: Bounds) -> dict[str, Any]:
    """`drain_ratio` to the ideal and the p99 of live requests in milliseconds, the worst of three seeds; what requests cost.

    Costs are measured first, of the real service on this machine; the herd then meets a service of as many such processes as it takes
    for what is live alone to use half of their time. Raises MeasureError.
    """
    terminals = TERMINALS_QUICK if bounds.quick else TERMINALS
    costs = measured(bounds.directory, REQUESTS_QUICK if bounds.quick else REQUESTS)
    herds = [met(terminals, costs, seed) for seed in SEEDS]
    return {
        "drain_ratio": round(max(herd.drained_s / herd.ideal_s for herd in herds), 3),
        "live_p99_ms": round(max(p99_ms(herd.live_waits_s) for herd in herds), 1),
        "live_p50_ms": round(statistics.median(herds[0].live_waits_s) * 1_000, 1),
        "drain_s": round(max(herd.drained_s for herd in herds), 1),
        "attempts_a_terminal": round(max(herd.attempts for herd in herds) / terminals, 2),
        "processes": herds[0].processes,
        "cost_ms": {
            what: round(statistics.mean(seconds) * 1_000, 2)
            for what, seconds in (("batch", costs.backlog_s), ("live", costs.live_s), ("turned_away", costs.refused_s))
        },
        "cost_p99_ms": {"batch": p99_ms(costs.backlog_s), "live": p99_ms(costs.live_s)},
        "how": (
            f"{terminals} terminals with 200 entries each and two live requests a minute, the line away for two minutes, under a virtual"
            " clock; admission, shipping and pacing are the product's own; costs measured of one process with one worker on SQLite, while"
            " another makes the projections"
        ),
    }


def met(terminals: int, costs: Costs, seed: int) -> Herd:
    """A herd that came back, and is in. Raises MeasureError where it does not end."""
    live_load = terminals * WORST_LIVE_PER_S * statistics.mean(costs.live_s)
    processes = max(2, math.ceil(live_load / _LIVE_SHARE))
    herd = Herd(terminals, costs, processes, seed=seed)
    least_s = terminals * statistics.mean(costs.backlog_s) / processes
    herd.run(most_s=_MOST_TIMES_IDEAL * max(least_s, 10.0))
    return herd


def p99_ms(seconds: Any) -> float:
    """The highest of the lower 99 of 100."""
    ordered = sorted(seconds)
    return round(ordered[math.ceil(len(ordered) * 0.99) - 1] * 1_000, 1)
