"""A chip card without hardware: speaks to vpcd, the virtual reader of vsmartcard, as a card does to a reader; and fails on demand.

vpcd's protocol: a TCP connection to its port is a card in the reader. Messages both ways have their length before them, two bytes, high
byte first. One byte is power: 0 off, 1 on, 2 reset, 4 "say your ATR"; everything longer is a command, answered with data and status.
"""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType

VPCD_PORT = 35_963
TERN_APPLICATION = bytes.fromhex("F05445524E01")
# Direct convention, T=1 only, four historical bytes, and the check character that T=1 asks for (ISO/IEC 7816-3, 8).
_ATR = bytes.fromhex("3B84800180544552C6")
_CONNECT_S = 5.0
_ENDING_S = 5.0
_ATR_ASKED = 4
_OK, _NO_FILE, _NO_RECORD, _NOT_KNOWN = b"\x90\x00", b"\x6a\x82", b"\x6a\x83", b"\x6d\x00"


@dataclass(frozen=True, slots=True)
class ChipApplication:
    """What can be selected: its name, records by (short file identifier, number), and files by their two bytes."""

    aid: bytes
    records: Mapping[tuple[int, int], bytes] = field(default_factory=dict)
    files: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChipCard:
    """A card with its applications, and what is the matter with it: "" for nothing, "silent" for one that stops answering after its
    first command, "nonsense" for one that answers noise, or a number: it is pulled out when as many commands have come."""

    applications: tuple[ChipApplication, ...]
    matter: str = ""


def tern_card(number: str, *, matter: str = "") -> ChipCard:
    """A card of the layout "tern-chip" of config/default.toml."""
    value = number.encode("ascii")
    record = b"\x5f\x50" + bytes([len(value)]) + value
    return ChipCard((ChipApplication(TERN_APPLICATION, {(1, 1): b"\x70" + bytes([len(record)]) + record}),), matter)


def payment_card() -> ChipCard:
    """A payment card: it has the payment environment, and a scheme's application with a number (the schemes' test number)."""
    record = b"\x70\x0a\x5a\x08" + bytes.fromhex("4111111111111111")
    scheme = ChipApplication(bytes.fromhex("A0000000031010"), {(1, 1): record})
    return ChipCard((ChipApplication(b"2PAY.SYS.DDF01"), scheme, ChipApplication(TERN_APPLICATION, {(1, 1): record})))


class VirtualChipCard:
    """A hand with cards before a vpcd at `host`:`port`. `insert` and `remove` from any thread. `heard` counts the commands."""

    def __init__(self, port: int = VPCD_PORT, host: str = "127.0.0.1") -> None:
        self._address = (host, port)
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.heard = 0

    @property
    def is_in(self) -> bool:
        """Whether a card is in the reader."""
        return self._thread is not None and self._thread.is_alive()

    def insert(self, card: ChipCard) -> None:
        """Put a card in; one that is in comes out first. Raises OSError where no vpcd listens."""
        self.remove()
        self.heard = 0
        self._line = socket.create_connection(self._address, timeout=_CONNECT_S)
        self._line.settimeout(None)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(
            target=self._answer, args=(self._line, _Answers(card)), name="virtual-chip-card", daemon=True
        )
        self._thread.start()

    def remove(self) -> None:
        """Take the card out, whatever it is doing. Callable more than once."""
        line, thread = self._line, self._thread
        self._line = self._thread = None
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        if thread is not None:
            thread.join(_ENDING_S)

    def close(self) -> None:
        """Take the card out for good."""
        self.remove()

    def __enter__(self) -> VirtualChipCard:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _answer(self, line: socket.socket, answers: _Answers) -> None:
        with line, contextlib.suppress(OSError):
            while True:
                head = _exactly(line, 2)
                message = _exactly(line, int.from_bytes(head, "big")) if head else b""
                if not message:
                    return
                if len(message) == 1:
                    answer: bytes | None = _ATR if message[0] == _ATR_ASKED else b""
                else:
                    self.heard += 1
                    answer = answers.to(message)
                if answer is None:
                    return
                if answer:
                    line.sendall(len(answer).to_bytes(2, "big") + answer)


class _Answers:
    """What one card says, from its insertion to its removal."""

    def __init__(self, card: ChipCard) -> None:
        self._card = card
        self._selected: ChipApplication | None = None
        self._file = b""
        self._asked = 0

    def to(self, command: bytes) -> bytes | None:
        """The answer; b"" for none at all, None where the card is pulled out now."""
        self._asked += 1
        matter = self._card.matter
        if matter.isdigit() and self._asked >= int(matter):
            return None
        if matter == "silent" and self._asked > 1:
            return b""
        if matter == "nonsense":
            return random.Random(self._asked).randbytes(7)  # noqa: S311 - noise, not a secret
        return self._said(command)

    def _said(self, command: bytes) -> bytes:
        kind, body = command[:4], command[5 : 5 + command[4]] if len(command) > 5 else b""
        if kind == b"\x00\xa4\x04\x00":
            # The first application whose name begins so (ISO/IEC 7816-4, 8.2.1.2).
            self._selected = next((one for one in self._card.applications if body and one.aid.startswith(body)), None)
            return _OK if self._selected else _NO_FILE
        if self._selected is None:
            return _NO_FILE
        if kind[:2] == b"\x00\xb2":
            record = self._selected.records.get((kind[3] >> 3, kind[2]))
            return _NO_RECORD if record is None else record + _OK
        if kind[:2] == b"\x00\xa4":
            self._file = body
            return _OK if body in self._selected.files else _NO_FILE
        if kind[:2] == b"\x00\xb0":
            return self._selected.files.get(self._file, b"") + _OK
        return _NOT_KNOWN


def _exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes, or b"" where the line ended before."""
    data = b""
    while len(data) < size:
        # vpcd sends a length and a message in two pieces, and waits with the second for our word that the first came: 40 ms a command.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        more = line.recv(size - len(data))
        if not more:
            return b""
        data += more
    return data
