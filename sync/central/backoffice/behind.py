"""What the back office's side of a process does between requests: numbers the sales that came in, and sends them on."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator

from sync.central.backoffice import numbering, webhooks
from sync.central.database import Database
from sync.central.desk import Desk
from sync.central.stepping import Work, stepping


@contextlib.asynccontextmanager
async def behind_the_back_office(desk: Desk) -> AsyncIterator[None]:
    """Work while the service runs. Every process may: the database says who numbers."""
    ends = threading.Event()

    def number() -> bool:
        return _number(desk.database) == numbering.AT_ONCE

    def deliver() -> bool:
        return webhooks.deliver(desk.database, desk.settings.now_s(), ends.is_set)

    # Threads of their own: a back office that answers slowly holds up no numbers, and not the end of the service either.
    works = (
        Work("numbering", "sales are not numbered", number),
        Work("webhooks", "webhooks do not go out", deliver),
    )
    async with stepping(works, ends):
        yield


def _number(database: Database) -> int:
    """Looks first, so that the one writer of SQLite is not asked for nothing."""
    if not database.read(numbering.waits):
        return 0
    return database.write(numbering.number_new)
