"""Trade item numbers: their check digit, and UPC-E written out in full."""

from __future__ import annotations

LENGTHS = (8, 12, 13, 14)


def check_digit(payload: str) -> str:
    """The check digit after `payload` (ASCII digits); GS1 General Specifications 7.9.1: weights 3, 1, 3 ... from the right."""
    values = payload.encode()
    threefold, single = values[::-2], values[-2::-2]
    total = 3 * (sum(threefold) - 48 * len(threefold)) + sum(single) - 48 * len(single)
    return str(-total % 10)


def is_valid(digits: str) -> bool:
    """Whether `digits` (ASCII) end in their check digit. All zeros is no number of anything."""
    return check_digit(digits[:-1]) == digits[-1] and digits.strip("0") != ""


def expand_upc_e(digits: str) -> str | None:
    """The UPC-A (12 digits) that a UPC-E stands for, or None where it is none. Scanners send 6 digits (number system 0, no check
    digit), 7 (no check digit) or 8; GS1 General Specifications 5.2.2.4.2."""
    number = "0" + digits if len(digits) == 6 else digits
    if len(number) not in (7, 8) or number[0] not in "01":
        return None
    system, body, last = number[0], number[1:6], number[6]
    if last in "012":
        payload = f"{system}{body[:2]}{last}0000{body[2:]}"
    elif last == "3":
        payload = f"{system}{body[:3]}00000{body[3:]}"
    elif last == "4":
        payload = f"{system}{body[:4]}00000{body[4]}"
    else:
        payload = f"{system}{body}0000{last}"
    check = check_digit(payload)
    if len(number) == 8 and number[7] != check:
        return None
    return payload + check
