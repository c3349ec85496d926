"""Ships the journal on a thread of its own: performs what `sync.shipping` decides, remembers what was acknowledged, tells what waits."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kiosk.ports import JournalError, Mark, Outbox, StoredEntry, UplinkState
from sync.ahead import Ahead
from sync.background import Background
from sync.batches import Batch, class_of, quarantine_body
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.protocol.journal import Acknowledgement, JournalHeads
from sync.protocol.problems import ProblemType
from sync.protocol.wire import BATCH_MOST_ENTRIES, RequestClass, packed
from sync.shipping import (
    Acknowledged,
    Effect,
    Event,
    FindPlace,
    Grown,
    Lost,
    Pace,
    Placed,
    PutAside,
    Rang,
    Refused,
    Remember,
    Send,
    Shipping,
    Wait,
    advance,
)

log = logging.getLogger(__name__)

# With the longest wait behind it, an attempt that a dead line swallowed leaves room within 30 s of the line's return.
WITHIN_S: Final = 12.0
_REMEMBER_EVERY_S: Final = 1.0
_COUNT_EVERY_S: Final = 1.0
_LOOK_EVERY_S: Final = 30.0  # at the journal's head, should a commit's word be missed

Watcher = Callable[[UplinkState], None]


class Uplink(Background):
    """The journal's way to the central service. `start` and `stop` from any thread; `state` is the latest that was told."""

    def __init__(
        self,
        outbox: Outbox,
        line: Line,
        *,
        watcher: Watcher = lambda _: None,
        pace: Pace | None = None,
        wall: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """`watcher` is called on the uplink's thread at every change of what waits, and must not block."""
        self._nudge = threading.Event()
        super().__init__(line, "uplink", self._nudge)
        self._outbox = outbox
        self._watcher = watcher
        self._pace = pace or Pace()
        self._wall = wall
        self._ahead = Ahead(outbox)
        self._chance = random.Random()  # noqa: S311 - spreads attempts over time; nothing is secret about it
        self._shipping = Shipping()
        self._due_s: float | None = None
        self._mark: Mark | None = None
        self._seen: StoredEntry | None = None
        self._remembered_s = 0.0
        self._told_acked = 0
        self.state = UplinkState()

    def start(self) -> None:
        """Begin to ship."""
        self._outbox.on_commit(lambda _: self._nudge.set())
        super().start()

    # --- on the uplink's thread

    def _run(self) -> None:
        while not self._is_ending.is_set():
            try:
                self._begin()
                while not self._is_ending.is_set():
                    self._turn()
            except JournalError as error:
                log.error("the journal cannot be shipped now: %s", error)
                self._tell("books")
                self._rest(self._pace.cap_ms / 1_000)
        self._ahead.close()
        self._write_mark(at_once=True)

    def _begin(self) -> None:
        """Where the last run ended: what was remembered, as far as it is still this journal's."""
        mark = self._outbox.mark()
        is_lost = self._digest_of(mark.seq) != mark.digest  # restored from before it: the service knows where to go on
        self._shipping = Shipping(acked=0 if is_lost else mark.seq, set_aside=mark.set_aside, is_lost=is_lost)
        self._told_acked = mark.seq
        self._due_s = None

    def _turn(self) -> None:
        self._nudge.clear()
        self._deliver(Grown(self._outbox.head()[0]))
        if self._due_s is not None and time.monotonic() >= self._due_s:
            self._due_s = None
            self._deliver(Rang())
        self._write_mark(at_once=True)
        if self._due_s is None:
            self._nudge.wait(_LOOK_EVERY_S)
        else:
            # What is sold meanwhile waits as well: it is counted, and does not shorten the wait.
            self._rest(min(max(0.0, self._due_s - time.monotonic()), _COUNT_EVERY_S))

    def _deliver(self, event: Event) -> None:
        """`event` and all that follows from it, until nothing is left to do but to wait."""
        events: deque[Event] = deque([event])
        while events and not self._is_ending.is_set():
            self._shipping, effects = advance(self._shipping, events.popleft(), self._pace, self._chance.random())
            self._tell(self._shipping.reason)
            events.extend(answer for effect in effects if (answer := self._perform(effect)) is not None)

    def _perform(self, effect: Effect) -> Event | None:
        match effect:
            case Send(after, most):
                return self._send(after, most)
            case PutAside():
                return self._put_aside(effect)
            case FindPlace():
                return self._find_place()
            case Remember(seq, set_aside):
                self._mark = Mark(seq, self._digest_of(seq), set_aside)
                self._write_mark(at_once=False)
            case Wait(delay_ms):
                self._due_s = time.monotonic() + delay_ms / 1_000
        return None

    def _send(self, after: int, most: int) -> Event:
        most = min(most, BATCH_MOST_ENTRIES)
        ready = self._ahead.take(after, most)
        if not ready.entries:
            return Lost("books")
        batch = ready.batch
        if batch is None:
            return Refused(ProblemType.TOO_LARGE, ready.entries[0].seq, ready.entries[0].seq)
        if batch.last < self._shipping.head:
            self._ahead.prepare(batch.last, most)
        return self._ask("/v1/journal", batch, ready.sent, class_of(batch.entries[0], self._wall()))

    def _put_aside(self, effect: PutAside) -> Event:
        entries = self._outbox.stored(after_seq=effect.seq - 1, limit=1)
        if not entries:
            return Lost("books")
        log.error(
            "entry %d cannot be taken by the central service (%s); it is set aside there", effect.seq, effect.problem
        )
        body = quarantine_body(entries[0], effect.problem, with_row=effect.with_row)
        return self._ask("/v1/quarantine", Batch(tuple(entries), b""), packed(body), RequestClass.LIVE)

    def _find_place(self) -> Event:
        """The highest head of the service's whose digest is that of our own entry."""
        try:
            heads = self._line.ask(JournalHeads, "GET", "/v1/journal", of=RequestClass.BACKLOG, within_s=WITHIN_S)
        except LineError as error:
            return Lost(error.reason)
        except ProblemError as error:
            return Refused(error.problem.type, 0, 0, retry_after_ms=error.retry_after_ms)
        ours = [head.seq for head in heads.journals if self._digest_of(head.seq) == head.hash]
        return Placed(max(ours, default=0))

    def _ask(self, target: str, batch: Batch, sent: bytes, of: RequestClass) -> Event:
        first, last = batch.first, batch.last
        try:
            answer = self._line.ask(Acknowledgement, "POST", target, sent, of=of, within_s=WITHIN_S, coding="gzip")
        except LineError as error:
            return Lost(error.reason)
        except ProblemError as error:
            found = error.problem
            if found.type not in (ProblemType.BUSY, ProblemType.UNAVAILABLE, ProblemType.SHED):
                log.warning("entries %d to %d: %s", first, last, error)
            return Refused(found.type, first, last, found.seq, found.kept_through, error.retry_after_ms)
        return self._proven(answer, batch)

    def _proven(self, answer: Acknowledgement, batch: Batch) -> Event:
        """An acknowledgement counts only for what is ours: the digest of our own entry stands in it."""
        newest = self._seen = batch.entries[-1]
        if answer.journal_id == newest.journal_id and answer.seq == newest.seq and answer.hash == newest.digest:
            return Acknowledged(newest.seq)
        if answer.journal_id != newest.journal_id or answer.seq <= newest.seq:
            log.error("the central service acknowledged %s up to %d with another digest", answer.journal_id, answer.seq)
            return Lost("foreign")
        held = self._entry(answer.seq)
        is_ours = held is not None and (held.journal_id, held.digest) == (answer.journal_id, answer.hash)
        return Acknowledged(answer.seq if is_ours else newest.seq)

    # --- what was acknowledged, and what waits

    def _write_mark(self, *, at_once: bool) -> None:
        if self._mark is None or (not at_once and time.monotonic() - self._remembered_s < _REMEMBER_EVERY_S):
            return
        mark, self._mark = self._mark, None
        try:
            self._outbox.remember(mark, self._wall().isoformat(timespec="milliseconds"))
        except JournalError as error:
            log.warning("what was acknowledged is not remembered (%s); it is sent again after a restart", error)
        self._remembered_s = time.monotonic()

    def _tell(self, reason: str) -> None:
        shipping = self._shipping
        pending = max(0, shipping.head - shipping.acked)
        oldest = self._entry(shipping.acked + 1) if pending else None
        is_taken = shipping.acked > self._told_acked
        self._told_acked = shipping.acked
        told = UplinkState(
            pending=pending,
            oldest_at=oldest.at if oldest else "",
            reason=reason if pending else "",
            last_ok_at=self._wall().isoformat(timespec="seconds") if is_taken else self.state.last_ok_at,
            set_aside=shipping.set_aside,
        )
        if told != self.state:
            self.state = told
            self._watcher(told)

    def _entry(self, seq: int) -> StoredEntry | None:
        """Remembered as long as it is the one that is asked for: each reading deciphers a page or two."""
        if self._seen is None or self._seen.seq != seq:
            found = self._outbox.stored(after_seq=seq - 1, limit=1)
            self._seen = found[0] if found and found[0].seq == seq else None
        return self._seen

    def _digest_of(self, seq: int) -> str:
        entry = self._entry(seq)
        return entry.digest if entry else ""
