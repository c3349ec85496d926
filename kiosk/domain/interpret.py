"""What `kiosk interpret` answers: a line of scan data in, one plain record out. For integrators, so it may hold English sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from kiosk.domain.aim import split_aim
from kiosk.domain.bills.bill import Bill
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.scan import (
    AccountCode,
    BillCode,
    CouponCode,
    HeldCode,
    ItemCode,
    Meaning,
    MemberCode,
    ReceiptCode,
    Scan,
    StaffCode,
    Unknown,
    VoucherCode,
)

Plain: TypeAlias = str | int | None


def interpret(raw_line: bytes | str, rules: ScanRules) -> dict[str, Plain | dict[str, Plain]]:
    r"""The meaning of one line, with or without AIM identifier; in it `\n`, `\r`, `\x1d` and `\\` stand for those characters.

    Keys as in the issue's description of the command: `input`, `kind`, `gtin`, `weight_g`, `price_minor`, `currency`, `quantity`,
    `batch`, `expiry`, `best_before`, `serial`, `symbology`, `bill`, `error`, `message`; None where not known. Of a bill: `standard`,
    `payee`, `account`, `reference`, `amount_minor`, `currency`, `due` (ISO 8601), `message`, `open_amount`. Bytes that are no UTF-8 are
    shown as `\xNN` in `input`. Never raises.
    """
    raw = raw_line.encode("utf-8", "backslashreplace") if isinstance(raw_line, str) else raw_line
    raw = raw.removesuffix(b"\n").removesuffix(b"\r")
    symbology, data = split_aim(unescaped(raw))
    meaning = resolve(Scan(data, symbology), rules)
    code = meaning if isinstance(meaning, ItemCode) else _NO_ITEM
    error = meaning.reason if isinstance(meaning, Unknown) else None
    return {
        "input": raw.decode("utf-8", "backslashreplace"),
        "kind": _KINDS[type(meaning)],
        "gtin": code.gtin or None,
        "weight_g": code.weight_g,
        "price_minor": code.price_minor,
        "currency": code.currency,
        "quantity": code.quantity,
        "batch": code.batch,
        "expiry": code.expiry.isoformat() if code.expiry else None,
        "best_before": code.best_before.isoformat() if code.best_before else None,
        "serial": code.serial,
        "symbology": symbology or None,
        "bill": _bill(meaning.bill) if isinstance(meaning, BillCode) else None,
        "error": error,
        "message": MESSAGES[error] if error else None,
    }


def _bill(bill: Bill) -> dict[str, Plain]:
    return {
        "standard": bill.standard,
        "payee": bill.payee,
        "account": bill.account,
        "reference": bill.reference,
        "amount_minor": bill.amount.minor if bill.amount else None,
        "currency": bill.currency,
        "due": bill.due.isoformat() if bill.due else None,
        "message": bill.message,
        "open_amount": bill.amount is None,
    }


def unescaped(line: bytes) -> bytes:
    r"""The scan data that a line stands for: `\n`, `\r`, `\x1d` and `\\` are those characters, all else is itself."""
    return _ESCAPE.sub(lambda match: _ESCAPED[match[1]], line)


MESSAGES: Mapping[str, str] = {
    "empty": "There is no code in this line.",
    "too-long": "The code is longer than 512 bytes; nothing that a till reads is.",
    "control-characters": "The code holds control characters other than the GS1 separator (0x1D).",
    "not-ascii": "The code holds characters outside ASCII; no standard we read has them.",
    "check-digit": "The check digit does not fit the number; one of its digits was misread or mistyped.",
    "not-a-code": "No rule knows this code: it is no GTIN, no GS1 data and none of the shop's own codes.",
    "own-code": "The code begins as one of the shop's own, but what follows is no number of it.",
    "restricted-template": "The price or weight inside this number of the shop is nothing or does not fit its own check digit.",
    "gs1-malformed": "The GS1 data breaks the rules of an application identifier: unknown, too short, too long or given twice.",
    "gs1-check-digit": "The GTIN inside the GS1 data (AI 01) does not fit its check digit.",
    "gs1-date": "A date inside the GS1 data (AI 11, 15 or 17) is no day of the calendar.",
    "gs1-currency": "The currency number of the price inside the GS1 data (AI 393n) is none of ISO 4217.",
    "gs1-without-gtin": "The GS1 data names no article: it has no GTIN (AI 01).",
    "link-without-gtin": "The web address is no GS1 Digital Link of an article; it is not opened.",
    "bill-malformed": "The code begins as a bill, but a part of it is missing, too long, given twice or out of place.",
    "bill-check-digit": "A check digit of the bill does not fit; one of its digits was misread or mistyped.",
    "bill-checksum": "The checksum of the bill does not fit its text; the code is damaged or was changed.",
    "bill-account": "The payee's account on the bill is no account number.",
    "bill-reference": "The bill's reference does not fit its check digits, or not the kind of account it is paid to.",
    "bill-amount": "The amount on the bill is nothing, too large, or not written as its standard says.",
    "bill-currency": "The bill is in a currency that its standard does not have.",
    "bill-date": "A date on the bill is no day of the calendar.",
    "bill-payee": "The bill does not say to whom it is paid, as its standard asks.",
    "bill-fee": "The bill asks for a fee that cannot be worked out from it.",
    "bill-version": "The bill is of a version or a kind of its standard that is not read here.",
    "bill-characters": "The bill holds characters that cannot be seen as they are, or bytes that are not of its charset.",
    "bill-too-long": "The bill is longer than its standard allows.",
    "bill-online": "The bill is kept behind a web address: only the central service may ask for it.",
    "bill-no-payment": "The bill is a notice, not to be paid (its amount is 0.00).",
    "bill-not-taken": "The bill is valid, but this site takes none of its standard (site.bills.standards).",
}

_KINDS: Mapping[type[Meaning], str] = {
    ItemCode: "item",
    CouponCode: "coupon",
    VoucherCode: "voucher",
    MemberCode: "account",
    AccountCode: "account",
    ReceiptCode: "receipt",
    HeldCode: "held",
    StaffCode: "staff",
    BillCode: "bill",
    Unknown: "unknown",
}
_NO_ITEM = ItemCode("")
_ESCAPE = re.compile(rb"\\(n|r|x1d|x1D|\\)")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"x1d": b"\x1d", b"x1D": b"\x1d", b"\\": b"\\"}
