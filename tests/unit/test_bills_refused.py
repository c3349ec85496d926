"""Everything that only looks like a bill says why it is none; and bills take nothing from other codes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain import gtin
from kiosk.domain.bills.bill import STANDARDS, Reason
from kiosk.domain.bills.reading import BillRules
from kiosk.domain.bills.table import NUMBERS, TEXTS
from kiosk.domain.interpret import MESSAGES, interpret
from kiosk.domain.resolver import ScanRules
from kiosk.domain.scan import BillCode, ItemCode, Unknown
from tests.unit.made_bills import MADE, TODAY, boleto_bars, field, iban, sealed
from tests.unit.sample_bills import BARS, EMV, EPC, FINNISH, PIX, RULES, SLIP, bill, emv, epc, meaning, swiss, template

# --- what only looks like a bill -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({1: "0300"}, "version"),
        ({2: "2"}, "version"),
        ({3: "CH4431999123000889013"}, "account"),
        ({3: "DE89370400440532013000"}, "account"),
        ({3: "CH443199912300088901２"}, "account"),
        ({4: "X"}, "payee"),
        ({5: ""}, "payee"),
        ({10: "Ch"}, "payee"),
        ({9: ""}, "payee"),
        ({4: "K"}, "payee"),
        ({5: "x" * 71}, "malformed"),
        ({11: "S"}, "malformed"),
        ({18: "0.00"}, "no-payment"),
        ({18: "1949,75"}, "amount"),
        ({18: "1949.7"}, "amount"),
        ({18: "01949.75"}, "amount"),
        ({18: "-1.00"}, "amount"),
        ({18: "1000000000.00"}, "amount"),
        ({18: "9" * 60}, "amount"),
        ({18: "1e9"}, "amount"),
        ({18: "１.００"}, "amount"),
        ({19: "USD"}, "currency"),
        ({20: "Q"}, "malformed"),
        ({27: "ABC"}, "reference"),
        ({27: "NON", 28: ""}, "reference"),
        ({27: "SCOR", 28: "RF18539007547034"}, "reference"),
        ({28: "210000000003139471430009018"}, "reference"),
        ({28: "0" * 27}, "reference"),
        ({3: iban("CH", "00791" + "1" * 12)}, "reference"),
        ({3: iban("CH", "00791" + "1" * 12), 27: "SCOR", 28: "RF19539007547034"}, "reference"),
        ({29: "x" * 141}, "malformed"),
        ({30: "EDP"}, "malformed"),
        ({32: "x" * 101}, "malformed"),
        ({29: "pay\u202eyap"}, "characters"),
        ({29: "pay\u200bpal"}, "characters"),
        ({29: "\ufeffx"}, "characters"),
        ({29: "\ue000"}, "characters"),
        ({29: "a\x1bb"}, "characters"),
        ({29: "a\rb"}, "characters"),
        ({29: "a\x85b"}, "characters"),
        ({29: "a\u2028b"}, "characters"),
        ({5: "\x00"}, "characters"),
        ({29: "x" * 900}, "too-long"),
    ],
)
def test_a_swiss_bill_that_breaks_a_rule_says_which(changes: dict[int, str], reason: str) -> None:
    assert meaning(swiss(changes), "Q1") == Unknown("bill-" + reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({1: "003"}, "version"),
        ({2: "9"}, "version"),
        ({2: ""}, "version"),
        ({3: "INST"}, "version"),
        ({4: ""}, "account"),
        ({4: "BHBLDEHHXX"}, "account"),
        ({5: ""}, "payee"),
        ({5: "x" * 71}, "payee"),
        ({6: "DE89370400440532013001"}, "account"),
        ({6: "../../etc/passwd"}, "account"),
        ({7: "EUR0"}, "amount"),
        ({7: "EUR0.001"}, "amount"),
        ({7: "EUR1000000000"}, "amount"),
        ({7: "EUR１２"}, "amount"),
        ({7: "12.30"}, "amount"),
        ({7: "USD12.30"}, "currency"),
        ({8: "TOOLONG"}, "malformed"),
        ({9: "RF19539007547034"}, "reference"),
        ({9: "x" * 36}, "reference"),
        ({10: "text too"}, "malformed"),
        ({9: "", 10: "x" * 141}, "malformed"),
        ({11: "x" * 71}, "malformed"),
        ({11: "a\tb"}, "characters"),
        ({11: "\u2066"}, "characters"),
        ({11: "x" * 331}, "too-long"),
    ],
)
def test_a_girocode_that_breaks_a_rule_says_which(changes: dict[int, str], reason: str) -> None:
    assert meaning(epc(changes)) == Unknown("bill-" + reason)


def test_bytes_that_are_not_of_the_charset_are_not_guessed_at() -> None:
    assert meaning(epc({5: "Müller"}).encode("latin-1")) == Unknown("bill-characters")
    assert meaning(swiss({5: "Müller"}).encode("latin-1")) == Unknown("bill-characters")
    assert meaning(swiss({5: "@"}).encode().replace(b"@", b"\xed\xa0\x80")) == Unknown("bill-characters")
    assert meaning(epc({2: "2", 5: "M\x9bller"}).encode("latin-1")) == Unknown("bill-characters")
    assert meaning("\n".join([*EPC, "one more"])) == Unknown("bill-malformed")
    for cut in range(4, 7):
        assert meaning(epc({}, lines=cut)) == Unknown("bill-malformed")


def test_markup_on_a_bill_is_only_text() -> None:
    hostile = "<img src='https://x.example/x.png'>{0}%s'; DROP"
    assert bill(epc({5: hostile})).payee == hostile
    assert bill(swiss({29: hostile})).message == hostile


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (EMV[:-1] + "B", "checksum"),
        (EMV[:-4], "malformed"),
        (EMV[:-9], "malformed"),
        (EMV.replace("最", "朂"), "checksum"),
        (sealed("000201" + field("26", field("00", "a") + "01990")), "malformed"),
        (sealed("00020126-15303986"), "malformed"),
        (emv(template("26", "a.b", _01="1"), field("59", "")), "malformed"),
        (sealed("000201" + "0100" + field("26", "0101A")), "malformed"),
        (sealed("000201" + field("26", "0101A") + "5303986" + "5303986" + field("58", "BR")), "malformed"),
        (sealed("000201" + field("26", "0101A") + "５３03986" + field("58", "BR")), "malformed"),
        (emv(template("26", "a.b", _01="1"), field("01", "13")), "malformed"),
        (emv(template("26", "a.b", _01="1"), country="S1"), "malformed"),
        (emv(template("26", "a.b", _01="1"), currency="999"), "currency"),
        (emv(), "account"),
        (emv(field("26", field("00", "a.b"))), "account"),
        (emv(template("26", "a.b", _01="1"), field("54", "0.00")), "amount"),
        (emv(template("26", "a.b", _01="1"), field("54", "1.005")), "amount"),
        (emv(template("26", "a.b", _01="1"), field("54", "9" * 14)), "amount"),
        (emv(template("26", "a.b", _01="1"), field("54", "-1")), "amount"),
        (emv(template("26", "a.b", _01="1"), field("54", "1,5")), "amount"),
        (emv(template("26", "a.b", _01="1"), field("54", "٣")), "amount"),
        (emv(template("26", "a.b", _01="1"), field("59", "pay\u202e")), "characters"),
        (emv(template("26", "a.b", _01="1"), field("59", "pay\n")), "characters"),
        (emv(*[field(f"{tag}", "9" * 99) for tag in range(80, 86)]), "too-long"),
    ],
)
def test_a_broken_emv_code_says_what_is_broken(code: str | bytes, reason: str) -> None:
    assert meaning(code, "Q1") == Unknown("bill-" + reason)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (BARS[:4] + "1" + BARS[5:], "bill-check-digit"),
        (BARS[:3] + "0" + BARS[4:], "bill-currency"),
        (boleto_bars("000", "0000", 1, "1" * 25), "bill-account"),
        (BARS[:-1], "not-a-code"),
        (BARS + "1", "not-a-code"),
        ("8" * 44, "bill-malformed"),
        ("84680000001435900240200240500024384221010811", "bill-check-digit"),
        ("846700000018435900240209024050002435842210108119", "bill-check-digit"),
        ("88670000001435900240200240500024384221010811", "bill-malformed"),
        (FINNISH[:5] + "1" + FINNISH[6:], "bill-account"),
        (FINNISH[:47] + "0" + FINNISH[48:], "bill-reference"),
        (FINNISH[:25] + "1" + FINNISH[26:], "bill-malformed"),
        (FINNISH[:28] + "0" * 20 + FINNISH[48:], "bill-reference"),
        ("5" + FINNISH[1:], "bill-reference"),
        (FINNISH + "0", "not-a-code"),
        ("9050722350466501000000000156930081500000053980", "bill-check-digit"),
        ("9050722350466501000000000156830081500000053981", "bill-malformed"),
        ("9052122350466501000000000156830081500000053980", "not-a-code"),
        ("4157709998013712802012", "bill-check-digit"),
        ("4157709998013711802012", None),
        ("41577099980137118020" + "A" * 26, "bill-malformed"),
        ("41577099980137118020ABC39021000", "bill-malformed"),
        ("415770999801371180201234\x1d39000", "bill-amount"),
        ("415770999801371180201234\x1d39031", "bill-amount"),
        ("415770999801371180201234\x1d3902-100", "bill-amount"),
        ("415770999801371180201234\x1d3912999100", "bill-currency"),
        ("415770999801371180201234\x1d3902100\x1d3912978100", "bill-malformed"),
        ("415770999801371180201234\x1d3902100\x1d12261301", "bill-date"),
        ("415770999801371180201234\x1d3902100\x1d9620261301", "bill-date"),
        ("415770999801371180201234\x1d8020999", "bill-malformed"),
        ("(415)770(8020)1", "bill-malformed"),
        ("४" * 54, "not-ascii"),
    ],
)
def test_a_number_that_only_looks_like_a_bill_says_why(code: str, reason: str | None) -> None:
    found = meaning(code)
    assert found == Unknown(reason) if reason else isinstance(found, BillCode)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(MADE)), st.data())
def test_whatever_is_cut_out_put_in_or_turned_round_never_raises(standard: str, data: st.DataObject) -> None:
    code, _ = data.draw(MADE[standard])
    at, until = sorted(data.draw(st.tuples(st.integers(0, len(code)), st.integers(0, len(code)))))
    spoilt = code[:at] + data.draw(st.binary(max_size=8)) + code[until:]
    found = meaning(spoilt, data.draw(st.sampled_from(["", "Q1", "C1", "C0", "I0", "Q3"])))
    assert not isinstance(found, BillCode) or found.bill.amount is None or 0 < found.bill.amount.minor < 10**15


@pytest.mark.parametrize("start", [b"SPC\n", b"BCD\r\n", b"000201", b"415"])
def test_a_giant_bill_is_refused_at_once(start: bytes) -> None:
    found = meaning(start + b"9\n" * 500_000)
    assert isinstance(found, Unknown)
    assert found.reason in ("bill-too-long", "too-long")


# --- bills among other codes -----------------------------------------------------------------------------------------------


def test_bills_take_nothing_from_articles() -> None:
    assert isinstance(
        meaning("000201000000" + gtin.check_digit("000201000000")), ItemCode
    )  # an EAN-13 that begins as a payment code does
    assert meaning("000201") == Unknown("not-a-code")
    long_batch = "0109526001060108" + "17351231" + "10" + "1" * 18
    assert len(long_batch) == 44
    assert isinstance(meaning(long_batch), ItemCode)
    assert isinstance(meaning(long_batch, "C1"), ItemCode)
    assert meaning("SPC-1\n2") == Unknown("control-characters")
    assert meaning(BARS, "C1") == Unknown("gs1-without-gtin")


def test_a_standard_that_the_site_does_not_take_is_put_off_in_its_own_words() -> None:
    rules = ScanRules(today=TODAY, bills=BillRules(standards=frozenset({"epc"})))
    assert bill(epc({}), rules=rules).standard == "epc"
    for code in (swiss({}), PIX, BARS, FINNISH):
        assert meaning(code, rules=rules) == Unknown("bill-not-taken")
    assert meaning(SLIP, "C1", rules) == Unknown("bill-not-taken")
    assert meaning(BARS[:-1] + "1", rules=rules) == Unknown("not-a-code")
    assert meaning("SPC\n1", rules=rules) == Unknown("control-characters")


def test_an_article_is_scanned_without_loading_a_single_standard() -> None:
    code = (
        "import sys; from kiosk.domain.resolver import *; from kiosk.domain.scan import Scan; resolve(Scan(b'9526001040018'), ScanRules());"
        "print(*(name for name in sys.modules if name.startswith(('stdnum', 'biip', 'kiosk.domain.bills'))))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert set(loaded.split()) <= {f"kiosk.domain.bills{part}" for part in ("", ".bill", ".reading")}


def test_the_table_holds_every_standard_once() -> None:
    assert sorted(standard.name for standard in (*TEXTS, *NUMBERS)) == sorted(STANDARDS) == sorted(MADE)


def test_every_reason_has_its_sentence_for_integrators() -> None:
    assert {str(reason) for reason in Reason} <= MESSAGES.keys()


def test_interpret_tells_a_bill_in_plain_values() -> None:
    answer = interpret(r"]Q1" + swiss({}, r"\r\n"), RULES)
    assert (answer["kind"], answer["error"], answer["gtin"], answer["symbology"]) == ("bill", None, None, "Q1")
    assert answer["bill"] == {
        "standard": "swiss-qr",
        "payee": "Robert Schneider AG",
        "account": "CH4431999123000889012",
        "reference": "210000000003139471430009017",
        "amount_minor": 194_975,
        "currency": "CHF",
        "due": "2020-11-20",
        "message": "Order from 15.10.2020",
        "open_amount": False,
    }
    open_bill = interpret(PIX, RULES)["bill"]
    assert isinstance(open_bill, dict)
    assert (open_bill["amount_minor"], open_bill["open_amount"], open_bill["reference"]) == (None, True, None)
    wrong = interpret(BARS[:4] + "1" + BARS[5:], RULES)
    assert (wrong["kind"], wrong["error"], wrong["bill"]) == ("unknown", "bill-check-digit", None)
    assert wrong["message"] == MESSAGES["bill-check-digit"]
