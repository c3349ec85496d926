"""Journey steps, timings, device health and feedback: their own queue, file and quota; the oldest go first and are counted.

Nothing here is in the way of money: `note` never blocks and never raises, the file is this module's alone, and the service may shed it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import random
import secrets
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.domain.chain import NotCanonicalError, canonical
from kiosk.domain.facts import Json
from sync.background import Background
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.pacing import Pacing
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted
from sync.protocol.wire import TELEMETRY_MOST_EVENTS, RequestClass

log = logging.getLogger(__name__)

FILE_NAME: Final = "telemetry.db"
_MOST_IN_MEMORY: Final = 2_000
_LONGEST_BODY: Final = 4_000
_EVERY_S: Final = 15.0
_WITHIN_S: Final = 10.0
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, text TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)


class Telemetry(Background):
    """Keeps at most `quota_bytes` of events in `directory`, and ships them when the service has time. `note` from any thread."""

    def __init__(
        self,
        directory: Path,
        line: Line,
        *,
        quota_bytes: int,
        stamp: Callable[[], tuple[str, int]] = lambda: (
            datetime.now().astimezone().isoformat(timespec="milliseconds"),
            0,
        ),
        every_s: float = _EVERY_S,
    ) -> None:
        """`stamp` gives wall time (ISO 8601) and the monotonic clock in milliseconds."""
        super().__init__(line, "telemetry")
        self._path = directory / FILE_NAME
        self._quota_bytes = quota_bytes
        self._stamp = stamp
        self._every_s = every_s
        self._pacing = Pacing(random.random)
        self._noted: deque[str] = deque(maxlen=_MOST_IN_MEMORY)
        self._lost = 0
        self._counts = (0, 0)

    @property
    def counts(self) -> tuple[int, int]:
        """How many events wait, and how many were thrown out since the last batch that was taken."""
        return self._counts

    def note(self, name: str, body: Mapping[str, Json]) -> None:
        """Something happened that nobody's money depends on. Holds nothing about a person."""
        at, clock_ms = self._stamp()
        try:
            text = canonical({"at": at, "clock_ms": clock_ms, "name": name, "body": dict(body)})
        except NotCanonicalError:
            text = ""
        if not text or len(text) > _LONGEST_BODY or len(self._noted) >= _MOST_IN_MEMORY:
            self._lost += 1  # a count that two threads write at once may miss one; nothing depends on it
        if text and len(text) <= _LONGEST_BODY:
            self._noted.append(text)

    # --- on the thread of the telemetry

    def _run(self) -> None:
        connection = self._open()
        if connection is None:
            return
        with contextlib.closing(connection):
            while not self._is_ending.is_set():
                wait_s = self._every_s
                try:
                    self._keep(connection)
                    if self._ship(connection):
                        wait_s = 0.0
                    self._pacing.went_well()
                except (LineError, ProblemError) as error:
                    wait_s = max(self._every_s, self._pacing.wait_s(error))
                except sqlite3.Error as error:
                    log.warning("telemetry cannot be kept (%s); it is dropped", error)
                self._rest(wait_s)
            with contextlib.suppress(sqlite3.Error):
                self._keep(connection)

    def _open(self) -> sqlite3.Connection | None:
        """The file, made anew where it is damaged; None where there is no place for it."""
        for _ in range(2):
            try:
                return self._opened()
            except (sqlite3.Error, OSError) as error:
                log.warning("%s cannot be used (%s); it is made anew", self._path, error)
                for suffix in ("", "-wal", "-shm"):
                    with contextlib.suppress(OSError):
                        Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        log.error("there is no place for telemetry in %s; none is kept", self._path.parent)
        return None

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # before anything is written, or never
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            for statement in _SCHEMA:
                connection.execute(statement)
            self._path.chmod(0o600)
        except BaseException:
            connection.close()
            raise
        return connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        """What was noted into the file, and the oldest out of it beyond the quota."""
        fresh = [self._noted.popleft() for _ in range(len(self._noted))]
        lost, self._lost = self._lost, 0
        with _transaction(connection):
            connection.executemany(
                "INSERT INTO event (size, text) VALUES (?, ?)", [(len(text), text) for text in fresh]
            )
            size = connection.execute("SELECT coalesce(sum(size), 0) FROM event").fetchone()[0]
            while size > self._quota_bytes:
                oldest = connection.execute("SELECT id, size FROM event ORDER BY id LIMIT 100").fetchall()
                connection.execute("DELETE FROM event WHERE id <= ?", (oldest[-1][0],))
                size -= sum(row[1] for row in oldest)
                lost += len(oldest)
            dropped = self._dropped(connection) + lost
            connection.execute("INSERT OR REPLACE INTO told VALUES ('dropped', ?)", (str(dropped),))
            waiting = connection.execute("SELECT count(*) FROM event").fetchone()[0]
        connection.executescript("PRAGMA incremental_vacuum")  # a step a page, and `execute` takes one step only
        self._counts = (waiting, dropped)

    def _ship(self, connection: sqlite3.Connection) -> bool:
        """Send a batch; True where another one waits. A batch whose answer was lost is sent again under the same id."""
        rows = connection.execute("SELECT id, text FROM event ORDER BY id LIMIT ?", (TELEMETRY_MOST_EVENTS,)).fetchall()
        if not rows:
            return False
        found = connection.execute("SELECT value FROM told WHERE name = 'batch'").fetchone()
        last, batch_id = found[0].split(" ") if found else (str(rows[-1][0]), secrets.token_hex(8))
        rows = [row for row in rows if row[0] <= int(last)]
        if not rows:  # thrown out meanwhile: the next batch is another one
            connection.execute("DELETE FROM told WHERE name = 'batch'")
            return True
        connection.execute("INSERT OR REPLACE INTO told VALUES ('batch', ?)", (f"{last} {batch_id}",))
        dropped = self._dropped(connection)
        events = ",".join(text for _, text in rows)
        body = f'{{"batch_id":{json.dumps(batch_id)},"dropped":{dropped},"events":[{events}]}}'.encode("ascii")
        try:
            self._line.ask(
                Accepted, "POST", "/v1/telemetry", body, of=RequestClass.TELEMETRY, within_s=_WITHIN_S, pack=True
            )
        except ProblemError as error:
            if error.problem.type not in (ProblemType.MALFORMED, ProblemType.TOO_LARGE):
                raise
            log.warning("a batch of telemetry is not taken (%s); it is dropped", error)
        with _transaction(connection):
            connection.execute("DELETE FROM event WHERE id <= ?", (int(last),))
            connection.execute("DELETE FROM told WHERE name = 'batch'")
            connection.execute("INSERT OR REPLACE INTO told VALUES ('dropped', '0')")
        return len(rows) == TELEMETRY_MOST_EVENTS

    def _dropped(self, connection: sqlite3.Connection) -> int:
        found = connection.execute("SELECT value FROM told WHERE name = 'dropped'").fetchone()
        return int(found[0]) if found else 0


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
