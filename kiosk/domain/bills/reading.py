"""Which codes are bills, and of which standard: a cheap look at every scan; the standards are loaded when the first code may be one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kiosk.domain.aim import GS1_SYMBOLOGIES
from kiosk.domain.bills.bill import STANDARDS, Bill, BillScan, Reason, Refusal
from kiosk.domain.records import dataclass

if TYPE_CHECKING:
    from kiosk.domain.bills.table import Standard
    from kiosk.domain.bills.template import BillTemplate


@dataclass(frozen=True, slots=True)
class BillRules:
    """Which bills a site takes: names of standards, and templates for billers without one (the first that fits)."""

    standards: frozenset[str] = frozenset(STANDARDS)
    templates: tuple[BillTemplate, ...] = ()


def load() -> None:
    """Load the standards now. Without it the first code that may be a bill takes some ten milliseconds more than all after it."""
    from kiosk.domain.bills import table  # noqa: F401, PLC0415 - not before somebody asks: a start does without


def may_be_text(data: bytes) -> bool:
    """Whether raw scan data begins as a bill in a QR code does."""
    return data.startswith((b"SPC\n", b"SPC\r\n", b"BCD\n", b"BCD\r\n", b"000201"))


def may_be_number(text: str) -> bool:
    """Whether a code of ASCII characters is long enough for a bill of digits, or names a reference by (8020) of a biller by (415)."""
    return (len(text) >= 44 and text[0] in "0123456789") or ("8020" in text and "415" in text)


def text_bill(scan: BillScan, rules: BillRules) -> Bill | Refusal | None:
    """The bill in a QR code, or None where it is none that the site takes. `scan.data` is as it was read; nothing is assumed of it."""
    from kiosk.domain.bills import table  # noqa: PLC0415 - as above

    return _read(table.TEXTS, scan, rules)


def number_bill(scan: BillScan, rules: BillRules) -> Bill | Refusal | None:
    """The bill in a bar code or a typed line, or None where it is none. `scan.data` is printable ASCII, with GS1 separators."""
    from kiosk.domain.bills import table  # noqa: PLC0415 - as above

    return _read(table.GS1 if scan.symbology in GS1_SYMBOLOGIES else table.NUMBERS, scan, rules)


def _read(standards: Iterable[Standard], scan: BillScan, rules: BillRules) -> Bill | Refusal | None:
    standard = next((each for each in standards if each.recognise(scan)), None)
    if standard is None:
        return None
    found = standard.parse(scan)
    if standard.name in rules.standards:
        return found
    return Refusal(Reason.NOT_TAKEN) if isinstance(found, Bill) else None
