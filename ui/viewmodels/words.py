"""The words of the screen, for QML: one call a sentence, told anew when the language changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.domain.money import Money
from kiosk.services.words import Words
from ui.viewmodels.rows import Rows, TileRow
from ui.viewmodels.shown import Shown, part, shown


class WordsBridge(Shown):
    """`revision` changes with the language, so that a binding that read it is evaluated again."""

    changed = Signal()
    language = shown(str, "language", changed)
    languageName = shown(str, "languageName", changed)
    rightToLeft = shown(bool, "rightToLeft", changed)
    revision = shown(int, "revision", changed)
    languages = part(Rows, "languages")

    def __init__(self, words: Words, language: str, currency: str, parent: QObject | None = None) -> None:
        super().__init__(parent, language="", languageName="", rightToLeft=False, revision=0)
        self._words = words
        self._currency = currency
        self._languages = Rows(TileRow, self)
        self.switch(language)

    @property
    def words(self) -> Words:
        """The words themselves, for the view-models."""
        return self._words

    def switch(self, language: str) -> None:
        """Speak `language` from now on."""
        if language == self.value("language"):
            return
        self._words.switch(language)
        names: Mapping[str, str] = dict(self._words.languages())
        self._languages.replace([TileRow(key=code, name=name, chosen=code == language) for code, name in names.items()])
        self.show(
            language=language,
            languageName=names.get(language, language),
            rightToLeft=self._words.is_right_to_left,
            revision=self.value("revision") + 1,
        )

    def say_anew(self) -> None:
        """Other words than before stand at some keys."""
        self.show(revision=self.value("revision") + 1)

    @Slot(str, result=str)
    def say(self, key: str) -> str:
        """The sentence `key`."""
        return self._words(key)

    @Slot(str, "QVariantMap", result=str)
    def sayWith(self, key: str, params: dict[str, Any]) -> str:
        """The sentence `key` with `params` in it; whole numbers come from QML as they are."""
        whole = {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in params.items()
        }
        return self._words(key, **whole)

    @Slot(float, result=str)
    def money(self, minor: float) -> str:
        """An amount in minor units of the site's currency, as people write it. QML's numbers are exact up to 2^53."""
        return self._words.money(Money(int(minor), self._currency))
