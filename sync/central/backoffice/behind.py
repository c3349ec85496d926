"""What the back office's side of a process does between requests: numbers the sales that came in, and sends them on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable
from typing import Final

from sync.central.backoffice import numbering, webhooks
from sync.central.database import Database
from sync.central.desk import Desk
from sync.central.errors import DatabaseAwayError

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 0.5
END_WAIT_S: Final = 2.0


@contextlib.asynccontextmanager
async def behind_the_back_office(desk: Desk) -> AsyncIterator[None]:
    """Work while the service runs. Every process may: the database says who numbers."""
    ends = threading.Event()

    def number() -> bool:
        return _number(desk.database) == numbering.AT_ONCE

    def deliver() -> bool:
        return webhooks.deliver(desk.database, desk.settings.now_s(), ends.is_set)

    # Threads of their own: a back office that answers slowly holds up no numbers, and not the end of the service either.
    working = [
        threading.Thread(target=_work, args=(trouble, step, ends), name=name, daemon=True)
        for name, trouble, step in (
            ("numbering", "sales are not numbered", number),
            ("webhooks", "webhooks do not go out", deliver),
        )
    ]
    for thread in working:
        thread.start()
    try:
        yield
    finally:
        ends.set()
        for thread in working:
            await asyncio.to_thread(thread.join, END_WAIT_S)


def _work(trouble: str, step: Callable[[], bool], ends: threading.Event) -> None:
    """`step`, again at once while it gives True, else a moment later."""
    while not ends.is_set():
        try:
            while step() and not ends.is_set():
                pass
        except DatabaseAwayError as error:
            log.warning("%s: %s", trouble, error)
        except Exception:
            log.exception("%s; tried again in a moment", trouble)
        ends.wait(LOOK_EVERY_S)


def _number(database: Database) -> int:
    """Looks first, so that the one writer of SQLite is not asked for nothing."""
    if not database.read(numbering.waits):
        return 0
    return database.write(numbering.number_new)
