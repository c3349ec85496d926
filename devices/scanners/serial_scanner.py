"""A bar code scanner on a serial line (RS-232 or USB-COM), with AIM identifiers where it is set up to send them."""

from __future__ import annotations

import logging
import time
from collections import deque

from devices.scanners.framing import SUFFIXES, Framing
from devices.transport import Transport, open_transport, parse_transport
from kiosk.domain.aim import split_aim
from kiosk.domain.scan import LONGEST_BILL_BYTES, Scan, Source
from kiosk.ports import DeviceUnavailableError, Health, HealthState, Manifest, SelfTest

log = logging.getLogger(__name__)

_READ_BYTES = 4096


class SerialScanner:
    """Implements `kiosk.ports.Scanner`. Codes come out whole and in order; while nobody reads, they wait on the line.

    A code over 997 bytes comes as its first 998, so that the resolver can say it is too long. What is in a code is never logged.
    """

    manifest = Manifest(
        driver="serial-scanner",
        kind="scanner",
        models=("any with USB-COM or RS-232: Datalogic Magellan and Gryphon, Honeywell, Zebra, Newland",),
        transports=("serial", "pty", "tcp"),
        settings={
            "suffix": ("auto", "what ends a code: auto, cr, lf, crlf or none (then a pause does)"),
            "idle_gap_ms": (50, "the pause that ends a code where no suffix does"),
        },
    )

    def __init__(self, transport: str, *, suffix: str = "auto", idle_gap_ms: int = 50) -> None:
        if suffix not in SUFFIXES:
            raise ValueError(f"suffix {suffix!r} is unknown; allowed: {', '.join(SUFFIXES)}")
        if not 5 <= idle_gap_ms <= 1000:
            raise ValueError("idle_gap_ms has to lie between 5 and 1000")
        parse_transport(transport)
        self._url = transport
        self._suffix = suffix
        self._gap_ms = idle_gap_ms
        self._transport: Transport | None = None
        self._start_afresh()

    def connect(self) -> Health:
        """Open the line. Raises DeviceUnavailableError."""
        self.close()
        self._start_afresh()
        self._transport = open_transport(self._url)
        return Health(HealthState.READY)

    def watch(self) -> Health:
        """A scanner that only speaks cannot be asked; codes that stop half way show a wrong set-up."""
        if self._transport is None:
            raise DeviceUnavailableError("the scanner is not connected")
        if self._framing.dropped:
            return Health(HealthState.DEGRADED, "codes-without-suffix")
        return Health(HealthState.READY)

    def self_test(self) -> SelfTest:
        """Whether the line is open; only a hand with a code can prove more."""
        ok = self.watch().state is HealthState.READY
        said = "scan any code to prove it" if ok else "codes stop half way: set the scanner's suffix to CR"
        return SelfTest(ok, f"line {self._url} is open; {said}")

    def read(self, timeout_ms: int) -> Scan | None:
        """The next code, or None when `timeout_ms` passed. Raises DeviceUnavailableError when the line is lost."""
        transport = self._transport
        if transport is None:
            raise DeviceUnavailableError("the scanner is not connected")
        deadline_ms = _now_ms() + timeout_ms
        while not self._codes:
            left_ms = max(0, deadline_ms - _now_ms())
            data = transport.read(_READ_BYTES, min(left_ms, self._gap_ms) if self._framing.pending else left_ms)
            now_ms = _now_ms()
            if data:
                self._codes.extend(self._framing.feed(data))
                self._heard_ms = now_ms
            else:
                self._codes.extend(self._pause(now_ms - self._heard_ms))
            if not self._codes and now_ms >= deadline_ms:
                return None
        return _scan(self._codes.popleft(), self._heard_ms)

    def close(self) -> None:
        """Close the line; wakes a blocked read. Callable from any thread."""
        transport = self._transport
        if transport is not None:
            transport.close()

    def _start_afresh(self) -> None:
        self._framing = Framing(self._suffix)
        self._codes: deque[bytes] = deque()  # at most what one read of the line completes
        self._heard_ms = 0

    def _pause(self, silent_ms: int) -> tuple[bytes, ...]:
        dropped = self._framing.dropped
        codes = tuple(self._framing.pause(silent_ms, self._gap_ms))
        if dropped == 0 and self._framing.dropped:
            log.warning(
                "%s: a code stopped half way and was dropped; is the scanner set up to send a suffix?", self._url
            )
        return codes


def _scan(code: bytes, at_ms: int) -> Scan:
    symbology, data = split_aim(code)
    return Scan(data[: LONGEST_BILL_BYTES + 1], symbology, Source.SCANNER, at_ms)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
