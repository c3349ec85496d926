"""Restricted-circulation numbers with a price or a weight inside, read by the template of the site or the country."""

from __future__ import annotations

from dataclasses import field

from kiosk.domain.money import decimals as currency_decimals
from kiosk.domain.records import dataclass
from kiosk.domain.scan import ItemCode, Unknown

# Weights of GS1 General Specifications 7.9.2 to 7.9.4: what a digit counts at a place of "two minus", "three", "five plus", "five minus".
_TWO_MINUS, _THREE, _FIVE_PLUS, _FIVE_MINUS = (
    tuple(map(int, row)) for row in ("0246891357", "0369258147", "0516273849", "0594837261")
)


class TemplateError(ValueError):
    """A template that cannot be read; the message shows one that can."""


@dataclass(frozen=True, slots=True)
class RestrictedTemplate:
    """How a number is laid out, a letter a place: leading digits that must stand there, I item reference, P price or W weight,
    K the check digit of price or weight (4 or 5 digits), N anything, C the check digit. 13 places, 12 (UPC-A) or 8.

    `decimals` is how many digits of the price or the weight in kilograms stand behind the point; None means minor units and grams.
    Raises TemplateError.
    """

    layout: str
    decimals: int | None = None
    prefix: str = field(init=False)
    _reference: slice = field(init=False, repr=False)
    _value: slice = field(init=False, repr=False)
    _inner_check: int = field(init=False, repr=False)
    _weighs: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        layout = self.layout
        prefix = layout[: len(layout) - len(layout.lstrip("0123456789"))]
        value = "W" if "W" in layout else "P"
        if not prefix or len(layout) not in (8, 12, 13) or not _is_readable(layout[len(prefix) :], value):
            raise TemplateError(f"template {layout!r} cannot be read; one such as 28IIIIIPPPPPC can")
        if not 0 <= (self.decimals or 0) <= 6:
            raise TemplateError(f"template {layout!r} has {self.decimals} decimals; 0 to 6 are possible")
        for name, found in (
            ("prefix", prefix),
            ("_reference", _run(layout, "I")),
            ("_value", _run(layout, value)),
            ("_inner_check", layout.find("K")),
            ("_weighs", value == "W"),
        ):
            object.__setattr__(self, name, found)

    def read(self, digits: str, currency: str) -> ItemCode | Unknown | None:
        """What `digits` (with a valid check digit) say, or None where they are of another template.

        `restricted-template` where the inner check digit is wrong or the value is nothing: a label without a value is no free gift.
        A weight is cut to whole grams, a price that does not come out in whole minor units of `currency` is refused.
        """
        if len(digits) != len(self.layout) or not digits.startswith(self.prefix):
            return None
        value = digits[self._value]
        if self._inner_check >= 0 and digits[self._inner_check] != value_check_digit(value):
            return Unknown("restricted-template")
        reference, gtin = digits[self._reference], digits.zfill(14)
        if self._weighs:
            weight_g = int(value) * 1000 // 10 ** (3 if self.decimals is None else self.decimals)
            return ItemCode(gtin, reference, weight_g=weight_g) if weight_g else Unknown("restricted-template")
        places = currency_decimals(currency)
        minor, left = divmod(int(value) * 10**places, 10 ** (places if self.decimals is None else self.decimals))
        if left or not minor:
            return Unknown("restricted-template")
        return ItemCode(gtin, reference, price_minor=minor, currency=currency)


def value_check_digit(value: str) -> str:
    """The check digit of a price or weight of 4 or 5 digits; GS1 General Specifications 7.9.3 and 7.9.4."""
    digits = list(map(int, value))
    if len(digits) == 4:
        weights = (_TWO_MINUS, _TWO_MINUS, _THREE, _FIVE_MINUS)
        return str(sum(weight[digit] for weight, digit in zip(weights, digits, strict=True)) * 3 % 10)
    weights_of_five = (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)
    total = sum(weight[digit] for weight, digit in zip(weights_of_five, digits, strict=True))
    return str(_FIVE_MINUS.index(-total % 10))


def templates_for(country: str) -> tuple[RestrictedTemplate, ...]:
    """The templates that the GS1 organisation of a country (ISO 3166, two letters) recommends; empty where we know of none."""
    return tuple(RestrictedTemplate(layout, places) for layout, places in _COUNTRIES.get(country.upper(), ()))


def _is_readable(letters: str, value: str) -> bool:
    runs = [letter for place, letter in enumerate(letters) if not place or letters[place - 1] != letter]
    return (
        len(runs) == len(set(runs))
        and set(runs) <= {"I", value, "K", "N", "C"}
        and {"I", value, "C"} <= set(runs)
        and letters.endswith("C")
        and letters.count("C") == 1
        and ("K" not in runs or (letters.count("K") == 1 and letters.count(value) in (4, 5)))
    )


def _run(layout: str, letter: str) -> slice:
    return slice(layout.index(letter), layout.rindex(letter) + 1)


_BALTIC = (("23IIIIIIWWWWC", 3), ("24IIIIIIWWWWC", 2), ("25IIIIIIWWWWC", 1))
_NORDIC = (("20IIIIIIPPPPC", 2), ("21IIIIIIPPPPC", 1), ("22IIIIIIPPPPC", 0), *_BALTIC)

# As the national GS1 organisations publish them; the sources stand in biip 5, `rcn.py`, with which the tests compare.
_COUNTRIES: dict[str, tuple[tuple[str, int], ...]] = {
    "DE": (("22IIIIKPPPPPC", 2), ("23IIIIKPPPPPC", 2), ("28IIIIKWWWWWC", 3), ("29IIIIKWWWWWC", 3)),
    "DK": (
        *((f"{prefix}IIIIPPPPPPC", 2) for prefix in (21, 22, 23, 24)),
        ("26IIIIWWWWWWC", 3),
        ("27IIIIIWWWWWC", 3),
        ("28IIIIWWWWWWC", 3),
    ),
    "EE": _BALTIC,
    "FI": _BALTIC,
    "GB": (("20IIIIIKPPPPC", 2),),
    "LT": _BALTIC,
    "LV": _BALTIC,
    "NO": _NORDIC,
    "SE": _NORDIC,
}
