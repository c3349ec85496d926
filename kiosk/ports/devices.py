"""What any device is to the terminal: its errors, its health, its manifest, and its place under a supervisor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from enum import StrEnum
from typing import Protocol, TypeVar

from kiosk.domain.records import dataclass
from kiosk.domain.scan import Scan

D_co = TypeVar("D_co", covariant=True)
T = TypeVar("T")


class DeviceError(Exception):
    """Something a device did or did not do; the message says what, to what, and what to do."""


class DeviceUnavailableError(DeviceError):
    """The device cannot be reached now: transient, its supervisor tries again."""


class DeviceRefusedError(DeviceError):
    """The device answered and said no: permanent for this request. `reason` is a stable code."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class HealthState(StrEnum):
    """How a device is, as its supervisor sees it."""

    ABSENT = "absent"
    CONNECTING = "connecting"
    READY = "ready"
    DEGRADED = "degraded"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Health:
    """A device's state with a stable `reason` code ("paper-low", "cover-open", "line-lost", ...) where there is one."""

    state: HealthState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a driver is: its name in the configuration, the kind of device, models known to work, transports it speaks over.

    `settings` maps each setting's name to (default value, one line of explanation); unknown settings are refused at load.
    """

    driver: str
    kind: str
    models: tuple[str, ...]
    transports: tuple[str, ...]
    settings: dict[str, tuple[object, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The outcome of a device's self-test: `ok`, and one plain line a technician can act on."""

    ok: bool
    report: str


class Device(Protocol):
    """What every driver offers its supervisor. All calls are made on the supervisor's thread and may block, within bounds."""

    manifest: Manifest

    def connect(self) -> Health:
        """Open the transport and greet the device. Raises DeviceUnavailableError."""

    def watch(self) -> Health:
        """Look after the device while it is idle (status, keep-alive); called about once a second. Raises DeviceUnavailableError."""

    def self_test(self) -> SelfTest:
        """Prove the device works, without printing money or charging any. Raises DeviceUnavailableError."""

    def close(self) -> None:
        """Close the transport; callable from any thread, more than once; wakes a blocked call."""


class Scanner(Device, Protocol):
    """A bar code scanner."""

    def read(self, timeout_ms: int) -> Scan | None:
        """The next code, or None when `timeout_ms` passed. Raises DeviceUnavailableError when the line is lost."""


class Attended(Protocol[D_co]):
    """A device under its supervisor: one thread, connected and reconnected, its health published."""

    @property
    def device(self) -> D_co:
        """The driver itself, for the calls that are allowed from any thread."""

    @property
    def health(self) -> Health:
        """The latest health."""

    def submit(self, call: Callable[[D_co], T], done: Callable[[T | Exception], None]) -> None:
        """Run `call(device)` on the device's thread, then `done(result or exception)` on that thread. Calls run in order.

        A device that is not connected gives DeviceUnavailableError to `done`, at once."""

    def on_health(self, watcher: Callable[[Health], None]) -> None:
        """Call `watcher` on the device's thread at every change of health."""
