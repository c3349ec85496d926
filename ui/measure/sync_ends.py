"""Both ends of the line for `sync`: the service as `kiosk central serve` runs it, over TLS, and the books of an enrolled terminal."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.facts import Fact
from kiosk.ports import StoredEntry, UplinkState
from kiosk.storage.boot import Books, open_books
from sync.batches import Batch, batch_of
from sync.central import ingest
from sync.central.batches import read_batch
from sync.central.database import Database, rows
from sync.central.heads import Sender
from sync.central.migrations import migrate
from sync.identity import Identity, enrol
from sync.line import Line, ServiceClock
from sync.uplink import Uplink
from ui.measure import MeasureError
from ui.measure.children import PYTHON, finished, running
from ui.measure.sales import paid_sale

TERMINAL: Final = "measured"
STORE: Final = "S1"
_PATIENCE_S: Final = 120.0
_LOOK_EVERY_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Ends:
    """A service that runs, and the terminal that is enrolled with it."""

    books: Books
    identity: Identity
    database: Database  # the service's own, for looking at what it holds

    def held(self) -> tuple[int, int]:
        """How many entries the service holds, and how many of them its projections follow."""
        found = self.database.read(lambda c: rows(c, "SELECT seq, projected_seq FROM journal"))
        return sum(row.seq for row in found), sum(row.projected_seq for row in found)

    def settled(self) -> None:
        """Come back when the projections have followed. Raises MeasureError."""
        end_s = time.monotonic() + _PATIENCE_S
        while len(set(self.held())) > 1:
            if time.monotonic() > end_s:
                raise MeasureError("the projections did not follow; try again on a quieter machine")
            time.sleep(_LOOK_EVERY_S)


@contextmanager
def both_ends(directory: Path) -> Iterator[Ends]:
    """The service with an SQLite file, and the books, both in `directory`."""
    central = ["-m", "ui.cli", "--data", str(directory / "central"), "central"]
    environment = dict(os.environ)
    log = directory / "central.log"
    with running([PYTHON, *central, "serve", "--port", "0", "--json"], environment, log) as service:
        url = str(json.loads(service.line(_PATIENCE_S))["url"])
        words = [PYTHON, *central, "enrol", TERMINAL, "--store-id", STORE, "--json"]
        code = str(json.loads(finished(words, "sync", _PATIENCE_S, environment))["code"])
        identity = enrol(directory / "books", url, code, TERMINAL)
        books = open_books(directory / "books", TERMINAL)
        books.backups.finish()  # none from here on: thousands of sales at once would make one due in every round
        database = Database(f"sqlite:///{directory / 'central' / 'central.db'}", connections=1)
        try:
            yield Ends(books, identity, database)
        finally:
            database.close()
            books.close()


def sell(books: Books, first: int, entries: int) -> Sequence[StoredEntry]:
    """Journal as many sales, from number `first` on, as make `entries` entries; gives these as they are stored."""
    before = books.journal.head()[0]
    facts = [fact for number in range(first, first + entries // 4) for fact in _facts(number)]
    books.journal.commit(facts)
    return books.journal.stored(after_seq=before, limit=entries)


class Shipping:
    """An uplink of its own connection, watched: how long it takes until nothing waits."""

    def __init__(self, ends: Ends) -> None:
        self._empty = threading.Event()
        self._empty_s = 0.0
        self.uplink = Uplink(ends.books.journal, Line(ends.identity, ServiceClock()), watcher=self._told)

    def __enter__(self) -> Shipping:
        return self

    def __exit__(self, *_: object) -> None:
        self.uplink.stop()

    def expect(self) -> None:
        """Something is about to be sent."""
        self._empty.clear()

    def emptied(self) -> float:
        """By time.perf_counter(), when the last entry that was there was acknowledged. Raises MeasureError."""
        if not self._empty.wait(_PATIENCE_S):
            state = self.uplink.state
            raise MeasureError(f"{state.pending} entries were not acknowledged ({state.reason or 'on their way'})")
        return self._empty_s

    def _told(self, state: UplinkState) -> None:
        if state.pending == 0:
            self._empty_s = time.perf_counter()
            self._empty.set()


class FromMemory:
    """The service's own code without the line: batches from memory into a database of the same kind on the same disk."""

    def __init__(self, directory: Path) -> None:
        self._database = Database(f"sqlite:///{directory / 'memory.db'}", connections=1)
        migrate(self._database)

    def taken(self, entries: Sequence[StoredEntry]) -> float:
        """The seconds in which `entries` were proven and stored, batch by batch."""
        batches = list(_batches(entries))
        begun_s = time.perf_counter()
        for batch in batches:
            self._take(batch.body)
        return time.perf_counter() - begun_s

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _take(self, body: bytes) -> None:
        batch = read_batch(body, TERMINAL)
        self._database.write(lambda c: ingest.take_in(c, Sender(TERMINAL, STORE, time.time()), batch))


def _batches(entries: Sequence[StoredEntry], most: int = 500) -> Iterator[Batch]:
    first = 0
    while first < len(entries):
        batch = batch_of(TERMINAL, entries[first : first + most])
        if batch is None:
            raise MeasureError("a made-up sale does not fit into a request")
        first += len(batch.entries)
        yield batch


def _facts(number: int) -> Sequence[Fact]:
    intent, facts = paid_sale(number)
    return (intent, *facts)
