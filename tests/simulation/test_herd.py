"""Ten thousand terminals at once: all are served in little more than the shortest possible time, and live ones notice nothing."""

from __future__ import annotations

import pytest
from herd import Herd


@pytest.mark.parametrize("seed", [1, 2])
def test_a_herd_that_comes_back_drains_and_live_sales_pass_it(seed: int) -> None:
    herd = Herd(terminals=10_000, seed=seed)
    herd.run(most_s=120)
    waits = sorted(herd.live_waits_s)
    assert herd.drained_s <= 1.2 * herd.ideal_s, f"{herd.drained_s / herd.ideal_s:.2f} of the ideal"
    assert waits[int(len(waits) * 0.99)] <= 0.05
    assert herd.attempts < 5 * herd.terminals
