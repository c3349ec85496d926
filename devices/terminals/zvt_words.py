"""The codes of ZVT in stable words: what the terminal tells the customer, and why something failed.

Source: ZVT protocol specification PA00P015, tables "intermediate status" and "error messages".
"""

from __future__ import annotations

from collections.abc import Mapping

# 04 FF. From 41 on the same again, with "and remove the card": there the card is what the customer has to act upon, unless
# the word says why something failed.
_PROGRESS: Mapping[int, str] = {
    0x00: "confirm-amount", 0x01: "enter-pin", 0x02: "enter-pin", 0x03: "not-accepted", 0x04: "contacting-bank",
    0x05: "reversing", 0x06: "please-wait", 0x07: "card-not-accepted", 0x08: "card-unknown", 0x09: "card-expired",
    0x0A: "insert-card", 0x0B: "remove-card", 0x0C: "card-not-readable", 0x0D: "processing-error", 0x0E: "please-wait",
    0x0F: "please-wait", 0x10: "card-invalid", 0x12: "terminal-fault", 0x13: "payment-not-possible",
    0x14: "credit-not-sufficient", 0x15: "wrong-pin", 0x16: "limit-not-sufficient", 0x17: "please-wait",
    0x18: "pin-tries-exceeded", 0x19: "card-data-incorrect", 0x1A: "service-mode", 0x1B: "approved", 0x1C: "approved",
    0x1D: "declined", 0x28: "please-wait", 0x29: "please-wait", 0x2B: "please-wait", 0x2C: "please-wait",
    0x68: "please-wait", 0x69: "follow-terminal", 0xC8: "call-staff", 0xC9: "please-wait", 0xCA: "please-wait",
    0xCC: "enter-pin", 0xD2: "contacting-bank", 0xD3: "contacting-bank", 0xE0: "choose-application",
    0xE1: "choose-language", 0xF1: "offline", 0xF2: "please-wait", 0xF3: "offline",
}  # fmt: skip
_NO_NEWS = frozenset(("enter-pin", "contacting-bank", "please-wait", "approved", "reversing"))

_REASONS: Mapping[int, str] = {
    0x00: "", 0x64: "card-not-readable", 0x65: "card-data-incorrect", 0x66: "processing-error", 0x67: "card-not-accepted",
    0x68: "card-not-accepted", 0x6A: "terminal-full", 0x6B: "not-registered", 0x6C: "cancelled", 0x6E: "card-blocked",
    0x6F: "currency-not-possible", 0x71: "credit-not-sufficient", 0x72: "card-not-readable", 0x73: "card-data-incorrect",
    0x77: "end-of-day-not-possible", 0x78: "card-expired", 0x79: "card-invalid", 0x7A: "card-unknown",
    0x7D: "bank-unreachable", 0x83: "not-possible", 0x85: "terminal-fault", 0x89: "terminal-fault",
    0x9A: "protocol-error", 0x9B: "bank-unreachable", 0x9C: "busy", 0xA0: "busy", 0xA1: "bank-unreachable",
    0xA3: "bank-unreachable", 0xB1: "terminal-full", 0xB2: "terminal-full", 0xB4: "already-reversed",
    0xB5: "reversal-not-possible", 0xC2: "diagnosis-required", 0xC3: "amount-too-high", 0xC5: "card-not-accepted",
    0xC6: "currency-not-possible", 0xC8: "amount-too-low", 0xDC: "card-inserted", 0xEC: "pin-not-possible",
    0xED: "terminal-fault", 0xF0: "end-of-day-open", 0xFF: "terminal-fault",
}  # fmt: skip
# 1 to 99 (decimal, below 64 hexadecimal) come from the bank's host: ISO 8583 response codes. These are worth a word of their own.
_HOST_REASONS: Mapping[int, str] = {
    33: "card-expired", 43: "card-blocked", 51: "credit-not-sufficient", 54: "card-expired", 55: "wrong-pin",
    61: "limit-not-sufficient", 62: "card-blocked", 75: "pin-tries-exceeded", 91: "bank-unreachable",
}  # fmt: skip

# What a person at the terminal or at the register ended, rather than the bank or the machine.
CANCELLED_CODE = 0x6C
BUSY_CODES = frozenset((0x9C, 0xA0))


def progress_word(code: int) -> str:
    """The stable word of an intermediate status; "please-wait" for one that is not in the table."""
    word = _PROGRESS.get(code)
    if word is None and 0x41 <= code <= 0x67:
        word = _PROGRESS.get(code - 0x40)
        if word is None or word in _NO_NEWS:
            return "remove-card"
    return word or "please-wait"


def reason_word(code: int) -> str:
    """The stable word of an error code (06 1E, 84 xx, field 27); "declined" for the bank's own, "terminal-error" for others."""
    if code in _REASONS:
        return _REASONS[code]
    return _HOST_REASONS.get(code, "declined" if code < 0x64 else "terminal-error")
