"""Ten thousand terminals at once: all are served in little more than the shortest possible time, and live ones notice nothing."""

from __future__ import annotations

import pytest

from ui.measure import MeasureError
from ui.measure.herd import met, p99_ms
from ui.measure.herd_world import Costs, Herd

# Measured by `kiosk measure herd` on a quiet machine; the figure takes its own.
COSTS = Costs(backlog_s=(0.008, 0.010, 0.014), live_s=(0.002, 0.003, 0.005), refused_s=(0.0013,))
TERMINALS = 4_000


@pytest.mark.parametrize("seed", [1, 2])
def test_a_herd_that_comes_back_drains_and_live_requests_pass_it(seed: int) -> None:
    herd = met(TERMINALS, COSTS, seed)
    assert herd.drained_s <= 1.2 * herd.ideal_s, f"{herd.drained_s / herd.ideal_s:.2f} of the ideal"
    assert p99_ms(herd.live_waits_s) <= 50
    assert herd.attempts < 6 * herd.terminals


def test_a_service_that_is_too_small_for_what_is_live_is_told_and_not_waited_for() -> None:
    herd = Herd(TERMINALS, COSTS, processes=1)
    with pytest.raises(MeasureError, match="terminals still wait"):
        herd.run(most_s=5)
