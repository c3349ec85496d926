"""What a refund asks for: plain data, which `kiosk.services.refunds.desk` has performed."""

from __future__ import annotations

from kiosk.domain.records import dataclass
from kiosk.domain.refunding import Refund


@dataclass(frozen=True, slots=True)
class FindSale:
    """The sale of a receipt, claimed for this refund in the whole store: answered by SaleFound or SaleRefused."""

    code: str
    refund_id: str


@dataclass(frozen=True, slots=True)
class LeaveReceipt:
    """The refund is over, or does not come about: another may have the receipt."""

    code: str
    refund_id: str


@dataclass(frozen=True, slots=True)
class GiveMoneyBack:
    """Answered by PaymentMessage, RefundUnclear, and then RefundDone or RefundFailed."""

    refund: Refund


@dataclass(frozen=True, slots=True)
class PrintRefund:
    """Print the refund's receipt: answered by RefundReceiptPrinted."""

    refund_id: str
    language: str
    is_copy: bool


@dataclass(frozen=True, slots=True)
class MakeRefundQr:
    """The refund's receipt as text: answered by RefundQrReady."""

    refund_id: str
    language: str
