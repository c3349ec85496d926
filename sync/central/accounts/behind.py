"""What a process does about accounts between requests: copies for the stores, requests that wait for the core, and forgetting."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import Connection

from sync.central.accounts import requests, tickets, tries
from sync.central.accounts.enrolments import Refreshing
from sync.central.accounts.office import Accounts
from sync.central.desk import Desk
from sync.central.stepping import Work, stepping

HAND_OVER_EVERY_S: Final = 30.0
FORGET_EVERY_S: Final = 60.0


@contextlib.asynccontextmanager
async def behind_the_accounts(desk: Desk) -> AsyncIterator[None]:
    """Work while the service runs, where it has a core. Every process may: the database says who makes which copy."""
    accounts, ends = desk.settings.accounts, threading.Event()
    works: tuple[Work, ...] = ()
    if accounts is not None:
        refreshing = Refreshing(desk.database, accounts, desk.settings.now_s)
        errands = Errands(desk, accounts)
        works = (
            Work("account copies", "the stores' copies of accounts grow old", refreshing.step),
            Work("account errands", "requests of account holders wait", errands.step),
        )
    async with stepping(works, ends):
        yield


class Errands:
    """Hands over what waits for the core, and forgets what may be forgotten: now and then."""

    def __init__(self, desk: Desk, accounts: Accounts) -> None:
        self._database = desk.database
        self._now_s = desk.settings.now_s
        self._connector = accounts.connector
        self._handed_over_s = self._forgotten_s = 0.0

    def step(self) -> bool:
        """What is due; never more at once. Raises DatabaseAwayError."""
        now_s = self._now_s()
        if now_s - self._handed_over_s >= HAND_OVER_EVERY_S:
            self._handed_over_s = now_s
            # Those of the last moments are still being handed over by whoever took them.
            before_ms = int((now_s - HAND_OVER_EVERY_S) * 1000)
            waiting = self._database.read(lambda connection: requests.waiting(connection, before_ms))
            requests.hand_over(self._database, self._connector, waiting, now_s)
        if now_s - self._forgotten_s >= FORGET_EVERY_S:
            self._forgotten_s = now_s
            self._database.write(lambda connection: _forget(connection, now_s))
        return False


def _forget(connection: Connection, now_s: float) -> None:
    tickets.forget_old(connection, now_s)
    tries.forget_old(connection, now_s)
    requests.forget_old(connection, now_s)
