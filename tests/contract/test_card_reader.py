"""The magnetic-stripe driver against the virtual reader, over a real pseudo-terminal, with every fault."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.magstripe import SerialMagstripe
from devices.cards.swipes import Swipes
from devices.supervisor import Backoff, CardSupervisor
from devices.virtual.card_reader import VirtualCardReader
from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.cards.layout import CardLayout
from kiosk.ports import CardEvent, CardRefused, CardShown, HealthState
from tests.contract.wires import eventually, nothing_left_behind

MEMBER = CardLayout("member", "track2", r"(?P<number>9276\d{8}(?P<check>\d))=\d{0,20}", "9276", "luhn")
CLUB = CardLayout("club", "track1", r"C(?P<number>LB[0-9]{6})\^[A-Z /]{1,26}", "CLB")
NUMBER = "9276123456789"
TRACK = f"{NUMBER}=2912"
# A Visa test number, with expiry and service code as ISO/IEC 7813 lays them out.
VISA = {1: "B4111111111111111^DOE/JOHN^29122010000000000000", 2: "4111111111111111=29122010000000000000"}
SHOWN = CardShown(Holder(IdentifiedBy.CARD, NUMBER, "member"))
PAYMENT, UNREADABLE, UNKNOWN = (CardRefused(why) for why in ("payment-card", "not-readable", "unknown-card"))


class Hall:
    """A virtual reader, its driver under a supervisor, and what came of the cards."""

    def __init__(self, *, suffix: bytes = b"\r", with_check: bool = False) -> None:
        self.reader = VirtualCardReader(suffix=suffix, with_check=with_check)
        self.seen: list[CardEvent] = []
        driver = SerialMagstripe(self.reader.url)
        driver.know((MEMBER, CLUB))
        self.attended = CardSupervisor(driver, watch_every_ms=50, backoff=Backoff(5, 20))
        self.attended.on_card(self.seen.append)
        self.attended.start()
        self.wait_for(HealthState.READY)

    def wait_for(self, state: HealthState) -> None:
        eventually(lambda: self.attended.health.state is state, f"the card reader is {state}")

    def sees(self, *events: CardEvent) -> None:
        eventually(lambda: len(self.seen) >= len(events), f"{len(events)} cards seen, not {len(self.seen)}")
        assert self.seen == list(events)

    def close(self) -> None:
        self.attended.stop()
        self.reader.close()


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with nothing_left_behind():
        yield


@pytest.fixture
def hall() -> Iterator[Hall]:
    opened = Hall()
    yield opened
    opened.close()


@pytest.mark.parametrize("with_check", [False, True])
@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n", b""])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_member_is_known_by_any_usual_reader(suffix: bytes, *, with_check: bool, backwards: bool) -> None:
    hall = Hall(suffix=suffix, with_check=with_check)
    try:
        hall.reader.swipe({1: "CLB123^SOMEBODY ELSE", 2: TRACK}, backwards=backwards)
        hall.sees(SHOWN)
        hall.reader.swipe({2: TRACK}, backwards=not backwards)
        hall.sees(SHOWN, SHOWN)
    finally:
        hall.close()


def test_a_card_with_a_name_is_read_from_track_1(hall: Hall) -> None:
    hall.reader.swipe({1: "CLB123456^DOE/JO"})
    hall.sees(CardShown(Holder(IdentifiedBy.CARD, "LB123456", "club")))


@pytest.mark.parametrize("with_check", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    "tracks",
    [
        VISA,
        {2: VISA[2]},
        {1: VISA[1]},
        {2: "5500005555555559=29122010000000000000", 3: "015955000055555555590=00280000"},
        {3: "015920041133=0123456789=000000000000000003000000500010000"},
        {2: "6725000000000000002=2912201000000000"},
        {1: "CLB123456^DOE/JO", 2: VISA[2]},  # one of ours and a bank's in one card
        {1: VISA[1], 2: TRACK},
    ],
)
def test_a_payment_card_is_dropped_unread(
    tracks: dict[int, str], caplog: pytest.LogCaptureFixture, *, with_check: bool, backwards: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    hall = Hall(with_check=with_check)
    try:
        hall.reader.swipe(tracks, backwards=backwards)
        hall.sees(PAYMENT)
        assert "411111" not in caplog.text
        assert "411111" not in repr(hall.seen)
        assert not hall.attended.device._swipes.pending
    finally:
        hall.close()


def test_a_payment_card_of_which_half_is_damaged_is_dropped_too(hall: Hall) -> None:
    hall.reader.send(b";4111111111111111=2912\x7f;CLB?\r")
    hall.sees(PAYMENT)
    hall.reader.half_swipe({1: VISA[1], 2: VISA[2]})
    hall.sees(PAYMENT, PAYMENT)


def test_a_card_of_somebody_else_is_unknown_and_its_number_is_told_to_nobody(hall: Hall) -> None:
    hall.reader.swipe({2: "98012345678=99"})
    hall.sees(UNKNOWN)


@pytest.mark.parametrize("place", range(4, 13))
def test_a_wrong_digit_is_not_another_member(hall: Hall, place: int) -> None:
    wrong = TRACK[:place] + str((int(TRACK[place]) + 1) % 10) + TRACK[place + 1 :]
    hall.reader.swipe({2: wrong})
    hall.sees(UNREADABLE)


def test_a_track_whose_check_character_is_wrong_is_not_believed(hall: Hall) -> None:
    hall.reader.send(f";{TRACK}?0\r".encode())
    hall.sees(UNREADABLE)


def test_a_swipe_that_could_not_be_read_is_said(hall: Hall) -> None:
    hall.reader.unreadable(1, 2, 3)
    hall.sees(UNREADABLE)
    hall.reader.send(f"%E?;{TRACK}?\r".encode())
    hall.sees(UNREADABLE, SHOWN)


def test_half_a_swipe_asks_for_another(hall: Hall) -> None:
    hall.reader.half_swipe({2: TRACK})
    hall.sees(UNREADABLE)
    hall.reader.swipe({2: TRACK})
    hall.sees(UNREADABLE, SHOWN)


def test_two_swipes_at_once_are_two_cards(hall: Hall) -> None:
    hall.reader.send(f";{TRACK}?\r;98012345678=99?\r".encode())
    hall.sees(SHOWN, UNKNOWN)


def test_slow_bytes_are_one_card(hall: Hall) -> None:
    hall.reader.swipe_slowly({2: TRACK}, byte_gap_ms=20)
    hall.sees(SHOWN)


def test_noise_around_a_swipe_harms_nothing(hall: Hall) -> None:
    hall.reader.send(b"\x00\xff\x81\r" + f"\x00\xff;{TRACK}?\x00\r".encode("latin-1"))
    hall.sees(SHOWN)
    hall.reader.garbage(5000)
    hall.reader.send(b"\r")
    hall.reader.swipe({2: TRACK})
    eventually(lambda: hall.seen[-1] == SHOWN and len(hall.seen) > 1)
    assert set(hall.seen) <= {SHOWN, UNREADABLE, UNKNOWN}
    assert hall.attended.health.state is HealthState.READY


def test_a_giant_swipe_is_refused_and_the_next_is_whole(hall: Hall) -> None:
    hall.reader.send(b"%" + b"A" * 1_000_000 + b"?\r")
    hall.reader.swipe({2: TRACK})
    hall.sees(UNREADABLE, SHOWN)


def test_the_cable_is_pulled_in_the_middle_and_put_back(hall: Hall) -> None:
    for _ in range(5):
        hall.seen.clear()
        hall.reader.half_swipe({2: TRACK})
        hall.reader.unplug()
        hall.wait_for(HealthState.ABSENT)
        hall.reader.replug()
        hall.wait_for(HealthState.READY)
        hall.reader.swipe({2: TRACK})
        eventually(lambda: bool(hall.seen) and hall.seen[-1] == SHOWN)


def test_a_self_test_takes_its_turn_between_cards(hall: Hall) -> None:
    answers: list[object] = []
    hall.attended.submit(lambda reader: reader.self_test(), answers.append)
    eventually(lambda: answers)
    assert getattr(answers[0], "ok", False)


def test_stopping_wakes_a_waiting_reader() -> None:
    reader = VirtualCardReader()
    driver = SerialMagstripe(reader.url)
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
    assert ended
    reader.close()


def test_a_buffer_that_was_read_is_overwritten() -> None:
    swipes = Swipes()
    swipes.feed(b";4111111111111111=2912")
    held = swipes._buffer
    swipes.clear()
    assert not any(held)


@given(st.binary(max_size=300), st.integers(1, 7))
def test_however_bytes_are_cut_the_swipes_are_the_same(data: bytes, step: int) -> None:
    whole, pieces = Swipes(), Swipes()
    at_once = [*whole.feed(data), *whole.pause(2000, 50)]
    cut = [swipe for at in range(0, len(data), step) for swipe in pieces.feed(data[at : at + step])]
    assert [*cut, *pieces.pause(2000, 50)] == at_once
    assert all(len(swipe) <= 321 for swipe in at_once)
