"""After a restore: asks the central service for what it had acknowledged of the older journals, and has it kept beside the new one."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from typing import Final

from kiosk.ports import ForeignEntriesError, GivenBack, JournalError, OlderBooks, OlderPlace, StoredEntry
from sync.background import Background
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.pacing import Pacing
from sync.protocol.journal import JournalHead, JournalHeads, JournalPage, WireEntry
from sync.protocol.wire import RequestClass

log = logging.getLogger(__name__)

_WITHIN_S: Final = 20.0
_BOOKS_S: Final = 30.0

Stamp = Callable[[], tuple[str, int]]


class Retrieval(Background):
    """Runs once, on a thread of its own, where the books say that they were restored; goes on where a cut line or power left it."""

    def __init__(
        self,
        line: Line,
        books: OlderBooks,
        stamp: Stamp,
        *,
        done: Callable[[GivenBack], None] = lambda _: None,
        room: Callable[[], bool] = lambda: True,
    ) -> None:
        """`stamp` gives wall time (ISO 8601) and the monotonic clock. `done` is called on this thread once all there is came back;
        `room`: whether the books have room for more."""
        super().__init__(line, "retrieval")
        self._books = books
        self._stamp = stamp
        self._done = done
        self._room = room
        self._pacing = Pacing(random.random)

    # --- on the thread of the retrieval

    def _run(self) -> None:
        while not self._is_ending.is_set():
            try:
                if self._books.is_wanted():
                    self._retrieve()
                return
            except (LineError, ProblemError) as error:
                self._rest(self._pacing.wait_s(error))
            except JournalError as error:
                log.error("what the central service gives back cannot be kept: %s", error)
                self._rest(_BOOKS_S)

    def _retrieve(self) -> None:
        heads = self._line.ask(JournalHeads, "GET", "/v1/journal", of=RequestClass.BACKLOG, within_s=_WITHIN_S)
        self._pacing.went_well()
        for head in sorted(heads.journals, key=lambda one: one.first_seq):
            if head.journal_id != self._books.journal_id:
                self._follow(head)
        if not self._is_ending.is_set():
            found = self._books.finish(*self._stamp())
            log.info("%d entries of older journals came back, %d sales among them", found.entries, found.sales)
            self._done(found)

    def _follow(self, head: JournalHead) -> None:
        """Everything of one older journal that is not here yet. One that is not ours in truth is left alone, and told."""
        place = OlderPlace(head.journal_id, head.first_seq)
        after = self._books.held(place)
        try:
            while after is not None and after < head.seq and not self._is_ending.is_set():
                if not self._room():
                    raise JournalError("the disk has no room for what the central service gives back")
                page = self._page(head.journal_id, after)
                if not page.entries:
                    return
                self._books.take_back([_stored(head.journal_id, entry) for entry in page.entries])
                after = page.entries[-1].seq
            if after is None:
                log.error("journal %s of the central service begins behind nothing that is ours", head.journal_id)
        except ForeignEntriesError as error:
            log.error("journal %s of the central service is not ours: %s", head.journal_id, error)

    def _page(self, journal_id: str, after: int) -> JournalPage:
        target = f"/v1/journal/{journal_id}?after={after}"
        page = self._line.ask(JournalPage, "GET", target, of=RequestClass.BACKLOG, within_s=_WITHIN_S)
        self._pacing.went_well()
        if (page.terminal_id, page.journal_id) != (self._books.terminal_id, journal_id):
            raise ForeignEntriesError(f"the answer is of journal {page.journal_id} of terminal {page.terminal_id}")
        return page


def _stored(journal_id: str, entry: WireEntry) -> StoredEntry:
    if (wrong := entry.malformed) is not None:
        raise ForeignEntriesError(f"entry {entry.seq} has a field {wrong} that is not of its form")
    return StoredEntry(
        journal_id,
        entry.seq,
        entry.at,
        entry.clock_ms,
        entry.kind,
        entry.subject,
        entry.body,
        entry.prev,
        entry.hash,
    )
