"""What a ZVT terminal answered, in the words of the payment port."""

from __future__ import annotations

from datetime import date

from devices.terminals.zvt_fields import StatusInformation
from devices.terminals.zvt_slip import Slips
from devices.terminals.zvt_words import CANCELLED_CODE, reason_word
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Result

# ISO 4217 numbers of the currencies that ZVT terminals settle in.
CURRENCY_NUMBERS = {
    "EUR": 978, "CHF": 756, "GBP": 826, "USD": 840, "SEK": 752, "NOK": 578, "DKK": 208, "PLN": 985, "CZK": 203, "HUF": 348,
}  # fmt: skip
_LETTERS = {number: letters for letters, number in CURRENCY_NUMBERS.items()}
_ALREADY_REVERSED = 0xB4


def outcome_of(
    status: StatusInformation | None,
    *,
    asked: Money | None = None,
    code: int | None = None,
    slips: Slips | None = None,
    currency: str,
    today: date,
) -> Outcome:
    """The outcome that `status` (or error code `code` where there is none) tells; `asked` stands in for an amount left out.

    The result is APPROVED only for a plain result 00. A reversal, or a payment that was reversed, is CANCELLED with reason "reversed" and
    the trace of the payment.
    """
    result, reason = _result(status, code)
    slips = slips or Slips()
    if status is None:
        return Outcome(result, reason, asked, customer_slip=slips.customer, merchant_slip=slips.merchant)
    letters = currency if status.currency is None else _LETTERS.get(status.currency, str(status.currency))
    amount = asked if status.amount_minor is None else Money(status.amount_minor, letters)
    return Outcome(
        result=result,
        reason=reason,
        amount=amount,
        # Some terminals leave the trace at zero; their receipt number counts the transactions as well.
        trace=status.reversed_trace or status.trace or status.receipt_no,
        receipt_no=status.receipt_no,
        terminal_id=status.terminal_id,
        card_name=status.card_name,
        card_last4=status.card_last4,
        authorisation=status.authorisation,
        at=_at(status, today),
        customer_slip=slips.customer,
        merchant_slip=slips.merchant,
    )


def unknown(reason: str, asked: Money | None, seen: Outcome | None = None) -> Outcome:
    """Nobody knows how it ended; `seen` is what the terminal had said until then."""
    if seen is None:
        return Outcome(Result.UNKNOWN, reason, asked)
    return Outcome(
        Result.UNKNOWN,
        reason,
        seen.amount,
        seen.trace,
        seen.receipt_no,
        seen.terminal_id,
        seen.card_name,
        seen.card_last4,
        seen.authorisation,
        seen.at,
    )


def _result(status: StatusInformation | None, code: int | None) -> tuple[Result, str]:
    # A failure's code counts, whatever was said before it.
    told = code if status is None or (code is not None and not status.result) else status.result
    if status is not None and status.reversed_trace is not None and told == 0:
        return Result.CANCELLED, "reversed"
    if told is None:
        return Result.UNKNOWN, "no-result"
    if told == 0:
        return Result.APPROVED, ""
    if told == CANCELLED_CODE:
        return Result.CANCELLED, reason_word(told)
    if told == _ALREADY_REVERSED:
        return Result.CANCELLED, "reversed"
    return Result.DECLINED, reason_word(told)


def _at(status: StatusInformation, today: date) -> str:
    """The terminal's date and time; it tells no year, so that of the nearest such day not after tomorrow is taken."""
    if len(status.date) != 4 or len(status.time) != 6:
        return ""
    month, day = status.date[:2], status.date[2:]
    year = today.year - 1 if (int(month), int(day)) > (today.month, today.day + 1) else today.year
    return f"{year}-{month}-{day}T{status.time[:2]}:{status.time[2:4]}:{status.time[4:]}"
