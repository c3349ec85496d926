"""What can happen to a refund: what the customer does, and what comes back from the books and the payment terminal. Plain data."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.records import dataclass
from kiosk.domain.sale import Sale
from kiosk.services.checkout.events import CustomerAct

# --- what the customer does ---


@dataclass(frozen=True, slots=True)
class PiecesChosen(CustomerAct):
    """So many pieces of a line are to come back; none takes it off again."""

    line_id: int
    count: int


@dataclass(frozen=True, slots=True)
class AllChosen(CustomerAct):
    """Everything that is left is to come back."""


@dataclass(frozen=True, slots=True)
class ReasonChosen(CustomerAct):
    """Why it comes back: one of the site's reasons, a stable code."""

    reason: str


# --- what comes back from outside ---


@dataclass(frozen=True, slots=True)
class SaleFound:
    """The receipt is in this terminal's books. `given_back` are the pieces that came back before, by line id; `number` is that of the
    refund's own receipt, should there be one. `is_proven`: the whole store was asked."""

    refund_id: str
    sale: Sale
    given_back: Mapping[int, int]
    number: int
    is_proven: bool


@dataclass(frozen=True, slots=True)
class SaleRefused:
    """The receipt leads to no refund here. `reason` is a stable code ("unknown", "elsewhere", "voided", "taken", ...), `terminal` whose
    receipt it is."""

    refund_id: str
    reason: str
    terminal: str = ""


@dataclass(frozen=True, slots=True)
class RefundDone:
    """The money is on its way back, and the books say so."""

    refund_id: str


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """No money went back. `reason` is a stable code: "declined", "cancelled", "other-card", "unreachable", "busy", ..."""

    reason: str


@dataclass(frozen=True, slots=True)
class RefundUnclear:
    """Nobody knows yet whether the money went back; it is being found out."""

    reason: str


@dataclass(frozen=True, slots=True)
class RefundReceiptPrinted:
    """How the print job of a refund's receipt ended; `is_printed` only where the printer said so."""

    is_printed: bool


@dataclass(frozen=True, slots=True)
class RefundQrReady:
    """The refund's receipt as text for a QR code."""

    text: str
