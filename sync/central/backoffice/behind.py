"""What the back office's side of a process does between requests: numbers the sales that came in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final

from sync.central.backoffice import numbering
from sync.central.database import Database
from sync.central.desk import Desk
from sync.central.errors import DatabaseAwayError

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 0.5


@contextlib.asynccontextmanager
async def behind_the_back_office(desk: Desk) -> AsyncIterator[None]:
    """Work while the service runs. Every process may: the database says who numbers."""
    working = asyncio.create_task(_work(desk))
    try:
        yield
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _work(desk: Desk) -> None:
    while True:
        try:
            while await asyncio.to_thread(_number, desk.database) == numbering.AT_ONCE:
                pass
        except DatabaseAwayError as error:
            log.warning("sales are not numbered: %s", error)
        except Exception:
            log.exception("sales are not numbered; tried again in a moment")
        await asyncio.sleep(LOOK_EVERY_S)


def _number(database: Database) -> int:
    """Looks first, so that the one writer of SQLite is not asked for nothing."""
    if not database.read(numbering.waits):
        return 0
    return database.write(numbering.number_new)
