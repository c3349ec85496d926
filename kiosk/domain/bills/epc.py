"""The SEPA credit transfer in a QR code: "GiroCode", EPC069-12."""

from __future__ import annotations

import re

from kiosk.domain.bills.bill import Bill, BillScan, Reason, Refused, refusing, require
from kiosk.domain.bills.iban import is_iban
from kiosk.domain.bills.lines import decoded, lines_of
from kiosk.domain.bills.references import is_rf
from kiosk.domain.money import Money

NAME = "epc"
LONGEST_BYTES = 331


def recognise(scan: BillScan) -> bool:
    """Whether the first line says so: "BCD"."""
    return scan.data.startswith((b"BCD\n", b"BCD\r\n"))


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill. The third line names the charset of all of them; the amount and what follows it may be missing."""
    require(len(scan.data) <= LONGEST_BYTES, Reason.TOO_LONG)
    head = scan.data.split(b"\n", 4)
    require(len(head) == 5, Reason.MALFORMED)
    version, charset, kind = (line.removesuffix(b"\r") for line in head[1:4])
    require(version in (b"001", b"002") and charset in _CHARSETS and kind == b"SCT", Reason.VERSION)
    lines = lines_of(decoded(scan.data, _CHARSETS[charset]))
    require(7 <= len(lines) <= 12, Reason.MALFORMED)
    bic, name, account, amount, purpose, reference, text, note = (*lines[4:], *[""] * (12 - len(lines)))
    require(_BIC.fullmatch(bic) or (not bic and version == b"002"), Reason.ACCOUNT)
    require(0 < len(name) <= 70, Reason.PAYEE)
    account = account.replace(" ", "")
    require(is_iban(account), Reason.ACCOUNT)
    require(_PURPOSE.fullmatch(purpose) and len(text) <= 140 and len(note) <= 70, Reason.MALFORMED)
    require(not (reference and text), Reason.MALFORMED)
    reference = _reference(reference)
    return Bill(
        standard=NAME,
        account=account,
        currency="EUR",
        payee=name,
        reference=reference or None,
        amount=_amount(amount),
        message=text or note or None,
        minimum=Money(1, "EUR"),
        maximum=Money(99_999_999_999, "EUR"),
    )


def _reference(text: str) -> str:
    """By ISO 11649 where it begins as one; Austria has others, without check digits."""
    require(len(text) <= 35, Reason.REFERENCE)
    if not _RF.match(text):
        return text
    without_gaps = text.replace(" ", "")
    require(is_rf(without_gaps), Reason.REFERENCE)
    return without_gaps


def _amount(text: str) -> Money | None:
    if not text:
        return None
    require(not _OTHER_CURRENCY.match(text), Reason.CURRENCY)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise Refused(Reason.AMOUNT)
    minor = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    require(minor, Reason.AMOUNT)
    return Money(minor, "EUR")


_CHARSETS = {
    b"1": "utf-8",
    b"2": "iso8859-1",
    b"3": "iso8859-2",
    b"4": "iso8859-4",
    b"5": "iso8859-5",
    b"6": "iso8859-7",
    b"7": "iso8859-10",
    b"8": "iso8859-15",
}
_BIC = re.compile("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_PURPOSE = re.compile("[A-Z0-9]{0,4}")
_RF = re.compile("RF[0-9]{2}")
_OTHER_CURRENCY = re.compile("(?!EUR)[A-Z]{3}")
_AMOUNT = re.compile(r"EUR(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?")
