"""What a process does about bills between requests: tells the billers."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator

from sync.central.billers.posting import Posting
from sync.central.desk import Desk
from sync.central.stepping import Work, stepping


@contextlib.asynccontextmanager
async def behind_the_billers(desk: Desk) -> AsyncIterator[None]:
    """Work while the service runs, where it has billers at all. Every process may: a lease in the database says who tells what."""
    billers, ends = desk.settings.billers, threading.Event()
    posting = Posting(desk.database, billers, desk.settings.now_s)
    works = (Work("posting", "billers are not told of payments", lambda: posting.step(ends.is_set)),)
    try:
        async with stepping(works if billers else (), ends):
            yield
    finally:
        billers.close()
