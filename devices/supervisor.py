"""One thread a device: connects it, watches it, reconnects it, runs its calls in order and publishes its health.

A device that is missing or a driver that is broken is a state with a reason, tried again for ever; it never stops the boot.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from kiosk.domain.records import dataclass
from kiosk.domain.scan import Scan
from kiosk.ports import (
    CardEvent,
    CardGone,
    CardReader,
    CardShown,
    Device,
    DeviceError,
    DeviceRefusedError,
    DeviceUnavailableError,
    HeadsetSensor,
    Health,
    HealthState,
    Scanner,
)

log = logging.getLogger(__name__)

D = TypeVar("D", bound=Device)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before connecting again: doubles from `first_ms` to `longest_ms`, give or take a quarter."""

    first_ms: int = 250
    longest_ms: int = 8000

    def delay_ms(self, failures: int, chance: float) -> float:
        """The wait after the `failures`-th failure in a row (from 1); `chance` in [0, 1) spreads terminals apart."""
        doubled = self.first_ms << min(failures - 1, 16)
        return min(self.longest_ms, doubled) * (0.75 + chance / 2)


@dataclass(frozen=True, slots=True)
class _Call:
    run: Callable[[Any], Any]
    done: Callable[[Any], None]


class Supervisor(Generic[D]):
    """Attends to one device; implements `kiosk.ports.Attended`.

    `done` of `submit` is called on the device's thread, or at once on the caller's when the device is not connected.
    """

    def __init__(
        self,
        device: D,
        name: str,
        *,
        watch_every_ms: int = 1000,
        backoff: Backoff | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._device = device
        self._name = name
        self._watch_every_s = watch_every_ms / 1000
        self._backoff = backoff or Backoff()
        self._chance = chance
        self._health = Health(HealthState.CONNECTING)
        self._watchers: list[Callable[[Health], None]] = []
        self._calls: deque[_Call] = deque()
        self._changed = threading.Condition()
        self._connected = False
        self._stopping = False
        self._failures = 0
        self._next_watch = 0.0
        self._thread = threading.Thread(target=self._attend, name=f"device-{name}", daemon=True)

    @property
    def device(self) -> D:
        """The driver itself, for the calls that are allowed from any thread."""
        return self._device

    @property
    def health(self) -> Health:
        """The latest health."""
        return self._health

    def start(self) -> None:
        """Begin to attend; returns at once, whatever the device does."""
        self._thread.start()

    def stop(self, timeout_ms: int = 5000) -> None:
        """End the thread and close the device, waking a blocked call. Calls still waiting get DeviceUnavailableError."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._close_device()
        if self._thread.ident is not None:
            self._thread.join(timeout_ms / 1000)
            if self._thread.is_alive():
                log.error("%s: the driver did not return within %d ms of being closed", self._name, timeout_ms)

    def submit(self, call: Callable[[D], T], done: Callable[[T | Exception], None]) -> None:
        """Run `call(device)` on the device's thread, then `done(result or exception)`. Calls run in order."""
        with self._changed:
            taken = self._connected and not self._stopping
            if taken:
                self._calls.append(_Call(call, done))
                self._changed.notify_all()
        if not taken:
            self._answer(done, DeviceUnavailableError(f"{self._name} is not connected; see its health"))

    def on_health(self, watcher: Callable[[Health], None]) -> None:
        """Call `watcher` on the device's thread at every change of health."""
        self._watchers.append(watcher)

    # --- on the device's thread ------------------------------------------------------------------------------------------

    def _attend(self) -> None:
        while not self._stopping:
            # Whatever a driver raises is a state of this device, never the end of its thread.
            try:
                if self._connected:
                    self._serve()
                else:
                    self._connect()
            except DeviceUnavailableError as error:
                self._lose(HealthState.ABSENT, "line-lost" if self._connected else "not-found", error)
            except Exception as error:  # noqa: BLE001 - a driver's bug becomes a fault with a reason
                self._lose(HealthState.FAULT, "driver-error", error)
        self._disconnect()

    def _connect(self) -> None:
        health = self._device.connect()
        with self._changed:
            self._connected = True
        self._next_watch = time.monotonic() + self._watch_every_s
        if self._health.state in (HealthState.ABSENT, HealthState.FAULT):
            log.info("%s is back", self._name)
        self._publish(health)

    def _serve(self) -> None:
        with self._changed:
            call = self._calls.popleft() if self._calls else None
        if call is not None:
            self._run(call)
            self._next_watch = time.monotonic()  # a call may have changed how the device is
        elif time.monotonic() >= self._next_watch:
            self._publish(self._device.watch())
            self._failures = 0
            self._next_watch = time.monotonic() + self._watch_every_s
        else:
            self._idle(self._next_watch - time.monotonic())

    def _idle(self, timeout_s: float) -> None:
        """Pass the time until the next watch; returns early when there is a call."""
        with self._changed:
            if not self._calls and not self._stopping:
                self._changed.wait(max(0.0, timeout_s))

    def _run(self, call: _Call) -> None:
        try:
            result = call.run(self._device)
        except Exception as error:
            self._answer(call.done, error)
            if isinstance(error, DeviceRefusedError):
                return  # the device works: it said no
            raise
        self._answer(call.done, result)

    def _answer(self, done: Callable[[Any], None], result: object) -> None:
        try:
            done(result)
        except Exception:
            log.exception("%s: taking the answer of a call failed", self._name)

    def _publish(self, health: Health) -> None:
        if health == self._health:
            return
        self._health = health
        log.info("%s is %s%s", self._name, health.state, f" ({health.reason})" if health.reason else "")
        for watcher in tuple(self._watchers):
            try:
                watcher(health)
            except Exception:
                log.exception("%s: a watcher of its health failed", self._name)

    def _lose(self, state: HealthState, reason: str, error: Exception) -> None:
        known = not self._connected and self._health.state is state
        self._disconnect()
        if self._stopping:
            return
        self._failures += 1
        if not known:  # an outage is logged once, however often connecting fails
            if isinstance(error, DeviceError):
                log.warning("%s is out of reach: %s", self._name, error)
            else:
                log.error("%s: its driver failed; it is tried again", self._name, exc_info=error)
            self._publish(Health(state, reason))
        with self._changed:
            if not self._stopping:
                self._changed.wait(self._backoff.delay_ms(self._failures, self._chance()) / 1000)

    def _disconnect(self) -> None:
        with self._changed:
            self._connected = False
            orphans = tuple(self._calls)
            self._calls.clear()
        self._close_device()
        for call in orphans:
            self._answer(call.done, DeviceUnavailableError(f"{self._name} was lost before its turn; try again"))

    def _close_device(self) -> None:
        try:
            self._device.close()
        except Exception:
            log.exception("%s: closing failed", self._name)


class ScannerSupervisor(Supervisor[Scanner]):
    """Attends to a scanner: reads codes whenever there is nothing else to do."""

    # A call (a self-test) waits at most this long for its turn; a code is delivered the moment it is complete.
    _READ_AT_MOST_MS = 200

    def __init__(self, device: Scanner, name: str = "scanner", **options: Any) -> None:
        super().__init__(device, name, **options)
        self._listeners: list[Callable[[Scan], None]] = []

    def on_scan(self, listener: Callable[[Scan], None]) -> None:
        """Call `listener` on the device's thread for every code, in order. While it runs no more is read: codes wait on the line."""
        self._listeners.append(listener)

    def _idle(self, timeout_s: float) -> None:
        scan = self._device.read(min(self._READ_AT_MOST_MS, max(1, int(timeout_s * 1000))))
        if scan is None:
            return
        for listener in tuple(self._listeners):
            try:
                listener(scan)
            except Exception:
                log.exception("%s: a listener to its codes failed", self._name)


class CardSupervisor(Supervisor[CardReader]):
    """Attends to a card reader. A card that is in one which is lost is told as gone: whoever it belongs to may have taken it."""

    _READ_AT_MOST_MS = 200

    def __init__(self, device: CardReader, name: str = "card", **options: Any) -> None:
        super().__init__(device, name, **options)
        self._listeners: list[Callable[[CardEvent], None]] = []
        self._is_in = False
        self.on_health(self._lost)

    def on_card(self, listener: Callable[[CardEvent], None]) -> None:
        """Call `listener` on the device's thread for every card that comes or goes, in order."""
        self._listeners.append(listener)

    def _idle(self, timeout_s: float) -> None:
        event = self._device.read(min(self._READ_AT_MOST_MS, max(1, int(timeout_s * 1000))))
        if event is not None:
            self._tell(event)

    def _lost(self, health: Health) -> None:
        if self._is_in and health.state in (HealthState.ABSENT, HealthState.FAULT):
            self._tell(CardGone())

    def _tell(self, event: CardEvent) -> None:
        self._is_in = isinstance(event, CardShown) and event.stays
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                log.exception("%s: a listener to its cards failed", self._name)


class HeadsetSupervisor(Supervisor[HeadsetSensor]):
    """Attends to a headset jack. One that is lost is told as empty: nobody is known to listen in private."""

    _READ_AT_MOST_MS = 200

    def __init__(self, device: HeadsetSensor, name: str = "headset", **options: Any) -> None:
        super().__init__(device, name, **options)
        self._watchers_of_plug: list[Callable[[bool], None]] = []
        self._plugged = False
        self.on_health(self._lost)

    def on_plug(self, watcher: Callable[[bool], None]) -> None:
        """Call `watcher` on the device's thread when a headset is plugged in (True) or taken out (False)."""
        self._watchers_of_plug.append(watcher)

    def _idle(self, timeout_s: float) -> None:
        plugged = self._device.read(min(self._READ_AT_MOST_MS, max(1, int(timeout_s * 1000))))
        if plugged is not None:
            self._tell(plugged)

    def _lost(self, health: Health) -> None:
        if health.state in (HealthState.ABSENT, HealthState.FAULT):
            self._tell(False)

    def _tell(self, plugged: bool) -> None:  # noqa: FBT001 - a state, not an option
        if plugged == self._plugged:
            return
        self._plugged = plugged
        for watcher in tuple(self._watchers_of_plug):
            watcher(plugged)
