"""The PC/SC driver against the real pcscd with a virtual reader, and a small card of our own in it, with every fault."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from devices.cards.pcsc import PcscReader
from devices.supervisor import Backoff, CardSupervisor
from devices.virtual.chip_card import ChipApplication, ChipCard, VirtualChipCard, payment_card, tern_card
from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.cards.layout import CardLayout, ChipPlace
from kiosk.ports import CardEvent, CardGone, CardRefused, CardShown, DeviceUnavailableError, HealthState
from tests.contract.pcscd import READER, PcscService, serving, why_not
from tests.contract.wires import eventually, nothing_left_behind

AID = bytes.fromhex("F05445524E01")
NUMBER = "9276123456789"
TERN = CardLayout(
    "tern-chip", "chip", r"(?P<number>9276\d{8}(?P<check>\d))", "", "luhn", ChipPlace(AID, 1, 1, tag=b"\x5f\x50")
)
CLUB_AID = bytes.fromhex("F0434C554201")
CLUB = CardLayout(
    "club", "chip", r"(?P<number>\d{13})", chip=ChipPlace(CLUB_AID, file=b"\xef\x01", at=2, length=7, coding="digits")
)
SHOWN = CardShown(Holder(IdentifiedBy.CARD, NUMBER, "tern-chip"), stays=True)
GONE = CardGone()
PAYMENT, UNREADABLE, UNKNOWN, REMOVED = (
    CardRefused(why) for why in ("payment-card", "not-readable", "unknown-card", "removed-early")
)

_LACKS = why_not()
pytestmark = pytest.mark.skipif(bool(_LACKS), reason=_LACKS)


class Hall:
    """A service, a reader under its supervisor, a hand with cards, and what came of them."""

    def __init__(self, service: PcscService, slot: int = 0, *, ready: bool = True) -> None:
        self.service = service
        self.hand = VirtualChipCard(service.port(slot))
        self.seen: list[CardEvent] = []
        driver = PcscReader(f"pcsc:{READER} 00 {slot:02}", answer_within_ms=1500)
        driver.know((CLUB, TERN))
        self.attended = CardSupervisor(driver, watch_every_ms=50, backoff=Backoff(20, 50))
        self.attended.on_card(self.seen.append)
        self.attended.start()
        if ready:
            self.wait_for(HealthState.READY)

    def wait_for(self, state: HealthState) -> None:
        eventually(lambda: self.attended.health.state is state, f"the card reader is {state}")

    def sees(self, *events: CardEvent) -> None:
        eventually(lambda: len(self.seen) >= len(events), f"{len(events)} events, not {self.seen}")
        assert self.seen == list(events)

    def close(self) -> None:
        self.hand.close()
        if self.seen and self.attended.health.state is HealthState.READY:
            eventually(lambda: self.seen[-1] == GONE, "the reader is empty for the next test")
        self.attended.stop()


@pytest.fixture(scope="module")
def _service() -> Iterator[PcscService]:
    with serving() as made:
        yield made


@pytest.fixture
def service(_service: PcscService) -> Iterator[PcscService]:
    with nothing_left_behind():
        yield _service


@pytest.fixture
def hall(service: PcscService) -> Iterator[Hall]:
    opened = Hall(service)
    yield opened
    opened.close()


def test_a_holder_s_card_is_read_when_it_is_put_in_and_missed_when_it_is_taken_out(hall: Hall) -> None:
    for _ in range(3):
        hall.seen.clear()
        hall.hand.insert(tern_card(NUMBER))
        hall.sees(SHOWN)
        hall.hand.remove()
        hall.sees(SHOWN, GONE)


def test_a_card_of_another_layout_is_read_from_a_file(hall: Hall) -> None:
    data = b"\x01\x02" + bytes.fromhex(NUMBER + "F") + b"rest"
    hall.hand.insert(ChipCard((ChipApplication(CLUB_AID, files={b"\xef\x01": data}),)))
    hall.sees(CardShown(Holder(IdentifiedBy.CARD, NUMBER, "club"), stays=True))


def test_a_payment_card_is_dropped_before_anything_is_read(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hall.hand.insert(payment_card())
    hall.sees(PAYMENT)
    assert hall.hand.heard == 1
    assert "4111" not in caplog.text
    hall.hand.remove()
    hall.sees(PAYMENT, GONE)


def test_a_card_of_somebody_else_is_unknown(hall: Hall) -> None:
    hall.hand.insert(ChipCard(()))
    hall.sees(UNKNOWN)


@pytest.mark.parametrize("number", ["9276123456780", "12", "9276"])
def test_a_number_that_is_not_right_is_nobody_s(hall: Hall, number: str) -> None:
    hall.hand.insert(tern_card(number))
    eventually(lambda: hall.seen)
    assert hall.seen[0] in (UNREADABLE, UNKNOWN)


@pytest.mark.parametrize("at", [1, 2, 15, 26, 27, 28, 29])
def test_a_card_that_is_pulled_out_in_the_middle_is_told_so_and_then_gone(hall: Hall, at: int) -> None:
    hall.hand.insert(tern_card(NUMBER, matter=str(at)))
    hall.sees(REMOVED, GONE)
    hall.hand.insert(tern_card(NUMBER))
    hall.sees(REMOVED, GONE, SHOWN)


def test_a_card_that_answers_nonsense_is_not_readable_and_does_no_harm(hall: Hall) -> None:
    hall.hand.insert(tern_card(NUMBER, matter="nonsense"))
    eventually(lambda: hall.seen)
    assert hall.seen[0] in (UNREADABLE, UNKNOWN, PAYMENT)
    hall.hand.insert(tern_card(NUMBER))
    eventually(lambda: hall.seen[-1] == SHOWN)


def test_a_card_that_stops_answering_does_not_hold_up_the_terminal(hall: Hall) -> None:
    hall.hand.insert(tern_card(NUMBER, matter="silent"))
    hall.sees(UNREADABLE)
    hall.hand.remove()
    eventually(lambda: hall.seen[-1] == GONE)
    hall.hand.insert(tern_card(NUMBER))
    eventually(lambda: hall.seen[-1] == SHOWN)


def test_a_card_that_lies_in_the_reader_at_the_start_is_read(service: PcscService) -> None:
    hand = VirtualChipCard(service.port())
    hand.insert(tern_card(NUMBER))
    hall = Hall(service)
    hall.sees(SHOWN)
    hand.close()
    hall.close()


def test_of_several_readers_the_one_that_is_named_is_read(service: PcscService) -> None:
    first, second = Hall(service), Hall(service, 1)
    second.hand.insert(tern_card(NUMBER))
    second.sees(SHOWN)
    assert first.seen == []
    first.close()
    second.close()


def test_a_self_test_takes_its_turn(hall: Hall) -> None:
    answers: list[object] = []
    hall.attended.submit(lambda reader: reader.self_test(), answers.append)
    eventually(lambda: answers)
    assert getattr(answers[0], "ok", False)


def test_stopping_wakes_a_waiting_reader(service: PcscService) -> None:
    driver = PcscReader(f"pcsc:{READER} 00 00")
    driver.connect()
    ended: list[object] = []

    def wait() -> None:
        try:
            driver.read(60_000)
        except Exception as error:  # noqa: BLE001 - the test looks at what came
            ended.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    driver.close()
    thread.join(10)
    assert isinstance(ended[0], DeviceUnavailableError)


def test_a_reader_that_is_not_there_is_named_with_those_that_are(service: PcscService) -> None:
    with pytest.raises(DeviceUnavailableError, match=r"no reader 'Omnikey'.*Tern Reader 00 00"):
        PcscReader("pcsc:Omnikey").connect()


def test_the_service_stops_with_a_card_in_and_comes_back(hall: Hall) -> None:
    hall.hand.insert(tern_card(NUMBER))
    hall.sees(SHOWN)
    hall.service.stop()
    hall.wait_for(HealthState.ABSENT)
    hall.sees(SHOWN, GONE)
    with pytest.raises(DeviceUnavailableError, match="is pcscd installed and running"):
        PcscReader(f"pcsc:{READER}").connect()
    hall.service.start()
    hall.wait_for(HealthState.READY)
    hall.hand.insert(tern_card(NUMBER))
    hall.sees(SHOWN, GONE, SHOWN)


def test_a_reader_is_unplugged_and_plugged_in_again(hall: Hall) -> None:
    hall.service.stop()
    hall.service.start(plugged=False)
    hall.wait_for(HealthState.ABSENT)
    hall.service.stop()
    hall.service.start()
    hall.wait_for(HealthState.READY)
    hall.hand.insert(tern_card(NUMBER))
    hall.sees(SHOWN)


def test_without_pyscard_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "smartcard.scard", None)
    with pytest.raises(DeviceUnavailableError, match=r"packaging/set-up.sh pcsc"):
        PcscReader("pcsc:Tern Reader").connect()
