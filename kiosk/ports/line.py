"""What the line to the central service needs of the terminal, and what it tells about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Protocol

from kiosk.domain.facts import Json
from kiosk.domain.records import dataclass
from kiosk.ports.books import JournalError


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry exactly as it stands in the journal: `body` is the very text that was hashed, `kind` also one that this version does not
    know. `prev` and `digest` are 64 hex digits."""

    journal_id: str
    seq: int
    at: str
    clock_ms: int
    kind: str
    subject: str
    body: str
    prev: str
    digest: str


class ForeignEntriesError(JournalError):
    """What came as an older journal of ours is none: nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class OlderPlace:
    """Where an older journal begins: the id it has, and the seq of its first entry."""

    journal_id: str
    first_seq: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What is known again after a restore: how many entries, and the sales among them."""

    entries: int
    sales: int


class OlderBooks(Protocol):
    """What a restored journal lost and the central service still holds. Thread-safe; reads and waits for the writer."""

    @property
    def terminal_id(self) -> str:
        """Whose journals they are."""

    @property
    def journal_id(self) -> str:
        """The journal that is written now, of which nothing is missing."""

    def is_wanted(self) -> bool:
        """Whether there was a restore, and nobody has been asked since. Raises JournalError."""

    def held(self, place: OlderPlace) -> int | None:
        """Up to which seq we hold an older journal; None where nothing of ours is its beginning. Raises JournalError."""

    def take_back(self, entries: Sequence[StoredEntry]) -> int:
        """Keep entries of one older journal, proven, durable when this returns; gives how many were new. Raises ForeignEntriesError,
        JournalError."""

    def finish(self, at: str, clock_ms: int) -> GivenBack:
        """Write down what came back: from now on nothing is wanted. Raises JournalError."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the central service holds the journal: up to `seq`, whose digest is `digest`; (0, "") before the first acknowledgement.

    `set_aside` counts the entries up to there that it keeps, but could not take into the books.
    """

    seq: int = 0
    digest: str = ""
    set_aside: int = 0


class Outbox(Protocol):
    """The journal as whoever ships it knows it. Thread-safe."""

    @property
    def terminal_id(self) -> str:
        """Whose journal it is."""

    @property
    def journal_id(self) -> str:
        """Under which id new entries are written; older ones keep theirs."""

    def stored(self, *, after_seq: int, limit: int) -> Sequence[StoredEntry]:
        """Entries in order of `seq`, on a reader's connection. Raises JournalError."""

    def head(self) -> tuple[int, str]:
        """The highest seq and its digest. Raises JournalError."""

    def mark(self) -> Mark:
        """What was remembered last. Raises JournalError."""

    def remember(self, mark: Mark, at: str) -> None:
        """Remember `mark` soon, with `at` (wall time, ISO 8601). Never blocks. Raises JournalError where nothing can be written now."""

    def on_commit(self, watcher: Callable[[int], None]) -> None:
        """Call `watcher(highest seq)` after every commit, on the writer's thread: it must not block."""


@dataclass(frozen=True, slots=True)
class UplinkState:
    """What waits to be sent. `pending` entries, the oldest of them written `oldest_at` (wall time, ISO 8601; "" where nothing waits).

    `reason` is a stable code of why they wait ("" while they are on their way): "offline", "timeout", "busy", "revoked", "clock", ...
    `last_ok_at`: when the service last took something, "" before that. `set_aside`: entries that it keeps outside the books.
    """

    pending: int = 0
    oldest_at: str = ""
    reason: str = ""
    last_ok_at: str = ""
    set_aside: int = 0

    @property
    def is_up(self) -> bool:
        """Whether the service took something since the start, and nothing has stood in the way since then."""
        return bool(self.last_ok_at) and not self.reason


@dataclass(frozen=True, slots=True)
class Order:
    """What the central service asks this terminal to do: a command of `sync.protocol.commands`. `expires_in_ms` from now.

    `bound_to` is what it was given for, "" where it is bound to nothing.
    """

    order_id: str
    kind: str
    body: Mapping[str, Json]
    bound_to: str
    issued_by: str
    expires_in_ms: int


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """What became of it. `status`: "done", "refused", "expired" or "failed"; `reason` a stable code; `body` whatever was found out."""

    status: str
    reason: str = ""
    body: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """What waits for a person's word, here or from afar. `basket_hash` binds the answer; `item` is a name, `picture` a picture's."""

    request_id: str
    kind: str
    basket_hash: str
    item: str
    picture: str
    reason: str


@dataclass(frozen=True, slots=True)
class TerminalView:
    """What the terminal is doing, as the central service is told. `mode` is a `sync.protocol.reports.Mode`; `devices`: name -> (health,
    reason)."""

    mode: str
    step: str
    profile: str
    devices: Mapping[str, tuple[str, str]]
    approval: AskedApproval | None = None
