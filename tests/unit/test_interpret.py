"""`kiosk interpret`: one line in, one record out, whatever the bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.interpret import MESSAGES, interpret
from kiosk.domain.resolver import ScanRules

RULES = ScanRules()
KEYS = [
    "input",
    "kind",
    "gtin",
    "weight_g",
    "price_minor",
    "currency",
    "quantity",
    "batch",
    "expiry",
    "best_before",
    "serial",
    "symbology",
    "bill",
    "error",
    "message",
]
KINDS = ["item", "bill", "account", "coupon", "voucher", "receipt", "held", "staff", "unknown"]


def known(line: bytes | str) -> dict[str, object]:
    return {key: value for key, value in interpret(line, RULES).items() if value is not None and key != "input"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"]E09526001040018\n", {"kind": "item", "gtin": "09526001040018", "symbology": "E0"}),
        (b"9526001040018\r\n", {"kind": "item", "gtin": "09526001040018"}),
        ("9526001040018\\r\\n", {"kind": "item", "gtin": "09526001040018"}),
        ("]C10109526001060108" + r"10A\x1d17351231", None),
        (b"]d2010952600106010810A\x1d17351231", None),
        (
            "2805001004389",
            {"kind": "item", "gtin": "02805001004389", "price_minor": 438, "currency": "EUR"},
        ),
        ("2906001006127", {"kind": "item", "gtin": "02906001006127", "weight_g": 612}),
        ("MBR-1", {"kind": "account"}),
        ("DEP-1", {"kind": "voucher"}),
        ("HLD-1", {"kind": "held"}),
        ("RCP-1", {"kind": "receipt"}),
        ("STF-1", {"kind": "staff"}),
        ("CPN-1", {"kind": "coupon"}),
        ("4011", {"kind": "unknown", "error": "not-a-code", "message": MESSAGES["not-a-code"]}),
        (r"a\x1b", {"kind": "unknown", "error": "not-a-code", "message": MESSAGES["not-a-code"]}),
        (r"a\nb", {"kind": "unknown", "error": "control-characters", "message": MESSAGES["control-characters"]}),
    ],
)
def test_a_line_says_what_it_is(line: bytes | str, expected: dict[str, object] | None) -> None:
    found = known(line)
    if expected is None:
        assert (found["gtin"], found["batch"], found["expiry"]) == ("09526001060108", "A", "2035-12-31")
    else:
        assert found == expected


def test_the_input_stands_in_the_answer_as_it_was_given() -> None:
    assert interpret(rb"a\x1db\\", RULES)["input"] == r"a\x1db\\"
    assert interpret(b"9526001040018\r\n", RULES)["input"] == "9526001040018"
    assert interpret(b"caf\xe9", RULES)["input"] == "caf\\xe9"


def test_an_escaped_backslash_is_no_escape() -> None:
    assert known(rb"a\\nb")["error"] == "not-a-code"


@given(st.binary(max_size=700) | st.text(max_size=300))
def test_any_line_gives_one_json_object_with_every_key(line: bytes | str) -> None:
    answer = interpret(line, RULES)
    text = json.dumps(answer)
    assert "\n" not in text
    assert list(json.loads(text)) == KEYS
    assert answer["kind"] in KINDS
    assert (answer["error"] is None) == (answer["kind"] != "unknown")
    assert (answer["message"] is None) == (answer["error"] is None)
