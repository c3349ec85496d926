"""What a scan means: one ordered table of rules, the first that knows the code answers. Nothing scanned is opened or evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date

from kiosk.domain import gtin
from kiosk.domain.aim import GS1_SYMBOLOGIES
from kiosk.domain.bills.bill import Bill, BillScan, Refusal
from kiosk.domain.bills.reading import BillRules, may_be_number, may_be_text, number_bill, text_bill
from kiosk.domain.gs1 import SEPARATOR, Gs1Error, item_code, parse_elements, parse_link, parse_readable
from kiosk.domain.records import dataclass
from kiosk.domain.restricted import RestrictedTemplate
from kiosk.domain.scan import (
    LONGEST_SCAN_BYTES,
    AccountCode,
    BillCode,
    CouponCode,
    HeldCode,
    ItemCode,
    Meaning,
    MemberCode,
    ReceiptCode,
    Scan,
    Source,
    StaffCode,
    Unknown,
    VoucherCode,
)

OwnCode = type[CouponCode | MemberCode | AccountCode | VoucherCode | StaffCode | HeldCode | ReceiptCode]


@dataclass(frozen=True, slots=True)
class ScanRules:
    """How a site reads codes: the prefixes of its own, its templates of restricted-circulation numbers (the first that fits), its
    currency, the bills it takes. `today` gives GS1 dates their century, and the due dates of bills theirs."""

    coupon_prefixes: tuple[str, ...] = ("CPN-",)
    member_prefixes: tuple[str, ...] = ("MBR-",)
    account_prefixes: tuple[str, ...] = ("ACC-",)
    voucher_prefixes: tuple[str, ...] = ("VCH-",)
    deposit_prefixes: tuple[str, ...] = ("DEP-",)
    staff_prefixes: tuple[str, ...] = ("STF-",)
    held_prefixes: tuple[str, ...] = ("HLD-",)
    receipt_prefixes: tuple[str, ...] = ("RCP-",)
    restricted: tuple[RestrictedTemplate, ...] = (
        RestrictedTemplate("28IIIIIPPPPPC"),
        RestrictedTemplate("29IIIIIWWWWWC"),
    )
    currency: str = "EUR"
    today: date = date(2026, 1, 1)
    bills: BillRules = BillRules()
    _own: Mapping[str, OwnCode] = field(init=False, repr=False, compare=False)
    _own_pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        own: dict[str, OwnCode] = {}
        for prefixes, kind in (
            (self.coupon_prefixes, CouponCode),
            (self.member_prefixes, MemberCode),
            (self.account_prefixes, AccountCode),
            (self.voucher_prefixes, VoucherCode),
            (self.deposit_prefixes, VoucherCode),
            (self.staff_prefixes, StaffCode),
            (self.held_prefixes, HeldCode),
            (self.receipt_prefixes, ReceiptCode),
        ):
            own |= dict.fromkeys(prefixes, kind)
        longest_first = "|".join(map(re.escape, sorted(own, key=len, reverse=True))) or "(?!)"
        object.__setattr__(self, "_own", own)
        object.__setattr__(self, "_own_pattern", re.compile(f"({longest_first})(.*)"))

    def own_code(self, text: str) -> tuple[OwnCode, str] | None:
        """The kind of our own code that `text` begins as, and what follows the prefix."""
        match = self._own_pattern.fullmatch(text)
        return (self._own[match[1]], match[2]) if match else None


Rule = Callable[[str, Scan, ScanRules], Meaning | None]


def resolve(scan: Scan, rules: ScanRules) -> Meaning:
    """The one meaning of a scan; `Unknown` with a stable reason where no rule takes it. Never raises, whatever the bytes.

    Bills in QR codes go before the guards, for they hold lines, letters of many languages and up to 997 bytes; they have their own.
    """
    if may_be_text(scan.data):
        bill = text_bill(_bill_scan(scan.data.rstrip(b"\r\n"), scan, rules), rules.bills)
        if bill is not None:
            return _meaning(bill)
    if len(scan.data) > LONGEST_SCAN_BYTES:
        return Unknown("too-long")
    data = scan.data.rstrip(b"\r\n")
    if _CONTROL.search(data):
        return Unknown("control-characters")
    if not data.isascii():
        return Unknown("not-ascii")
    text = data.decode("ascii").strip(" ")
    if not text:
        return Unknown("empty")
    for rule in RULES:
        meaning = rule(text, scan, rules)
        if meaning is not None:
            return meaning
    return Unknown("not-a-code")


def _bill_of_template(text: str, _: Scan, rules: ScanRules) -> Meaning | None:
    """Where the site's own layout fits, its check digits too: what does not fit may still be something else."""
    bills = (template.read(text, rules.currency) for template in rules.bills.templates)
    return next((BillCode(bill) for bill in bills if isinstance(bill, Bill)), None)


def _refused_by_template(text: str, _: Scan, rules: ScanRules) -> Meaning | None:
    bills = (template.read(text, rules.currency) for template in rules.bills.templates)
    return next((_meaning(bill) for bill in bills if bill is not None), None)


def _bill(text: str, scan: Scan, rules: ScanRules) -> Meaning | None:
    if not may_be_number(text):
        return None
    if not scan.symbology and isinstance(_bare_element_string(text, scan, rules), ItemCode):
        return None  # GS1 data of digits alone may be as long as a bill
    bill = number_bill(_bill_scan(text.encode("ascii"), scan, rules), rules.bills)
    return None if bill is None else _meaning(bill)


def _bill_scan(data: bytes, scan: Scan, rules: ScanRules) -> BillScan:
    return BillScan(data, scan.symbology, rules.today, rules.currency)


def _meaning(bill: Bill | Refusal) -> Meaning:
    return BillCode(bill) if isinstance(bill, Bill) else Unknown(bill.code)


def _digital_link(text: str, _: Scan, rules: ScanRules) -> Meaning | None:
    return _from_gs1(parse_link, text, rules) if _LINK.match(text) else None


def _element_string(text: str, scan: Scan, rules: ScanRules) -> Meaning | None:
    if scan.symbology in GS1_SYMBOLOGIES or text.startswith(SEPARATOR):
        return _from_gs1(parse_elements, text, rules)
    return None


def _readable_element_string(text: str, _: Scan, rules: ScanRules) -> Meaning | None:
    return _from_gs1(parse_readable, text, rules) if _READABLE.match(text) else None


def _own_code(text: str, scan: Scan, rules: ScanRules) -> Meaning | None:
    own = rules.own_code(text.upper() if scan.source in _BY_HAND else text)
    if own is None:
        return None
    kind, rest = own
    if not _OWN_REST.fullmatch(rest):
        return Unknown("own-code")
    return kind(text.upper() if scan.source in _BY_HAND else text)


def _plu(text: str, scan: Scan, _: ScanRules) -> Meaning | None:
    is_plu = scan.source in _BY_HAND and len(text) in (4, 5) and text.isdecimal()
    return ItemCode("", reference=text) if is_plu else None


def _upc_e(text: str, scan: Scan, _: ScanRules) -> Meaning | None:
    """As scanners send it: under "E0" (which EAN-13, UPC-A and UPC-E share) with 6 to 8 digits; without an identifier only 8 digits
    can be told from other numbers, and then GTIN-8 goes first."""
    if not text.isdecimal() or not (scan.symbology == "E0" or (scan.symbology in ("", "X0") and len(text) == 8)):
        return None
    if scan.symbology != "E0" and gtin.is_valid(text):
        return None
    upc_a = gtin.expand_upc_e(text)
    return ItemCode(upc_a.zfill(14)) if upc_a else None


def _number(text: str, scan: Scan, rules: ScanRules) -> Meaning | None:
    digits = text.replace(" ", "") if scan.source in _BY_HAND else text
    if (
        scan.symbology == "E3"
    ):  # EAN-13 with an add-on of 2 or 5 digits, which magazines and books carry: no part of the number
        digits = digits[:13]
    if len(digits) not in gtin.LENGTHS or not digits.isdecimal():
        return None
    if not gtin.is_valid(digits):
        return Unknown("check-digit")
    return _restricted(digits, rules) or ItemCode(digits.zfill(14))


def _restricted(digits: str, rules: ScanRules) -> Meaning | None:
    # A UPC-A comes with a zero in front from most scanners; its template has 12 places.
    for template in rules.restricted:
        for written in (digits, digits[1:]) if digits[0] == "0" else (digits,):
            meaning = template.read(written, rules.currency)
            if meaning is not None:
                return meaning
    return None


def _bare_element_string(text: str, _: Scan, rules: ScanRules) -> Meaning | None:
    """From a scanner that sends no AIM identifier: text with a separator, or with a GTIN element in front."""
    if SEPARATOR in text or _BARE.match(text):
        return _from_gs1(parse_elements, text, rules)
    return None


def _from_gs1(parse: Callable[[str], dict[str, str]], text: str, rules: ScanRules) -> Meaning:
    try:
        return item_code(parse(text), rules.currency, rules.today.year)
    except Gs1Error as error:
        return Unknown(error.reason)


_CONTROL = re.compile(rb"[\x00-\x1c\x1e\x1f\x7f]")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_READABLE = re.compile(r"\([0-9]{2,4}\)")
_BARE = re.compile(r"01[0-9]{14}")
_OWN_REST = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,63}")
_BY_HAND = (Source.TYPED, Source.TOUCH)

RULES: tuple[Rule, ...] = (
    _own_code,
    _bill_of_template,
    _bill,
    _digital_link,
    _readable_element_string,
    _element_string,
    _plu,
    _upc_e,
    _number,
    _bare_element_string,
    _refused_by_template,
)
