"""`commit`: how fast sales become durable, against a bare write with a sync and against raw sqlite3; and on a disk 3 ms slower a sync."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any, Final

from ui.measure import Bounds, MeasureError
from ui.measure.children import PYTHON, ROOT, finished

SALES: Final = 400
SALES_QUICK: Final = 20
SLOWER_MS: Final = 3
_SHIM: Final = Path(__file__).with_name("slow_sync.c")
_TIME_LIMIT_S = 120.0


def measure(bounds: Bounds) -> dict[str, Any]:
    """Sales a second of the journal, and its share of each peer's. Where no C compiler is installed, the 3 ms are added by sum: one
    sync a sale (1.05 were counted), to both sides. Raises MeasureError."""
    sales = SALES_QUICK if bounds.quick else SALES
    as_it_is = _rounds(bounds.directory / "as-it-is", sales, {})
    shim = _compiled(bounds.directory)
    if shim is not None:
        slower = _rounds(
            bounds.directory / "slower",
            sales // 2,
            {"LD_PRELOAD": str(shim), "TERN_SYNC_DELAY_US": str(SLOWER_MS * 1000)},
        )
    else:
        slower = {name: seconds + SLOWER_MS / 1000 for name, seconds in as_it_is.items()}
    journal = as_it_is["journal"]
    return {
        "of_floor": round(as_it_is["floor"] / journal, 3),
        "of_floor_3ms": round(slower["floor"] / slower["journal"], 3),
        "of_sqlite3": round(as_it_is["sqlite3"] / journal, 3),
        "sales_per_s": round(1 / journal),
        "sales_per_s_floor": round(1 / as_it_is["floor"]),
        "sales_per_s_sqlite3": round(1 / as_it_is["sqlite3"]),
        "sales_per_s_3ms": round(1 / slower["journal"]),
        "how": f"lower quartile of {sales} sales taken in turns; 3 ms "
        + ("added inside each sync" if shim else "added by sum, for there is no C compiler"),
    }


def _rounds(directory: Path, sales: int, environment: dict[str, str]) -> dict[str, float]:
    """Seconds a sale, by contender. The lower quartile: a sync that waits behind another program's writes tells nothing of us."""
    directory.mkdir()
    command = [PYTHON, "-m", "ui.measure.commit_rounds", str(directory), str(sales)]
    answer = json.loads(finished(command, "commit", _TIME_LIMIT_S, {**os.environ, **environment}))
    shutil.rmtree(directory)
    return {name: statistics.quantiles(values, n=4)[0] for name, values in answer["seconds"].items()}


def _compiled(directory: Path) -> Path | None:
    """The library that slows syncs, where a C compiler is installed."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = directory / "slow_sync.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(_SHIM), "-ldl"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own words
    if made.returncode:
        raise MeasureError(f"{compiler} could not compile {_SHIM.name}: {made.stderr.strip()[:200]}")
    return library
