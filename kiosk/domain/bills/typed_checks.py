"""A bill's number while it is typed: its fields, and each check digit as soon as the last digit of its field is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk.domain import gtin
from kiosk.domain.bills import boleto, boleto_utility, es_csb57, fi_barcode, gs1_slip
from kiosk.domain.bills.bill import Bill, Reason, Refusal
from kiosk.domain.bills.iban import is_iban
from kiosk.domain.bills.reading import BillRules
from kiosk.domain.bills.references import is_rf, luhn, mod_731
from kiosk.domain.bills.typed import Field, State, Typed
from kiosk.domain.records import dataclass

LONGEST_TYPED: Final = 128  # the longest that a template may be
_GAPS = str.maketrans("", "", " .-")
_RUN = 5  # digits shown together where a field is long


Check = Callable[[str, str], Reason | None]  # of the whole text and the field: why it is wrong


@dataclass(frozen=True, slots=True)
class _Layout:
    """The typed form of a standard. `fits` looks at what is typed so far; `fields` are lengths with the check of each. `exact`: all of
    it has to be there."""

    standard: str
    currency: str
    fits: Callable[[str], bool]
    fields: tuple[tuple[int, Check | None], ...]
    exact: bool = True

    @property
    def length(self) -> int:
        return sum(length for length, _ in self.fields)


def typed(text: str, rules: BillRules, currency: str, whole: Callable[[str], Bill | Refusal | None]) -> Typed:
    """What `text` says so far, in a site that takes the bills of `rules`. `whole` reads a complete number as a scan is read.

    Where a number may still become several things, that one is shown in which nothing is wrong; the site's `currency` goes first.
    """
    text = text.translate(_GAPS)[:LONGEST_TYPED]
    if not text:
        return Typed()
    bill = whole(text)
    if isinstance(bill, Bill):
        standard, fields = bill.standard, _shown(text, bill.standard)
        good = tuple(Field(one.text, State.GOOD if one.state is State.OPEN else one.state) for one in fields)
        return Typed(text, standard, good, 0, State.GOOD)
    read = [_as(layout, text) for layout in _possible(text, rules, currency)]
    fitting = [one for one in read if one.verdict is not State.WRONG]
    best = next(iter(fitting or read), None)
    if best is not None and len({one.missing for one in fitting}) > 1:
        best = replace(best, missing=None)
    if isinstance(bill, Refusal) and (best is None or best.missing == 0):
        fields = best.fields if best else _runs(text)
        return Typed(text, best.standard if best else "", fields, 0, State.WRONG, bill.code)
    return best or Typed(text, "", _runs(text), _missing_of_templates(text, rules))


def _possible(text: str, rules: BillRules, currency: str) -> list[_Layout]:
    found = [one for one in _LAYOUTS if one.standard in rules.standards and len(text) <= one.length and one.fits(text)]
    return sorted(found, key=lambda one: (one.currency != currency, one.length))


def _as(layout: _Layout, text: str) -> Typed:
    fields: list[Field] = []
    reason: Reason | None = None
    at = 0
    for length, check in layout.fields:
        part = text[at : at + length]
        at += length
        if not part:
            break
        wrong = check(text, part) if check is not None and len(part) == length else None
        reason = reason or wrong
        checked = State.GOOD if check is not None and len(part) == length else State.OPEN
        fields.append(Field(part, State.WRONG if wrong else checked))
    missing = layout.length - len(text) if layout.exact else None
    return Typed(text, layout.standard, tuple(fields), missing, State.WRONG if reason else State.OPEN, reason)


def _shown(text: str, standard: str) -> tuple[Field, ...]:
    layout = next((one for one in _LAYOUTS if one.standard == standard and one.length == len(text)), None)
    return _as(layout, text).fields if layout else _runs(text)


def _runs(text: str) -> tuple[Field, ...]:
    return tuple(Field(text[at : at + _RUN]) for at in range(0, len(text), _RUN))


def _missing_of_templates(text: str, rules: BillRules) -> int | None:
    lengths = {template.length for template in rules.templates if template.length >= len(text)}
    return lengths.pop() - len(text) if len(lengths) == 1 else None


# --- the checks of single fields ---


def _by_luhn(_: str, field: str) -> Reason | None:
    return None if luhn(field[:-1]) == field[-1] else Reason.CHECK_DIGIT


def _by_utility(text: str, field: str) -> Reason | None:
    kind = text[2]
    if kind not in "6789":
        return Reason.MALFORMED
    return None if boleto_utility.check_digit(kind, field[:-1]) == field[-1] else Reason.CHECK_DIGIT


def _by_iban(text: str, _: str) -> Reason | None:
    return None if is_iban("FI" + text[1:17]) else Reason.ACCOUNT


def _by_finnish_reference(text: str, field: str) -> Reason | None:
    if text[0] == "4":
        reference = field[3:].lstrip("0")
        fits = not field[:3].strip("0") and len(reference) >= 4 and mod_731(reference[:-1]) == reference[-1]
    else:
        fits = is_rf(f"RF{field[:2]}{field[2:].lstrip('0')}")
    return None if fits else Reason.REFERENCE


def _by_gln(_: str, field: str) -> Reason | None:
    return None if gtin.is_valid(field[3:]) else Reason.CHECK_DIGIT


def _by_csb(text: str, _: str) -> Reason | None:
    parts = (text[5:13], text[13:16], text[16:27], text[29:35], text[35:45])
    if text[45] != "0":
        return Reason.MALFORMED
    return None if es_csb57.control_digits(*parts) == text[27:29] else Reason.CHECK_DIGIT


def _begins(prefix: str) -> Callable[[str], bool]:
    return lambda text: _digits(text) and (text.startswith(prefix) or prefix.startswith(text))


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _is_boleto(text: str) -> bool:
    return _digits(text) and text[0] != "8" and (len(text) < 4 or text[3] == "9")


def _is_finnish(text: str) -> bool:
    return _digits(text) and text[0] in "45"


# Of a boleto the fourth digit is the currency; its own check digit, behind the three fields, is made of all others: known at the end.
_LAYOUTS: Final = (
    _Layout(boleto.NAME, "BRL", _is_boleto, ((10, _by_luhn), (11, _by_luhn), (11, _by_luhn), (1, None), (14, None))),
    _Layout(boleto_utility.NAME, "BRL", _begins("8"), ((12, _by_utility),) * 4),
    _Layout(fi_barcode.NAME, "EUR", _is_finnish, ((17, _by_iban), (8, None), (23, _by_finnish_reference), (6, None))),
    _Layout(
        es_csb57.NAME,
        "EUR",
        _begins("90507"),
        ((5, None), (11, None), (11, None), (2, None), (6, None), (11, _by_csb)),
    ),
    _Layout(gs1_slip.NAME, "", _begins("415"), ((16, _by_gln), (4, None), (25, None)), exact=False),
)
