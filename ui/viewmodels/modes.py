"""What makes the terminal easier to use for this customer: switched on the screen, forgotten when the session ends."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.viewmodels.shown import Shown, shown


class Modes(Shown):
    """The ways of `Easier`, and steadyTouch: a second strike within 0.5 s does not count (EN 301 549, 5.8)."""

    changed = Signal()
    largeText = shown(bool, "largeText", changed)
    lowReach = shown(bool, "lowReach", changed)
    highContrast = shown(bool, "highContrast", changed)
    reducedMotion = shown(bool, "reducedMotion", changed)
    speech = shown(bool, "speech", changed)
    steadyTouch = shown(bool, "steadyTouch", changed)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            parent,
            largeText=False,
            lowReach=False,
            highContrast=False,
            reducedMotion=False,
            speech=False,
            steadyTouch=False,
        )
