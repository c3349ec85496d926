"""The terminal without touch: Tab and Enter, or the twelve keys 0-9, * and #, walk to every control and press it.

Away from a keypad on the screen: 8, 6 and # go on, 2, 4 and * go back, 5 presses, 9 closes what lies over the screen or leaves it,
0 reads again, 7 stops reading, 1 opens help, 3 switches reading aloud. On a keypad on the screen digits type, # confirms and *
deletes; with nothing typed # and * leave the keypad forwards and backwards (EN 301 549, 5.1.3, 5.5, 5.7, 5.8; 8.4.1).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QMetaObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickItem, QQuickView
from shiboken6 import isValid

from ui.viewmodels.till import Till

Key = Qt.Key

_ON = frozenset({Key.Key_Tab, Key.Key_Down})
_BACK = frozenset({Key.Key_Backtab, Key.Key_Up})
_PRESSES = frozenset({Key.Key_5, Key.Key_Return, Key.Key_Enter, Key.Key_Space})
_TO_TARGETS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_STRIKE_S = 0.5  # a second strike within this does not count, where that is asked for (EN 301 549, 5.8)


class KeyedView(QQuickView):
    """A view whose keys are as the module says, and whose focus is read aloud."""

    def __init__(self, till: Till) -> None:
        super().__init__()
        self._till = till
        self._last_strike: tuple[int, float] = (0, 0.0)
        self._place: tuple[str, str, int] = ("", "", 0)
        self._told: QQuickItem | None = None
        self._pad_keys: Mapping[int, Callable[[], None]] = {
            **dict.fromkeys((Key.Key_8, Key.Key_6, Key.Key_NumberSign), lambda: self._walk(forward=True)),
            **dict.fromkeys((Key.Key_2, Key.Key_4, Key.Key_Asterisk), lambda: self._walk(forward=False)),
            Key.Key_5: lambda: self._send(Key.Key_Return),
            Key.Key_9: lambda: self._send(Key.Key_Escape),
            Key.Key_0: till.voice.repeat,
            Key.Key_7: till.voice.stop,
            Key.Key_1: lambda: till.openOverlay("" if till.value("overlay") == "help" else "help"),
            Key.Key_3: lambda: till.setEasier("speech", not till.modes.speech),
        }
        self.activeFocusItemChanged.connect(self._tell_focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key went down. One that is held, or struck twice where that is filtered, counts once."""
        event.accept()
        if event.isAutoRepeat() or self._is_double(event.key()):
            return
        self._till.voice.cut()
        if event.modifiers() & _COMMANDS or not self._answer(event.key()):
            super().keyPressEvent(event)

    def _is_double(self, key: int) -> bool:
        before, now = self._last_strike, time.monotonic()
        self._last_strike = (key, now)
        return bool(self._till.modes.steadyTouch) and before[0] == key and now - before[1] < _STRIKE_S

    def _answer(self, key: int) -> bool:
        """Whether the key meant something here; the others are the focused control's."""
        rtl = bool(self.rootObject().property("rightToLeft"))
        if key in _ON or key == (Key.Key_Left if rtl else Key.Key_Right):
            self._walk(forward=True)
            return True
        if key in _BACK or key == (Key.Key_Right if rtl else Key.Key_Left):
            self._walk(forward=False)
            return True
        if self._till.value("countdownS") >= 0:
            self._till.moreTime()  # any other key answers "are you still there?"
            return True
        pad = _above(self.activeFocusItem(), _is_keypad)
        if pad is not None:
            return self._answer_on_pad(key, pad)
        if key in _PRESSES and self._shows_focus_first():
            return True
        act = self._pad_keys.get(key)
        if act is not None:
            act()
        return act is not None

    def _answer_on_pad(self, key: int, pad: QQuickItem) -> bool:
        if key not in (Key.Key_NumberSign, Key.Key_Asterisk, Key.Key_Backspace):
            return False
        forward = key == Key.Key_NumberSign
        if not pad.property("digits"):
            if key != Key.Key_Backspace:
                self._walk(forward=forward, past=pad)
        elif forward:
            QMetaObject.invokeMethod(pad, "finished")
        else:
            QMetaObject.invokeMethod(pad, "erase")
        return True

    def _send(self, key: Qt.Key) -> None:
        super().keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))

    # --- walking ---

    def _walk(self, *, forward: bool, past: QQuickItem | None = None) -> None:
        """Move the focus to the next control in the order seen; around at the end. `past` leaves out what is in it."""
        here = self.activeFocusItem()
        controls = [item for item in controls_in(self.rootObject()) if past is None or not past.isAncestorOf(item)]
        if not controls:
            return
        at = self._next_index(controls, here, past, forward=forward)
        self._place = (*self._where, at)
        controls[at].forceActiveFocus(_TO_TARGETS[0 if forward else 1])
        _show_whole(controls[at])

    def _shows_focus_first(self) -> bool:
        """Whether the focus was where nobody sees it (a touch left it there): then this strike shows it, and the next presses."""
        here = self.activeFocusItem()
        if here is None or not _is_control(here) or here.property("visualFocus"):
            return False
        here.forceActiveFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _next_index(
        self, controls: list[QQuickItem], here: QQuickItem | None, past: QQuickItem | None, *, forward: bool
    ) -> int:
        if past is not None:
            everything = list(controls_in(self.rootObject()))
            inside = [at for at, item in enumerate(everything) if past.isAncestorOf(item)]
            before = inside[0] if inside else 0
            return (before if forward else before - 1) % len(controls)
        found = next((at for at, item in enumerate(controls) if item == here), None)
        if found is not None:
            return (found + (1 if forward else -1)) % len(controls)
        if self._place[:2] == self._where:
            return min(
                self._place[2], len(controls) - 1
            )  # the control that had the focus went away: its neighbour is next
        return 0 if forward else len(controls) - 1

    @property
    def _where(self) -> tuple[str, str]:
        return (self._till.value("screen"), self._till.value("overlay"))

    # --- telling ---

    def _tell_focus(self) -> None:
        old, self._told = self._told, None
        if old is not None and isValid(old):
            old.detailChanged.disconnect(self._tell_state)  # type: ignore[attr-defined] # a signal of its QML type
        item = self.activeFocusItem()
        if not self._till.modes.speech or item is None or not _is_control(item):
            return
        if item.property("focusReason") == Qt.FocusReason.MouseFocusReason:
            return  # a touch does the thing at once, and what it does is said
        item.detailChanged.connect(self._tell_state)  # type: ignore[attr-defined] # as above
        self._told = item
        self._tell_state()

    def _tell_state(self) -> None:
        item = self._told
        if item is not None and isValid(item) and self._till.modes.speech:
            self._till.voice.control(str(item.property("label")), str(item.property("detail") or ""))


def controls_in(item: QQuickItem) -> Iterator[QQuickItem]:
    """Every control that can be used now, in the order seen: as written, and in a list from its top, whatever was made first."""
    if not item.isVisible() or not item.isEnabled():
        return
    if _is_control(item):
        yield item
        return
    in_list = item.parentItem() is not None and item.parentItem().property("contentY") is not None
    children = item.childItems()
    for child in sorted(children, key=lambda one: (one.y(), one.x())) if in_list else children:
        yield from controls_in(child)


def _is_control(item: QQuickItem) -> bool:
    return (
        item.property("label") is not None and item.width() > 0 and item.metaObject().indexOfSignal("activated()") >= 0
    )


def _is_keypad(item: QQuickItem) -> bool:
    return item.objectName() == "keypad"


def _above(item: QQuickItem | None, wanted: Callable[[QQuickItem], bool]) -> QQuickItem | None:
    while item is not None and not wanted(item):
        item = item.parentItem()
    return item


def _show_whole(item: QQuickItem) -> None:
    """Scroll the list around `item`, if there is one, until it is seen whole."""
    flick = _above(item.parentItem(), lambda one: one.property("contentY") is not None)
    if flick is None:
        return
    top = item.mapToItem(flick, QPointF(0, 0)).y()
    over = min(0.0, top) or max(0.0, top + item.height() - flick.height())
    if over:
        flick.setProperty("contentY", flick.property("contentY") + over)
