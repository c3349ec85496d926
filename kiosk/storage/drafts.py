"""The basket in progress as one row of journal.db, so that a power cut does not empty it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kiosk.domain.chain import canonical
from kiosk.domain.facts import Json
from kiosk.ports import JournalError
from kiosk.storage.database import Readers
from kiosk.storage.writer import Writer

if TYPE_CHECKING:
    from kiosk.storage.database import Connection


class SqliteDrafts:
    """`kiosk.ports.Drafts`: saves on the journal's writer thread; a save that waits is replaced by a newer one."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers
        self._lock = threading.Lock()
        self._is_waiting = False
        self._newest: str | None = None

    def save(self, body: Mapping[str, Json]) -> None:
        """As `kiosk.ports.Drafts.save`. Raises NotCanonicalError for a body that is no JSON."""
        self._queue(canonical(body))

    def load(self) -> Mapping[str, Json] | None:
        """What is on disk; a save that waits is not seen."""
        row = self._readers.get().execute("SELECT body FROM draft").fetchone()
        body: Mapping[str, Json] | None = json.loads(row[0]) if row else None
        return body

    def clear(self) -> None:
        """As `kiosk.ports.Drafts.clear`."""
        self._queue(None)

    def _queue(self, text: str | None) -> None:
        with self._lock:
            self._newest = text
            if self._is_waiting:
                return
            self._is_waiting = True
        try:
            self._writer.submit(self._write, self._told)
        except JournalError:
            # The books are closed or full: the basket lives on in memory, and the next save tries again.
            with self._lock:
                self._is_waiting = False

    def _write(self, connection: Connection) -> None:
        with self._lock:
            text = self._newest
            self._is_waiting = False  # a save from now on is a job of its own
        if text is None:
            connection.execute("DELETE FROM draft")
        else:
            connection.execute("INSERT OR REPLACE INTO draft VALUES (1, ?)", (text,))

    def _told(self, result: object) -> None:
        """A draft that could not be written is no error for the shopper; the writer's own next failure is told to the sale."""
