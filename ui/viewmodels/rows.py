"""A list on the screen: rows of one frozen dataclass, changed row by row so that a screen can show what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """Base of what a list shows; `key` tells rows apart while they live. Each field is a role of the same name."""

    key: str


@dataclass(frozen=True, slots=True)
class LineRow(Row):
    """A line of the basket, in the words of the screen. `line_id` is the basket's; `count` is 0 where nothing can be counted. `section`
    is the heading above it, where one kind of things begins."""

    lineId: int
    name: str
    detail: str
    amount: str
    count: int
    countable: bool
    saving: str
    deposit: str
    picture: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class TileRow(Row):
    """Something to touch: an article or a category of the picker, a language, a coupon to take out."""

    name: str
    detail: str = ""
    picture: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class AccountRow(Row):
    """Something on an account: `kind` is "balance", "bill", "movement", "points" or "coupon"; `action` the word on its key, "" for none;
    `at` its place among its kind."""

    kind: str
    name: str
    detail: str
    amount: str
    action: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class TopicRow(Row):
    """A question that help answers."""

    name: str
    answer: str


class Rows(QAbstractListModel):
    """The rows of a list, of the dataclass `kind`."""

    def __init__(self, kind: type[Row], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = [field.name for field in fields(kind)]
        self._rows: list[Row] = []

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown now."""
        return tuple(self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature; an index is a value
        """Rows in all."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The field of a row that `role` names."""
        name = self._names[role - Qt.ItemDataRole.UserRole] if role >= Qt.ItemDataRole.UserRole else self._names[0]
        return getattr(self._rows[index.row()], name) if index.isValid() else None

    def roleNames(self) -> dict[int, QByteArray]:
        """The fields by role."""
        return {
            int(Qt.ItemDataRole.UserRole) + number: QByteArray(name.encode()) for number, name in enumerate(self._names)
        }

    def replace(self, rows: Sequence[Row]) -> None:
        """Show `rows`: those gone are taken out, the new put in, the rest moved or told anew in their place."""
        keep = {row.key for row in rows}
        for at in reversed([at for at, row in enumerate(self._rows) if row.key not in keep]):
            self.beginRemoveRows(QModelIndex(), at, at)
            del self._rows[at]
            self.endRemoveRows()
        for at, row in enumerate(rows):
            self._place(at, row)

    def _place(self, at: int, row: Row) -> None:
        known = next((old for old in range(at, len(self._rows)) if self._rows[old].key == row.key), None)
        if known is None:
            self.beginInsertRows(QModelIndex(), at, at)
            self._rows.insert(at, row)
            self.endInsertRows()
            return
        if known != at:
            self.beginMoveRows(QModelIndex(), known, known, QModelIndex(), at)
            self._rows.insert(at, self._rows.pop(known))
            self.endMoveRows()
        if self._rows[at] != row:
            self._rows[at] = row
            self.dataChanged.emit(self.index(at), self.index(at))
