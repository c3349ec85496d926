"""What every printed slip is made of: rows of words and amounts, and codes, cleaned for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kiosk.ports import Align, PrintCode, PrintColumns, PrintFeed, PrintPart, PrintRule, PrintText
from kiosk.services.words import Words, printable

# Longer ones are wider than 80 mm paper in Code 128 at two dots a module, and go out as a QR code.
_LONGEST_CODE128 = 18


def clean(text: str) -> str:
    """`text` as one line of paper."""
    return printable(text)


def row(left: str, right: str, *, bold: bool = False, scale: int = 1) -> PrintColumns:
    """Words at the left, an amount at the right."""
    return PrintColumns(clean(left), clean(right), bold=bold, scale=scale)


def pair(label: str, value: str, columns: int) -> Iterator[PrintPart]:
    """A value behind its label; one too long for the rest of the line stands below, where it may be wrapped."""
    label, value = clean(label), clean(value)
    if len(label) + 1 + len(value) <= columns:
        yield PrintColumns(label, value)
        return
    yield PrintText(label)
    yield PrintText(value, Align.RIGHT)


def code_parts(code: str) -> Iterator[PrintPart]:
    """The code, with its letters below: printers write them under bars by themselves."""
    if len(code) <= _LONGEST_CODE128 and code.isascii():
        yield PrintCode("code128", code)
        return
    yield PrintCode("qr", code)
    yield PrintText(clean(code), Align.CENTRE)


def merchant_copy(slip: Iterable[str], words: Words) -> Iterator[PrintPart]:
    """The payment terminal's slip for the merchant, below a line to cut along; nothing where it had none printed."""
    lines = tuple(slip)
    if not lines:
        return
    yield PrintFeed()
    yield PrintRule()
    yield PrintText(clean(words("receipt.merchant-copy")), Align.CENTRE, bold=True)
    for line in lines:
        yield PrintText(clean(line))
