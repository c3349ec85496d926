"""One connection to a ZVT terminal: a transport, its framing and a session, with the time-outs that the session does not know."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from devices.terminals.zvt_codec import Apdu, Line, SerialLine, TcpLine, ZvtError
from devices.terminals.zvt_fields import StatusInformation
from devices.terminals.zvt_session import (
    Aborted,
    Accepted,
    Command,
    Completed,
    Event,
    Information,
    Refused,
    Reply,
    ZvtSession,
)
from devices.transport import Transport, TransportLostError, open_transport
from kiosk.domain.records import dataclass

_READ_BYTES = 4096
_WRITE_TIMEOUT_MS = 5_000
# PA00P016: the other side's link acknowledgement comes within a second on a serial line.
_LINK_REPLY_MS = 1_000
# A message that stops half-way: at 9600 baud the longest takes 0.3 s without a pause.
_HALF_READ_MS = 2_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the terminal may be silent, in milliseconds: before it takes a command up, and between its messages after that."""

    reply_ms: int = 5_000
    between_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class Ended:
    """How a plain command ended, with the last status information that came before."""

    by: Completed | Aborted | Refused
    information: StatusInformation | None


class Conversation:
    """An open connection; use `with`, it closes the line. All calls on one thread."""

    def __init__(self, transport: Transport, line: Line, session: ZvtSession, patience: Patience) -> None:
        self.session = session
        self.patience = patience
        self._transport, self._line = transport, line
        self._heard = self._link_since = time.monotonic()

    @classmethod
    def open(
        cls, url: str, session: ZvtSession, patience: Patience, opened: Callable[[Transport], None]
    ) -> Conversation:
        """Connect; `opened` is told the transport, to wake or close it from elsewhere. Raises DeviceUnavailableError."""
        transport = open_transport(url)
        opened(transport)
        line: Line = TcpLine() if url.startswith("tcp:") else SerialLine()
        return cls(transport, line, session, patience)

    @property
    def silent_ms(self) -> int:
        """How long nothing has come."""
        return int((time.monotonic() - self._heard) * 1000)

    def send(self, apdu: Apdu) -> None:
        """Send a message. Raises TransportLostError."""
        self._line.send(apdu)
        self._flush()

    def listen(self, timeout_ms: int) -> list[Event]:
        """What the terminal said within `timeout_ms`, its due answers already sent; [] when nothing came or the read was woken.

        Raises TransportLostError when the line is gone, or what comes over it cannot be followed.
        """
        limit_ms = min(timeout_ms, _LINK_REPLY_MS) if self._line.waiting or self._line.half_read else timeout_ms
        data = self._transport.read(_READ_BYTES, max(0, limit_ms))
        try:
            if not data:
                self._watch_link()
                return []
            self._heard = self._link_since = time.monotonic()
            apdus = self._line.feed(data)
            self._flush()
        except ZvtError as error:
            raise TransportLostError(f"{self._transport.name}: {error}") from error
        events: list[Event] = []
        for apdu in apdus:
            for event in self.session.receive(apdu):
                if isinstance(event, Reply):
                    self.send(event.apdu)
                else:
                    events.append(event)
        return events

    def run(self, command: Command, apdu: Apdu) -> Ended:
        """A command that asks nobody anything, from its first message to its end. Raises TransportLostError."""
        self.send(apdu)
        self._heard = time.monotonic()
        accepted, information = False, None
        while True:
            for event in self.listen(200):
                if isinstance(event, Accepted) and event.command is command:
                    accepted = True
                    if command in (Command.ABORT, Command.LOG_OFF):
                        return Ended(Completed(command, self.session.slips()), None)
                elif isinstance(event, Information):
                    information = event.status
                elif isinstance(event, Completed | Aborted | Refused) and event.command is command:
                    return Ended(event, information)
            self.check_silence(accepted=accepted)

    def check_silence(self, *, accepted: bool) -> None:
        """Raise TransportLostError when the terminal has been silent for too long."""
        limit_ms = self.patience.between_ms if accepted else self.patience.reply_ms
        if self.silent_ms > limit_ms:
            raise TransportLostError(
                f"{self._transport.name}: the terminal has been silent for {self.silent_ms} ms; is it on?"
            )

    def settle(self) -> None:
        """Let a serial line's last message be acknowledged before the line is closed."""
        until = time.monotonic() + _LINK_REPLY_MS / 1000
        while self._line.waiting and time.monotonic() < until:
            self.listen(100)

    def __enter__(self) -> Conversation:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._transport.close()

    def _flush(self) -> None:
        data = self._line.take_output()
        if data:
            self._transport.write(data, _WRITE_TIMEOUT_MS)

    def _watch_link(self) -> None:
        """Repeat what a serial line's other end did not acknowledge; give up on a message that stopped half-way."""
        if not (self._line.waiting or self._line.half_read):
            self._link_since = time.monotonic()
            return
        waited_ms = (time.monotonic() - self._link_since) * 1000
        if isinstance(self._line, TcpLine):
            if waited_ms > _HALF_READ_MS:
                raise ZvtError("a message stopped half-way")
        elif waited_ms >= _LINK_REPLY_MS:
            self._link_since = time.monotonic()
            self._line.silence()
            self._flush()
