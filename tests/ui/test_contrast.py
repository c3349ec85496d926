"""Letters stand out from what is behind them: measured on what the window draws, not on what the theme says."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage
from samples import SAMPLES, Stage
from walking import describe, is_whole, painted, texts

TEXT = 4.5  # WCAG 1.4.3


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("easier", [{}, {"high_contrast": True}], ids=["normal", "stronger"])
def test_text_stands_out_from_its_ground(stage: Stage, name: str, easier: dict[str, bool]) -> None:
    stage.show(SAMPLES[name], **easier)
    image = stage.window.grab()
    front = texts(stage.window.root())
    if name.startswith("overlay-"):
        front = [text for text in front if in_front(text.parentItem())]
    wrong = []
    for text in front:
        if not is_whole(text):
            continue
        ratio = contrast_of(image, painted(text))
        if ratio < TEXT:
            wrong.append(f"{ratio:.2f} {describe(text)}")
    assert not wrong, "\n".join(wrong)


def in_front(item: object) -> bool:
    """Whether an item belongs to the sheet that lies over the screen."""
    while item is not None:
        if "Dialog" in item.metaObject().className() or "Overlay" in item.metaObject().className():
            return True
        if item.metaObject().className().startswith(("Help", "Language", "Easier", "More", "StillThere")):
            return True
        item = item.parentItem()
    return False


def contrast_of(image: QImage, letters: QRectF) -> float:
    """The ratio between the ground (the colour seen most) and the letters (the colour farthest from it)."""
    box: QRect = letters.toAlignedRect().intersected(image.rect())
    seen: Counter[int] = Counter()
    for each in (4, 1):  # a hyphen lies between two rows of every fourth
        for y in range(box.top(), box.bottom() + 1, each):
            for x in range(box.left(), box.right() + 1):
                seen[image.pixel(x, y)] += 1
        if len(seen) > 1:
            break
    ground = luminance(seen.most_common(1)[0][0])
    return max(ratio(ground, luminance(colour)) for colour in seen)


def luminance(colour: int) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor.fromRgb(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def ratio(one: float, other: float) -> float:
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)
