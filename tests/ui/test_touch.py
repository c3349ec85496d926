"""What a touch asks for, what a hostile name does not do, and what the screens' types say of themselves."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from samples import SAMPLES, Stage, settle, sold
from touching import touch
from walking import texts

from kiosk.services.checkout import events
from kiosk.services.checkout.session import StaffView
from ui import typeinfo

PROJECT = Path(__file__).resolve().parents[2]
HOSTILE = {
    "an image from the net": "<img src='http://127.0.0.1:9/x.png'>",
    "an image from a file": '<img src="file:///etc/passwd"> <b>bold</b>',
    "a right-to-left override": "\u202eKLIM\u202c \u2066x",
    "five hundred characters": "W" * 500,
    "a word without an end": "Donaudampfschifffahrt" * 12,
    "controls and zero widths": "a\x00b\x1b[31m\u200b\u200d\ufeff\x07",
    "a format string": "%n%s{0}{name}${x}\\n&amp;&#60;",
    "an accelerator": "A & B &C",
}


@pytest.mark.parametrize(
    ("sample", "name", "event"),
    [
        ("attract", "Fruit, bread: without a code", events.Opened("picker")),
        ("basket", "Pay", events.PayPressed()),
        ("basket", "Undo", events.Undone()),
        ("basket", "One more Oranges, Navel, net 1.5 kg", events.CountChanged(8, 3)),
        ("basket", "One Oranges, Navel, net 1.5 kg less", events.CountChanged(8, 1)),
        ("basket", "Remove Riesling, dry, 0.75 l", events.LineRemoved(6)),
        ("basket", "I have a coupon or card", events.Opened("coupon")),
        ("basket", "Help", events.OverlayOpened("help")),
        ("basket", "English", events.OverlayOpened("language")),
        ("picker", "Fruit", events.CategoryChosen("fruit")),
        ("coupon", "Remove Coupon CPN-COFFEE", events.CouponRemoved("CPN-COFFEE")),
        ("unknown-code", "Scan again", events.Back()),
        ("unknown-code", "Call staff", events.HelpCalled()),
        ("pay", "Back to basket", events.Back()),
        ("pay-problem-cancelled", "Try again", events.PayPressed()),
        ("paper-out", "Continue without paper", events.GoOn()),
        ("receipt-choice", "No receipt", events.ReceiptChosen("none")),
        ("receipt-choice", "Show QR code", events.ReceiptChosen("qr")),
        ("staff-menu", "Yes, approve", events.StaffChose("approve")),
        ("resume", "Start anew", events.EmptyPressed()),
        ("overlay-language", "Deutsch", events.LanguageChosen("de")),
        ("overlay-easier", "Larger text", events.EasierChosen("large_text", True)),
        ("overlay-more", "Hold the basket", events.HoldPressed()),
        ("overlay-still-there", "More time", events.MoreTime()),
    ],
)
def test_a_touch_asks_for_what_the_button_says(stage: Stage, sample: str, name: str, event: object) -> None:
    stage.show(SAMPLES[sample])
    stage.asked.clear()
    touch(stage, name)
    assert stage.asked == [event]


def test_emptying_the_basket_is_asked_twice(stage: Stage) -> None:
    stage.show(SAMPLES["overlay-more"])
    stage.asked.clear()
    touch(stage, "Empty the basket")
    assert stage.asked == []
    touch(stage, "Yes, empty it")
    assert stage.asked == [events.EmptyPressed()]


@pytest.fixture(autouse=True)
def _from_the_start(stage: Stage) -> None:
    """What was typed in one test is gone with its screen before the next."""
    stage.show(SAMPLES["attract"])


def test_digits_of_a_real_pad_and_of_the_screen_make_one_code(stage: Stage) -> None:
    stage.show(SAMPLES["keypad"])
    stage.asked.clear()
    touch(stage, "4")
    for key in (Qt.Key.Key_0, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_7):
        QTest.keyClick(stage.window.view, key)
    touch(stage, "Delete")
    touch(stage, "Continue")
    (event,) = stage.asked
    assert isinstance(event, events.Scanned)
    assert event.scan.data == b"4012"


def test_a_code_with_letters_can_be_typed(stage: Stage) -> None:
    stage.show(SAMPLES["keypad"])
    stage.asked.clear()
    touch(stage, "Letters")
    for key in ("h", "l", "d", "-", "7"):
        touch(stage, key)
    touch(stage, "Continue")
    (event,) = stage.asked
    assert isinstance(event, events.Scanned)
    assert event.scan.data == b"HLD-7"


def test_a_pin_is_never_on_the_screen_nor_in_what_assistive_technology_says(stage: Stage) -> None:
    stage.show(replace(SAMPLES["staff-login"], staff=StaffView("age", "STF-1")))
    stage.asked.clear()
    for digit in "4711":
        touch(stage, digit)
    shown = [text.property("text") for text in texts(stage.window.root())]
    assert "●●●●" in shown
    assert not any("47" in text for text in shown)
    touch(stage, "Continue")
    assert stage.asked == [events.PinEntered("4711")]
    assert "●●●●" not in [text.property("text") for text in texts(stage.window.root())]


def test_searching_asks_letter_by_letter_and_takes_what_is_found(stage: Stage) -> None:
    stage.show(SAMPLES["picker"])
    stage.asked.clear()
    touch(stage, "Search by name")
    touch(stage, "b")
    touch(stage, "u")
    assert stage.asked == [events.SearchTyped("b"), events.SearchTyped("bu")]
    touch(stage, "Butter")
    assert isinstance(stage.asked[-1], events.Picked)


def test_changing_the_language_keeps_what_is_on_the_screen(stage: Stage) -> None:
    stage.show(SAMPLES["basket"], language="en")
    before = stage.till.basket.lines.rows
    stage.show(SAMPLES["basket"], language="de")
    assert [row.key for row in stage.till.basket.lines.rows] == [row.key for row in before]
    assert "Bezahlen" in [text.property("text") for text in texts(stage.window.root())]


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_is_shown_as_what_it_is(stage: Stage, name: str) -> None:
    session = sold(name)
    item = session.basket.lines[0].item
    for step, more in {
        "basket": {},
        "weight": {"pending_item": item},
        "refused": {"problem": "recalled", "problem_params": {"item": name}},
        "staff-menu": {"staff": StaffView("refused", "STF-1", name, "attendant"), "problem_params": {"item": name}},
        "picker": {"picker": replace(SAMPLES["picker"].picker, items=(item,) * 9)},
        "held": {"held_code": name},
    }.items():
        stage.show(replace(session, step=step, **more))
        stage.window.grab()
        rich = [text for text in texts(stage.window.root()) if text.property("paintedWidth") > text.width() + 1]
        assert not [text for text in rich if name[:8] in text.property("text")]
    assert stage.window.refused == ()


def test_the_description_of_the_types_is_that_of_the_classes() -> None:
    """In a process of its own, as the description is made: behind many windows PySide mistakes a class's meta object for a dead one."""
    made = "import sys; from ui import typeinfo; sys.stdout.write(typeinfo.description())"
    done = subprocess.run([sys.executable, "-c", made], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert typeinfo.DESCRIPTION.read_text(encoding="utf-8") == done.stdout, "run `python -m ui.typeinfo`"


def test_the_engine_fetches_nothing(stage: Stage) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkRequest

    manager = stage.window.view.engine().networkAccessManager()
    reply = manager.get(QNetworkRequest(QUrl("http://127.0.0.1:9/x.png")))
    settle()
    assert reply.error().value != 0
    assert stage.window.refused == ("http://127.0.0.1:9/x.png",)
    stage.window._refusing.asked.clear()
