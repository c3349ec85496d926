"""The demo holders of assets/store/accounts.toml: what they show is read, what they owe is a bill, what they hold counts at the till."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from kiosk.configuration import PROJECT_ROOT
from sync.central.accounts.demo_file import bill_of, read_accounts
from sync.central.accounts.demo_movements import movements
from sync.central.errors import CentralError

STORE = PROJECT_ROOT / "assets" / "store"
HOLDERS = read_accounts(STORE / "accounts.toml")
TODAY = date(2026, 11, 22)


def test_cards_numbers_and_pins_are_what_readers_and_pads_give() -> None:
    for one in HOLDERS:
        assert one.cards and all(re.fullmatch(r"9276\d{9}", card) and sums_to_ten(card) for card in one.cards), one.id
        assert re.fullmatch(r"\d{10}", one.number) and re.fullmatch(r"\d{4}", one.pin), one.id
    shown = [number for one in HOLDERS for number in (*one.cards, one.number, one.phone)]
    assert len(set(shown)) == len(shown)
    assert {bool(one.totp) for one in HOLDERS} == {one.sms for one in HOLDERS} == {True, False}


def test_what_they_owe_and_hold_is_good_at_the_till() -> None:
    promotions = tomllib.loads((STORE / "promotions.toml").read_text("utf-8"))["promotion"]
    codes = {one["code"]: date.fromisoformat(one["valid_to"]) for one in promotions if one["kind"] == "coupon"}
    for one in HOLDERS:
        for coupon in one.coupons:
            assert coupon.until is not None and coupon.until <= codes[coupon.code], coupon
        for code in one.bills:
            bill = bill_of(code, "EUR", TODAY)
            assert bill.amount is not None and bill.amount.currency == "EUR"


def test_movements_are_the_same_at_every_start_and_go_back_a_year() -> None:
    for one in HOLDERS:
        first, again = (list(movements(one.id, one.kind, "EUR", date(2025, 11, 22), TODAY)) for _ in range(2))
        assert first == again and len(first) > 40
        later = list(movements(one.id, one.kind, "EUR", date(2025, 11, 22), date(2026, 12, 22)))
        assert later[: len(first)] == first, "what was, stays"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[[account]]\nid = 1", "account"),
        ('[[account]]\nid = "x"\npin = "12"', "not what it should be"),
        ("account = [", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_is_named_and_shows_no_pin(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(CentralError, match=words) as told:
        read_accounts(path)
    assert '"12"' not in str(told.value)


def sums_to_ten(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
