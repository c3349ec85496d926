"""What is read aloud: every step, every news of it, in both languages; cut by what a customer does; never a PIN."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from devices.headsets.evdev_jack import EVENT, EvdevJack
from devices.speakers.speech_dispatcher import SpeechDispatcher
from devices.supervisor import Backoff, HeadsetSupervisor
from devices.virtual.headset import VirtualHeadset
from kiosk.configuration import PROJECT_ROOT
from kiosk.configuration.forms import read_form
from kiosk.domain.basket import Basket
from kiosk.domain.pricing import price
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.scan import Scan
from kiosk.ports import Health, HealthState, Speaker
from kiosk.services.checkout.events import Back, EasierChosen, MoreTime, Scanned, TimerRang
from kiosk.services.checkout.session import (
    Devices,
    Easier,
    Notice,
    PaymentView,
    ReceiptView,
    Session,
    StaffView,
)
from kiosk.services.checkout.spoken import Sentence, utterance, whole
from kiosk.services.forms.view import FormView
from kiosk.services.speaking import Speaking
from kiosk.services.visit import VISIT
from kiosk.services.words import Words
from tests.ui.voices import Voice
from tests.unit.shop import TODAY, a_basket, an_item, an_offer, euro, the_rules

LANGUAGES = Path(__file__).resolve().parents[2] / "assets" / "languages"
READY = Health(HealthState.READY)
ALOUD = Easier(speech=True)
START = Session("en", easier=ALOUD, devices=Devices(READY, READY, READY))
MILK = an_item(1, 129, names={"en": "Whole milk", "de": "Vollmilch"})
TICK = TimerRang("countdown")


class Recorder:
    """A speaker that writes down what it is to say; "|" where it is cut."""

    def __init__(self) -> None:
        self.health = READY
        self.heard: list[str] = []

    def say(self, text: str, language: str) -> None:
        self.heard.append(f"{language}: {text}")

    def stop(self) -> None:
        self.heard.append("|")

    def close(self) -> None:
        self.stop()


class Customer:
    """A customer who listens: `now` moves the session on, and gives what was heard of it."""

    def __init__(self, session: Session = START) -> None:
        self.voice: Recorder = Recorder()
        speaker: Speaker = self.voice
        self.posted: list[object] = []
        self.session = session
        self.speaking = Speaking(speaker, Words(LANGUAGES, "en", country="DE"), session, self.posted.append)

    def now(self, event: object = TICK, **change: object) -> list[str]:
        self.session = replace(self.session, **change)  # type: ignore[arg-type] # the test's own table
        self.speaking.watch(self.session, event)
        return self.heard()

    def heard(self) -> list[str]:
        heard, self.voice.heard = self.voice.heard, []
        return heard


def with_basket(basket: Basket, session: Session = START, **more: object) -> Session:
    two = an_offer("n-for-price", "2 for 2.00 €", gtins=frozenset({MILK.gtin}), n=2, price_minor=200)
    newest = basket.lines[-1].line_id if basket.lines else None
    priced = price(basket, the_rules(two), TODAY)
    return replace(session, step="basket", basket=basket, priced=priced, newest_line_id=newest, **more)  # type: ignore[arg-type] # the test's own


FULL = with_basket(a_basket(MILK))
APPOINTMENT = read_form(PROJECT_ROOT / "config" / "forms" / "appointment.toml", ("en", "de")).form
assert APPOINTMENT is not None
FORM = FormView(APPOINTMENT, "sub-1")
AT = {
    "staff-login": {"staff": StaffView("age", "STF-1")},
    "staff-menu": {"staff": StaffView("age", "STF-1", "Mara Lind", "attendant")},
    "weight": {"pending_item": MILK},
    "pay": {"payment": PaymentView("ref", 129, "insert-card")},
    "clarifying": {"payment": PaymentView("ref", 129, "please-wait")},
    "pay-problem": {"problem": "declined"},
    "unknown-code": {"problem": "check-digit"},
    "out-of-service": {"problem": "books"},
    "refused": {"problem": "expired", "problem_params": {"item": "Spinach"}},
    "receipt-qr": {"receipt": ReceiptView("s", "7", "Hofmarkt\nMilk 1.29\nVisa 4242 1.29\nRCP-1\nabc")},
    "held": {"held_code": "HLD-4TQ7"},
    "form": {"form": FORM},
    "form-check": {"form": replace(FORM, answers={"matter": "loan", "phone": "030123456"})},
    "form-consent": {"form": FORM},
    "form-done": {"form": replace(FORM, number="261122-D017", slip="failed")},
    "form-problem": {"form": replace(FORM, problem="form-not-sent")},
}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("step", [step.name for step in VISIT.steps])
def test_every_screen_is_heard_when_it_opens(step: str, language: str) -> None:
    before = replace(FULL, step="attract" if step != "attract" else "basket", language=language)
    customer = Customer(before)
    heard = customer.now(step=step, **AT.get(step, {}))
    words = Words(LANGUAGES, language, country="DE")
    assert len(heard) == 1
    assert heard[0].startswith(f"{language}: ")
    assert "[" not in heard[0]
    assert "{" not in heard[0]
    if step not in ("pay", "pay-problem", "weight", "price"):
        assert words(f"screen.{step}.spoken") in heard[0]


def test_nothing_is_said_to_who_did_not_ask() -> None:
    silent = replace(START, easier=Easier())
    assert utterance(silent, replace(silent, step="keypad")) == ()
    assert Customer(silent).now(step="keypad") == []


def test_a_scan_is_heard_with_its_price_and_the_total() -> None:
    customer = Customer()
    full = with_basket(a_basket(MILK))
    heard = customer.now(step="basket", basket=full.basket, priced=full.priced, newest_line_id=full.newest_line_id)
    assert heard == ["en: Whole milk, 1.29 €. Total 1.29 €. Scan the next item, or press Pay."]


def test_a_second_piece_is_heard_with_what_it_saves() -> None:
    customer = Customer(FULL)
    full = with_basket(a_basket((MILK, 2)))
    heard = customer.now(basket=full.basket, priced=full.priced)
    assert heard == [
        "en: Whole milk, 2, 2.00 €. 2 for 2.00 €: you save 0.58 €. 2 items. Total 2.00 €. You save 0.58 €."
    ]


def test_a_line_taken_out_is_heard_with_the_new_total() -> None:
    both = with_basket(a_basket(MILK, an_item(2, 100)))
    customer = Customer(both)
    removed = with_basket(a_basket(MILK))
    notice = Notice("notice.removed", {"item": "Item 2"})
    heard = customer.now(basket=removed.basket, priced=removed.priced, newest_line_id=None, notice=notice)
    assert heard == ["en: 1 item. Total 1.29 €. Item 2 taken out."]


def test_goods_by_weight_deposits_and_age_are_heard() -> None:
    loose = an_item(5, 199, names={"en": "Bananas"}, unit=Unit.KILOGRAM)
    weighed = with_basket(Basket().with_item(loose, Quantity.grams(842)))
    assert "Bananas, 0.842 kg, 1.68 €" in Customer().now(**_basket_of(weighed))[0]
    beer = with_basket(a_basket(an_item(6, 100, deposit=euro(25), minimum_age=16)))
    assert "Item 6, 1.25 €. Total 1.25 €. incl. 0.25 € deposit. From 16 years." in Customer().now(**_basket_of(beer))[0]


def _basket_of(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in ("step", "basket", "priced", "newest_line_id")}


def test_what_the_payment_terminal_says_follows_what_is_being_said_and_does_not_cut_it() -> None:
    customer = Customer(FULL)
    first = customer.now(step="pay", payment=PaymentView("ref", 129))
    assert first == ["en: To pay: 1.29 €. Getting the reader ready … The reader is on the right, below the screen."]
    assert customer.now(payment=PaymentView("ref", 129, "insert-card")) == [
        "en: Hold your card or phone to the reader, or insert the card."
    ]
    assert customer.now(payment=PaymentView("ref", 129, "enter-pin")) == ["en: Please enter your PIN on the reader."]
    assert customer.now(payment=PaymentView("ref", 129, "enter-pin")) == []
    assert customer.now(payment=PaymentView("ref", 129, "never-heard-of")) == ["en: One moment, please."]
    assert customer.now(Back(), payment=PaymentView("ref", 129, "cancelling", cancelling=True)) == [
        "|",
        "en: Stopping the payment …",
    ]


def test_what_a_customer_does_cuts_what_is_being_said() -> None:
    customer = Customer(FULL)
    assert customer.now(Scanned(Scan(b"1")), looking_up=1) == ["|"]
    assert customer.now(MoreTime()) == ["|"]
    assert customer.now(TICK) == []


def test_the_time_out_is_heard_with_its_seconds_at_20_10_and_5() -> None:
    customer = Customer(FULL)
    first = customer.now(countdown_s=25)
    assert first == ["en: Are you still there? Press More time to continue. Your basket is cleared in 25 seconds."]
    heard = [left for left in range(24, 0, -1) if customer.now(countdown_s=left)]
    assert heard == [20, 10, 5]
    assert customer.now(MoreTime(), countdown_s=None)[-1].endswith("Scan the next item, or press Pay.")


def test_overlays_notices_and_refusals_are_heard() -> None:
    customer = Customer(FULL)
    assert customer.now(overlay="help") == ["en: Help. Choose a question, or call staff."]
    assert customer.now(overlay="") == ["en: 1 item. Total 1.29 €. Scan the next item, or press Pay."]
    notice = Notice("notice.voucher-added")
    assert customer.now(notice=notice) == ["en: Voucher added: it is taken off your total."]
    assert customer.now(notice=None) == []
    customer.now(step="staff-login", staff=StaffView("age", "STF-1"))
    assert customer.now(staff=StaffView("age", "STF-1", refusal="wrong-pin")) == ["en: The PIN does not match."]


def test_another_language_says_the_screen_anew() -> None:
    assert Customer(FULL).now(language="de") == [
        "de: 1 Artikel. Summe 1,29 €. Scannen Sie den nächsten Artikel, oder drücken Sie Bezahlen."
    ]


def test_switching_speech_on_says_the_screen_and_off_is_silence_at_once() -> None:
    customer = Customer(replace(FULL, easier=Easier()))
    assert customer.now(EasierChosen("speech", on=True), easier=ALOUD)[-1].startswith("en: 1 item. Total")
    assert customer.now(EasierChosen("speech", on=False), easier=Easier()) == ["|"]
    customer.speaking.repeat()
    customer.speaking.control("Pay")
    assert customer.heard() == []


def test_again_says_the_last_thing_and_stop_is_silence() -> None:
    customer = Customer(FULL)
    customer.now(overlay="language")
    customer.speaking.control("Deutsch")
    customer.heard()
    customer.speaking.repeat()
    assert customer.heard() == ["|", "en: Choose your language."]
    customer.speaking.stop()
    assert customer.heard() == ["|"]


def test_nothing_of_a_session_is_said_again_to_the_next_customer() -> None:
    customer = Customer(FULL)
    customer.now(notice=Notice("notice.removed", {"item": "Secret"}))
    customer.now(TimerRang("countdown"), **{**_basket_of(START), "step": "attract", "notice": None, "easier": Easier()})
    customer.now(EasierChosen("speech", on=True), easier=ALOUD)
    customer.heard()
    customer.speaking.repeat()
    assert "Secret" not in " ".join(customer.heard())


def test_a_pin_is_never_said_neither_typed_nor_by_the_names_of_its_keys() -> None:
    customer = Customer(FULL)
    customer.now(step="staff-login", staff=StaffView("age", "STF-1"))
    for length in range(1, 5):
        customer.speaking.typed("2580"[:length])
        customer.speaking.control("2580"[length - 1])
    customer.speaking.control("Clear")
    assert customer.heard() == ["en: Clear"]
    customer.now(step="keypad", staff=None)
    customer.heard()
    customer.speaking.typed("2")
    customer.speaking.typed("25")
    customer.speaking.typed("2")
    customer.speaking.control("5")
    assert customer.heard() == ["en: 2", "en: 5", "en: 2", "en: 5"]


def test_what_is_private_goes_to_a_headset_or_nowhere() -> None:
    qr = AT["receipt-qr"]
    alone = Customer(replace(FULL, step="receipt-choice"))
    assert "4242" not in alone.now(step="receipt-qr", **qr)[0]
    listening = Customer(replace(FULL, step="receipt-choice"))
    listening.speaking.headset(plugged=True)
    heard = listening.now(step="receipt-qr", **qr)[0]
    assert "Milk 1.29. Visa 4242 1.29." in heard
    assert "RCP-1" not in heard
    assert Sentence(text="Hofmarkt. Milk 1.29. Visa 4242 1.29", private=True) in whole(listening.session)


def test_a_headset_switches_speech_on_and_its_owner_keeps_it_for_a_second_purchase() -> None:
    customer = Customer(replace(START, easier=Easier()))
    customer.speaking.headset(plugged=True)
    assert customer.posted == [EasierChosen("speech", on=True)]
    customer.now(EasierChosen("speech", on=True), easier=ALOUD)
    customer.now(TimerRang("idle"), easier=Easier())  # the session ends
    customer.now(Scanned(Scan(b"1")))
    assert customer.posted == [EasierChosen("speech", on=True)] * 2
    customer.speaking.headset(plugged=False)
    assert customer.posted[-1] == EasierChosen("speech", on=False)
    customer.now(Scanned(Scan(b"1")))
    assert len(customer.posted) == 3


# --- the voice itself, and the jack ---


def eventually(come_true: Callable[[], object], what: str) -> None:
    until = time.monotonic() + 10
    while not come_true():
        assert time.monotonic() < until, what
        time.sleep(0.005)


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    return Voice(tmp_path / "voice", monkeypatch)


@pytest.fixture
def dispatcher(voice: Voice) -> Iterator[SpeechDispatcher]:
    made = SpeechDispatcher(rate=-20)
    yield made
    made.close()


def test_texts_reach_the_voice_as_they_are_in_order_and_are_cut(voice: Voice, dispatcher: SpeechDispatcher) -> None:
    hostile = "-e $(touch /tmp/x); `id` \"'\n--"
    dispatcher.say("Welcome.", "en")
    dispatcher.say(hostile, "de")
    eventually(lambda: len(voice.heard) == 2, f"two texts, not {voice.heard}")
    assert voice.heard == ["en: Welcome.", "de: " + hostile.replace("\n", " ")]
    dispatcher.stop()
    eventually(lambda: voice.heard[-1:] == ["CUT"], "silence")


def test_what_waits_behind_a_slow_voice_is_forgotten_when_it_is_cut(voice: Voice, dispatcher: SpeechDispatcher) -> None:
    gate = voice.program.parent / "gate"
    os.mkfifo(gate)
    slow = voice.program.read_text().replace("#!/bin/sh\n", f'#!/bin/sh\n[ "$1" = -C ] || read _ < {gate}\n')
    voice.replace(slow)
    dispatcher.say("first", "en")
    with gate.open("w") as opened:  # the first is under way
        dispatcher.say("second", "en")
        dispatcher.stop()
        opened.write("go\n")
    eventually(lambda: "CUT" in voice.heard, "silence")
    assert voice.heard == ["en: first", "CUT"]


def test_a_machine_without_a_voice_is_silent_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        dispatcher = SpeechDispatcher()
        dispatcher.say("Welcome.", "en")
        dispatcher.say("Welcome.", "en")
    dispatcher.close()
    assert dispatcher.health.state is HealthState.ABSENT
    assert [record.message for record in caplog.records] == [
        "nothing is read aloud: spd-say is not on this machine; install speech-dispatcher"
    ]


def test_a_voice_that_fails_is_a_fault_said_once_and_without_the_text(
    voice: Voice, dispatcher: SpeechDispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    good = voice.program.read_text()
    voice.replace("#!/bin/sh\nexit 1\n")
    for _ in range(3):
        dispatcher.say("my secret", "en")
    eventually(lambda: dispatcher.health.state is HealthState.FAULT, "a fault")
    voice.replace(good)
    eventually(lambda: dispatcher.say("again", "en") or dispatcher.health.state is HealthState.READY, "mended")
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1
    assert "secret" not in caplog.text


def test_a_headset_is_noticed_and_one_whose_jack_is_lost_counts_as_out() -> None:
    far = VirtualHeadset()
    told: list[bool] = []
    jack = HeadsetSupervisor(EvdevJack(far.url), watch_every_ms=50, backoff=Backoff(5, 20))
    jack.on_plug(told.append)
    jack.start()
    try:
        eventually(lambda: jack.health.state is HealthState.READY, "the jack")
        assert far.line is not None
        far.line.write(EVENT.pack(0, 0, 1, 2, 1)[:10], 1000)  # half of something else first
        far.line.write(EVENT.pack(0, 0, 1, 2, 1)[10:], 1000)
        far.plug(inserted=True)
        eventually(lambda: told == [True], "plugged in")
        far.unplug()
        eventually(lambda: told == [True, False], "lost")
    finally:
        jack.stop()
        far.close()
