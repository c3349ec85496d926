"""What a scan means: numbers, GS1 data, links, the shop's own codes, and everything that is none of them."""

from datetime import date

import pytest
from biip.checksums import gs1_price_weight_check_digit
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from biip.upc import Upc
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import gtin
from kiosk.domain.aim import split_aim
from kiosk.domain.gs1 import parse_elements
from kiosk.domain.money import decimals
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.restricted import RestrictedTemplate, TemplateError, templates_for, value_check_digit
from kiosk.domain.scan import (
    CouponCode,
    HeldCode,
    ItemCode,
    Meaning,
    MemberCode,
    ReceiptCode,
    Scan,
    Source,
    StaffCode,
    Unknown,
    VoucherCode,
)

RULES = ScanRules()
GTIN = "09526001060108"
_DIGITS = "0123456789"


def meaning(
    data: str | bytes, symbology: str = "", source: Source = Source.SCANNER, rules: ScanRules = RULES
) -> Meaning:
    return resolve(Scan(data.encode() if isinstance(data, str) else data, symbology, source), rules)


def numbers(length: int) -> st.SearchStrategy[str]:
    payloads = st.text(_DIGITS, min_size=length - 1, max_size=length - 1).filter(lambda one: one.strip("0") != "")
    return payloads.map(lambda payload: payload + gtin.check_digit(payload))


any_gtin = st.sampled_from(gtin.LENGTHS).flatmap(numbers)

# --- numbers -------------------------------------------------------------------------------------------------------------


@given(any_gtin)
def test_every_valid_gtin_is_an_article_and_agrees_with_biip(number: str) -> None:
    plain = ScanRules(restricted=())
    assert meaning(number, "X1", rules=plain) == ItemCode(number.zfill(14))
    if len(number) != 8 and "0" not in (number[0], number[1]):
        assert Gtin.parse(number).check_digit == int(number[-1])


@given(any_gtin, st.data())
def test_one_wrong_digit_is_always_noticed(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from(_DIGITS.replace(number[place], "")))
    assert meaning(number[:place] + wrong + number[place + 1 :], "X1") == Unknown("check-digit")


def test_a_number_of_nothing_but_zeros_is_no_article() -> None:
    assert meaning("0" * 13) == Unknown("check-digit")


@pytest.mark.parametrize(
    ("data", "symbology", "expected"),
    [
        ("04252614", "E0", "00042100005264"),
        ("0425261", "E0", "00042100005264"),
        ("425261", "E0", "00042100005264"),
        ("04252614", "", "00042100005264"),
        ("04252614", "X0", "00042100005264"),
        ("95210049", "", "00000095210049"),
        ("95210049", "E0", "00000095210049"),
        ("9526001040018", "E0", "09526001040018"),
        ("952600104001812345", "E3", "09526001040018"),
        ("19526001170149", "I1", "19526001170149"),
    ],
)
def test_upc_e_and_its_kin_are_written_out(data: str, symbology: str, expected: str) -> None:
    assert meaning(data, symbology) == ItemCode(expected)


@pytest.mark.parametrize(
    ("data", "symbology"),
    [("654321", ""), ("0654321", ""), ("0654321", "X0"), ("0425261", "C0"), ("425261", "X0"), ("123", "E0")],
)
def test_a_short_number_without_the_right_identifier_is_not_taken_for_upc_e(data: str, symbology: str) -> None:
    assert meaning(data, symbology) == Unknown("not-a-code")


@given(st.sampled_from("01"), st.text(_DIGITS, min_size=6, max_size=6))
def test_upc_e_expands_as_biip_does(system: str, body: str) -> None:
    expanded = gtin.expand_upc_e(system + body)
    assert expanded == Upc.parse(system + body).as_upc_a()
    assert gtin.expand_upc_e(system + body + expanded[-1]) == expanded


def test_a_plu_counts_only_when_a_person_typed_or_touched_it() -> None:
    assert meaning("4011", source=Source.TYPED) == ItemCode("", reference="4011")
    assert meaning("94011", source=Source.TOUCH) == ItemCode("", reference="94011")
    assert meaning("4011") == Unknown("not-a-code")


def test_a_typed_number_may_hold_the_gaps_that_are_printed() -> None:
    assert meaning("9 526001 040018", source=Source.TYPED) == ItemCode("09526001040018")


# --- price and weight inside ---------------------------------------------------------------------------------------------


def test_the_shops_own_labels_carry_price_or_weight() -> None:
    assert meaning("2805001004389") == ItemCode("02805001004389", "05001", price_minor=438, currency="EUR")
    assert meaning("2906001006127") == ItemCode("02906001006127", "06001", weight_g=612)


def test_a_label_without_a_value_is_no_free_gift() -> None:
    for payload in ("280500100000", "290600100000"):
        assert meaning(payload + gtin.check_digit(payload)) == Unknown("restricted-template")


@pytest.mark.parametrize(
    ("layout", "places", "currency", "value", "expected"),
    [
        ("28IIIIIPPPPPC", None, "JPY", "00438", 438),
        ("28IIIIIPPPPPC", 2, "KWD", "00438", 4380),
        ("28IIIIIPPPPPC", 0, "EUR", "00438", 43800),
        ("28IIIIIPPPPPC", 2, "JPY", "00400", 4),
        ("28IIIIIPPPPPC", 2, "JPY", "00438", None),
    ],
)
def test_an_embedded_price_keeps_to_the_currencys_decimals(
    layout: str, places: int | None, currency: str, value: str, expected: int | None
) -> None:
    payload = f"2812345{value}"
    rules = ScanRules(restricted=(RestrictedTemplate(layout, places),), currency=currency)
    found = meaning(payload + gtin.check_digit(payload), rules=rules)
    assert (found.price_minor if isinstance(found, ItemCode) else None) == expected
    assert isinstance(found, ItemCode) == (expected is not None)
    assert decimals(currency) in (0, 2, 3)


@given(st.text(_DIGITS, min_size=4, max_size=5))
def test_the_check_digit_of_a_price_agrees_with_biip(value: str) -> None:
    assert value_check_digit(value) == str(gs1_price_weight_check_digit(value))


def test_a_country_template_checks_the_weight_by_its_own_digit() -> None:
    rules = ScanRules(restricted=templates_for("DE"))
    good = "281234" + value_check_digit("00612") + "00612"
    wrong = "281234" + str((int(good[6]) + 1) % 10) + "00612"
    found = meaning(good + gtin.check_digit(good), rules=rules)
    assert isinstance(found, ItemCode)
    assert (found.reference, found.weight_g) == ("1234", 612)
    assert meaning(wrong + gtin.check_digit(wrong), rules=rules) == Unknown("restricted-template")


@pytest.mark.parametrize("country", ["DE", "DK", "EE", "FI", "GB", "LT", "LV", "NO", "SE", "de"])
def test_every_country_template_can_be_read(country: str) -> None:
    assert templates_for(country)


def test_a_upc_a_label_is_found_with_and_without_its_leading_zero() -> None:
    rules = ScanRules(restricted=(RestrictedTemplate("2IIIIIPPPPPC"),), currency="USD")
    label = "21234500499"
    label += gtin.check_digit(label)
    for written in (label, "0" + label):
        found = meaning(written, rules=rules)
        assert isinstance(found, ItemCode)
        assert (found.reference, found.price_minor) == ("12345", 499)


@pytest.mark.parametrize("layout", ["", "28IIIII", "IIIIIIIPPPPPC", "28IIIIIPPWWWC", "28IIIIIPPPPPP", "28IIPIIPPPPPC"])
def test_a_template_that_cannot_be_read_is_refused(layout: str) -> None:
    with pytest.raises(TemplateError):
        RestrictedTemplate(layout)


# --- GS1 -----------------------------------------------------------------------------------------------------------------

EXPECTED = ItemCode(GTIN, batch="H7731", expiry=date(2035, 12, 31), serial="9")


@pytest.mark.parametrize(
    ("data", "symbology"),
    [
        (f"01{GTIN}1735123110H7731\x1d219", "C1"),
        (f"01{GTIN}1735123110H7731\x1d219", ""),
        (f"\x1d01{GTIN}10H7731\x1d219\x1d17351231", ""),
        (f"01{GTIN}10H7731\x1d219\x1d17351231\x1d", "d2"),
        (f"01{GTIN}\x1d17351200\x1d10H7731\x1d219", "Q3"),
        (f"(01){GTIN}(17)351231(10)H7731(21)9", ""),
        (f"https://id.example/01/{GTIN}/10/H7731/21/9?17=351231", "Q1"),
        ("HTTP://id.example/shop/01/9526001060108/10/H7731/21/9/?17=351231&utm=x", ""),
        (f"https://id.example/01/01/{GTIN}/10/H7731?21=9;17=351200#top", "d1"),
    ],
)
def test_batch_expiry_and_serial_are_read_in_every_form(data: str, symbology: str) -> None:
    assert meaning(data, symbology) == EXPECTED


@pytest.mark.parametrize(
    ("element", "field", "expected"),
    [
        ("3103000612", "weight_g", 612),
        ("3100000612", "weight_g", 612_000),
        ("3105061299", "weight_g", 612),
        ("3922499", "price_minor", 499),
        ("392049", "price_minor", 4900),
        ("3932840499", "currency", "USD"),
        ("3930392499", "price_minor", 499),
        ("3932414499", "price_minor", 4990),
        ("3006", "quantity", 6),
        ("3706", "quantity", 6),
        ("15270228", "best_before", date(2027, 2, 28)),
        ("17280200", "expiry", date(2028, 2, 29)),
        ("17990101", "expiry", date(1999, 1, 1)),
    ],
)
def test_measures_prices_and_dates_come_out_exactly(element: str, field: str, expected: object) -> None:
    assert getattr(meaning(f"01{GTIN}{element}", "e0"), field) == expected
    assert getattr(meaning(f"01{GTIN}{element}"), field) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f"01{GTIN[:-1]}9", "gs1-check-digit"),
        (f"01{GTIN}17351331", "gs1-date"),
        (f"01{GTIN}17350229", "gs1-date"),
        (f"01{GTIN}11350001", "gs1-date"),
        (f"01{GTIN}3932999499", "gs1-currency"),
        (f"01{GTIN}3923499", "gs1-malformed"),
        (f"01{GTIN}3103000000", "gs1-malformed"),
        (f"01{GTIN}3106000001", "gs1-malformed"),
        (f"01{GTIN}310300061", "gs1-malformed"),
        (f"01{GTIN}17", "gs1-malformed"),
        (f"01{GTIN}10" + "A" * 21, "gs1-malformed"),
        (f"01{GTIN}10A^B", "gs1-malformed"),
        (f"01{GTIN}10", "gs1-malformed"),
        (f"01{GTIN}10A\x1d10B", "gs1-malformed"),
        (f"01{GTIN}88X", "gs1-malformed"),
        ("00395260010601080008", "gs1-without-gtin"),
        ("02095260010601083712", "gs1-without-gtin"),
        ("hello", "gs1-malformed"),
        ("0109", "gs1-malformed"),
    ],
)
def test_broken_gs1_data_says_what_is_broken(data: str, reason: str) -> None:
    assert meaning(data, "C1") == Unknown(reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("https://example.com/", "link-without-gtin"),
        ("http://", "link-without-gtin"),
        ("https://[::1/01/09526001060108", "link-without-gtin"),
        ("https:///01/09526001060108", "link-without-gtin"),
        ("https://example.com/01/abc", "link-without-gtin"),
        (f"https://example.com/01/{GTIN[:-1]}9", "gs1-check-digit"),
        (f"https://example.com/01/{GTIN}/10", "gs1-malformed"),
        (f"https://example.com/01/{GTIN}/99/A", "gs1-malformed"),
        (f"https://example.com/01/{GTIN}?17=20351231", "gs1-malformed"),
        (f"https://example.com/01/{GTIN}/10/%00A", "gs1-malformed"),
        (f"ftp://example.com/01/{GTIN}", "not-a-code"),
        (f"javascript://example.com/01/{GTIN}", "not-a-code"),
    ],
)
def test_a_web_address_that_names_no_article_is_only_text(data: str, reason: str) -> None:
    assert meaning(data, "Q1") == Unknown(reason)


_AI_TEXT = st.text("ABCxyz0189-/.!", min_size=1, max_size=20)
_DATE = st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda day: day.strftime("%y%m%d"))


@given(numbers(14), st.tuples(_AI_TEXT, _AI_TEXT), st.tuples(_DATE, _DATE), st.integers(1, 999_999))
def test_what_a_printer_writes_into_a_gs1_code_comes_back_and_biip_agrees(
    number: str, texts: tuple[str, str], days: tuple[str, str], grams: int
) -> None:
    (batch, serial), (expiry, best_before) = texts, days
    data = f"01{number}15{best_before}3103{grams:06}10{batch}\x1d21{serial}\x1d17{expiry}"
    found = meaning(data, "C1")
    assert isinstance(found, ItemCode)
    assert (found.gtin, found.batch, found.serial, found.weight_g) == (number, batch, serial, grams)
    assert (f"{found.expiry:%y%m%d}", f"{found.best_before:%y%m%d}") == (expiry, best_before)
    assert parse_elements(data) == {one.ai.ai: one.value for one in GS1Message.parse(data).element_strings}


# --- our own codes, and nonsense -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("CPN-WELCOME10", CouponCode("CPN-WELCOME10")),
        ("MBR-40017726", MemberCode("MBR-40017726")),
        ("VCH-4TQ7ZC8P", VoucherCode("VCH-4TQ7ZC8P")),
        ("DEP-7K2M9Q4T", VoucherCode("DEP-7K2M9Q4T")),
        ("STF-1001-7QXK", StaffCode("STF-1001-7QXK")),
        ("HLD-1", HeldCode("HLD-1")),
        ("RCP-1", ReceiptCode("RCP-1")),
        ("CPN-", Unknown("own-code")),
        ("STF-' OR 1=1", Unknown("own-code")),
        ("cpn-welcome10", Unknown("not-a-code")),
    ],
)
def test_the_shops_own_codes_are_told_by_their_prefix(data: str, expected: Meaning) -> None:
    assert meaning(data, "C0") == expected


def test_a_code_typed_in_small_letters_is_the_same_code() -> None:
    assert meaning("cpn-welcome10", source=Source.TYPED) == CouponCode("CPN-WELCOME10")


def test_the_longest_prefix_wins_and_a_shop_may_have_none() -> None:
    rules = ScanRules(coupon_prefixes=("C-",), member_prefixes=("C-M",), staff_prefixes=())
    assert meaning("C-M1", rules=rules) == MemberCode("C-M1")
    assert meaning("STF-1", rules=rules) == Unknown("not-a-code")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\r\n", "empty"),
        (b"   ", "empty"),
        (b"9" * 513, "too-long"),
        (b"9" * 512, "not-a-code"),
        (b"9526001\x1b\x03040018", "control-characters"),
        (b"a\nb", "control-characters"),
        ("Käse".encode(), "not-ascii"),
        ("１２３４５６７０".encode(), "not-ascii"),
        (b"<img src='http://x.example/x.png'>", "not-a-code"),
        (b"%%NO-SUCH-THING%%", "not-a-code"),
    ],
)
def test_nonsense_has_a_reason(data: bytes, reason: str) -> None:
    assert meaning(data) == Unknown(reason)


_PIECES = st.sampled_from(
    [b"01", GTIN.encode(), b"\x1d", b"(01)", b"(", b")", b"https://x/", b"/", b"?", b"17", b"3932", b"CPN-", b"%", b"["]
)


@given(
    st.one_of(st.binary(max_size=600), st.lists(_PIECES | st.binary(max_size=4), max_size=12).map(b"".join)),
    st.sampled_from(["", "E0", "E3", "C1", "e0", "d2", "Q3", "J1", "X0", "??"]),
    st.sampled_from(Source),
)
def test_no_bytes_ever_raise(data: bytes, symbology: str, source: Source) -> None:
    found = resolve(Scan(data, symbology, source), RULES)
    assert not isinstance(found, ItemCode) or len(found.gtin) == 14 or found.reference


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"]E09526001040018", ("E0", b"9526001040018")),
        (b"]C1\x1d01", ("C1", b"\x1d01")),
        (b"9526001040018", ("", b"9526001040018")),
        (b"]E", ("", b"]E")),
        (b"]]]]", ("", b"]]]]")),
        (b"]E0", ("E0", b"")),
    ],
)
def test_the_aim_identifier_is_taken_off(raw: bytes, expected: tuple[str, bytes]) -> None:
    assert split_aim(raw) == expected
