"""`ingest`: journal entries a second into PostgreSQL, proven and acknowledged, against a plain COPY of the same rows; and a full replay."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Final

from sqlalchemy import Connection

from kiosk.domain.chain import canonical, digest, genesis
from kiosk.ports import StoredEntry
from sync.batches import batch_of
from sync.central import ingest
from sync.central.batches import read_batch
from sync.central.database import Database, copying, run
from sync.central.heads import Sender
from sync.central.migrations import migrate
from sync.central.projecting import Projector
from sync.central.raw import copy_text
from sync.central.settings import Settings
from sync.protocol.journal import Acknowledgement
from ui.measure import Bounds, MeasureError
from ui.measure.ingest_postgres import place, postgres, programs
from ui.measure.machine import file_system
from ui.measure.sales import paid_sale

ENTRIES: Final = 8_000
ENTRIES_QUICK: Final = 2_000
ROUNDS: Final = 5
BATCH: Final = 500
WORKERS: Final = Settings("").workers
_STORE: Final = "S1"
_JOURNAL: Final = "J1"

_CORES: Final = (
    f"ingest and replay with {WORKERS} threads of one process for as many terminals, COPY over one connection: each has at most one"
    " processor for the client and the others for the server"
)

Contender = Callable[[], int]


class Round:
    """One round's entries: of as many terminals as the service works for at once, each with a chain of its own."""

    def __init__(self, database: Database, number: int, count: int) -> None:
        self._database = database
        self._batches = {
            terminal: list(_bodies(terminal, (number * WORKERS + place) * count, count // WORKERS))
            for place, terminal in enumerate(f"r{number}-t{place}" for place in range(WORKERS))
        }
        self._alone = f"r{number}-alone"
        self._alone_batches = list(_bodies(self._alone, 0, count // WORKERS))
        self._blocks = [
            copy_text(terminal, _JOURNAL, read_batch(body, terminal).entries)
            for terminal, bodies in self._batches.items()
            for body in bodies
        ]
        database.write(self._enrol)

    def contenders(self) -> dict[str, Contender]:
        """By name; each does its work once and gives how many entries it did."""
        return {
            "copy": self._copy_all,
            "copy_in_batches": self._copy_in_batches,
            "ingest": self._ingest,
            "ingest_of_one": self._ingest_of_one,
            "replay": self._replay,
        }

    def _copy_all(self) -> int:
        """The floor: one COPY in one transaction."""
        whole = "".join(self._blocks)
        self._copy(whole)
        return whole.count("\n")

    def _copy_in_batches(self) -> int:
        """The same rows with a commit a batch, as every acknowledgement needs one. The first copy is in the way of their keys."""
        for block in self._blocks:
            self._copy(block.replace(f"\t{_JOURNAL}\t", "\tJ2\t"))
        return sum(block.count("\n") for block in self._blocks)

    def _ingest(self) -> int:
        """The batches of all terminals, proven and stored by the service's workers."""
        with ThreadPoolExecutor(WORKERS) as workers:
            return sum(workers.map(self._take_all, self._batches.keys(), self._batches.values()))

    def _ingest_of_one(self) -> int:
        """The batches of one terminal, one after the other."""
        return self._take_all(self._alone, self._alone_batches)

    def _replay(self) -> int:
        """The projections of what `_ingest` stored, made anew from it."""
        return sum(Projector(self._database, time.time).rebuild_all(list(self._batches), WORKERS).values())

    def _copy(self, block: str) -> None:
        def put(connection: Connection) -> None:
            with copying(connection, "plain") as copy:
                copy.write(block)

        self._database.write(put)

    def _take_all(self, terminal_id: str, bodies: Sequence[bytes]) -> int:
        return sum(self._take(terminal_id, body) for body in bodies)

    def _take(self, terminal_id: str, body: bytes) -> int:
        batch = read_batch(body, terminal_id)
        answer = self._database.write(lambda c: ingest.take_in(c, Sender(terminal_id, _STORE, time.time()), batch))
        if not isinstance(answer, Acknowledgement):
            raise MeasureError(f"the service did not take a batch in: {answer}")
        return answer.new

    def _enrol(self, connection: Connection) -> None:
        for terminal in (*self._batches, self._alone):
            sql = "INSERT INTO terminal VALUES (:id, :store, 1, NULL, NULL, NULL, NULL, NULL)"
            run(connection, sql, id=terminal, store=_STORE)


def measure(bounds: Bounds) -> dict[str, Any]:
    """Medians of rounds that all take in turns, after one that is not counted, on a server that syncs. From memory: no line, no
    signature. The table of the plain COPY has the same columns and key, and no partitions. Raises MeasureError."""
    count, rounds = (ENTRIES_QUICK, 1) if bounds.quick else (ENTRIES, ROUNDS)
    installed = programs()
    if installed is None:
        return {"how": "PostgreSQL is not installed, so nothing was measured"}
    rates: dict[str, list[float]] = {}
    where = place(bounds.directory)
    with postgres(where, installed) as url, closing(Database(url, connections=WORKERS)) as database:
        migrate(database)
        database.write(lambda c: run(c, "CREATE TABLE plain (LIKE entry INCLUDING INDEXES)"))
        for number in range(rounds + 1):
            for name, work in Round(database, number, count).contenders().items():
                begun_s = time.perf_counter()
                rates.setdefault(name, []).append(work() / (time.perf_counter() - begun_s))
    found = _values({name: statistics.median(each[1:]) for name, each in rates.items()})
    how = f"median of {rounds} rounds of {count} entries, taken in turns, fsync on, {file_system(where)}; {_CORES}"
    return {**found, "how": how}


def _values(rate: dict[str, float]) -> dict[str, Any]:
    return {
        "of_copy": round(rate["ingest"] / rate["copy"], 3),
        "of_copy_in_batches": round(rate["ingest"] / rate["copy_in_batches"], 3),
        "of_copy_of_one_terminal": round(rate["ingest_of_one"] / rate["copy"], 3),
        "replay_of_ingest": round(rate["replay"] / rate["ingest"], 3),
        "replay_of_copy": round(rate["replay"] / rate["copy"], 3),
        **{f"entries_per_s_{name}": round(value) for name, value in rate.items()},
    }


def _bodies(terminal: str, first_sale: int, count: int) -> Iterator[bytes]:
    """What `POST /v1/journal` takes, batch by batch, for `count` entries of a terminal: of sales that no other of them made."""
    entries: list[StoredEntry] = []
    prev = genesis(terminal, _JOURNAL)
    for number in range(first_sale, first_sale + count // 4):
        intent, facts = paid_sale(number)
        for fact in (intent, *facts):
            seq, body, kind = len(entries) + 1, canonical(fact.body), str(fact.kind)
            at, clock_ms, subject = fact.at, fact.clock_ms, fact.subject
            hash_ = digest(
                prev, journal_id=_JOURNAL, seq=seq, kind=kind, subject=subject, body=body, at=at, clock_ms=clock_ms
            )
            entries.append(StoredEntry(_JOURNAL, seq, at, clock_ms, kind, subject, body, prev, hash_))
            prev = hash_
    for first in range(0, len(entries), BATCH):
        batch = batch_of(terminal, entries[first : first + BATCH])
        if batch is None or len(batch.entries) != len(entries[first : first + BATCH]):
            raise MeasureError("made-up sales do not fit into a request")
        yield batch.body
