"""What a shopper meets on every screen: everything legible, everything in reach, everything named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from samples import SAMPLES, Stage
from touching import touch
from walking import buttons, describe, is_whole, is_within, painted, place, said, texts

SIZES = ((1280, 800), (1080, 1920))
LEAST_PX, APART_PX = 60, 12  # 15 mm and 3 mm at 0.252 mm a pixel
WAYS: dict[str, dict[str, bool]] = {
    "normal": {},
    "large": {"large_text": True},
    "low": {"low_reach": True},
    "large-low": {"large_text": True, "low_reach": True},
    "aloud": {"speech": True},
    "aloud-large": {"speech": True, "large_text": True},
    "aloud-large-low": {"speech": True, "large_text": True, "low_reach": True},
}
EVERY = [
    pytest.param(name, size, way, id=f"{name}-{size[0]}-{way}") for size in SIZES for name in SAMPLES for way in WAYS
]


@pytest.mark.parametrize(("name", "size", "way"), EVERY)
def test_everything_is_legible_and_can_be_touched(stage: Stage, name: str, size: tuple[int, int], way: str) -> None:
    wrong = []
    # German is the longest of the languages: it is looked at in every way, English as it comes and in large text.
    for language in ("de", "en") if "low" not in way else ("de",):
        stage.show(SAMPLES[name], *size, language, **WAYS[way])
        wrong += [f"{language} {words}" for words in (*illegible(stage), *hard_to_touch(stage, size, low="low" in way))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("sample", "opens"), [("picker", "Nach Namen suchen"), ("keypad", "Buchstaben")])
def test_the_keyboard_leaves_everything_legible(
    stage: Stage, sample: str, opens: str, size: tuple[int, int], way: str
) -> None:
    stage.show(SAMPLES["attract"], *size)  # what was typed before goes with its screen
    stage.show(SAMPLES[sample], *size, "de", **WAYS[way])
    touch(stage, opens)
    touch(stage, "b")
    stage.window.grab()
    wrong = [*illegible(stage), *hard_to_touch(stage, size, low="low" in way)]
    assert not wrong, "\n".join(wrong)


def illegible(stage: Stage) -> Iterator[str]:
    """Texts that are cut off, off the screen, or under a button."""
    root, front = stage.window.root(), front_of(stage)
    touched = [(button, place(button)) for button in buttons(front) if is_whole(button)]
    for text in texts(front):
        if not is_whole(text):
            continue
        letters = painted(text)
        if text.property("truncated") or letters.width() > text.width() + 1 or letters.height() > text.height() + 2:
            yield f"cut off: {describe(text)}"
        if not place(root).contains(letters.adjusted(1, 1, -1, -1)):
            yield f"off the screen: {describe(text)}"
        for button, there in touched:
            if overlap(letters, there) and not is_within(text, button):
                yield f"covered: {describe(text)} by {describe(button)}"


def hard_to_touch(stage: Stage, size: tuple[int, int], *, low: bool) -> Iterator[str]:
    """Targets that are too small, too near each other, off the screen, or out of reach."""
    touched = [(button, place(button)) for button in buttons(front_of(stage)) if is_whole(button)]
    reach = size[1] * (0.5 if size[1] > size[0] else 0.4) - 1 if low else 0
    for at, (button, here) in enumerate(touched):
        if here.width() < LEAST_PX or here.height() < LEAST_PX:
            yield f"too small: {describe(button)}"
        if not QRectF(0, 0, *size).adjusted(-1, -1, 1, 1).contains(here):
            yield f"off the screen: {describe(button)}"
        if here.top() < reach:
            yield f"out of low reach: {describe(button)}"
        for other, there in touched[at + 1 :]:
            if gap(here, there) < APART_PX - 1:
                yield f"too near: {describe(button)} and {describe(other)}"


@pytest.mark.parametrize("name", SAMPLES)
def test_tab_reaches_everything_and_each_has_a_name(stage: Stage, name: str) -> None:
    stage.show(SAMPLES[name])
    wanted = {button for button in buttons(front_of(stage)) if button.isEnabled()}
    nameless = [describe(button) for button in wanted if not said(button)]
    assert not nameless
    reached = set()
    for _ in range(len(buttons(stage.window.root())) + 5):
        QTest.keyClick(stage.window.view, Qt.Key.Key_Tab)
        focused = stage.window.view.activeFocusItem()
        if focused in reached:
            break
        reached.add(focused)
        assert not focused.inherits("QQuickAbstractButton") or focused.property("visualFocus"), describe(focused)
    missed = [describe(button) for button in wanted - reached if is_whole(button)]
    assert not missed, "\n".join(missed)


def test_nothing_of_a_customer_is_left_on_the_screen_when_the_next_one_comes(stage: Stage) -> None:
    from samples import sold

    stage.show(sold("MARKER-OF-ONE-CUSTOMER"))
    assert any("MARKER" in text.property("text") for text in texts(stage.window.root()))
    stage.show(SAMPLES["attract"])
    left = [
        text
        for text in stage.window.root().findChildren(type(stage.window.root()))
        if "MARKER" in str(text.property("text"))
    ]
    assert not left
    assert not stage.till.basket.lines.rows
    assert "MARKER" not in repr(stage.till.basket._values)


def front_of(stage: Stage):
    """What can be touched now: the sheet on top, or the stage."""
    sheets = [
        item for item in stage.window.root().childItems() if item.inherits("QQuickLoader") and item.property("item")
    ]
    return sheets[-1] if sheets else stage.window.root()


def overlap(one: QRectF, other: QRectF) -> bool:
    return one.adjusted(2, 2, -2, -2).intersects(other.adjusted(2, 2, -2, -2))


def gap(one: QRectF, other: QRectF) -> float:
    across = max(one.left() - other.right(), other.left() - one.right())
    down = max(one.top() - other.bottom(), other.top() - one.bottom())
    return max(across, down)
