"""Bills from public samples, at the edges of their dates, and by the schemes that are built on the standards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.bills import boleto
from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.domain.resolver import ScanRules
from kiosk.domain.scan import BillCode, Source, Unknown
from tests.unit.made_bills import boleto_bars, boleto_line, field
from tests.unit.sample_bills import BARS, EMV, FINNISH, PIX, SLIP, bill, emv, epc, meaning, swiss, template

# --- samples that anyone can look up ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_sample_of_the_swiss_guidelines(end: str) -> None:
    assert bill(swiss({}, end) + end, "Q1") == Bill(
        "swiss-qr",
        "CH4431999123000889012",
        "CHF",
        "Robert Schneider AG",
        "210000000003139471430009017",
        Money(194_975, "CHF"),
        date(2020, 11, 20),
        "Order from 15.10.2020",
        Money(1, "CHF"),
        Money(99_999_999_999, "CHF"),
    )


def test_a_girocode_in_every_charset_of_the_standard() -> None:
    assert bill(epc({})).payee == "Franz Mustermänn"
    for charset, codec, name in (
        ("1", "utf-8", "Łódź Ψ"),
        ("2", "latin-1", "Müller"),
        ("3", "iso8859-2", "Łódź"),
        ("4", "iso8859-4", "Ēģ"),
        ("5", "iso8859-5", "Жук"),
        ("6", "iso8859-7", "Ψάρι"),
        ("7", "iso8859-10", "Þór"),
        ("8", "iso8859-15", "Œuvre €"),
    ):
        found = bill(epc({2: charset, 5: name}).encode(codec), "Q1")
        assert (found.payee, found.reference, found.amount) == (name, "RF18539007547034", Money(1230, "EUR"))
    assert bill(epc({9: ""})).message == "Thanks"
    assert bill(epc({9: "", 10: "Client:Marie"})).message == "Client:Marie"
    short = bill(epc({1: "002", 4: ""}, lines=7))
    assert (short.amount, short.minimum, short.reference) == (None, Money(1, "EUR"), None)


def test_the_sample_that_everybody_copies_for_the_girocode() -> None:
    lines = [
        "BCD",
        "001",
        "1",
        "SCT",
        "BPOTBEB1",
        "Red Cross of Belgium",
        "BE72000000001616",
        "EUR1.00",
        "CHAR",
        "",
        "Urgency fund",
    ]
    found = bill("\n".join([*lines, "Sample EPC QR code"]), "Q1")
    assert (found.payee, found.account, found.message) == ("Red Cross of Belgium", "BE72000000001616", "Urgency fund")
    assert (found.amount, found.reference, found.due) == (Money(100, "EUR"), None, None)


def test_the_sample_of_emvco_and_of_the_bank_of_brazil() -> None:
    assert bill(EMV, "Q1") == Bill("emv-mpm", "A93FO3230Q", "CNY", "BEST TRANSPORT", None, Money(2372, "CNY"))
    assert bill(PIX) == Bill("emv-mpm", "123e4567-e12b-12d1-a456-426655440000", "BRL", "Fulano de Tal")
    lower = PIX[:-4] + PIX[-4:].lower()
    assert bill(lower).payee == "Fulano de Tal"


def test_a_boleto_is_the_same_scanned_typed_and_typed_with_gaps() -> None:
    scanned = bill(BARS, "I0")
    assert (scanned.account, scanned.amount, scanned.due) == ("237", Money(370_000, "BRL"), date(2018, 6, 11))
    for typed in ("23793.38128 60007.827136 95000.063305 9 75520000370000", boleto_line(BARS)):
        assert bill(typed) == scanned
        assert meaning(typed, source=Source.TYPED) == BillCode(scanned)


@pytest.mark.parametrize(
    ("code", "amount", "company"),
    [
        ("84670000001435900240200240500024384221010811", 14_359, "0024"),
        ("84670000001-7 43590024020-9 02405000243-5 84221010811-9", 14_359, "0024"),
        ("836400000011331201380002812884627116080136181551", 13_312, "0138"),
    ],
)
def test_a_bill_of_a_brazilian_utility(code: str, amount: int, company: str) -> None:
    found = bill(code)
    assert (found.standard, found.amount, found.account, found.due) == (
        "boleto-utility",
        Money(amount, "BRL"),
        company,
        None,
    )


@pytest.mark.parametrize(
    ("code", "account", "reference", "cents", "due"),
    [
        (FINNISH, "FI7944052020036082", "868516259619897", 488_315, date(2010, 6, 12)),
        (
            "579440520200360820048831509000000868516259619897100612",
            "FI7944052020036082",
            "RF09868516259619897",
            488_315,
            date(2010, 6, 12),
        ),
        (
            "558101710000001220004829906000000559582243294671100131",
            "FI5810171000000122",
            "RF06559582243294671",
            48_299,
            date(2010, 1, 31),
        ),
        (FINNISH[:17] + "0" * 8 + FINNISH[25:48] + "000000", "FI7944052020036082", "868516259619897", None, None),
    ],
)
def test_the_samples_of_finance_finland(
    code: str, account: str, reference: str, cents: int | None, due: date | None
) -> None:
    found = bill(code, "C0")
    amount = Money(cents, "EUR") if cents else None
    assert (found.account, found.reference, found.amount, found.due) == (account, reference, amount, due)


def test_a_spanish_bill() -> None:
    found = bill("9050722350466501000000000156830081500000053980")
    assert (found.account, found.amount, found.due) == ("22350466501", Money(5398, "EUR"), date(2015, 8, 30))
    assert bill("9050701234567023123456789017412345600006543210").due is None  # a suffix under 500: no date in it


@pytest.mark.parametrize(
    "form", [SLIP, "\x1d" + SLIP, "(415)7709998013711(8020)00001012938900001112(3902)0001168375(96)20111207"]
)
def test_a_payment_slip_of_gs1(form: str) -> None:
    found = bill(form)
    assert (found.account, found.reference) == ("7709998013711", "00001012938900001112")
    assert (found.amount, found.due) == (Money(1_168_375, "EUR"), date(2011, 12, 7))
    if not form.startswith("("):
        assert bill(form, "C1") == found


def test_a_slip_may_have_its_parts_in_another_order_where_the_scanner_says_it_is_gs1() -> None:
    code = "12261231" + "39121702500\x1d" + "4157709998013711" + "8020ABC1"
    found = bill(code, "C1")
    assert (found.currency, found.amount, found.due) == ("COP", Money(2500, "COP"), date(2026, 12, 31))


# --- dates -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "today", "due"),
    [
        ("9999", date(2025, 2, 21), date(2025, 2, 21)),
        ("1000", date(2025, 2, 21), date(2025, 2, 22)),
        ("1000", date(2025, 2, 22), date(2025, 2, 22)),
        ("9999", date(2025, 2, 22), date(2025, 2, 21)),
        ("1001", date(2026, 11, 22), date(2025, 2, 23)),
        ("1638", date(2026, 11, 22), date(2026, 11, 22)),
        ("1000", date(2000, 6, 1), date(2000, 7, 3)),
        ("7552", date(2018, 6, 1), date(2018, 6, 11)),
        ("9999", date(2049, 10, 13), date(2049, 10, 13)),
        ("1000", date(2049, 10, 13), date(2049, 10, 14)),
        ("0000", date(2026, 11, 22), None),
    ],
)
def test_the_due_date_of_a_boleto_counts_anew_after_9000_days(factor: str, today: date, due: date | None) -> None:
    bars = boleto_bars("237", factor, 100, "1" * 25)
    assert bill(bars, rules=ScanRules(today=today)).due == due


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1999, 1, 1), date(2090, 1, 1)), st.integers(1000, 9999))
def test_the_due_date_of_a_boleto_is_never_further_away_than_half_a_round(today: date, factor: int) -> None:
    due = boleto.due_date(f"{factor:04}", today)
    assert due is not None
    assert (due - date(2000, 7, 3)).days % 9000 == factor - 1000
    assert abs(due - today) <= timedelta(4500) or due < date(2025, 2, 22)


def test_a_factor_that_was_never_given_out_is_no_date() -> None:
    assert meaning(boleto_bars("237", "0999", 100, "1" * 25)) == Unknown("bill-date")


@pytest.mark.parametrize("day", ["100631", "101301", "100001", "110229", "100600"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert meaning(FINNISH[:48] + day) == Unknown("bill-date")


def test_the_29th_of_february_counts_in_leap_years() -> None:
    assert bill(FINNISH[:48] + "280229").due == date(2028, 2, 29)


def test_a_day_of_a_spanish_bill_that_is_none_is_refused() -> None:
    total = 22350466 + 501 + 15 + 310915 + 5398
    control = f"{(100 - total % 97 * 100 // 97) % 100:02}"
    assert meaning(f"905072235046650100000000015{control}31091500000053980") == Unknown("bill-date")


@pytest.mark.parametrize(
    ("information", "due"),
    [
        ("//S1/10/X/11/261101/40/2:10;0:30", date(2026, 12, 1)),
        ("//S1/11/261101/40/0:0", date(2026, 11, 1)),
        (r"//S1/10/A\/11\/990101/11/261101/40/0:5", date(2026, 11, 6)),
        ("//S1/11/261399/40/0:30", None),
        ("//S1/11/261101", None),
        ("//S1/11/261101/40/2:10", None),
        ("//XX/11/261101/40/0:30", None),
        ("//S1/" + "/40/" * 33, None),
    ],
)
def test_swico_gives_a_swiss_bill_its_due_date(information: str, due: date | None) -> None:
    assert bill(swiss({29: "", 31: information})).due == due


# --- schemes upon EMVCo's code ---------------------------------------------------------------------------------------------


def test_paynow_may_let_the_customer_change_the_amount_and_says_until_when() -> None:
    found = bill(
        emv(template("26", "SG.PAYNOW", _01="2", _02="201403121W", _03="1", _04="20261231"), field("54", "12.3"))
    )
    assert (found.account, found.may_change, found.due) == ("201403121W", True, date(2026, 12, 31))
    assert found.amount == Money(1230, "SGD")
    wrong_day = emv(template("26", "SG.PAYNOW", _01="2", _02="201403121W", _04="20261331"))
    assert meaning(wrong_day) == Unknown("bill-date")


def test_promptpay_and_duitnow_keep_the_account_in_places_of_their_own() -> None:
    transfer = emv(template("29", "A000000677010111", _02="1234567890123"), currency="764", country="TH")
    assert bill(transfer).account == "1234567890123"
    billed = bill(
        emv(template("30", "A000000677010112", _01="099400016550100", _02="REF1"), currency="764", country="TH")
    )
    assert (billed.account, billed.reference) == ("099400016550100", "REF1")
    duit = emv(template("26", "A0000006150001", _01="588734", _02="ABC123"), currency="458", country="MY")
    assert bill(duit).account == "ABC123"
    either = emv(field("15", "1234567890"), template("27", "x.y", _05="U"), template("28", "sg.paynow", _02="S88"))
    assert bill(either).account == "S88"


def test_a_fee_comes_on_top() -> None:
    account = template("26", "a.b", _01="1")
    assert bill(emv(account, field("54", "100"), field("55", "02"), field("56", "1.50"))).fee == Money(150, "SGD")
    assert bill(emv(account, field("54", "9.99"), field("55", "03"), field("57", "2.5"))).fee == Money(25, "SGD")
    assert bill(emv(account, field("55", "01"))).fee is None
    for wrong in (
        (field("55", "03"), field("57", "2")),
        (field("54", "1"), field("55", "04")),
        (field("54", "1"), field("55", "03")),
    ):
        assert meaning(emv(account, *wrong)) == Unknown("bill-fee")


def test_a_bill_behind_a_web_address_waits_for_the_line() -> None:
    dynamic = emv(template("26", "br.gov.bcb.pix", _25="pix.example/qr/v2/9d36b84f"), currency="986", country="BR")
    assert meaning(dynamic, "Q1") == Unknown("bill-online")
