"""The shelf and the scanner's cable, for QML: a touch sends real bytes over the virtual scanner's wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from devices.virtual.scanner import VirtualScanner
from ui.bench.hand import Hand
from ui.bench.shelf import Thing, typed_data
from ui.viewmodels.rows import Row, Rows, TileRow
from ui.viewmodels.shown import Shown, part, shown

_SLOW_GAP_MS = 40
_NOISE_BYTES = 48
_WHOLE_CODE = "9526001040018"


@dataclass(frozen=True, slots=True)
class GroupRow(Row):
    """A group of the shelf: `key` names it, `things` are its tiles."""

    things: Rows


class ScannerBench(Shown):
    """`notice` is the code of why the last scan did not get through, or "". Close it when done."""

    changed = Signal()
    plugged = shown(bool, "plugged", changed)
    slow = shown(bool, "slow", changed)
    notice = shown(str, "notice", changed)
    groups = part(Rows, "groups")
    _sent = Signal(str)

    def __init__(
        self, scanner: VirtualScanner, shelf: Sequence[Thing], language: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent, plugged=True, slow=False, notice="")
        self._scanner = scanner
        self._shelf = {thing.id: thing for thing in shelf}
        self._things = {group: Rows(TileRow, self) for group in dict.fromkeys(thing.group for thing in shelf)}
        self._groups = Rows(GroupRow, self)
        self._groups.replace([GroupRow(group, rows) for group, rows in self._things.items()])
        self._hand = Hand(self._sent.emit, "scanner-unplugged")
        self._sent.connect(lambda notice: self.show(notice=notice))
        self.speak(language)

    def speak(self, language: str) -> None:
        """Name the things in `language`."""
        for group, rows in self._things.items():
            of_group = [thing for thing in self._shelf.values() if thing.group == group]
            rows.replace([TileRow(thing.id, thing.label(language), "", thing.picture) for thing in of_group])

    @Slot(str)
    def scan(self, thing_id: str) -> None:
        """Hold the thing before the scanner."""
        thing = self._shelf.get(thing_id)
        if thing is not None:
            self._send(thing.data.encode(), thing.aim)

    @Slot(str)
    def scanTyped(self, text: str) -> None:
        """A code that somebody made up; an AIM identifier may stand before it."""
        data = typed_data(text)
        if data:
            aim, data = (data[:3].decode("ascii"), data[3:]) if _has_identifier(data) else ("]E0", data)
            self._send(data, aim)

    @Slot()
    def togglePlug(self) -> None:
        """Pull the cable, or put it back."""
        plugged = not self.value("plugged")
        (self._scanner.replug if plugged else self._scanner.unplug)()
        self.show(plugged=plugged, notice="")

    @Slot()
    def toggleSlow(self) -> None:
        """Send byte by byte from now on, or at once again."""
        self.show(slow=not self.value("slow"))

    @Slot()
    def sendNoise(self) -> None:
        """Something disturbs the line."""
        self._do(lambda: self._scanner.garbage(_NOISE_BYTES))

    @Slot()
    def sendHalf(self) -> None:
        """A code that stops half way."""
        self._do(lambda: self._scanner.half_frame(_WHOLE_CODE))

    def close(self) -> None:
        """Let go of the scanner."""
        self._hand.close()

    def _send(self, data: bytes, aim: str) -> None:
        if self.value("slow"):
            self._do(lambda: self._scanner.scan_slowly(data, aim, byte_gap_ms=_SLOW_GAP_MS))
        else:
            self._do(lambda: self._scanner.scan(data, aim))

    def _do(self, act: Callable[[], None]) -> None:
        self._hand.do(act)


def _has_identifier(data: bytes) -> bool:
    return len(data) > 3 and data[:1] == b"]" and data[1:3].isalnum() and data[1:3].isascii()
