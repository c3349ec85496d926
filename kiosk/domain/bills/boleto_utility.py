"""The Brazilian bill of a utility, a town or the tax office (FEBRABAN "arrecadação"): 44 digits in the bars, 48 in the typed line."""

from __future__ import annotations

from kiosk.domain.bills.bill import Bill, BillScan, Reason, refusing, require
from kiosk.domain.bills.digits import written
from kiosk.domain.bills.references import luhn, mod_11
from kiosk.domain.money import Money

NAME = "boleto-utility"


def recognise(scan: BillScan) -> bool:
    """Whether it has the digits of one and the 8 in front."""
    digits = written(scan.data, (44, 48))
    return digits is not None and digits[0] == "8"


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill: the account is the company's number (4 digits, or 8 of its tax number in segment 6), the reference what it laid out
    itself. A due date has no fixed place there. With a third digit of 7 or 9 the amount is no money, and so is open."""
    digits = written(scan.data, (44, 48)) or ""
    bars = digits if len(digits) == 44 else _bars(digits)
    require(bars[1] in "12345679" and bars[2] in "6789", Reason.MALFORMED)
    require(check_digit(bars[2], bars[:3] + bars[4:]) == bars[3], Reason.CHECK_DIGIT)
    account_end = 23 if bars[1] == "6" else 19
    minor = int(bars[4:15]) if bars[2] in "68" else 0
    return Bill(
        standard=NAME,
        account=bars[15:account_end],
        currency="BRL",
        reference=bars[account_end:],
        amount=Money(minor, "BRL") if minor else None,
        minimum=Money(1, "BRL"),
        maximum=Money(99_999_999_999, "BRL"),
    )


def check_digit(kind: str, payload: str) -> str:
    """By modulo 10 where the third digit of the bill, `kind`, is 6 or 7, else by modulo 11: the remainders 0 and 1 share the digit 0."""
    if kind in "67":
        return luhn(payload)
    left = mod_11(payload)
    return "0" if left < 2 else str(11 - left)


def _bars(line: str) -> str:
    blocks = [line[at : at + 12] for at in (0, 12, 24, 36)]
    for block in blocks:
        require(check_digit(line[2], block[:-1]) == block[-1], Reason.CHECK_DIGIT)
    return "".join(block[:-1] for block in blocks)
