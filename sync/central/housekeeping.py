"""What a process does between requests: the projections, as soon as entries come in; and forgetting what may be forgotten."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from sqlalchemy import Connection

from sync.central import claims, keys
from sync.central.desk import Desk
from sync.central.errors import DatabaseAwayError
from sync.central.projecting import Projector

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 1.0  # for entries that other processes took in
FORGET_EVERY_S: Final = 60.0
# Projections take the interpreter, and in SQLite the one writer, from the requests: beside a backlog that comes in they made it five times
# as slow. So they wait until nobody is at work, though never for long, and do but a piece at a time while somebody is.
QUIET_S: Final = 0.05
HOLD_MOST_S: Final = 1.0
PIECE_S: Final = 0.25


class Housekeeping:
    """One process's work behind the requests. It has a thread of its own, so it never takes a place at the door."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._projector = Projector(desk.database, desk.settings.now_s)
        self._forgotten_s = 0.0
        self._is_away = False
        self._ends = False

    def end(self) -> None:
        """Let `run` come back when what it is at is done: a thread cannot be cancelled, and holds a connection."""
        self._ends = True
        self._desk.taken_in.set()

    async def run(self) -> None:
        """Until `end`. A database that is away is said once, and its return."""
        while not self._ends:
            try:
                if await asyncio.to_thread(self._round):
                    self._desk.taken_in.set()  # there is more
            except DatabaseAwayError as error:
                if not self._is_away:
                    log.error("projections wait: %s", error)
                self._is_away = True
            except Exception:
                log.exception("projections failed; they go on in a moment")
            else:
                if self._is_away:
                    log.info("projections go on")
                self._is_away = False
            await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._desk.taken_in.wait()
        except TimeoutError:
            return
        self._desk.taken_in.clear()
        await self._quiet()

    async def _quiet(self) -> None:
        hold_s = time.monotonic() + HOLD_MOST_S
        while not self._ends and time.monotonic() < hold_s and (idle_s := self._desk.door.idle_s()) < QUIET_S:
            await asyncio.sleep(QUIET_S - idle_s)

    def _round(self) -> bool:
        """Whether there is more to project."""
        settings = self._desk.settings
        piece_s = time.monotonic() + PIECE_S
        is_cut = False

        def stop() -> bool:
            nonlocal is_cut
            is_cut = time.monotonic() > piece_s and self._desk.door.idle_s() < QUIET_S
            return is_cut or self._ends

        if settings.projects:
            self._projector.project_all(stop)
        if settings.now_s() - self._forgotten_s > FORGET_EVERY_S:
            self._forgotten_s = settings.now_s()
            self._desk.database.write(self._forget)
        return is_cut

    def _forget(self, connection: Connection) -> None:
        keys.forget_old_nonces(connection, self._forgotten_s)
        claims.forget_ended(connection, self._forgotten_s)
