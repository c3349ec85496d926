"""The touch picker on the screen: categories, articles, and what is being searched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from kiosk.domain.item import Item
from ui.viewmodels.rows import Rows, TileRow
from ui.viewmodels.shown import part


class PickerModel(QObject):
    """`articles` are what can be touched now; a row's key is its place among them."""

    categories = part(Rows, "categories")
    articles = part(Rows, "articles")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._categories = Rows(TileRow, self)
        self._articles = Rows(TileRow, self)
        self._items: Sequence[Item] = ()

    def show_choice(self, categories: Sequence[TileRow], articles: Sequence[TileRow], items: Sequence[Item]) -> None:
        """Show these categories and articles; `items` are the articles themselves, in the same order."""
        self._items = tuple(items)
        self._categories.replace(categories)
        self._articles.replace(articles)

    def item(self, at: int) -> Item | None:
        """The article in place `at`."""
        return self._items[at] if 0 <= at < len(self._items) else None
