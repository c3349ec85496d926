"""The voice as the screen sees it: whether there is one, and the keys that repeat and stop it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.services.speaking import Speaking
from ui.viewmodels.shown import Shown, shown


class Voice(Shown):
    """Hands on to a `Speaking`; silent until it attends to one. `available`: whether reading aloud is offered."""

    changed = Signal()
    available = shown(bool, "available", changed)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent, available=True)
        self._speaking: Speaking | None = None

    def attend(self, speaking: Speaking) -> None:
        """Speak through `speaking` from now on."""
        self._speaking = speaking
        self.show(available=speaking.is_available)

    @Slot()
    def repeat(self) -> None:
        """Say the last thing again."""
        if self._speaking:
            self._speaking.repeat()

    @Slot()
    def stop(self) -> None:
        """Be silent."""
        if self._speaking:
            self._speaking.stop()

    @Slot(str)
    def typed(self, text: str) -> None:
        """What is typed so far."""
        if self._speaking:
            self._speaking.typed(text)

    def cut(self) -> None:
        """A key was pressed."""
        if self._speaking:
            self._speaking.cut()

    def control(self, name: str, detail: str) -> None:
        """The focus is on this control."""
        if self._speaking:
            self._speaking.control(name, detail)
