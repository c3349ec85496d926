"""Check digits of payment references. Digits in (ASCII), truth out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kiosk.domain import gtin
from kiosk.domain.bills.iban import has_check_digits


def is_rf(text: str) -> bool:
    """A creditor reference by ISO 11649: "RF", two check digits, 1 to 21 letters and digits; capitals, no gaps."""
    return _RF.fullmatch(text) is not None and has_check_digits(text)


def mod10_recursive(payload: str) -> str:
    """The check digit of Swiss references (and the ESR before them): modulo 10, recursive."""
    carry = 0
    for digit in payload:
        carry = _CARRY[(carry + int(digit)) % 10]
    return str(-carry % 10)


def mod_731(payload: str) -> str:
    """The check digit of Finnish national references: weights 7, 3, 1 from the right."""
    return str(-sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(payload))) % 10)


def luhn(payload: str) -> str:
    """Modulo 10 with weights 2, 1 from the right, digits of products added (ISO/IEC 7812-1); Brazil calls it "módulo 10"."""
    total = sum(_DOUBLE[int(digit)] for digit in payload[::-2]) + sum(map(int, payload[-2::-2]))
    return str(-total % 10)


def mod_11(payload: str) -> int:
    """The remainder by 11 with weights 2 to 9 from the right, again and again; what a remainder means, each standard says itself."""
    return sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(payload))) % 11


def mod_97(payload: str) -> str:
    """Two check digits by ISO 7064 mod 97-10, behind the payload."""
    return f"{98 - int(payload) * 100 % 97:02}"


# What a template may name. Each gives the digits that have to stand behind the payload.
ROUTINES: Mapping[str, Callable[[str], str]] = {
    "luhn": luhn,
    "gs1": gtin.check_digit,
    "mod10-recursive": mod10_recursive,
    "mod97": mod_97,
    "731": mod_731,
}

_RF = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
_CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
_DOUBLE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
