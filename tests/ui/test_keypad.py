"""The terminal without sight and without touch: walked by Tab and by twelve keys, read aloud, to the receipt and out again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from devices.virtual.far_sides import KINDS, FarSides
from kiosk.configuration import DEFAULT_FILE, load
from kiosk.services.checkout.events import TimerRang
from tests.ui.voices import Voice
from ui.keypad import controls_in
from ui.terminal import Kiosk, transports_of
from ui.tour.guide import own_books
from ui.tour.visit import BADGE, BEER, BREAD, MILK, ORANGES, Visit

KEYS = {
    **{str(digit): Qt.Key(Qt.Key.Key_0 + digit) for digit in range(10)},
    "#": Qt.Key.Key_NumberSign,
    "*": Qt.Key.Key_Asterisk,
}


class Blind:
    """A customer who touches nothing: presses keys, and listens."""

    def __init__(self, folder: Path, voice: Voice) -> None:
        self.voice = voice
        self.sides = FarSides((*KINDS, "headset"), folder / "sides", customer="good")
        configuration = own_books(load(environment={}), folder / "books")
        headset = configuration.devices.headset.model_copy(update={"driver": "evdev-jack"})
        devices = configuration.devices.model_copy(update={"headset": headset})
        configuration = configuration.model_copy(update={"devices": devices})
        self.kiosk = Kiosk(configuration, transports_of(configuration, self.sides.urls))
        self.kiosk.open()
        self.visit = Visit(self.kiosk, self.sides, folder)
        self.hands = self.visit.hands
        self.hands.wait(
            lambda: self.visit.session.devices.can_charge and self.visit.session.devices.can_print, "devices"
        )

    def keys(self, keys: str) -> None:
        for key in keys:
            self.key(KEYS[key])

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.kiosk.window.view, key)
        QTest.qWait(20)

    @property
    def focused(self) -> str:
        item = self.kiosk.window.view.activeFocusItem()
        return str(item.property("label") or "") if item is not None else ""

    @property
    def ring_is_seen(self) -> bool:
        item = self.kiosk.window.view.activeFocusItem()
        return bool(item is not None and item.property("visualFocus"))

    def walk_to(self, key: str, by: str | Qt.Key = "#") -> None:
        """Walk on until the focus is at the control that says the words of `key`."""
        wanted, seen = self.hands.say(key), []
        for _ in range(60):
            if self.focused == wanted:
                assert self.ring_is_seen
                return
            self.keys(by) if isinstance(by, str) else self.key(by)
            seen.append(self.focused)
        raise AssertionError(f"no way to {wanted!r}; passed {seen}")

    def press(self, key: str) -> None:
        self.walk_to(key)
        self.keys("5")

    def hears(self, words: str) -> None:
        self.hands.wait(lambda: any(words in line for line in self.voice.heard), f"{words!r} in {self.voice.heard}", 5)

    def close(self) -> None:
        self.kiosk.close()
        self.sides.close()


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    return Voice(tmp_path / "voice", monkeypatch)


@pytest.fixture
def blind(qapp: QObject, tmp_path: Path, voice: Voice) -> Iterator[Blind]:
    made = Blind(tmp_path, voice)
    yield made
    made.close()


def test_a_purchase_from_the_first_scan_to_the_door_with_twelve_keys_and_an_ear(blind: Blind) -> None:
    blind.keys("3")
    blind.hears("en: Welcome. Scan an item, a bill or a card, or choose a service.")
    blind.visit.scan_item(MILK)
    blind.hears("Whole milk")
    blind.hears("Total")
    blind.press("action.pay")
    blind.hears("To pay: ")
    blind.hands.wait_for_step("receipt-choice")
    blind.hears("Would you like a receipt")
    blind.press("action.no-receipt")
    blind.hands.wait_for_step("thanks")
    blind.hears("goodbye")
    blind.press("action.done")
    blind.hands.wait_for_step("attract")
    assert not blind.visit.session.easier.speech  # the next customer did not ask for a voice


def test_a_purchase_with_tab_and_enter_alone(blind: Blind) -> None:
    blind.visit.scan_item(BREAD)
    blind.walk_to("action.pay", Qt.Key.Key_Tab)
    blind.key(Qt.Key.Key_Return)
    blind.hands.wait_for_step("receipt-choice")
    blind.walk_to("action.no-receipt", Qt.Key.Key_Backtab)
    blind.key(Qt.Key.Key_Enter)
    blind.hands.wait_for_step("thanks")
    assert blind.voice.heard == []  # nobody asked


def test_every_control_of_a_long_basket_is_reached_in_the_order_seen_and_no_further(blind: Blind) -> None:
    for code in (MILK, ORANGES, BREAD, MILK, ORANGES):
        blind.visit.scan_item(code)
    blind.hands.settle()
    root = blind.kiosk.window.root()
    controls = list(controls_in(root))
    met: list[QQuickItem] = []
    for _ in controls:
        blind.key(Qt.Key.Key_Tab)
        met.append(blind.kiosk.window.view.activeFocusItem())
    assert met == controls
    blind.key(Qt.Key.Key_Tab)
    assert blind.kiosk.window.view.activeFocusItem() == controls[0]  # round, and never trapped
    lines = [
        item.mapToScene(item.boundingRect().center()).y()
        for item in met
        if "one" in str(item.property("label")).lower()
    ]
    assert lines == sorted(lines)


def test_an_overlay_takes_the_focus_and_gives_it_back(blind: Blind) -> None:
    blind.visit.scan_item(MILK)
    blind.keys("1")
    blind.hands.wait(lambda: blind.visit.session.overlay == "help", "help")
    below = {blind.hands.say(key) for key in ("action.pay", "action.easier")}
    for _ in range(20):
        blind.keys("#")
        assert blind.focused not in below
        assert blind.ring_is_seen
    blind.keys("9")
    blind.hands.wait(lambda: blind.visit.session.overlay == "", "help to go")
    blind.walk_to("action.pay")


def test_digits_type_on_a_keypad_and_walk_anywhere_else(blind: Blind) -> None:
    blind.keys("3")
    blind.visit.scan_item(BREAD)
    blind.press("action.produce")
    blind.hands.wait_for_step("picker")
    blind.press("screen.picker.plu")
    blind.hands.wait_for_step("keypad")
    blind.keys("##")  # with nothing typed, off the keypad and on
    assert blind.focused == blind.hands.say("action.back-to-basket")
    for _ in range(10):
        if blind.focused == "1":
            break
        blind.keys("#")
    blind.keys(MILK)
    blind.hears("en: 8")
    blind.keys("7*#")
    blind.hands.wait(lambda: blind.visit.session.basket.item_count == 2, "the milk in the basket")


def test_a_pin_is_never_heard(blind: Blind) -> None:
    blind.keys("3")
    blind.visit.scan_item(BEER)
    blind.press("action.pay")
    blind.hands.wait_for_step("age-check")
    blind.visit.scan(BADGE, "]C0")
    blind.hands.wait_for_step("staff-login")
    blind.voice.forget()
    blind.keys("2580")
    for _ in range(12):
        blind.key(Qt.Key.Key_Tab)  # past every key of the pad
    blind.hears("Clear")
    assert not [line for line in blind.voice.heard if any(letter.isdigit() for letter in line)]


def test_any_key_says_that_the_customer_is_still_there(blind: Blind) -> None:
    blind.keys("3")
    blind.visit.scan_item(MILK)
    blind.kiosk.terminal.register.post(TimerRang("idle"))
    blind.hears("Are you still there?")
    blind.keys("8")
    blind.hands.wait(lambda: blind.visit.session.countdown_s is None, "the warning to go")


def test_a_headset_starts_the_voice_and_ends_it(blind: Blind) -> None:
    assert blind.sides.headset is not None
    blind.sides.headset.plug(inserted=True)
    blind.hands.wait(lambda: blind.visit.session.easier.speech, "speech")
    blind.hears("en: Welcome.")
    blind.sides.headset.plug(inserted=False)
    blind.hands.wait(lambda: not blind.visit.session.easier.speech, "silence")
    assert "CUT" in blind.voice.heard


def test_the_voice_repeats_and_stops_on_every_screen_and_follows_the_language(blind: Blind) -> None:
    blind.keys("3")
    blind.visit.scan_item(MILK)
    blind.hears("Whole milk")
    blind.voice.forget()
    blind.press("action.read-again")
    blind.hears("Whole milk")
    blind.walk_to("action.stop-reading")
    blind.voice.forget()
    blind.keys("5")
    blind.hands.wait(lambda: "CUT" in blind.voice.heard, "silence")
    blind.press("action.language")
    blind.hands.wait(lambda: blind.visit.session.overlay == "language", "languages")
    blind.walk_to("action.read-again")  # over an overlay as well
    blind.walk_to("action.close")
    for _ in range(10):
        if blind.focused == "Deutsch":
            break
        blind.keys("*")
    blind.keys("5")
    blind.hears("de: 1 Artikel. Summe")


def test_a_key_that_is_held_or_struck_twice_counts_once_where_that_is_asked_for(blind: Blind) -> None:
    view = blind.kiosk.window.view
    blind.visit.scan_item(MILK)
    blind.kiosk.till.setEasier("steady_touch", True)
    blind.hands.wait(lambda: blind.visit.session.easier.steady_touch, "steady touch")
    blind.key(Qt.Key.Key_Tab)
    first = view.activeFocusItem()
    blind.key(Qt.Key.Key_Tab)
    assert view.activeFocusItem() == first
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, "", True)
    QCoreApplication.sendEvent(view, held)
    assert view.activeFocusItem() == first


def test_the_default_configuration_reads_aloud_where_there_is_a_voice() -> None:
    assert load(environment={}).speech.enabled, DEFAULT_FILE
