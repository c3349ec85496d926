"""The basket on the screen: lines, the newest of them, savings, deposits and the total, in words."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.viewmodels.rows import LineRow, Rows, TileRow
from ui.viewmodels.shown import Shown, part, shown


class BasketModel(Shown):
    """`lines` are all but the newest, the newer first; `newest...` is the line on top. `totalMinor` is for counting only."""

    changed = Signal()
    lines = part(Rows, "lines")
    slips = part(Rows, "slips")
    newestId = shown(int, "newestId", changed)
    newestName = shown(str, "newestName", changed)
    newestDetail = shown(str, "newestDetail", changed)
    newestAmount = shown(str, "newestAmount", changed)
    newestSaving = shown(str, "newestSaving", changed)
    newestPicture = shown(str, "newestPicture", changed)
    newestCount = shown(int, "newestCount", changed)
    newestCountable = shown(bool, "newestCountable", changed)
    itemCount = shown(int, "itemCount", changed)
    total = shown(str, "total", changed)
    totalMinor = shown(float, "totalMinor", changed)
    savings = shown(str, "savings", changed)
    canUndo = shown(bool, "canUndo", changed)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            parent,
            newestId=0,
            newestName="",
            newestDetail="",
            newestAmount="",
            newestSaving="",
            newestPicture="",
            newestCount=0,
            newestCountable=False,
            itemCount=0,
            total="",
            totalMinor=0.0,
            savings="",
            canUndo=False,
        )
        self._lines = Rows(LineRow, self)
        self._slips = Rows(TileRow, self)

    def show_lines(self, newest: LineRow | None, others: list[LineRow], slips: list[TileRow]) -> None:
        """Show these lines, `others` the newer first; `slips` are the coupons and vouchers handed in."""
        self._lines.replace(others)
        self._slips.replace(slips)
        if newest is None:
            kept = {name: value for name, value in self._first.items() if name.startswith("newest")}
            self.show(**kept)
            return
        self.show(
            newestId=newest.lineId,
            newestName=newest.name,
            newestDetail=newest.detail or newest.deposit,
            newestAmount=newest.amount,
            newestSaving=newest.saving,
            newestPicture=newest.picture,
            newestCount=newest.count,
            newestCountable=newest.countable,
        )
