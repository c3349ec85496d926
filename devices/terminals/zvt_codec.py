"""ZVT on the wire: APDUs, their framing over TCP and serial lines, and BCD numbers. No sockets, no clocks.

Source: ZVT protocol specification (terminalhersteller.de), PA00P015 "ZVT interface" and PA00P016 "transport protocol".
No text of an error and no repr made here holds the bytes of a message: they may hold a card number.
"""

from __future__ import annotations

from collections import deque
from dataclasses import field
from typing import Protocol

from kiosk.domain.records import dataclass

MAX_APDU_DATA = 0xFFFF
SERIAL_TRIES = 3

_DLE, _STX, _ETX, _ACK, _NAK = 0x10, 0x02, 0x03, 0x06, 0x15
# The classes that either side may send; anything else means that the stream is not ZVT, or that its place was lost.
_CLASSES = frozenset((0x04, 0x05, 0x06, 0x08, 0x0F, 0x80, 0x84))


class ZvtError(Exception):
    """What came over the line is not ZVT, or not ZVT at this point of a conversation."""


@dataclass(frozen=True, slots=True)
class Apdu:
    """One message: `command` is class and instruction (0x0601), `data` up to 65535 bytes."""

    command: int
    data: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """The bytes as they stand bare on TCP. Raises ZvtError when the data is too long."""
        head = self.command.to_bytes(2, "big")
        if len(self.data) > MAX_APDU_DATA:
            raise ZvtError(f"a message of {len(self.data)} bytes is too long; {MAX_APDU_DATA} is the limit")
        if len(self.data) < 0xFF:
            return head + bytes((len(self.data),)) + self.data
        return head + b"\xff" + len(self.data).to_bytes(2, "little") + self.data


ACCEPTED = Apdu(0x8000)
MORE_TIME = Apdu(0x849C)
GOODS_REFUSED = Apdu(0x8466)
NOT_POSSIBLE = Apdu(0x8483)


def decode_apdu(frame: bytes) -> Apdu:
    """Exactly one message. Raises ZvtError when `frame` is shorter or longer than its length says."""
    apdu, used = _first_apdu(frame)
    if apdu is None or used != len(frame):
        raise ZvtError(f"{len(frame)} bytes are not one whole message; its length field says otherwise")
    return apdu


def _first_apdu(buffer: bytes | bytearray) -> tuple[Apdu | None, int]:
    """The message at the start of `buffer` and the bytes it takes, or (None, 0) while it is incomplete."""
    if buffer and buffer[0] not in _CLASSES:
        raise ZvtError(f"no message begins with byte {buffer[0]:02X}; this is not ZVT, check baud rate and port")
    if len(buffer) < 3:
        return None, 0
    start, length = 3, buffer[2]
    if length == 0xFF:
        if len(buffer) < 5:
            return None, 0
        start, length = 5, int.from_bytes(buffer[3:5], "little")
    if len(buffer) < start + length:
        return None, 0
    return Apdu(int.from_bytes(buffer[:2], "big"), bytes(buffer[start : start + length])), start + length


# --- lines -----------------------------------------------------------------------------------------------------------


class Line(Protocol):
    """How messages travel: the same at both ends. Feed what was read, write what `take_output` gives."""

    def send(self, apdu: Apdu) -> None:
        """Queue a message."""

    def feed(self, data: bytes) -> list[Apdu]:
        """The messages that `data` completes. Raises ZvtError when the stream cannot be followed any more."""

    def take_output(self) -> bytes:
        """The bytes to write now; each is given once."""

    def silence(self) -> None:
        """Nothing came for the line's own reply time: send again what was not acknowledged. Raises ZvtError after three tries."""

    @property
    def waiting(self) -> bool:
        """Whether the line waits for the other side's link acknowledgement."""

    @property
    def half_read(self) -> bool:
        """Whether a message has begun and not ended."""


class TcpLine:
    """Bare messages, one after the other."""

    waiting = False

    def __init__(self) -> None:
        self._in = bytearray()
        self._out = bytearray()

    def send(self, apdu: Apdu) -> None:
        """See Line."""
        self._out += apdu.encode()

    def feed(self, data: bytes) -> list[Apdu]:
        """See Line."""
        self._in += data
        found: list[Apdu] = []
        while True:
            apdu, used = _first_apdu(self._in)
            if apdu is None:
                return found
            del self._in[:used]
            found.append(apdu)

    def take_output(self) -> bytes:
        """See Line."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def silence(self) -> None:
        """TCP repeats by itself."""

    @property
    def half_read(self) -> bool:
        """See Line."""
        return bool(self._in)


class SerialLine:
    """`10 02`, the message with every 10 doubled, `10 03`, CRC; one frame at a time, each acknowledged, three tries (PA00P016)."""

    def __init__(self) -> None:
        self._in = bytearray()
        self._out = bytearray()
        self._queue: deque[bytes] = deque()
        self._tries = 0
        self._heard: bytes | None = None

    @property
    def waiting(self) -> bool:
        """See Line."""
        return self._tries > 0

    @property
    def half_read(self) -> bool:
        """See Line."""
        return bool(self._in)

    def send(self, apdu: Apdu) -> None:
        """See Line."""
        self._heard = None
        self._queue.append(serial_frame(apdu))
        if not self.waiting:
            self._transmit()

    def feed(self, data: bytes) -> list[Apdu]:
        """See Line."""
        self._in += data
        found: list[Apdu] = []
        while self._in:
            first = self._in[0]
            if first == _DLE and self._in[1:2] in (b"", bytes((_STX,))):
                payload, used = _first_serial_frame(self._in)
                if used == 0:
                    break
                restarted = payload is None and self._in[used : used + 2] == bytes((_DLE, _STX))
                del self._in[:used]
                if not restarted:  # one that was begun anew is not complained of: the whole follows
                    self._take_frame(payload, found)
                continue
            del self._in[:1]
            if first == _ACK:
                self._acknowledged()
            elif first == _NAK and self.waiting:
                self._transmit()
        return found

    def take_output(self) -> bytes:
        """See Line."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def silence(self) -> None:
        """See Line. A frame that stopped half-way is thrown away and asked for again."""
        if self._in:
            self._in.clear()
            self._out.append(_NAK)
        if self.waiting:
            self._transmit()

    def _take_frame(self, payload: bytes | None, found: list[Apdu]) -> None:
        try:
            if payload is None:
                raise ZvtError("a frame's check sum is wrong")
            apdu = decode_apdu(payload)
        except ZvtError:
            self._out.append(_NAK)
            return
        self._out.append(_ACK)
        # Each message is answered before the next: the same again without one of ours in between is a frame whose
        # acknowledgement was lost. Taken twice, its second answer would be taken for that to the next message.
        if payload != self._heard:
            found.append(apdu)
        self._heard = payload

    def _acknowledged(self) -> None:
        if not self.waiting:
            return
        self._queue.popleft()
        self._tries = 0
        if self._queue:
            self._transmit()

    def _transmit(self) -> None:
        if self._tries >= SERIAL_TRIES:
            raise ZvtError(
                f"the other side acknowledged none of {SERIAL_TRIES} tries; check the cable and the baud rate"
            )
        self._tries += 1
        self._out += self._queue[0]


def serial_frame(apdu: Apdu) -> bytes:
    """One message framed for a serial line, CRC included."""
    payload = apdu.encode()
    crc = crc16(payload + bytes((_ETX,)))
    doubled = payload.replace(bytes((_DLE,)), bytes((_DLE, _DLE)))
    return bytes((_DLE, _STX)) + doubled + bytes((_DLE, _ETX)) + crc.to_bytes(2, "little")


def crc16(data: bytes) -> int:
    """CRC-16 with the reflected polynomial 0x8408 and start value 0 (PA00P016)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0x8408 if crc & 1 else crc >> 1
    return crc


def _first_serial_frame(buffer: bytes | bytearray) -> tuple[bytes | None, int]:
    """The undoubled payload of the frame that `buffer` begins with and the bytes it takes.

    The payload is None when the check sum is wrong or a DLE stands alone; 0 bytes are taken while the frame is incomplete.
    """
    payload = bytearray()
    at = 2
    while at + 1 < len(buffer):
        byte, following = buffer[at], buffer[at + 1]
        if byte != _DLE:
            payload.append(byte)
            at += 1
        elif following == _DLE:
            payload.append(_DLE)
            at += 2
        elif following == _ETX:
            if at + 4 > len(buffer):
                return None, 0
            sent = int.from_bytes(buffer[at + 2 : at + 4], "little")
            good = sent == crc16(bytes(payload) + bytes((_ETX,)))
            return (bytes(payload) if good else None), at + 4
        else:
            return None, at
        if len(payload) > MAX_APDU_DATA + 5:
            return None, at
    return None, 0


# --- numbers ---------------------------------------------------------------------------------------------------------


def to_bcd(number: int, size: int) -> bytes:
    """`number` as `size` bytes of BCD. Raises ZvtError when it has too many digits or a sign."""
    digits = str(number)
    if number < 0 or len(digits) > 2 * size:
        raise ZvtError(f"{number} does not fit into {size} bytes of BCD")
    return bytes.fromhex(digits.zfill(2 * size))


def from_bcd(data: bytes) -> int:
    """The number that `data` is in BCD. Raises ZvtError when a half byte is no digit."""
    digits = data.hex()
    if not digits.isdecimal():
        raise ZvtError("a number holds half bytes that are no digits")
    return int(digits)
