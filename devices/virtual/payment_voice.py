"""What the virtual payment terminal has to say: one message at a time, each answered before the next. No clock: time is passed in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from devices.terminals.zvt_codec import Apdu
from devices.virtual.payment_ledger import LedgerEntry


@dataclass(frozen=True, slots=True)
class Send:
    """Send this message."""

    apdu: Apdu


@dataclass(frozen=True, slots=True)
class SendHalf:
    """Send the first half of this message, and nothing more until the other side moves."""

    apdu: Apdu


@dataclass(frozen=True, slots=True)
class Noise:
    """Send bytes that are no message."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drop:
    """Close the line."""


@dataclass(frozen=True, slots=True)
class Record:
    """Write this entry to the ledger's file, through to the disk, before anything that comes after it goes out."""

    entry: LedgerEntry


Output = Send | SendHalf | Noise | Drop | Record


class Mark(Enum):
    """A place between messages where something else happens."""

    REMOVAL = auto()  # wait until the card is out
    END = auto()  # the command is over


class Manner(Enum):
    """How the next approval goes out; NOISE takes the place of the next message, whichever it is."""

    PLAIN = auto()
    TWICE = auto()
    HALF = auto()
    NOISE = auto()


@dataclass(slots=True)
class Voice:
    """The messages to come and the one that waits for its answer."""

    answer_timeout_ms: int
    answer_tries: int
    slow_ms: int = 0
    manner: Manner = Manner.PLAIN
    agenda: deque[Apdu | Mark] = field(default_factory=deque)
    waiting: Apdu | None = None
    again_ms: int | None = None
    held_until_ms: int | None = None
    tries: int = 0

    @property
    def deadline_ms(self) -> int | None:
        """When `advance` has something to do next."""
        return min((at for at in (self.again_ms, self.held_until_ms) if at is not None), default=None)

    @property
    def exhausted(self) -> bool:
        """Whether the message in hand was sent as often as it may be, without an answer."""
        return self.tries >= self.answer_tries

    def next(self, now_ms: int) -> tuple[list[Output], Mark | None]:
        """Say the next message, if the last is answered; or give the mark that stands there instead, for the caller to take off."""
        if self.waiting is not None or self.held_until_ms is not None or not self.agenda:
            return [], None
        item = self.agenda[0]
        if isinstance(item, Apdu):
            if self.slow_ms:
                self.held_until_ms = now_ms + self.slow_ms
                return [], None
            return self._say(now_ms), None
        return [], item

    def advance(self, now_ms: int) -> list[Output]:
        """Say what was held back, and say again what was not answered."""
        if self.held_until_ms is not None and self.held_until_ms <= now_ms:
            self.held_until_ms = None
            return self._say(now_ms)
        if self.again_ms is not None and self.again_ms <= now_ms and self.waiting is not None:
            self.tries += 1
            self.again_ms = now_ms + self.answer_timeout_ms
            return [Send(self.waiting)]
        return []

    def answered(self) -> None:
        """The message in hand was answered."""
        self.waiting, self.again_ms, self.tries = None, None, 0

    def ask_again_at(self, at_ms: int) -> None:
        """The other side asked for time: the message in hand is said again then."""
        self.tries, self.again_ms = 0, at_ms

    def silence(self) -> None:
        """Forget everything."""
        self.agenda.clear()
        self.answered()
        self.held_until_ms, self.slow_ms, self.manner = None, 0, Manner.PLAIN

    def _say(self, now_ms: int) -> list[Output]:
        item = self.agenda.popleft()
        assert isinstance(item, Apdu)  # noqa: S101 -- `next` holds back messages only; for the type checker
        manner = Manner.PLAIN
        if self.manner is Manner.NOISE or item.command == 0x040F:
            manner, self.manner = self.manner, Manner.PLAIN
        self.waiting, self.tries, self.again_ms = item, 1, now_ms + self.answer_timeout_ms
        if manner is Manner.HALF:
            self.again_ms = None
            return [SendHalf(item)]
        if manner is Manner.NOISE:
            return [Noise(bytes.fromhex("a55aff1002c0ffee15"))]
        return [Send(item)] * (2 if manner is Manner.TWICE else 1)
