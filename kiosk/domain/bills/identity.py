"""What makes two bills the same one: the payee's account, the reference, the amount and the day that it is due."""

from __future__ import annotations

import hashlib

from kiosk.domain.bills.bill import Bill
from kiosk.domain.chain import canonical
from kiosk.domain.facts import Json


def bill_key(bill: Bill) -> str:
    """32 hex digits that are the same for the same bill at every terminal, and tell nobody what is in it.

    Of what the bill itself says, never of what the customer chose to pay: an open amount is a part of it as open.
    """
    amount: Json = [bill.amount.minor, bill.amount.currency] if bill.amount else None
    parts: Json = [bill.account, bill.reference, amount, bill.due.isoformat() if bill.due else None]
    return hashlib.sha256(canonical({"bill": parts}).encode("ascii")).hexdigest()[:32]


def tells_apart(bill: Bill) -> bool:
    """Whether the same key is the same debt. Without an amount or a reference (a collecting box, a free text) it may be owed twice."""
    return bill.amount is not None and bill.reference is not None
