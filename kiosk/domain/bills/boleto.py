"""The Brazilian boleto of a bank (FEBRABAN): 44 digits in the bars, 47 in the line that is typed."""

from __future__ import annotations

from datetime import date, timedelta

from kiosk.domain.bills.bill import Bill, BillScan, Reason, refusing, require
from kiosk.domain.bills.digits import written
from kiosk.domain.bills.references import luhn, mod_11
from kiosk.domain.money import Money

NAME = "boleto"

_DAY_ZERO = date(1997, 10, 7)
_DAYS_A_ROUND = 9000  # 9999 was 2025-02-21; the day after is 1000 once more


def recognise(scan: BillScan) -> bool:
    """Whether it has the digits of one; a first digit of 8 is a utility's."""
    digits = written(scan.data, (44, 47))
    return digits is not None and (digits[0] != "8" or len(digits) == 47)


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill: the account is the bank's number, the reference the 25 digits that the bank gave out. It names no payee."""
    digits = written(scan.data, (44, 47)) or ""
    bars = digits if len(digits) == 44 else _bars(digits)
    require(bars[3] == "9", Reason.CURRENCY)
    require(check_digit(bars) == bars[4], Reason.CHECK_DIGIT)
    require(bars[:3] != "000", Reason.ACCOUNT)
    minor = int(bars[9:19])
    return Bill(
        standard=NAME,
        account=bars[:3],
        currency="BRL",
        reference=bars[19:],
        amount=Money(minor, "BRL") if minor else None,
        due=due_date(bars[5:9], scan.today),
        minimum=Money(1, "BRL"),
        maximum=Money(9_999_999_999, "BRL"),
    )


def check_digit(bars: str) -> str:
    """The fifth of 44 digits, made of the others. Three remainders in eleven share the digit 1."""
    digit = 11 - mod_11(bars[:4] + bars[5:])
    return "1" if digit in (10, 11) else str(digit)


def due_date(factor: str, today: date) -> date | None:
    """The day that the four digits count to from 1997-10-07, in the round nearest to `today`; "0000" is none. Raises Refused for
    0001 to 0999, which were never given out."""
    days = int(factor)
    if not days:
        return None
    require(days >= 1000, Reason.DATE)
    first = _DAY_ZERO + timedelta(days)
    rounds = max(0, ((today - first).days + _DAYS_A_ROUND // 2) // _DAYS_A_ROUND)
    return first + timedelta(rounds * _DAYS_A_ROUND)


def _bars(line: str) -> str:
    for field in (line[:10], line[10:21], line[21:32]):
        require(luhn(field[:-1]) == field[-1], Reason.CHECK_DIGIT)
    return line[:4] + line[32:] + line[4:9] + line[10:20] + line[21:31]
