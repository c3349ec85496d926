"""The Swiss QR-bill (SIX Implementation Guidelines QR-bill 2.2 and 2.3)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kiosk.domain.bills.bill import Bill, BillScan, Reason, refusing, require
from kiosk.domain.bills.iban import is_iban
from kiosk.domain.bills.lines import decoded, lines_of
from kiosk.domain.bills.references import is_rf, mod10_recursive
from kiosk.domain.money import Money
from kiosk.domain.scan import LONGEST_BILL_BYTES

NAME = "swiss-qr"


def recognise(scan: BillScan) -> bool:
    """Whether the first line says so: "SPC"."""
    return scan.data.startswith((b"SPC\n", b"SPC\r\n"))


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill. It names no due date but in billing information of Swico ("//S1"), which is the debtor's own affair: what is broken
    there is no reason to refuse."""
    require(len(scan.data) <= LONGEST_BILL_BYTES, Reason.TOO_LONG)
    lines = lines_of(decoded(scan.data, "utf-8"))
    require(len(lines) >= 3 and lines[1][:2] == "02" and lines[2] == "1", Reason.VERSION)
    require(31 <= len(lines) <= 34 and lines[30] == "EPD", Reason.MALFORMED)
    lines += [""] * (34 - len(lines))
    _require_lengths(lines)
    require(not any(lines[11:18]), Reason.MALFORMED)  # the ultimate creditor is for a time to come
    account, currency = lines[3], lines[19]
    require(account[:2] in ("CH", "LI") and is_iban(account), Reason.ACCOUNT)
    require(_is_address(lines[4:11]), Reason.PAYEE)
    require(not any(lines[20:27]) or _is_address(lines[20:27]), Reason.MALFORMED)
    require(currency in ("CHF", "EUR"), Reason.CURRENCY)
    _require_reference(account, lines[27], lines[28])
    return Bill(
        standard=NAME,
        account=account,
        currency=currency,
        payee=lines[5],
        reference=lines[28] or None,
        amount=_amount(lines[18], currency),
        due=_due(lines[31]),
        message=lines[29] or None,
        minimum=Money(1, currency),
        maximum=Money(99_999_999_999, currency),
    )


def _require_lengths(lines: list[str]) -> None:
    for first in (4, 20):
        for value, most in zip(lines[first : first + 7], (1, 70, 70, 70, 16, 35, 2), strict=True):
            require(len(value) <= most, Reason.MALFORMED)
    require(len(lines[29]) + len(lines[31]) <= 140, Reason.MALFORMED)
    require(max(len(lines[32]), len(lines[33])) <= 100, Reason.MALFORMED)


def _is_address(lines: list[str]) -> bool:
    """Type S: street, number, postal code, town; type K: two lines. Both: a name and a country."""
    kind, name, _, second, postal_code, town, country = lines
    if not name or not _COUNTRY.fullmatch(country):
        return False
    if kind == "S":
        return bool(postal_code and town) and len(second) <= 16
    return kind == "K" and bool(second) and not postal_code and not town


def _require_reference(account: str, kind: str, reference: str) -> None:
    """A QR-IBAN (institution 30000 to 31999) goes with a QR reference, any other account with none or one by ISO 11649."""
    is_qr_account = 30000 <= int(account[4:9]) <= 31999
    if kind == "QRR":
        fits = (
            is_qr_account
            and _QRR.fullmatch(reference)
            and reference.strip("0")
            and mod10_recursive(reference[:-1]) == reference[-1]
        )
    elif kind == "SCOR":
        fits = not is_qr_account and is_rf(reference)
    else:
        fits = not is_qr_account and kind == "NON" and not reference
    require(fits, Reason.REFERENCE)


def _amount(text: str, currency: str) -> Money | None:
    if not text:
        return None
    require(_AMOUNT.fullmatch(text), Reason.AMOUNT)
    minor = int(text.replace(".", ""))
    require(minor, Reason.NO_PAYMENT)  # 0.00: a notice "do not use for payment"
    return Money(minor, currency)


def _due(information: str) -> date | None:
    """Swico S1: date of the bill (/11/) and the days until the amount without discount is due (/40/, "0:30")."""
    if not information.startswith("//S1/"):
        return None
    billed, terms = _BILLED.search(information), _NET_DAYS.search(information)
    if billed is None or terms is None:
        return None
    try:
        return date(2000 + int(billed[1]), int(billed[2]), int(billed[3])) + timedelta(days=int(terms[1]))
    except ValueError:
        return None


_COUNTRY = re.compile("[A-Z]{2}")
_QRR = re.compile("[0-9]{27}")
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,8})\.[0-9]{2}")
# A slash inside a value is written "\\/".
_BILLED = re.compile(r"(?<!\\)/11/([0-9]{2})([0-9]{2})([0-9]{2})(?:/|\Z)")
_NET_DAYS = re.compile(r"(?<!\\)/40/(?:[0-9.]{1,6}:[0-9]{1,3};){0,9}0:([0-9]{1,3})(?:[;/]|\Z)")
