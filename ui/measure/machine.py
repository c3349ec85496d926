"""What the figures were taken on: a ratio travels, a second does not."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def facts(directory: Path) -> dict[str, Any]:
    """Processors, load, memory, the file system of `directory`, and the versions that matter."""
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - not needed to say which figures there are

    return {
        "processors": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "memory_mb": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20,
        "system": platform.platform(),
        "file_system": file_system(directory),
        "python": platform.python_version(),
        "sqlite": dbapi2.sqlite_version,
    }


def file_system(directory: Path) -> str:
    """Type and mount point of the file system that holds `directory`, as /proc/self/mounts names them."""
    path = str(directory.resolve())
    best = ("/", "?")
    for line in Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines():
        _, mount, kind, *_ = line.split()
        is_above = path == mount or path.startswith(f"{mount.rstrip('/')}/")
        if is_above and len(mount) >= len(best[0]):
            best = (mount, kind)
    return f"{best[1]} on {best[0]}"


def pss_mb(processes: list[int]) -> float:
    """Memory of `processes` in MB (2**20 bytes), what they share counted once (PSS); one that has ended counts nothing."""
    return round(sum(map(_pss_kb, processes)) / 1024, 1)


def resident_mb(process: int) -> float:
    """Resident memory of a process in MB (2**20 bytes). Unlike PSS it does not move when another program ends that shares a library."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """How long the threads of a process ran, and how long they were ready to and had no processor (Linux, sched-stats.rst)."""

    ran_s: float = 0.0
    waited_s: float = 0.0


def scheduled(process: int) -> Scheduled:
    """Since it began; of threads that have ended, nothing."""
    found = [_schedstat(task) for task in Path(f"/proc/{process}/task").glob("*/schedstat")]
    return Scheduled(sum(ran for ran, _ in found) / 1e9, sum(waited for _, waited in found) / 1e9)


def family(process: int) -> list[int]:
    """`process` and everything it started that still runs."""
    found, waiting = [], [process]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += _children(task)
    return found


def _schedstat(task: Path) -> tuple[int, int]:
    try:
        ran, waited, *_ = map(int, task.read_text("ascii").split())
    except OSError:
        return 0, 0
    return ran, waited


def _children(task: Path) -> list[int]:
    try:
        return [int(word) for word in task.read_text("ascii").split()]
    except OSError:
        return []


def _pss_kb(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
