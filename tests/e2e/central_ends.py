"""The central service and an enrolled terminal's books for tests, over a line that fails on demand."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from kiosk.domain.facts import Fact, Kind
from kiosk.storage.boot import Books
from sync.central.app import create_app
from sync.central.authority import tls_files
from sync.central.database import Database
from sync.central.enrolment import make_code
from sync.central.serving import RunningService, listen
from sync.central.settings import Settings

T = TypeVar("T")


class Central:
    """The service with its database in `directory`, on a port that it gets again after a restart."""

    def __init__(self, directory: Path, port: int = 0, **settings: Any) -> None:
        directory.mkdir(exist_ok=True)
        self.directory = directory
        self.tls = tls_files(directory / "tls", ["127.0.0.1"], datetime.now(UTC))
        self.url = f"sqlite:///{directory}/central.db"
        self.settings = Settings(
            self.url, ca_pem=self.tls.ca.read_text(), public_url="https://receipts.example", **settings
        )
        self._running = RunningService(create_app(self.settings), listen("127.0.0.1", port))
        self._running.start()
        self.port = self._running.port

    def code(self, terminal_id: str = "T1") -> str:
        return change(self.url, lambda c: make_code(c, terminal_id, "S1", who="test", now_s=time.time()))

    def stop(self) -> None:
        self._running.stop()


def change(url: str, work: Callable[[Connection], T]) -> T:
    database = Database(url)
    try:
        return database.write(work)
    finally:
        database.close()


def told(central: Central, sql: str) -> list[tuple[Any, ...]]:
    """What the service's own SQLite answers: another library in the same process would break its locks."""
    return change(central.url, lambda c: [tuple(row) for row in c.exec_driver_sql(sql)])


def held(central: Central) -> list[tuple[Any, ...]]:
    """What the service has in its books: journal id, seq, body, hash, in the order of their numbers."""
    return told(central, "SELECT journal_id, seq, body, hash FROM entry ORDER BY seq, journal_id")


def written(books: Books) -> list[tuple[str, int, str, str]]:
    return [(e.journal_id, e.seq, e.body, e.digest) for e in books.journal.stored(after_seq=0, limit=1_000_000)]


def sold(books: Books, count: int, size: int = 100) -> None:
    at = datetime.now().astimezone().isoformat(timespec="milliseconds")
    facts = [Fact(Kind.SALE_VOIDED, f"s{n}", {"sale_id": f"s{n}", "note": "ü" * size}, at, n) for n in range(count)]
    books.journal.commit(facts)


def until(is_so: Callable[[], bool], most_s: float = 30.0) -> None:
    end = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
