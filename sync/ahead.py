"""Makes the next batch ready while the present one is on its way: reading, quoting and packing it takes as long as the service's work."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from kiosk.ports import Outbox, StoredEntry
from sync.batches import Batch, batch_of
from sync.protocol.wire import packed


@dataclass(frozen=True, slots=True)
class Ready:
    """What may be sent next: `entries` as they were read, the `batch` of the most that fit (None: the first alone is too large), and its
    body as gzip."""

    entries: Sequence[StoredEntry]
    batch: Batch | None
    sent: bytes


class Ahead:
    """One batch in advance. Used by one thread, beside which it works on another, begun when there is something to do."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="uplink-ahead")
        self._next: tuple[int, int, Future[Ready]] | None = None

    def take(self, after: int, most: int) -> Ready:
        """The batch of at most `most` entries after `after`: the one that was prepared, or made now. Raises JournalError."""
        prepared, self._next = self._next, None
        if prepared is not None and prepared[:2] == (after, most):
            return prepared[2].result()
        return self._make(after, most)

    def prepare(self, after: int, most: int) -> None:
        """Begin to make a batch that will be asked for, unless something else happens; entries do not change meanwhile."""
        self._next = (after, most, self._worker.submit(self._make, after, most))

    def close(self) -> None:
        """Wait for what is being made: whoever closes the journal next must find nobody reading."""
        self._next = None
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _make(self, after: int, most: int) -> Ready:
        entries = self._outbox.stored(after_seq=after, limit=most)
        batch = batch_of(self._outbox.terminal_id, entries) if entries else None
        return Ready(entries, batch, packed(batch.body) if batch else b"")
