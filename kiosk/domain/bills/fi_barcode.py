"""The Finnish bank bar code ("virtual bar code" where it is typed), versions 4 and 5 of Finance Finland's guide: 54 digits."""

from __future__ import annotations

from datetime import date

from kiosk.domain.bills.bill import Bill, BillScan, Reason, Refused, refusing, require
from kiosk.domain.bills.digits import written
from kiosk.domain.bills.iban import is_iban
from kiosk.domain.bills.references import is_rf, mod_731
from kiosk.domain.money import Money

NAME = "fi-barcode"


def recognise(scan: BillScan) -> bool:
    """Whether it has the digits of one and the version in front."""
    digits = written(scan.data, (54,))
    return digits is not None and digits[0] in "45"


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill. An amount of nothing leaves it to the customer, a date of nothing is none; years are of this century."""
    digits = written(scan.data, (54,)) or ""
    account = "FI" + digits[1:17]
    require(is_iban(account), Reason.ACCOUNT)
    minor = int(digits[17:25])
    return Bill(
        standard=NAME,
        account=account,
        currency="EUR",
        reference=_national(digits) if digits[0] == "4" else _international(digits),
        amount=Money(minor, "EUR") if minor else None,
        due=_day(digits[48:]),
        minimum=Money(1, "EUR"),
        maximum=Money(99_999_999, "EUR"),
    )


def _national(digits: str) -> str:
    """Version 4: three zeros, then a reference of 4 to 20 digits with its check digit."""
    require(digits[25:28] == "000", Reason.MALFORMED)
    reference = digits[28:48].lstrip("0")
    require(len(reference) >= 4 and mod_731(reference[:-1]) == reference[-1], Reason.REFERENCE)
    return reference


def _international(digits: str) -> str:
    """Version 5: the check digits of ISO 11649, then the reference, its zeros in front left out."""
    reference = f"RF{digits[25:27]}{digits[27:48].lstrip('0')}"
    require(is_rf(reference), Reason.REFERENCE)
    return reference


def _day(text: str) -> date | None:
    """YYMMDD."""
    if text == "000000":
        return None
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise Refused(Reason.DATE) from None
