"""Touches the screen where a shopper would."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from samples import Stage, settle
from walking import buttons, is_whole, place, said


def button(stage: Stage, name: str) -> QQuickItem:
    """The visible button that is called `name`."""
    found = [one for one in buttons(stage.window.root()) if said(one).replace("\u00a0", " ") == name and is_whole(one)]
    assert found, f"no button {name!r} among {[said(one) for one in buttons(stage.window.root())]}"
    return found[-1]


def touch(stage: Stage, name: str) -> None:
    """Touch the middle of a button."""
    middle = place(button(stage, name)).center()
    QTest.mouseClick(stage.window.view, Qt.MouseButton.LeftButton, pos=QPoint(int(middle.x()), int(middle.y())))
    settle()
