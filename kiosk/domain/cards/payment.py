"""Which cards are payment cards: those are dropped unread. By the issuer's number, the track's layout, the chip's applications."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kiosk.domain.bills.references import luhn
from kiosk.domain.cards.tracks import Tracks

# Ranges of issuers (ISO/IEC 7812-1: the first digits of a card's number), as the payment schemes publish them. Wider rather than narrower.
_RANGES = (
    "1",  # UATP
    "2014", "2149", "2131", "1800",  # enRoute, older Diners Club and JCB
    "2200-2204",  # Mir
    "2221-2720",  # Mastercard
    "300-305", "3095", "36", "38-39",  # Diners Club
    "34", "37",  # American Express
    "3528-3589",  # JCB
    "4",  # Visa
    "5",  # Mastercard, Maestro, Dankort, Elo, Verve: the whole of what ISO/IEC 7812 gives to banks
    "60-69",  # Discover, RuPay, UnionPay, Maestro, girocard: 6 is banking and merchandising
    "81-82",  # UnionPay, RuPay
    "9792",  # Troy
)  # fmt: skip
PAN_DIGITS = (12, 19)
# Registered application providers (ISO/IEC 7816-5): any application of theirs makes a card a payment card.
_SCHEMES = (
    "A000000003",  # Visa
    "A000000004",  # Mastercard, Maestro
    "A000000005",  # Mastercard (UK)
    "A000000025",  # American Express
    "A000000029",  # Link
    "A000000042",  # Carte Bancaire
    "A000000065",  # JCB
    "A000000098",  # Visa (US debit)
    "A000000121",  # Dankort
    "A000000141",  # PagoBANCOMAT
    "A000000152",  # Diners Club, Discover
    "A000000154",  # Banricompras
    "A000000228",  # SPAN / mada
    "A000000277",  # Interac
    "A000000324",  # Discover
    "A000000333",  # UnionPay
    "A000000359",  # girocard
    "A000000371",  # Verve
    "A000000384",  # eftpos
    "A000000439",  # STAR
    "A000000524",  # RuPay
    "A000000620",  # DNA
    "A000000658",  # Mir
    "A000000672",  # Troy
    "D27600002545",  # girocard, by its national provider
)
_ENVIRONMENTS = (
    b"2PAY.SYS.DDF01",
    b"1PAY.SYS.DDF01",
)  # contactless and contact payment environments (EMV book 1, 12.2)
# What is selected, in this order, before anything of ours is: an answer makes the card a payment card.
PAYMENT_APPLICATIONS = (*_ENVIRONMENTS, *(bytes.fromhex(scheme) for scheme in _SCHEMES))

_PAN = rf"(?P<pan>[0-9]{{{PAN_DIGITS[0]},{PAN_DIGITS[1]}}})"
# Financial cards (ISO/IEC 7813, 5 and 6; 4909): number, then expiry YYMM and service code, either of them left out with a separator.
_FINANCIAL = {
    1: re.compile(rf"B{_PAN}\^[^^]{{0,30}}\^.*"),
    2: re.compile(rf"{_PAN}=.*"),
    3: re.compile(rf"[0-9]{{2}}{_PAN}=.*"),
}
_NATIONAL_BANK = re.compile(r"[0-9]{2}59[0-9]{8,17}=.*")  # "59" and a bank's sorting code: no number of ISO/IEC 7812
_DAMAGED = re.compile(r"(?:B|0[0-2])?([0-9]{12,})")


def is_payment(tracks: Tracks) -> bool:
    """Whether any track is a payment card's, or what is left of a damaged one may be."""
    return any(_is_financial(number, said) for number, said in tracks.data.items()) or any(
        _may_be_financial(said) for said in tracks.damaged.values()
    )


def is_payment_number(text: str) -> bool:
    """Whether `text` may be the number of a payment card: 12 to 19 digits of a payment scheme's range, with its check digit."""
    return (
        PAN_DIGITS[0] <= len(text) <= PAN_DIGITS[1]
        and text.isascii()
        and text.isdigit()
        and is_payment_range(text)
        and luhn(text[:-1]) == text[-1]
    )


def is_payment_range(digits: str) -> bool:
    """Whether a number that begins with `digits` can be of a payment scheme's range."""
    return any(_touches(digits, first, last) for first, last in _bounds())


def is_payment_application(aid: bytes) -> bool:
    """Whether the application `aid` (ISO/IEC 7816-4: 5 to 16 bytes) is a payment scheme's, or selecting it could select one."""
    return any(aid.startswith(known) or known.startswith(aid) for known in PAYMENT_APPLICATIONS)


def _is_financial(number: int, said: str) -> bool:
    """A number of a scheme with what follows on a financial card: its check digit need not fit, a misread one is a payment card's too."""
    found = _FINANCIAL[number].fullmatch(said)
    if found is not None and is_payment_range(found["pan"]):
        return True
    return is_payment_number(said) or (number == 3 and _NATIONAL_BANK.fullmatch(said) is not None)


def _may_be_financial(said: str) -> bool:
    found = _DAMAGED.match(said)
    return found is not None and is_payment_range(found[1])


def _touches(digits: str, first: str, last: str) -> bool:
    if len(digits) >= len(first):
        return first <= digits[: len(first)] <= last
    return first[: len(digits)] <= digits <= last[: len(digits)]


def _bounds() -> Iterable[tuple[str, str]]:
    for each in _RANGES:
        first, _, last = each.partition("-")
        yield first, last or first
