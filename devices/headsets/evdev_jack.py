"""A headset jack as the kernel tells of it: SW_HEADPHONE_INSERT of an input device (linux/input-event-codes.h)."""

from __future__ import annotations

import struct
import time

from devices.transport import Transport, open_transport, parse_transport
from kiosk.ports import DeviceUnavailableError, Health, HealthState, Manifest, SelfTest

EVENT = struct.Struct("@llHHi")  # struct input_event: seconds, microseconds, type, code, value (linux/input.h)
EV_SYN, EV_SW = 0x00, 0x05
SYN_DROPPED = 0x03
SW_HEADPHONE_INSERT = 0x02
_SWITCH_BYTES = 8
# EVIOCGSW(8): _IOC(_IOC_READ, 'E', 0x1b, 8), the state of all switches as bits.
_EVIOCGSW = (2 << 30) | (_SWITCH_BYTES << 16) | (ord("E") << 8) | 0x1B


class EvdevJack:
    """Implements `kiosk.ports.HeadsetSensor`."""

    manifest = Manifest(
        driver="evdev-jack",
        kind="headset",
        models=("any jack that the kernel knows as an input device with SW_HEADPHONE_INSERT",),
        transports=("evdev", "pty", "serial"),
        settings={},
    )

    def __init__(self, transport: str) -> None:
        parse_transport(transport)
        self._url = transport
        self._transport: Transport | None = None
        self._half = b""
        self._plugged = False
        self._told = False

    def connect(self) -> Health:
        """Open the input device, and ask how its switch stands. Raises DeviceUnavailableError."""
        self.close()
        self._half, self._told = b"", False
        self._transport = open_transport(self._url)
        self._plugged = self._asked()
        return Health(HealthState.READY)

    def watch(self) -> Health:
        """An input device that goes away ends the read; there is nothing to ask."""
        if self._transport is None:
            raise DeviceUnavailableError("the headset jack is not connected")
        return Health(HealthState.READY)

    def self_test(self) -> SelfTest:
        """Whether the device is open, and what it says now; only a hand with a plug can prove more."""
        self.watch()
        return SelfTest(ok=True, report=f"{self._url} is open; a headset is {'in' if self._plugged else 'not in'}")

    def read(self, timeout_ms: int) -> bool | None:
        """Whether a headset is in, when that is news. Raises DeviceUnavailableError."""
        transport = self._transport
        if transport is None:
            raise DeviceUnavailableError("the headset jack is not connected")
        deadline_ms = _now_ms() + timeout_ms
        while self._plugged == self._told:
            left_ms = deadline_ms - _now_ms()
            data = transport.read(EVENT.size * 64, left_ms) if left_ms > 0 else b""
            if not data:
                return None
            self._heard(data)
        self._told = self._plugged
        return self._told

    def close(self) -> None:
        """Close the device; wakes a blocked read. Callable from any thread."""
        transport = self._transport
        if transport is not None:
            transport.close()

    def _heard(self, data: bytes) -> None:
        data = self._half + data
        whole = len(data) - len(data) % EVENT.size
        self._half = data[whole:]
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if (kind, code) == (EV_SW, SW_HEADPHONE_INSERT):
                self._plugged = value != 0
            elif (kind, code) == (EV_SYN, SYN_DROPPED):
                self._plugged = self._asked()  # the kernel's queue ran over: ask anew

    def _asked(self) -> bool:
        """How the switch stands; a line that is no input device cannot be asked, and begins without a headset."""
        state = self._transport.control(_EVIOCGSW, _SWITCH_BYTES) if self._transport else None
        return state is not None and bool(state[0] >> SW_HEADPHONE_INSERT & 1)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
