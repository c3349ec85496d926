"""Merchant-presented QR codes (EMVCo QRCPS-MPM 1.1): PIX, PayNow, PromptPay, DuitNow and what else is built on them."""

from __future__ import annotations

import re
from binascii import crc_hqx
from collections.abc import Mapping
from datetime import date

from kiosk.domain.aim import GS1_SYMBOLOGIES
from kiosk.domain.bills.bill import Bill, BillScan, Reason, Refused, refusing, require
from kiosk.domain.bills.lines import decoded, require_plain
from kiosk.domain.currencies import BY_NUMBER
from kiosk.domain.money import Money, decimals, rounded_ratio
from kiosk.domain.scan import LONGEST_SCAN_BYTES

NAME = "emv-mpm"


def recognise(scan: BillScan) -> bool:
    """Whether it begins as one and is no number of the trade (none has more than 20 digits) and no GS1 data."""
    return scan.data.startswith(b"000201") and len(scan.data) > 20 and scan.symbology not in GS1_SYMBOLOGIES


@refusing
def parse(scan: BillScan) -> Bill:
    """The bill. Lengths count characters, the checksum (CRC-16, polynomial 1021, start FFFF) runs over the UTF-8 bytes up to and with
    "6304". What lies behind a web address ("dynamic" PIX) only the central service could fetch: `bill-online`."""
    require(len(scan.data) <= LONGEST_SCAN_BYTES, Reason.TOO_LONG)
    end = _END.search(scan.data)
    if end is None:
        raise Refused(Reason.MALFORMED)
    require(crc_hqx(scan.data[:-4], 0xFFFF) == int(end[1], 16), Reason.CHECKSUM)
    text = decoded(scan.data, "utf-8")
    require_plain(text)
    fields = _fields(text)
    require(fields.get("01", "11") in ("11", "12"), Reason.MALFORMED)
    require(_COUNTRY.fullmatch(fields.get("58", "")), Reason.MALFORMED)
    currency = BY_NUMBER.get(fields.get("53", ""), "")
    require(currency, Reason.CURRENCY)
    payee = _payee(fields)
    amount = _money(fields["54"], currency) if "54" in fields else None
    additional = _fields(fields.get("62", ""))
    return Bill(
        standard=NAME,
        account=payee.account,
        currency=currency,
        payee=fields.get("59"),
        reference=_said(additional.get("05")) or _said(additional.get("01")) or payee.reference,
        amount=amount,
        due=payee.until,
        message=_said(additional.get("08")) or payee.message,
        fee=_fee(fields, amount, currency),
        may_change=payee.may_change,
    )


class _Payee:
    """One account template (26 to 51), by the scheme that its "00" names; of an unknown scheme the first field is the account."""

    def __init__(self, template: Mapping[str, str]) -> None:
        scheme = template.get("00", "").casefold()
        key = next((key for key in _ACCOUNT_AT.get(scheme, ()) if key in template), "")
        first = next((key for key in template if key != "00"), "")
        self.account = template.get(key or first, "")
        self.is_known = bool(key)
        self.reference = template.get("02") if scheme == _PROMPTPAY_BILL else None
        self.message = template.get("02") if scheme == _PIX else None
        self.may_change = scheme == _PAYNOW and template.get("03") == "1"
        self.until = _day(template["04"]) if scheme == _PAYNOW and "04" in template else None
        require(not (scheme == _PIX and "25" in template), Reason.ONLINE)


def _payee(fields: Mapping[str, str]) -> _Payee:
    """Of several accounts the first whose scheme is known; where there is none, the first; then a card network's own (02 to 25)."""
    payees = [_Payee(_fields(value)) for tag, value in fields.items() if "26" <= tag <= "51"]
    payees += [_Payee({"01": value}) for tag, value in fields.items() if "02" <= tag <= "25"]
    payees = [payee for payee in payees if payee.account]
    require(payees, Reason.ACCOUNT)
    return next((payee for payee in payees if payee.is_known), payees[0])


def _fields(text: str) -> dict[str, str]:
    """Tag (two digits) -> value. Raises Refused where a length does not fit or a tag stands twice."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = _HEAD.match(text, at)
        if head is None:
            raise Refused(Reason.MALFORMED)
        end = head.end() + int(head[2])
        value = text[head.end() : end]
        require(0 < int(head[2]) == len(value) and head[1] not in fields, Reason.MALFORMED)
        fields[head[1]] = value
        at = end
    return fields


def _money(text: str, currency: str) -> Money:
    """As "10", "10.5", "10.50": no more digits behind the point than the currency has, but zeros."""
    match = _AMOUNT.fullmatch(text)
    places = decimals(currency)
    if match is None or len(text) > 13 or (match[2] or "")[places:].strip("0"):
        raise Refused(Reason.AMOUNT)
    minor = int(match[1]) * 10**places + int((match[2] or "")[:places].ljust(places, "0") or "0")
    require(minor, Reason.AMOUNT)
    return Money(minor, currency)


def _fee(fields: Mapping[str, str], amount: Money | None, currency: str) -> Money | None:
    """Field 55: "01" a tip if the customer likes, "02" a fee of field 56, "03" of as many per cent as field 57 says."""
    kind = fields.get("55", "01")
    if kind == "01":
        return None
    if kind == "02":
        return _money(fields.get("56", ""), currency)
    per_cent = _PER_CENT.fullmatch(fields.get("57", ""))
    if kind != "03" or per_cent is None or amount is None:
        raise Refused(Reason.FEE)
    hundredths = int(per_cent[1]) * 100 + int((per_cent[2] or "").ljust(2, "0"))
    return Money(rounded_ratio(amount.minor * hundredths, 10_000), currency)


def _said(text: str | None) -> str | None:
    """ "***" stands for "nothing here", or "ask the customer"."""
    return None if text == "***" else text


def _day(text: str) -> date:
    require(_DAY.fullmatch(text), Reason.DATE)
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Refused(Reason.DATE) from None


_PIX, _PAYNOW, _PROMPTPAY_BILL = "br.gov.bcb.pix", "sg.paynow", "a000000677010112"
# Where a scheme keeps its payee's number.
_ACCOUNT_AT = {
    _PIX: ("01",),
    _PAYNOW: ("02",),
    "a000000677010111": ("01", "02", "03", "04"),  # PromptPay: telephone, tax number, e-wallet, bank account
    _PROMPTPAY_BILL: ("01",),
    "a0000006150001": ("02",),  # DuitNow
}
_END = re.compile(rb"6304([0-9A-Fa-f]{4})\Z")
_HEAD = re.compile("([0-9]{2})([0-9]{2})")
_COUNTRY = re.compile("[A-Z]{2}")
_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]*))?")
_PER_CENT = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?")
_DAY = re.compile("[0-9]{8}")
