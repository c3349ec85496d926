"""ZVT on the wire: what was seen in the field is read rightly, garbage never breaks anything, card numbers go no further."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.terminals.zvt_codec import (
    ACCEPTED,
    Apdu,
    SerialLine,
    TcpLine,
    ZvtError,
    crc16,
    decode_apdu,
    from_bcd,
    serial_frame,
    to_bcd,
)
from devices.terminals.zvt_fields import build_fields, build_tlv, clean_text, parse_fields, parse_status, parse_tlv
from devices.terminals.zvt_slip import SlipCollector
from devices.terminals.zvt_words import progress_word, reason_word

CARD = "4761739001010010"  # passes Luhn
APPROVED = bytes.fromhex(
    "27000C2313550D10290E999922F0F8EEEEEEEEEEEE4771A00129000000068700080B0000008A068BF1F14D41535445524341524400"
)
FAILED = bytes.fromhex("276C 040000000012 00 490978 0C113339 0D0817 22F0F0 0B000000 1960 2952500295 8BF0F1 00")


def test_an_approval_seen_in_the_field_is_read() -> None:
    status = parse_status(APPROVED)
    assert status.approved
    assert (status.time, status.date, status.card_last4) == ("231355", "1029", "4771")
    assert (status.terminal_id, status.receipt_no, status.card_name) == ("00000006", 8, "MASTERCARD")
    assert (status.trace, status.host_result, status.complete) == (0, 1, True)


def test_the_approval_cut_short_in_its_container_is_read_and_flagged() -> None:
    whole = parse_status(APPROVED + b"\x06\x2e" + b"\x1f\x10\x01\x02")
    assert whole.approved and whole.card_last4 == "4771"
    assert not whole.complete


def test_an_abort_seen_in_the_field_is_read() -> None:
    status = parse_status(FAILED)
    assert (status.result, status.amount_minor, status.currency) == (0x6C, 1200, 978)
    assert not status.approved
    assert (status.card_last4, status.card_name, status.complete) == ("", "", True)
    assert reason_word(0x6C) == "cancelled"


def test_an_unknown_field_ends_the_reading_and_keeps_what_was_read() -> None:
    status = parse_status(bytes.fromhex("270087 0012FE 01020B000123"))
    assert (status.result, status.receipt_no, status.trace, status.complete) == (0, 12, None, False)


def test_the_check_sum_is_that_of_the_standard() -> None:
    # 80 00 00 on a serial line, as every terminal sends it.
    assert serial_frame(ACCEPTED) == bytes.fromhex("1002 800000 1003 F51F")
    assert crc16(bytes.fromhex("80000003")) == 0x1FF5


def test_the_length_grows_to_three_bytes_at_255() -> None:
    assert Apdu(0x06D3, b"x" * 254).encode()[:3] == b"\x06\xd3\xfe"
    assert Apdu(0x06D3, b"x" * 255).encode()[:5] == b"\x06\xd3\xff\xff\x00"
    assert Apdu(0x06D3, b"x" * 0x0102).encode()[2:5] == b"\xff\x02\x01"


def test_bcd_refuses_what_does_not_fit() -> None:
    assert to_bcd(1234, 6).hex() == "000000001234"
    assert from_bcd(bytes.fromhex("000000001234")) == 1234
    for number in (-1, 10**6):
        with pytest.raises(ZvtError):
            to_bcd(number, 3)
    with pytest.raises(ZvtError):
        from_bcd(b"\x1a")


def test_a_card_number_comes_out_as_four_digits_only() -> None:
    odd = "5" + CARD[:14]
    for pan, packed in ((CARD, CARD), (odd, odd + "F")):
        fields = build_fields(
            {
                0x27: b"\0",
                0x22: bytes.fromhex(packed),
                0x23: bytes.fromhex("4761739001010010D25122"),
                0x8B: CARD.encode(),
            }
        )
        container = build_tlv(0x5A, bytes.fromhex(CARD)) + build_tlv(0x1F12, b"\x01")
        data = fields + build_fields({0x06: container})
        status, read = parse_status(data), parse_fields(data)
        assert status.card_last4 == pan[-4:]
        assert read.tlv == ((0x1F12, b"\x01"),)
        for seen in (repr(status), repr(read), str(read.values), str(read.tlv), repr(Apdu(0x040F, data))):
            assert CARD not in seen and pan not in seen and pan[:12] not in seen
            assert repr(bytes.fromhex(CARD))[2:-1] not in seen


def test_a_card_number_in_the_terminals_text_is_masked() -> None:
    assert clean_text(f"Karte {CARD} ok".encode()) == "Karte ************0010 ok"
    assert clean_text(b"4761 7390 0101 0010") == "************0010"
    assert clean_text(b"VU-Nr. 455600000001235") == "VU-Nr. 455600000001235"
    assert clean_text(b"a\x1b@\x00b") == "a @ b"


def test_slips_are_sorted_into_whose_copy_they_are() -> None:
    slips = SlipCollector()
    for kind, text in ((1, b"H\x8eNDLERBELEG"), (2, b"KUNDENBELEG")):
        block = build_tlv(0x07, text) + build_tlv(0x07, f"Card {CARD}".encode()) + build_tlv(0x09, b"\x81")
        container = build_tlv(0x1F07, bytes((kind,))) + build_tlv(0x25, block)
        slips.collect(Apdu(0x06D3, build_fields({0x06: container})))
    taken = slips.take()
    assert taken.merchant == ("HÄNDLERBELEG", "Card ************0010")
    assert taken.customer == ("KUNDENBELEG", "Card ************0010")
    assert slips.take().customer == ()


def test_lines_without_a_type_are_the_merchants_first_and_then_the_customers() -> None:
    slips = SlipCollector()
    for line in (b"\x00Sale", b"\x81Sign here", b"\x00Sale", b"\x81Thank you"):
        slips.collect(Apdu(0x06D1, line))
    assert slips.take() == type(slips.take())(customer=("Sale", "Thank you"), merchant=("Sale", "Sign here"))


def test_a_slip_without_end_is_cut() -> None:
    slips = SlipCollector()
    for _ in range(2000):
        slips.collect(Apdu(0x06D1, b"\x00" + b"x" * 200))
    taken = slips.take()
    assert len(taken.merchant) == 400 and len(taken.merchant[0]) == 64


def test_the_customers_words_are_stable() -> None:
    assert [progress_word(code) for code in (0x0A, 0x01, 0x0E, 0x0B, 0x0C, 0x15, 0x55, 0x41, 0x5D, 0xEE)] == [
        "insert-card", "enter-pin", "please-wait", "remove-card", "card-not-readable", "wrong-pin", "wrong-pin", "remove-card",
        "declined", "please-wait",
    ]  # fmt: skip


apdus = st.builds(Apdu, st.sampled_from((0x0601, 0x040F, 0x06D3, 0x8000)), st.binary(max_size=700))


@given(st.lists(apdus, max_size=4, unique=True), st.lists(st.integers(1, 40), min_size=1, max_size=60), st.booleans())
@settings(max_examples=120, deadline=None)
def test_messages_survive_any_cut_of_the_stream(sent: list[Apdu], cuts: list[int], serial: bool) -> None:
    sender, receiver = (SerialLine(), SerialLine()) if serial else (TcpLine(), TcpLine())
    for apdu in sent:
        sender.send(apdu)
    received: list[Apdu] = []
    for _ in range(len(sent)):
        stream = sender.take_output()
        at = turn = 0
        while at < len(stream):
            size = cuts[turn % len(cuts)]
            received += receiver.feed(stream[at : at + size])
            at, turn = at + size, turn + 1
        sender.feed(receiver.take_output() if serial else b"")
    assert received == sent
    assert not sender.waiting and not receiver.half_read


def test_a_broken_frame_is_asked_for_again_and_arrives_once() -> None:
    sender, receiver = SerialLine(), SerialLine()
    sender.send(Apdu(0x0601, b"\x10\x03\x10"))
    frame = bytearray(sender.take_output())
    frame[4] ^= 0x40
    assert receiver.feed(bytes(frame)) == []
    assert receiver.take_output() == b"\x15"
    sender.feed(b"\x15")
    assert receiver.feed(sender.take_output()) == [Apdu(0x0601, b"\x10\x03\x10")]
    sender.feed(receiver.take_output())
    assert not sender.waiting


def test_a_frame_whose_acknowledgement_was_lost_is_taken_once() -> None:
    line = SerialLine()
    assert line.feed(serial_frame(Apdu(0x04FF, b"\x0a"))) == [Apdu(0x04FF, b"\x0a")]
    assert line.feed(serial_frame(Apdu(0x04FF, b"\x0a"))) == []
    assert line.take_output() == b"\x06\x06"
    line.send(ACCEPTED)
    assert line.feed(b"\x06" + serial_frame(Apdu(0x04FF, b"\x0a"))) == [Apdu(0x04FF, b"\x0a")]


def test_a_frame_begun_anew_is_taken_without_complaint() -> None:
    line = SerialLine()
    assert line.feed(b"\x10\x02\x04\xff" + serial_frame(ACCEPTED)) == [ACCEPTED]
    assert line.take_output() == b"\x06"


def test_a_dead_serial_line_is_given_up_after_three_tries() -> None:
    line = SerialLine()
    line.send(ACCEPTED)
    line.silence()
    line.silence()
    assert line.take_output() == serial_frame(ACCEPTED) * 3
    with pytest.raises(ZvtError, match="cable"):
        line.silence()


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_garbage_raises_nothing_but_its_own_error(data: bytes) -> None:
    parse_status(data)
    parse_fields(data)
    parse_tlv(data)
    clean_text(data)
    slips = SlipCollector()
    for command in (0x06D1, 0x06D3):
        slips.collect(Apdu(command, data))
    for read in (decode_apdu, TcpLine().feed, SerialLine().feed, SerialLine().feed):
        try:
            read(data)
        except ZvtError as error:
            assert len(data) < 8 or data.hex() not in str(error)
    SerialLine().feed(b"\x10\x02" + data + b"\x10\x03")
