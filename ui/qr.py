"""A QR code on the screen: the modules that a view-model gives, drawn."""

from __future__ import annotations

from PySide6.QtCore import Property, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

_QUIET_MODULES = 4


class QrModules(QQuickPaintedItem):
    """`rows` are strings of "1" (dark) and "0"; drawn whole pixels a module, so that any telephone reads it."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._rows: list[str] = []
        self.setAntialiasing(False)

    def _read(self) -> list[str]:
        return self._rows

    def _write(self, rows: list[str]) -> None:
        if rows != self._rows:
            self._rows = list(rows)
            self.changed.emit()
            self.update()

    rows = Property("QStringList", _read, _write, notify=changed)  # type: ignore[arg-type] # as in `shown`

    def paint(self, painter: QPainter) -> None:
        """Draw the modules, centred, with the quiet zone around them."""
        if not self._rows:
            return
        across = len(self._rows) + 2 * _QUIET_MODULES
        module_px = max(1, int(min(self.width(), self.height())) // across)
        left = int(self.width() - module_px * len(self._rows)) // 2
        top = int(self.height() - module_px * len(self._rows)) // 2
        for down, row in enumerate(self._rows):
            for along, dark in enumerate(row):
                if dark == "1":
                    place = QRectF(left + along * module_px, top + down * module_px, module_px, module_px)
                    painter.fillRect(place, Qt.GlobalColor.black)
