"""Commits sales in turns: through the journal, through raw sqlite3, and as bare writes with a sync. A process of its own, which may be
slowed by `slow_sync.c`; answers one JSON object.

All three keep the same sales on the same disk. The floor writes what a sale's entries hold, in one write; raw sqlite3 runs the journal's
own statements, made ready before the clock starts, on a connection with the same cipher and the same pragmas.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.domain.chain import canonical, digest, genesis
from kiosk.domain.facts import Fact
from kiosk.storage import projections
from kiosk.storage.chain_check import SELECT_HEAD
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.journal import INSERT_ENTRY, SqliteJournal
from kiosk.storage.migrations import identify, migrate
from kiosk.storage.writer import LARGEST_WAL_BYTES
from ui.measure.sales import paid_sale

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

TERMINAL = "measured"
KEY = bytes(range(32))
WARM_UP = 30  # sales that fill the caches and are not counted

Statement = tuple[str, Sequence[Any]]
Sale = tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """`keep` makes one sale durable; sales are numbered from 0, and each is kept once, in order."""

    name: str
    keep: Callable[[int], None]
    close: Callable[[], None]


def main(argv: Sequence[str]) -> int:
    """DIRECTORY SALES: the seconds of each sale, by contender, and the bytes of a sale. They take turns sale by sale, each in every
    place, so that what else the machine does meets them alike."""
    directory, sales = Path(argv[0]), int(argv[1])
    made = [paid_sale(number) for number in range(WARM_UP + sales)]
    intents, booked = [intent for intent, _ in made], [facts for _, facts in made]
    contenders = [_floor(directory, booked), _raw(directory, intents, booked), _journal(directory, intents, booked)]
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(len(made)):
        turn = number % len(contenders)
        for contender in contenders[turn:] + contenders[:turn]:
            begun = time.perf_counter()
            contender.keep(number)
            seconds[contender.name].append(time.perf_counter() - begun)
    for contender in contenders:
        contender.close()
    kept = {name: values[WARM_UP:] for name, values in seconds.items()}
    sys.stdout.write(json.dumps({"seconds": kept, "bytes_a_sale": len(_bytes(booked[0]))}))
    return 0


def _floor(directory: Path, booked: Sequence[Sale]) -> Contender:
    written = [_bytes(sale) for sale in booked]
    file = os.open(directory / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def keep(number: int) -> None:
        os.write(file, written[number])
        os.fdatasync(file)

    return Contender("floor", keep, lambda: os.close(file))


def _bytes(sale: Sale) -> bytes:
    return "".join(canonical(fact.body) for fact in sale).encode()


def _raw(directory: Path, intents: Sequence[Fact], booked: Sequence[Sale]) -> Contender:
    path = directory / "raw.db"
    journal_id = _make(path)
    connection = open_writer(path, KEY, Durability.MONEY)
    seq, prev = 0, genesis(TERMINAL, journal_id)
    connection.execute("BEGIN IMMEDIATE")
    statements, seq, prev = _statements(journal_id, intents, seq, prev)
    _run(connection, statements)
    connection.execute("COMMIT")
    ready = []
    for sale in booked:
        statements, seq, prev = _statements(journal_id, sale, seq, prev)
        ready.append(statements)
    wal = Path(f"{path}-wal")

    def keep(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(SELECT_HEAD).fetchone()
        _run(connection, ready[number])
        connection.execute("COMMIT")
        if number % 64 == 0 and wal.stat().st_size > LARGEST_WAL_BYTES:  # seldom, as the journal does
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    return Contender("sqlite3", keep, connection.close)


def _statements(
    journal_id: str, facts: Sequence[Fact], seq: int, prev: str
) -> tuple[list[tuple[str, list[Sequence[Any]]]], int, str]:
    """What the journal runs for one commit of `facts` behind `seq`: SQL and its rows; and the head after it."""
    rows: list[Sequence[Any]] = []
    changes: list[tuple[str, list[Sequence[Any]]]] = []
    for fact in facts:
        seq += 1
        body = canonical(fact.body)
        hash_ = digest(
            prev,
            journal_id=journal_id,
            seq=seq,
            kind=fact.kind,
            subject=fact.subject,
            body=body,
            at=fact.at,
            clock_ms=fact.clock_ms,
        )
        rows.append((seq, journal_id, fact.at, fact.clock_ms, str(fact.kind), fact.subject, body, prev, hash_))
        changes += [(sql, [parameters]) for sql, parameters in projections.changes(fact, seq)]
        prev = hash_
    return [(INSERT_ENTRY, rows), *changes], seq, prev


def _run(connection: Connection, statements: Sequence[tuple[str, list[Sequence[Any]]]]) -> None:
    for sql, rows in statements:
        if len(rows) > 1:
            connection.executemany(sql, rows)
        else:
            connection.execute(sql, rows[0])


def _journal(directory: Path, intents: Sequence[Fact], booked: Sequence[Sale]) -> Contender:
    path = directory / "journal.db"
    _make(path)
    journal = SqliteJournal(path, KEY)
    journal.commit(intents)

    def keep(number: int) -> None:
        journal.commit(booked[number])

    return Contender("journal", keep, journal.close)


def _make(path: Path) -> str:
    connection = open_writer(path, KEY, Durability.MONEY)
    migrate(connection, path, back_up=lambda: None)
    identify(connection, path, TERMINAL)
    journal_id = connection.execute("SELECT value FROM meta WHERE name = 'journal_id'").fetchone()[0]
    connection.close()
    return str(journal_id)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
