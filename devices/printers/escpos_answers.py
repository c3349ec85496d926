"""What an ESC/POS printer says of itself: status asked for and read byte by byte, never believed when it is silent."""

from __future__ import annotations

import time

from devices.transport import Transport
from kiosk.domain.records import dataclass
from kiosk.ports import Health, HealthState

_WRITE_TIMEOUT_MS = 2000
_MOST_HEARD = 1024
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8: what was sent and not printed is forgotten


@dataclass(frozen=True, slots=True)
class Status:
    """The four answers to `DLE EOT` 1 to 4."""

    printer: int
    offline: int
    error: int
    paper: int

    @property
    def blocked(self) -> str:
        """Why nothing can be printed, as a stable code, or ""."""
        # An open cover lifts the paper off its sensor: it is named first.
        if self.offline & 0x04:
            return "cover-open"
        if self.paper & 0x60 or self.offline & 0x20:
            return "paper-out"
        if self.error & 0x08:
            return "cutter-jam"
        if self.error & 0x20:
            return "printer-error"
        if self.error & 0x40:
            return "head-hot"
        return "offline" if self.printer & 0x08 else ""

    @property
    def health(self) -> Health:
        """The same as the supervisor publishes it."""
        if self.blocked:
            return Health(HealthState.FAULT, self.blocked)
        return Health(HealthState.DEGRADED, "paper-low") if self.paper & 0x0C else Health(HealthState.READY)


class Answers:
    """Asks, and sorts what comes back: status bytes (`& 0x93 == 0x12`) from everything else."""

    def __init__(self, transport: Transport, timeout_ms: int) -> None:
        self._transport = transport
        self._timeout_ms = timeout_ms
        self._heard = bytearray()

    def forget(self) -> None:
        """Drop whatever the printer has said so far. Raises TransportLostError."""
        self._transport.drain()
        self._heard.clear()

    def status(self) -> Status | None:
        """The four answers, or None if one does not come in time. Raises TransportLostError."""
        answers = []
        for request in (1, 2, 3, 4):
            self._transport.write(b"\x10\x04" + bytes([request]), _WRITE_TIMEOUT_MS)
            answer = self._next_status()
            if answer is None:
                return None
            answers.append(answer)
        return Status(*answers)

    def listen(self, timeout_ms: int) -> bool:
        """Hear more within `timeout_ms`; False when nothing came. Raises TransportLostError."""
        data = self._transport.read(256, timeout_ms)
        self._heard += data
        del self._heard[:-_MOST_HEARD]
        return bool(data)

    def take(self, wanted: bytes) -> bool:
        """Whether these bytes have come; they are then used up."""
        at = self._heard.find(wanted)
        if at >= 0:
            del self._heard[: at + len(wanted)]
        return at >= 0

    def take_sensor(self) -> bool:
        """Whether an answer to `GS r 1` has come (bits 4 and 7 clear); it is then used up."""
        for at, byte in enumerate(self._heard):
            if byte & 0x90 == 0:
                del self._heard[at]
                return True
        return False

    def _next_status(self) -> int | None:
        deadline = time.monotonic() + self._timeout_ms / 1000
        while True:
            for at, byte in enumerate(self._heard):
                if byte & 0x93 == 0x12:
                    del self._heard[at]
                    return byte
            left_ms = int((deadline - time.monotonic()) * 1000)
            if left_ms <= 0:
                return None
            self.listen(left_ms)
