"""Work that a process does between requests, a step at a time, each kind of work on a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sync.central.errors import DatabaseAwayError

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 0.5
END_WAIT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Work:
    """`step` is done again at once while it gives True, else a moment later. `trouble` says in the log what is wrong where it fails."""

    name: str
    trouble: str
    step: Callable[[], bool]


@contextlib.asynccontextmanager
async def stepping(works: Sequence[Work], ends: threading.Event) -> AsyncIterator[None]:
    """Work until the block is left; `ends` is set then. What takes longer than a moment to come to an end is left to itself."""
    threads = [threading.Thread(target=_run, args=(work, ends), name=work.name, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ends.set()
        for thread in threads:
            await asyncio.to_thread(thread.join, END_WAIT_S)


def _run(work: Work, ends: threading.Event) -> None:
    while not ends.is_set():
        try:
            while work.step() and not ends.is_set():
                pass
        except DatabaseAwayError as error:
            log.warning("%s: %s", work.trouble, error)
        except Exception:
            log.exception("%s; tried again in a moment", work.trouble)
        ends.wait(LOOK_EVERY_S)
