"""The world around one register: virtual time, the virtual payment terminal, and a line on which every message may be lost.

A loss is what TCP makes of it: from that message on, nothing passes on this connection any more. Its ways (`Loss`) are parted by who
notices. A request may also be late: it waits inside the terminal, as where a terminal answers questions at once and takes commands up
when it comes to them, and is taken up any time later, over whatever line there is then; only an abort throws it away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from devices.terminals.zvt_codec import Apdu, TcpLine
from devices.transport import TransportLostError
from devices.virtual.payment_books import Books as TerminalBooks
from devices.virtual.payment_core import TerminalCore
from devices.virtual.payment_ledger import Ledger
from devices.virtual.payment_voice import Drop, Output, Send
from kiosk.runtime import VirtualLoop

# A driver that listens to a line over which nothing comes any more looks at its clock this often, instead of five times a second.
_SILENCE_MS = 2_000
ABORT = 0x06B0
MOVES_MONEY = (0x0601, 0x0630, 0x0631)


class Loss(StrEnum):
    """What becomes of a message."""

    DELIVERED = "delivered"
    CUT = "lost, both ends see the line break"
    UNSEEN = "lost, nobody notices"
    UNSEEN_BY_TERMINAL = "lost, only the register sees the line break"
    LATE = "late, the line breaks; the terminal takes it up when it comes to it"


class Fate(Protocol):
    """Decides what is not the register's to decide: losses, crashes, what the customer does."""

    def choose(self, about: str, options: tuple[str, ...]) -> str:
        """One of `options`; the first is the kind one."""

    def may_crash(self, about: str) -> None:
        """Called between any two steps. A crash is raised from here, or tried elsewhere on a copy."""


class StoppedClock(TerminalBooks):
    """The terminal's books under a clock that stands: dates on slips are no difference between two schedules."""

    __slots__ = ()

    def at(self, now_ms: int) -> str:
        """Always the same second."""
        return "2026-01-01T09:00:00"


def terminal_books() -> StoppedClock:
    """Books without an entry."""
    return StoppedClock(Ledger())


@dataclass(slots=True)
class Wire:
    """One connection, as the driver's transport sees it: implements what it uses of `devices.transport.Transport`."""

    world: World
    number: int
    name: str = "terminal"
    inbox: bytearray = field(default_factory=bytearray)
    far: TcpLine = field(default_factory=TcpLine)
    passes: bool = True  # messages still get through
    broken: bool = False  # the register has been told that it is gone
    closed: bool = False
    woken: bool = False

    def read(self, max_bytes: int, timeout_ms: int) -> bytes:
        """As `Transport.read`, in virtual time."""
        if not self.passes:
            timeout_ms = max(timeout_ms, _SILENCE_MS)
        self.world.pass_time(timeout_ms, lambda: bool(self.inbox) or self.broken or self.woken)
        self.woken = False
        if self.inbox:
            data = bytes(self.inbox[:max_bytes])
            del self.inbox[:max_bytes]
            return data
        if self.broken:
            raise TransportLostError("the line to the terminal is gone")
        return b""

    def write(self, data: bytes, timeout_ms: int) -> None:
        """As `Transport.write`."""
        if self.broken:
            raise TransportLostError("the line to the terminal is gone")
        for apdu in self.far.feed(data):
            self.world.to_terminal(self, apdu)

    def cancel_read(self) -> None:
        """As `Transport.cancel_read`."""
        self.woken = True

    def close(self) -> None:
        """As `Transport.close`."""
        if not self.closed:
            self.closed = True
            self.world.hung_up(self)


class World:
    """One life of a register: `loop` runs it, `core` is the terminal in front of it. `late` are requests that the terminal has yet to
    take up, `now_ms` goes on from life to life."""

    def __init__(
        self, core: TerminalCore, fate: Fate, loop: VirtualLoop, begun_ms: int, late: tuple[Apdu, ...]
    ) -> None:
        self.core = core
        self.fate = fate
        self.loop = loop
        self.late = late
        self.wire: Wire | None = None
        self._begun_ms = begun_ms

    @property
    def now_ms(self) -> int:
        """The time that terminal and driver live in."""
        return self._begun_ms + self.loop.now_ms()

    def pending_ms(self) -> tuple[int, ...]:
        """When the register's loop has calls to make, in milliseconds from now."""
        return tuple(sorted(due_ms - self.loop.now_ms() for due_ms, _, timer in self.loop._calls if timer.call))

    # --- time: takes the place of the module `time` in the driver ---

    def monotonic(self) -> float:
        """As `time.monotonic`."""
        return self.now_ms / 1000

    def sleep(self, seconds: float) -> None:
        """As `time.sleep`."""
        self.pass_time(round(seconds * 1000), lambda: False)

    def pass_time(self, at_most_ms: int, enough: Callable[[], bool]) -> None:
        """Let the rest of the world go on until `enough()`, or for `at_most_ms`."""
        until_ms = self.now_ms + at_most_ms
        while not enough():
            if not self.step(until_ms):
                self.loop.run(until_ms - self.now_ms)
                return

    def step(self, until_ms: int) -> bool:
        """The next thing that happens, in the register's loop or in the terminal; False where nothing does before `until_ms`."""
        due_ms = self.core.deadline_ms
        next_ms = until_ms if due_ms is None else min(until_ms, max(due_ms, self.now_ms))
        if self.loop.step(next_ms - self._begun_ms):
            self.fate.may_crash("a step of the register")
            return True
        if due_ms is None or due_ms > until_ms:
            return False
        self.loop.run(next_ms - self.now_ms)
        self.from_terminal(self.core.advance(self.now_ms))
        self.fate.may_crash("the terminal went on by itself")
        return True

    # --- the line ---

    def open_transport(self, url: str) -> Wire:
        """Takes the place of `devices.transport.open_transport` in the driver."""
        number, outputs = self.core.connect(self.now_ms)
        self.wire = Wire(self, number)
        self.from_terminal(outputs)
        return self.wire

    def to_terminal(self, wire: Wire, apdu: Apdu) -> None:
        """The register sends."""
        if not wire.passes:
            return
        kinds = _LOSSES_OF_REQUESTS if apdu.command in MOVES_MONEY else _LOSSES
        about = f"register -> {apdu.command:04X}"
        loss = self.fate.choose(about, kinds)
        if loss != Loss.DELIVERED:
            if loss == Loss.LATE:
                self.late = (*self.late, apdu)
            self._lose(wire, Loss(loss))
            return
        if apdu.command == ABORT:
            self.late = ()
        self.from_terminal(self.core.receive(apdu, self.now_ms, wire.number))
        self.fate.may_crash(f"{about} arrived")
        self._take_up_late()

    def from_terminal(self, outputs: list[Output]) -> None:
        """Perform what the terminal wants done."""
        wire = self.wire
        for output in outputs:
            if isinstance(output, Drop) and wire is not None and wire.passes:
                wire.passes, wire.broken = False, True
            if not isinstance(output, Send) or wire is None or not wire.passes or wire.closed:
                continue
            about = f"terminal -> {output.apdu.command:04X}"
            loss = self.fate.choose(about, _LOSSES)
            if loss == Loss.DELIVERED:
                wire.inbox += output.apdu.encode()
                self.fate.may_crash(f"{about} arrived")
            else:
                self._lose(wire, Loss(loss))

    def hung_up(self, wire: Wire) -> None:
        """The register closed its end."""
        if wire.passes:
            wire.passes = False
            self._terminal_sees_the_end(wire)

    def _lose(self, wire: Wire, loss: Loss) -> None:
        wire.passes = False
        wire.broken = loss != Loss.UNSEEN
        if loss in (Loss.CUT, Loss.LATE):
            self._terminal_sees_the_end(wire)

    def _terminal_sees_the_end(self, wire: Wire) -> None:
        if self.core.connected and self.core.connection == wire.number:
            self.from_terminal(self.core.disconnect(self.now_ms))

    def _take_up_late(self) -> None:
        if not self.late:
            return
        apdu, *others = self.late
        if self.fate.choose(f"late {apdu.command:04X}", ("still waits", "is taken up")) == "is taken up":
            self.late = tuple(others)
            self.from_terminal(self.core.receive(apdu, self.now_ms))
            self.fate.may_crash("a late request was taken up")


_LOSSES: tuple[str, ...] = (Loss.DELIVERED, Loss.CUT, Loss.UNSEEN, Loss.UNSEEN_BY_TERMINAL)
_LOSSES_OF_REQUESTS = (*_LOSSES, Loss.LATE)
