"""What paying bills asks for: plain data, which `kiosk.services.bill_payment.desk` has performed."""

from __future__ import annotations

from kiosk.domain.bills.bill import Bill
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class AskBill:
    """How the bill stands, kept for `sale_id` where it is open: answered by BillAnswered, within five seconds."""

    bill: Bill
    sale_id: str


@dataclass(frozen=True, slots=True)
class ReleaseBill:
    """The sale does not pay it: another may."""

    bill: Bill
    sale_id: str
