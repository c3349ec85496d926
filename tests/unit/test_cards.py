"""Cards: what a layout reads, what is refused at load, and that no payment card's number ever comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.configuration import ConfigurationError, load
from kiosk.configuration.rules import card_layouts
from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.bills.references import luhn
from kiosk.domain.cards.chip import read_chip, reading, select
from kiosk.domain.cards.layout import CardLayout, CardLayoutError, CardProblem, ChipPlace, read_tracks
from kiosk.domain.cards.payment import is_payment_application, is_payment_number, is_payment_range
from kiosk.domain.cards.tracks import Tracks, check_character, is_swipe, split

SHIPPED = card_layouts(load(environment={}))
NUMBER = "9276123456789"
AID = bytes.fromhex("F05445524E01")
# Test numbers that the schemes publish.
PAYMENT = [
    "4111111111111111",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "30569309025904",
    "6011111111111117",
    "3566002020360505",
    "6200000000000005",
    "6759649826438453",
    "135410014004955",
]


def record(number: str = NUMBER) -> bytes:
    """A record as the demo's chip answers it: a template with a name and the number."""
    value = number.encode()
    inner = b"\x5f\x20\x04DEMO" + b"\x5f\x50" + bytes([len(value)]) + value
    return b"\x70" + bytes([len(inner)]) + inner


@pytest.mark.parametrize("pan", PAYMENT)
def test_every_scheme_s_card_is_told_by_its_number(pan: str) -> None:
    assert luhn(pan[:-1]) == pan[-1]
    assert is_payment_number(pan)
    assert read_tracks(Tracks({2: f"{pan}=29122010000"}), SHIPPED) is CardProblem.PAYMENT
    assert read_tracks(Tracks({1: f"B{pan}^DOE/JO^29122010000"}), SHIPPED) is CardProblem.PAYMENT
    assert read_tracks(Tracks({2: pan}), SHIPPED) is CardProblem.PAYMENT


@pytest.mark.parametrize("number", [NUMBER, "9801234567897", "0012345678905", "7012345678901"])
def test_a_shop_s_own_numbers_are_no_payment_cards(number: str) -> None:
    assert not is_payment_number(number)


@pytest.mark.parametrize(
    "prefix", ["411", "51055", "2221", "2720", "34000", "62212", "979", "9792", "355", "4111111111111111="]
)
def test_a_layout_that_could_read_a_payment_card_is_refused(prefix: str) -> None:
    with pytest.raises(CardLayoutError, match="payment cards"):
        CardLayout("x", "track2", r"(?P<number>\d{16})=\d{7}", prefix)
    with pytest.raises(CardLayoutError, match="payment cards"):
        CardLayout("x", "track1", r"B(?P<number>\d{16})\^X", f"B{prefix}")
    with pytest.raises(CardLayoutError, match="payment cards"):
        CardLayout("x", "track3", r"01(?P<number>\d{16})=\d{7}", f"01{prefix}"[:20])


@pytest.mark.parametrize(
    "aid", ["A0000000031010", "A000000003", "A0000000041010", "325041592E", "A00000035910100101", "A0000000FF"[:10]]
)
def test_a_chip_layout_of_a_payment_scheme_is_refused(aid: str) -> None:
    if aid == "A0000000FF":
        ChipPlace(bytes.fromhex(aid), 1, 1, tag=b"\x5a")  # a provider that is none of theirs
        return
    assert is_payment_application(bytes.fromhex(aid))
    with pytest.raises(CardLayoutError, match="payment scheme"):
        ChipPlace(bytes.fromhex(aid), 1, 1, tag=b"\x5a")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pattern": r"(?P<number>9.*)"}, "cannot have"),
        ({"pattern": r"(?P<number>(\d{2}){9})"}, "cannot have"),
        ({"pattern": r"9276\d{9}"}, "number"),
        ({"pattern": r"(?P<number>9276\d{9})", "check": "luhn"}, "go together"),
        ({"pattern": r"(?P<number>9276\d{9}"}, "number"),
        ({"pattern": r"(?P<number>\d?\d?\d?)"}, "more than two"),
        ({"check": "crc"}, "not one of"),
        ({"source": "track4"}, "source"),
        ({"source": "chip"}, "chip"),
        ({"prefix": "92"}, "3 to 20"),
    ],
)
def test_what_makes_no_layout_is_said(changed: dict[str, str], said: str) -> None:
    good = {"name": "x", "source": "track2", "pattern": r"(?P<number>9276\d{9})", "prefix": "9276"}
    with pytest.raises(CardLayoutError, match=said):
        CardLayout(**{**good, **changed})


def test_a_refused_layout_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    table = "[[cards.layouts]]\nname = 'x'\nsource = 'track2'\nprefix = '4'\npattern = '(?P<number>4\\d{15})'\n"
    site.write_text(table.replace("'4'", "'4000'"))
    with pytest.raises(ConfigurationError, match=r"site.toml:1: cards.layouts\[0\] .*payment cards"):
        load(site, environment={})
    site.write_text(table + "colour = 'red'\n")
    with pytest.raises(ConfigurationError, match=r"site.toml:6: cards.layouts\[0\].colour is not a key"):
        load(site, environment={})
    good = table.replace("'4'", "'9801'").replace("number>4", "number>9801")
    site.write_text(good + good)
    with pytest.raises(ConfigurationError, match="once"):
        load(site, environment={})


def test_the_member_s_number_is_what_the_layout_says() -> None:
    assert read_tracks(split(f";{NUMBER}=2912?".encode()), SHIPPED) == Holder(IdentifiedBy.CARD, NUMBER, "tern-member")


def test_a_number_is_never_written_down() -> None:
    assert NUMBER not in repr(split(f";{NUMBER}=2912?".encode()))
    assert NUMBER not in repr(read_tracks(split(f";{NUMBER}=2912?".encode()), SHIPPED))


def test_the_check_character_is_that_of_the_standard() -> None:
    # Worked by hand from the columns of ISO/IEC 7811-6: ";" 1011, "1" 0001, "2" 0010, "?" 1111 give 0111.
    assert check_character(2, "12") == "7"


def test_noise_is_no_swipe() -> None:
    assert not is_swipe(b"\x00\xff\x10;\x02?")
    assert is_swipe(b";12345?")
    assert is_swipe(b"?54321;")
    assert is_swipe(b"%E?")


@given(st.sampled_from(PAYMENT), st.binary(max_size=12), st.binary(max_size=12), st.booleans())
def test_a_payment_card_s_track_never_gives_a_holder(pan: str, before: bytes, after: bytes, backwards: bool) -> None:
    frame = f";{pan}=29122011234?".encode()
    found = read_tracks(split(before + (frame[::-1] if backwards else frame) + after), SHIPPED)
    assert isinstance(found, CardProblem)


@given(st.binary(max_size=400))
def test_any_bytes_are_split_and_judged_without_an_error(frame: bytes) -> None:
    read_tracks(split(frame), SHIPPED)


@given(st.text("0123456789", min_size=1, max_size=6))
def test_ranges_are_told_by_any_beginning(digits: str) -> None:
    # A longer number that is in a range has only beginnings that may be.
    if is_payment_range(digits):
        assert all(is_payment_range(digits[:size]) for size in range(1, len(digits)))


class TestChip:
    layout = SHIPPED[1]

    def test_the_number_is_found_at_its_tag(self) -> None:
        assert read_chip(self.layout, record()) == Holder(IdentifiedBy.CARD, NUMBER, "tern-chip")

    @pytest.mark.parametrize(
        "data", [b"", b"\x70", b"\x70\x85\x01", record()[:-3], b"\x5f\x20\x02AB", b"\x00" * 300, b"\x70" * 200]
    )
    def test_a_record_that_is_cut_short_or_none_is_not_readable(self, data: bytes) -> None:
        assert read_chip(self.layout, data) is CardProblem.NOT_READABLE

    def test_a_wrong_check_digit_is_not_readable(self) -> None:
        assert read_chip(self.layout, record("9276123456780")) is CardProblem.NOT_READABLE

    def test_a_number_of_a_payment_card_is_dropped_wherever_it_stands(self) -> None:
        layout = CardLayout("x", "chip", r"(?P<number>\d{16})", chip=ChipPlace(AID, 1, 1, tag=b"\x5f\x50"))
        assert read_chip(layout, record("4111111111111111")) is CardProblem.PAYMENT

    def test_digits_and_fixed_places_are_read(self) -> None:
        place = ChipPlace(AID, file=b"\xef\x01", at=2, length=7, coding="digits")
        layout = CardLayout("x", "chip", r"(?P<number>\d{13})", chip=place)
        data = b"\x01\x02" + bytes.fromhex(NUMBER + "F") + b"rest"
        assert read_chip(layout, data) == Holder(IdentifiedBy.CARD, NUMBER, "x")
        assert [command.hex() for command in reading(place)] == ["00a4020c02ef01", "00b0000000"]
        assert read_chip(layout, data[:6]) is CardProblem.NOT_READABLE

    def test_commands_are_those_of_the_standard(self) -> None:
        assert self.layout.chip is not None
        assert select(self.layout.chip.aid).hex() == "00a4040006f05445524e0100"
        assert [command.hex() for command in reading(self.layout.chip)] == ["00b2010c00"]

    @given(st.binary(max_size=300))
    def test_any_answer_is_judged_without_an_error(self, data: bytes) -> None:
        read_chip(self.layout, data)
