"""A magnetic-stripe reader on a serial line (RS-232 or USB-COM) that sends tracks as text: `%...?;...?+...?` and a carriage return."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

from devices.cards.swipes import Swipes, wipe
from devices.transport import Transport, open_transport, parse_transport
from kiosk.domain.account import Holder
from kiosk.domain.cards.layout import CardLayout, read_tracks
from kiosk.domain.cards.tracks import split
from kiosk.ports import (
    CardEvent,
    CardRefused,
    CardShown,
    DeviceUnavailableError,
    Health,
    HealthState,
    Manifest,
    SelfTest,
)

_READ_BYTES = 512
_WAITING_AT_MOST = 8  # swipes; nobody swipes faster than the terminal takes them, but a fault may


class SerialMagstripe:
    """Implements `kiosk.ports.CardReader`. What was on a card is never logged; of a payment card nothing leaves this file."""

    manifest = Manifest(
        driver="serial-magstripe",
        kind="card",
        models=(
            "any that sends ISO/IEC 7811 tracks with sentinels over USB-COM or RS-232; tried with the virtual one only",
        ),
        transports=("serial", "pty", "tcp"),
        settings={"idle_gap_ms": (60, "the pause that ends a swipe where no suffix does")},
    )

    def __init__(self, transport: str, *, idle_gap_ms: int = 60) -> None:
        if not 5 <= idle_gap_ms <= 1000:
            raise ValueError("idle_gap_ms has to lie between 5 and 1000")
        parse_transport(transport)
        self._url = transport
        self._gap_ms = idle_gap_ms
        self._transport: Transport | None = None
        self._layouts: tuple[CardLayout, ...] = ()
        self._swipes = Swipes()
        self._events: deque[CardEvent] = deque(maxlen=_WAITING_AT_MOST)
        self._heard_ms = 0

    def know(self, layouts: tuple[CardLayout, ...]) -> None:
        """The site's layouts, before `connect`."""
        self._layouts = layouts

    def connect(self) -> Health:
        """Open the line; half a swipe from before is forgotten. Raises DeviceUnavailableError."""
        self.close()
        self._swipes.clear()
        self._events.clear()
        self._transport = open_transport(self._url)
        return Health(HealthState.READY)

    def watch(self) -> Health:
        """A reader that only speaks cannot be asked. Raises DeviceUnavailableError."""
        if self._transport is None:
            raise DeviceUnavailableError("the card reader is not connected")
        return Health(HealthState.READY)

    def self_test(self) -> SelfTest:
        """Whether the line is open; only a hand with a card can prove more. Raises DeviceUnavailableError."""
        self.watch()
        return SelfTest(ok=True, report=f"line {self._url} is open; swipe a member's card to prove it")

    def read(self, timeout_ms: int) -> CardEvent | None:
        """What the next swipe was, or None when `timeout_ms` passed. Raises DeviceUnavailableError when the line is lost."""
        transport = self._transport
        if transport is None:
            raise DeviceUnavailableError("the card reader is not connected")
        deadline_ms = _now_ms() + timeout_ms
        while not self._events:
            left_ms = max(0, deadline_ms - _now_ms())
            data = transport.read(_READ_BYTES, min(left_ms, self._gap_ms) if self._swipes.pending else left_ms)
            now_ms = _now_ms()
            if data:
                self._heard_ms = now_ms
                self._take(self._swipes.feed(data))
            elif self._swipes.pending:
                self._take(self._swipes.pause(now_ms - self._heard_ms, self._gap_ms))
            if not self._events and now_ms >= deadline_ms:
                return None
        return self._events.popleft()

    def close(self) -> None:
        """Close the line; wakes a blocked read. Callable from any thread."""
        transport = self._transport
        if transport is not None:
            transport.close()

    def _take(self, swipes: Sequence[bytearray]) -> None:
        for swipe in swipes:
            self._events.append(self._meaning(swipe))

    def _meaning(self, swipe: bytearray) -> CardEvent:
        try:
            found = read_tracks(split(swipe), self._layouts)
        finally:
            wipe(swipe)
        return CardShown(found) if isinstance(found, Holder) else CardRefused(found.value)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
