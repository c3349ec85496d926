"""The Spanish bill to be paid at a counter or a machine: AEB/CSB norm 57, format 90507, 46 digits."""

from __future__ import annotations

from datetime import date

from kiosk.domain.bills.bill import Bill, BillScan, Reason, Refused, refusing, require
from kiosk.domain.bills.digits import written
from kiosk.domain.money import Money

NAME = "es-csb57"


def recognise(scan: BillScan) -> bool:
    """Whether it has the digits of one and its format in front; other formats (90502, 90508, 90521) are templates of a site."""
    digits = written(scan.data, (46,))
    return digits is not None and digits.startswith("90507")


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill: the account is issuer and suffix (11 digits); the reference, 19 digits, is the issuer's 11 with the two control digits
    behind and the identification, without which one customer's bills would look alike. Where the suffix is 500 or more, the identification
    is the last day to pay, DDMMYY."""
    digits = written(scan.data, (46,)) or ""
    issuer, suffix, reference, identification, cents = (
        digits[5:13],
        digits[13:16],
        digits[16:27],
        digits[29:35],
        digits[35:45],
    )
    require(digits[45] == "0", Reason.MALFORMED)  # fills the number up to pairs of digits
    require(control_digits(issuer, suffix, reference, identification, cents) == digits[27:29], Reason.CHECK_DIGIT)
    require(int(cents), Reason.AMOUNT)
    return Bill(
        standard=NAME,
        account=issuer + suffix,
        currency="EUR",
        reference=reference + digits[27:29] + identification,
        amount=Money(int(cents), "EUR"),
        due=_day(identification) if int(suffix) >= 500 else None,
    )


def control_digits(*parts: str) -> str:
    """The sum of the five numbers divided by 97: a hundred less the first two digits behind the point, 00 where none are left."""
    return f"{-(sum(map(int, parts)) % 97 * 100 // 97) % 100:02}"


def _day(text: str) -> date:
    try:
        return date(2000 + int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        raise Refused(Reason.DATE) from None
