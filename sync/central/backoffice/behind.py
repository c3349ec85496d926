"""What the back office's side of a process does between requests: numbers the sales that came in, and sends them on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Final

from sync.central.backoffice import numbering, webhooks
from sync.central.database import Database
from sync.central.desk import Desk
from sync.central.errors import DatabaseAwayError

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 0.5


@contextlib.asynccontextmanager
async def behind_the_back_office(desk: Desk) -> AsyncIterator[None]:
    """Work while the service runs. Every process may: the database says who numbers."""
    # A back office that answers slowly holds up no numbers.
    working = [
        asyncio.create_task(_work("sales are not numbered", lambda: _number(desk.database) == numbering.AT_ONCE)),
        asyncio.create_task(
            _work("webhooks do not go out", lambda: webhooks.deliver(desk.database, desk.settings.now_s()))
        ),
    ]
    try:
        yield
    finally:
        for task in working:
            task.cancel()
        for task in working:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _work(trouble: str, step: Callable[[], bool]) -> None:
    """`step` on a thread, again at once while it gives True."""
    while True:
        try:
            while await asyncio.to_thread(step):
                pass
        except DatabaseAwayError as error:
            log.warning("%s: %s", trouble, error)
        except Exception:
            log.exception("%s; tried again in a moment", trouble)
        await asyncio.sleep(LOOK_EVERY_S)


def _number(database: Database) -> int:
    """Looks first, so that the one writer of SQLite is not asked for nothing."""
    if not database.read(numbering.waits):
        return 0
    return database.write(numbering.number_new)
