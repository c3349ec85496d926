"""How the retailer and the panel look: the theme's values of the configuration, for Theme.qml."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from ui.viewmodels.shown import Shown, shown

DEFAULTS: dict[str, str] = {
    "brand": "#0C5C45",
    "brandInk": "#FFFFFF",
    "paper": "#F5F2EC",
    "card": "#FFFFFF",
    "line": "#E4DFD5",
    "ink": "#17211C",
    "inkSoft": "#5D6862",
    "success": "#2E9E6B",
    "savings": "#E3F2EA",
    "warning": "#8A5A00",
    "error": "#B3261E",
}


class Look(Shown):
    """The theme: `colours` as "#RRGGBB" by the names of `DEFAULTS`; `pitch_mm` is the width of a pixel of the panel."""

    changed = Signal()
    retailer = shown(str, "retailer", changed)
    logo = shown(str, "logo", changed)
    family = shown(str, "family", changed)
    pitchMm = shown(float, "pitchMm", changed)
    brand = shown(QColor, "brand", changed)
    brandInk = shown(QColor, "brandInk", changed)
    paper = shown(QColor, "paper", changed)
    card = shown(QColor, "card", changed)
    line = shown(QColor, "line", changed)
    ink = shown(QColor, "ink", changed)
    inkSoft = shown(QColor, "inkSoft", changed)
    success = shown(QColor, "success", changed)
    savings = shown(QColor, "savings", changed)
    warning = shown(QColor, "warning", changed)
    error = shown(QColor, "error", changed)

    def __init__(
        self,
        retailer: str,
        *,
        pitch_mm: float = 0.252,
        family: str = "Inter",
        logo: str = "",
        colours: Mapping[str, str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        named = {**DEFAULTS, **(colours or {})}
        super().__init__(
            parent,
            retailer=retailer,
            logo=logo,
            family=family,
            pitchMm=pitch_mm,
            **{name: QColor(value) for name, value in named.items()},
        )
