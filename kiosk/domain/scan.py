"""What a scan means: the vocabulary. The resolver that finds the meaning is in `kiosk.domain.resolver`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kiosk.domain.bills.bill import Bill
from kiosk.domain.records import dataclass

# Nothing a shopper holds is longer; a QR code may carry 2,953 bytes, so the cap is a decision (threats: giant codes).
LONGEST_SCAN_BYTES = 512
# But one: a Swiss QR-bill fills a QR code of version 25 (SIX Implementation Guidelines QR-bill, 5). Only what begins as one may.
LONGEST_BILL_BYTES = 997


class Source(StrEnum):
    """Where a scan came from."""

    SCANNER = "scanner"
    CAMERA = "camera"
    TYPED = "typed"
    TOUCH = "touch"


@dataclass(frozen=True, slots=True)
class Scan:
    """Bytes as they came off a wire: `symbology` is the AIM identifier without its bracket ("E0", "C1", "Q3") or "".

    Terminator (CR, LF) and AIM identifier are taken off; a GS1 separator stands as 0x1D. `at_ms` is the terminal's monotonic clock.
    """

    data: bytes
    symbology: str = ""
    source: Source = Source.SCANNER
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class ItemCode:
    """An article's number with what the code says besides. Weight in grams, price in minor units of `currency`.

    With a `reference` the article is to be found by that: `gtin` is then "" (a PLU) or the restricted-circulation number as
    scanned, which changes with every price and weight.
    """

    gtin: str  # 14 digits, or ""
    reference: str = ""  # item reference of a restricted-circulation number, or a PLU
    weight_g: int | None = None
    price_minor: int | None = None
    currency: str | None = None
    quantity: int | None = None
    batch: str | None = None
    expiry: date | None = None
    best_before: date | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class CouponCode:
    """A coupon: applies its promotion once to a basket."""

    code: str


@dataclass(frozen=True, slots=True)
class VoucherCode:
    """A deposit-return slip or gift voucher: worth money, used once."""

    code: str


@dataclass(frozen=True, slots=True)
class MemberCode:
    """A member's number: what they buy counts for them."""

    code: str


@dataclass(frozen=True, slots=True)
class AccountCode:
    """A code of an account holder's card. `code` is as scanned, with its prefix: private, never shown or logged."""

    code: str

    def __repr__(self) -> str:
        return "AccountCode(...)"


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """The number of a receipt of ours."""

    code: str


@dataclass(frozen=True, slots=True)
class HeldCode:
    """A basket that was put on hold."""

    code: str


@dataclass(frozen=True, slots=True)
class StaffCode:
    """A staff badge; never enough without the PIN."""

    code: str


@dataclass(frozen=True, slots=True)
class BillCode:
    """A bill of one of the standards in `kiosk.domain.bills`, or of a template of the site; every check digit fits."""

    bill: Bill


@dataclass(frozen=True, slots=True)
class Unknown:
    """No rule took the scan. `reason` is a stable code; all of them stand with their meaning in `kiosk.domain.interpret`."""

    reason: str


Meaning = (
    ItemCode
    | CouponCode
    | VoucherCode
    | MemberCode
    | AccountCode
    | ReceiptCode
    | HeldCode
    | StaffCode
    | BillCode
    | Unknown
)
