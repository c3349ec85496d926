"""The payment slip in GS1-128 (General Specifications 2.6.6): (415) GLN, (8020) reference, (390n) or (391n) amount, (12) due date."""

from __future__ import annotations

import re
from datetime import date

from kiosk.domain import gtin
from kiosk.domain.aim import GS1_SYMBOLOGIES
from kiosk.domain.bills.bill import Bill, BillScan, Reason, Refused, refusing, require
from kiosk.domain.currencies import BY_NUMBER
from kiosk.domain.gs1 import Gs1Error, date_of, parse_elements, parse_readable
from kiosk.domain.money import Money, decimals

NAME = "gs1-slip"


def recognise(scan: BillScan) -> bool:
    """Whether it begins with the biller's GLN and the reference, or is GS1 data that holds both."""
    if _BEGINS.match(scan.data):
        return True
    if b"8020" not in scan.data or b"415" not in scan.data or not scan.data.isascii():
        return False
    if scan.symbology not in GS1_SYMBOLOGIES and not scan.data.startswith((b"\x1d", b"(")):
        return False
    try:
        return {"415", "8020"} <= _elements(scan).keys()
    except Gs1Error:
        return False


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill: the account is the GLN. An amount by (390n) is in the site's currency; without one the customer enters it."""
    try:
        elements = _elements(scan)
    except Gs1Error:
        raise Refused(Reason.MALFORMED) from None
    biller, reference = elements.get("415", ""), elements.get("8020", "")
    require(_REFERENCE.fullmatch(reference), Reason.MALFORMED)
    # Without its separator, a reference swallows the amount behind it: better refused than paid under a wrong reference.
    require(not (_SWALLOWED.search(reference) and list(elements)[-1] == "8020"), Reason.MALFORMED)
    require(gtin.is_valid(biller), Reason.CHECK_DIGIT)
    amounts = [(key, value) for key, value in elements.items() if key[:3] in ("390", "391")]
    require(len(amounts) <= 1, Reason.MALFORMED)
    currency, amount = _amount(*amounts[0], scan.currency) if amounts else (scan.currency, None)
    return Bill(
        standard=NAME,
        account=biller,
        currency=currency,
        reference=reference,
        amount=amount,
        due=_due(elements.get("12"), elements.get("96"), scan.today),
    )


def _elements(scan: BillScan) -> dict[str, str]:
    text = scan.data.decode("ascii")
    return parse_readable(text) if text.startswith("(") else parse_elements(text)


def _amount(identifier: str, value: str, currency: str) -> tuple[str, Money]:
    """The last digit of `identifier` is how many digits stand behind the point; 391n begins with the number of the currency."""
    if identifier.startswith("391"):
        currency, value = BY_NUMBER.get(value[:3], ""), value[3:]
        require(currency, Reason.CURRENCY)
    require(_DIGITS.fullmatch(value), Reason.AMOUNT)
    minor, left = divmod(int(value) * 10 ** decimals(currency), 10 ** int(identifier[3]))
    require(minor and not left, Reason.AMOUNT)
    return currency, Money(minor, currency)


def _due(due: str | None, company_date: str | None, today: date) -> date | None:
    """(12), YYMMDD; where there is none (96), which Colombia's slips use: YYYYMMDD. In (96) a company may keep other things."""
    try:
        if due is not None:
            return date_of(due, today.year)
        if company_date is not None and _DAY.fullmatch(company_date):
            return date(int(company_date[:4]), int(company_date[4:6]), int(company_date[6:]))
    except (Gs1Error, ValueError):
        raise Refused(Reason.DATE) from None
    return None


_BEGINS = re.compile(rb"[\x1d]{0,2}(?:415[0-9]{13}8020|\(415\)[0-9]{0,14} ?\(8020\))")
_REFERENCE = re.compile(r'[!"%-?A-Z_a-z]{1,25}')
_SWALLOWED = re.compile("39[01][0-9][0-9]+")
_DIGITS = re.compile("[0-9]{1,15}")
_DAY = re.compile("20[0-9]{6}")
