"""What the catalogue is to whoever brings it changes: rows staged beside what is in use, then shown in one commit while the till sells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kiosk.domain.records import dataclass


class FeedRefusedError(Exception):
    """What was staged cannot be shown: the message says why. What was in use before still is, and what was staged is gone."""


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """How far a feed was followed: `cursor` is good within `epoch` only. ("", 0) before anything was."""

    epoch: str = ""
    cursor: int = 0


@dataclass(frozen=True, slots=True)
class FeedPart:
    """Rows of a feed that lead from `after` to `cursor` within `epoch`, and the version of what they lead to.

    `rows`: (key, the text of a JSON object that `sync.protocol.feed_rows` describes, or None where the row was taken away), checked.
    """

    name: str
    epoch: str
    after: int
    cursor: int
    version: str
    rows: Sequence[tuple[str, str | None]]


class FeedStore(Protocol):
    """Where feeds go. Called on one thread, which may wait; look-ups go on meanwhile."""

    def shown(self, name: str) -> FeedPlace:
        """What of the feed is in use."""

    def staged(self, name: str) -> FeedPlace | None:
        """Where to go on fetching, None where nothing is staged. Outlives a restart."""

    def stage(self, part: FeedPart) -> None:
        """Keep `part` beside what is in use. One that begins where nothing staged ends drops what was staged. Raises JournalError."""

    def show(self, name: str, count: int) -> bool:
        """Use what was staged, in one commit; `count` is how many rows the whole feed must then have.

        False where it waits for another feed (articles for their prices). Raises FeedRefusedError, JournalError.
        """

    def forget(self, name: str) -> None:
        """Drop what was staged, and fetch the feed anew from its beginning; what is in use stays. Raises JournalError."""
