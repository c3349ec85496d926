"""Hands and eyes at a terminal's window: they press what is seen, by its words, and wait until something is so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.services.words import Words
from ui.terminal import Kiosk

# Long enough for a loaded machine; nothing here is a measurement.
PATIENCE_S = 20.0


class TourError(Exception):
    """A step of the visit went wrong; the message says which thing was looked for or waited for, and what the screen showed."""


class Hands:
    """A customer's hands: `press` by the words on a button, in the language that the screen speaks."""

    def __init__(self, kiosk: Kiosk, patience_s: float = PATIENCE_S) -> None:
        self.kiosk = kiosk
        self._patience_s = patience_s

    @property
    def step(self) -> str:
        """The step that the journey stands at."""
        return self.kiosk.terminal.register.state.step

    def say(self, key: str) -> str:
        """What the screen calls `key` now."""
        words: Words = self.kiosk.terminal.words
        return words(key)

    def press(self, key: str) -> None:
        """Press the button that says `key` (a key of the language files). Raises TourError when there is none to be seen."""
        self.press_label(self.say(key))

    def press_label(self, label: str) -> None:
        """Press the button with these words on it."""
        self.wait(lambda: self._button(label) is not None, f"a button {label!r}")
        button = self._button(label)
        if button is not None:
            self._strike(button)

    def can_press(self, key: str) -> bool:
        """Whether a button that says `key` can be pressed."""
        return self._button(self.say(key)) is not None

    def type_digits(self, digits: str) -> None:
        """Press the keys of the keypad that is shown."""
        for digit in digits:
            self.press_label(digit)

    def wait(self, is_so: Callable[[], object], what: str, patience_s: float | None = None) -> None:
        """Let the terminal work until `is_so`. Raises TourError."""
        patience_s = self._patience_s if patience_s is None else patience_s
        until = time.monotonic() + patience_s
        while not is_so():
            if time.monotonic() > until:
                raise TourError(f"waited {patience_s:g} s for {what}; the screen stands at {self.step!r}")
            rest(10)

    def wait_for_step(self, *steps: str) -> None:
        """Let the terminal work until it stands at one of `steps`, and the screen shows it."""
        self.wait(lambda: self.step in steps, f"step {' or '.join(steps)}")
        self.settle()

    def settle(self, for_ms: int = 450) -> None:
        """Let motions end (they last 250 ms at most) and the frame be drawn."""
        rest(for_ms)

    def _strike(self, button: QQuickItem) -> None:
        view = self.kiosk.window.view
        middle = button.mapToScene(QPointF(button.width() / 2, button.height() / 2)).toPoint()
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(middle))
        # A pointer that stays would hover: a finger is lifted.
        QTest.mouseMove(view, QPoint(2, 2))
        rest(20)

    def _button(self, label: str) -> QQuickItem | None:
        # What is drawn last lies on top: an overlay's button goes before one below it.
        found = [
            item for item in _seen(self.kiosk.window.root()) if _as_read(item.property("label")) == _as_read(label)
        ]
        return next((item for item in reversed(found) if self._is_within(item)), None)

    def _is_within(self, item: QQuickItem) -> bool:
        view = self.kiosk.window.view
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        return 0 <= middle.x() < view.width() and 0 <= middle.y() < view.height()


def rest(for_ms: int) -> None:
    """Let the loop run for so long. Not QTest.qWait: that one keeps Python's lock (PySide 6.12), and every other thread stands still."""
    loop = QEventLoop()
    QTimer.singleShot(for_ms, loop.quit)
    loop.exec()


def _as_read(label: str) -> str:
    """What a person reads: a space that no line ends at looks like any other."""
    return label.replace("\u00a0", " ")


def _seen(item: QQuickItem) -> Iterator[QQuickItem]:
    if not item.isVisible() or not item.isEnabled():
        return
    if item.property("label") is not None and item.width() > 0 and item.metaObject().indexOfSignal("activated()") >= 0:
        yield item
    for child in item.childItems():
        yield from _seen(child)
