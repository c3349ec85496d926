"""Qt's event loop as the runtime's `Loop`: events are delivered one at a time on the thread that draws."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from kiosk.runtime import Timer


class _QtTimer:
    """A pending call, holding its QTimer until it has run or is cancelled."""

    def __init__(self, owner: QObject, pending: set[_QtTimer], delay_ms: int, call: Callable[[], None]) -> None:
        self._timer: QTimer | None = QTimer(owner)
        self._call = call
        # Qt holds a Python method only weakly: a timer that its caller does not keep would never ring.
        self._pending = pending
        pending.add(self)
        self._timer.setSingleShot(True)
        # Coarse timers may be 5 % late: a countdown of seconds would be seen to stutter.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._ring)
        self._timer.start(max(0, delay_ms))

    def cancel(self) -> None:
        """Forget the call; harmless when it has run."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None
            self._pending.discard(self)

    def _ring(self) -> None:
        self.cancel()
        self._call()


class QtLoop(QObject):
    """Implements `kiosk.runtime.Loop` on the thread it is made on; `post` from any thread, `later` from its own."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pending: set[_QtTimer] = set()
        # Always queued, from its own thread as well: what is posted runs after what runs now.
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def now_ms(self) -> int:
        """Monotonic milliseconds."""
        return time.monotonic_ns() // 1_000_000

    def wall(self) -> datetime:
        """Wall time, in the machine's time zone, with its offset."""
        return datetime.now(UTC).astimezone()

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the loop's thread, after what was posted before. Callable from any thread."""
        self._posted.emit(call)

    def later(self, delay_ms: int, call: Callable[[], None]) -> Timer:
        """Run `call` on the loop's thread in `delay_ms`. Callable from the loop's thread."""
        return _QtTimer(self, self._pending, delay_ms, call)

    def stop(self) -> None:
        """Forget every pending call."""
        for timer in tuple(self._pending):
            timer.cancel()

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        call()
