"""GS1 element strings and Digital Links: what they say of an article. Text in, values out; nothing is ever opened.

The lengths come from the table of predefined lengths, not from a list of every identifier, so that an identifier assigned tomorrow is read
over instead of refused. The tests compare it with biip; biip itself would add its load time (a tenth of a second) to the start.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from urllib.parse import unquote, urlsplit

from kiosk.domain.currencies import BY_NUMBER
from kiosk.domain.gtin import is_valid
from kiosk.domain.money import decimals
from kiosk.domain.scan import ItemCode

SEPARATOR = "\x1d"


class Gs1Error(ValueError):
    """The text breaks the grammar. `reason` is a stable code: `gs1-malformed`, `gs1-check-digit`, `gs1-date`, `gs1-currency`,
    `gs1-without-gtin`, `link-without-gtin`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_elements(text: str) -> dict[str, str]:
    """Application identifier -> value, from a scanned message (separator 0x1D; leading ones are dropped). Raises Gs1Error.

    GS1 General Specifications 7.8: fixed lengths by figure 7.8.5-2, everything else up to the separator.
    """
    elements: dict[str, str] = {}
    for part in text.split(SEPARATOR):
        rest = part
        while rest:
            identifier = _identifier(rest)
            end = _TOTAL_LENGTH.get(rest[:2], len(rest))
            _keep(elements, identifier, rest[len(identifier) : end])
            rest = rest[end:]
    return elements


def parse_readable(text: str) -> dict[str, str]:
    """As `parse_elements`, from the form printed below a code: "(01)09526001060108(17)351231". Raises Gs1Error."""
    found = list(_READABLE.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    elements: dict[str, str] = {}
    for match, end in zip(found, ends, strict=True):
        identifier = _identifier(match[1])
        if identifier != match[1]:
            raise Gs1Error("gs1-malformed")
        _keep(elements, identifier, text[match.end() : end].strip())
    return elements


def parse_link(text: str) -> dict[str, str]:
    """As `parse_elements`, from a GS1 Digital Link URI, uncompressed (URI Syntax 1.4): /01/GTIN, qualifiers in the path, the rest
    in the query. A GTIN may stand there with 8 to 14 digits. Raises Gs1Error."""
    try:
        link = urlsplit(text)
    except ValueError as error:
        raise Gs1Error("link-without-gtin") from error
    path = link.path.split("/")
    start = next((at for at, part in enumerate(path[:-1]) if part == "01" and _LINK_GTIN.match(path[at + 1])), None)
    if link.scheme.lower() not in ("http", "https") or not link.netloc or start is None:
        raise Gs1Error("link-without-gtin")
    pairs = path[start:] if path[-1] else path[start:-1]
    if len(pairs) % 2:
        raise Gs1Error("gs1-malformed")
    elements = {"01": pairs[1].zfill(14)}
    for key, value in zip(pairs[2::2], pairs[3::2], strict=True):
        if key not in _LINK_QUALIFIERS:
            raise Gs1Error("gs1-malformed")
        _keep(elements, key, unquote(value))
    for pair in re.split("[&;]", link.query):
        key, _, value = pair.partition("=")
        if _IDENTIFIER_LENGTH.get(key[:2]) == len(key) and key.isdecimal():
            _keep(elements, key, unquote(value))
    return elements


def item_code(elements: Mapping[str, str], currency: str, year: int) -> ItemCode:
    """The article that `elements` name. Raises Gs1Error.

    AI 392n is in `currency`. `year` is the current one, for the century of dates. Grams below one are cut off (AI 3104, 3105); a price
    that does not come out in whole minor units is refused, as are a count, a weight and a price of nothing.
    """
    gtin = elements.get("01")
    if gtin is None:
        raise Gs1Error("gs1-without-gtin")
    if not is_valid(gtin):
        raise Gs1Error("gs1-check-digit")
    weight_g = price_minor = paid_in = None
    for identifier, value in elements.items():
        kind = identifier[:3]
        if kind == "310":
            weight_g = _weight_g(identifier, value)
        elif kind in ("392", "393"):
            paid_in, price_minor = _price(identifier, value, currency)
    dates = {identifier: date_of(elements[identifier], year) for identifier in _DATES if identifier in elements}
    count = elements.get("30") or elements.get("37")
    return ItemCode(
        gtin=gtin,
        weight_g=weight_g,
        price_minor=price_minor,
        currency=paid_in,
        quantity=_positive(int(count)) if count else None,
        batch=elements.get("10"),
        expiry=dates.get("17"),
        best_before=dates.get("15"),
        serial=elements.get("21"),
    )


def _identifier(text: str) -> str:
    length = _IDENTIFIER_LENGTH.get(text[:2])
    if length is None or len(text) < length or not text[:length].isdecimal():
        raise Gs1Error("gs1-malformed")
    return text[:length]


def _keep(elements: dict[str, str], identifier: str, value: str) -> None:
    total = _TOTAL_LENGTH.get(identifier[:2])
    if total is not None:
        fits = value.isdecimal() and len(identifier) + len(value) == total
    else:
        fits = (_VALUES.get(identifier[:3]) or _ANY_VALUE).fullmatch(value) is not None
    if not fits or not value.isascii() or elements.setdefault(identifier, value) != value:
        raise Gs1Error("gs1-malformed")


def _positive(number: int) -> int:
    if number <= 0:
        raise Gs1Error("gs1-malformed")
    return number


def _weight_g(identifier: str, value: str) -> int:
    if identifier[3] > "5":  # AI 3100 to 3105 are all there are
        raise Gs1Error("gs1-malformed")
    return _positive(int(value) * 1000 // 10 ** int(identifier[3]))


def _price(identifier: str, value: str, currency: str) -> tuple[str, int]:
    if identifier.startswith("393"):
        paid_in, value = BY_NUMBER.get(value[:3], ""), value[3:]
        if not paid_in:
            raise Gs1Error("gs1-currency")
    else:
        paid_in = currency
    minor, left = divmod(int(value) * 10 ** decimals(paid_in), 10 ** int(identifier[3]))
    if left:
        raise Gs1Error("gs1-malformed")
    return paid_in, _positive(minor)


def date_of(value: str, year: int) -> date:
    """YYMMDD; day 00 is the last of the month (GS1 General Specifications 3.4), the century by 7.12: 49 years back, 50 ahead."""
    short, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    full = year - year % 100 + short
    if short - year % 100 >= 51:
        full -= 100
    elif short - year % 100 <= -50:
        full += 100
    try:
        return date(full, month, day or monthrange(full, month)[1])
    except ValueError as error:
        raise Gs1Error("gs1-date") from error


_READABLE = re.compile(r"\(([0-9]{2,4})\)")
_LINK_GTIN = re.compile(r"[0-9]{8,14}\Z")
_LINK_QUALIFIERS = ("22", "10", "21", "235")
_DATES = ("11", "15", "17")

# Identifier and value together, by the first two digits: GS1 General Specifications, figure 7.8.5-2.
_TOTAL_LENGTH = {
    "00": 20,
    **dict.fromkeys(("01", "02", "03", "41"), 16),
    "04": 18,
    **dict.fromkeys((str(two) for two in range(11, 20)), 8),
    "20": 4,
    **dict.fromkeys((str(two) for two in range(31, 37)), 10),
}
# The length of the identifier alone, by its first two digits: GS1 General Specifications, section 3.2.
_IDENTIFIER_LENGTH = {
    **dict.fromkeys(("00", "01", "02", "03", "04", "30", "37"), 2),
    **dict.fromkeys((str(two) for two in (*range(10, 23), *range(90, 100))), 2),
    **dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"), 4),
}
# What the values we read may hold; of the others only that they keep to GS1's 82 characters (figure 7.11-1).
_TEXT_20 = re.compile(r'[!"%-?A-Z_a-z]{1,20}')
_COUNT = re.compile(r"[0-9]{1,8}")
_ANY_VALUE = re.compile(r'[!"%-?A-Z_a-z#]{1,90}')  # and "#", of the 39 of figure 7.11-2
_VALUES = {
    "10": _TEXT_20,
    "21": _TEXT_20,
    "30": _COUNT,
    "37": _COUNT,
    "392": re.compile(r"[0-9]{1,15}"),
    "393": re.compile(r"[0-9]{4,18}"),
}
