"""Walks what a window shows: texts, buttons, and where they are."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtQml import QQmlExpression, QQmlProperty, qmlContext
from PySide6.QtQuick import QQuickItem


def items(root: QQuickItem) -> Iterator[QQuickItem]:
    """Every visible item, from the back to the front."""
    if not root.isVisible() or root.opacity() == 0:
        return
    yield root
    for child in root.childItems():
        yield from items(child)


def texts(root: QQuickItem) -> list[QQuickItem]:
    """The visible texts that say something."""
    return [item for item in items(root) if item.inherits("QQuickText") and item.property("text")]


def buttons(root: QQuickItem) -> list[QQuickItem]:
    """The visible buttons."""
    return [item for item in items(root) if item.inherits("QQuickAbstractButton")]


def place(item: QQuickItem) -> QRectF:
    """Where an item is in the window."""
    corner = item.mapToScene(QPointF(0, 0))
    return QRectF(corner.x(), corner.y(), item.width(), item.height())


def painted(text: QQuickItem) -> QRectF:
    """Where the letters of a text are in the window."""
    box = text.property("contentWidth"), text.property("contentHeight")
    whole = place(text)
    left, top = whole.x(), whole.y()
    across, down = (asked(text, f"{way}Alignment") for way in ("effectiveHorizontal", "vertical"))
    if across == 2:
        left += whole.width() - box[0]
    elif across == 4:
        left += (whole.width() - box[0]) / 2
    if down == 128:
        top += (whole.height() - box[1]) / 2
    return QRectF(left, top, *box)


def asked(item: QQuickItem, expression: str) -> int:
    """What QML answers; Python cannot read an enumeration of Text."""
    return int(QQmlExpression(qmlContext(item), item, expression).evaluate()[0])


def is_whole(item: QQuickItem) -> bool:
    """Whether nothing cuts the item off: a row at the edge of a list is reached by scrolling."""
    mine = place(item)
    above = item.parentItem()
    while above is not None:
        if above.clip() and not place(above).adjusted(-1, -1, 1, 1).contains(mine):
            return False
        above = above.parentItem()
    return True


def is_within(item: QQuickItem, above: QQuickItem) -> bool:
    """Whether `item` is part of `above`."""
    walk: QQuickItem | None = item
    while walk is not None:
        if walk is above:
            return True
        walk = walk.parentItem()
    return False


def said(item: QQuickItem) -> str:
    """What assistive technology says of an item."""
    return str(QQmlProperty(item, "Accessible.name", qmlContext(item)).read() or "")


def describe(item: QQuickItem) -> str:
    """An item for a person who has to find it."""
    at = place(item)
    what = item.property("text") if item.inherits("QQuickText") else said(item)
    return f"{item.metaObject().className().split('_')[0]} {what!r} at {at.x():.0f},{at.y():.0f} {at.width():.0f}x{at.height():.0f}"
