"""Bill payments and refund cases for a back office, in the order in which they changed: one numbering for both, a store's own."""

from __future__ import annotations

from sqlalchemy import Connection

from sync.central.backoffice.models import BillPage, BillPaid, RefundCase, RefundCasePage
from sync.central.billers.cases import CASES
from sync.central.database import rows


def payments(connection: Connection, store_id: str, after: int, limit: int) -> BillPage:
    """Bill payments with a number behind `after`."""
    sql = "SELECT * FROM bill_posting WHERE store_id = :store AND number > :after ORDER BY number LIMIT :limit"
    found = rows(connection, sql, store=store_id, after=after, limit=limit)
    paid = [
        BillPaid(
            **{name: getattr(row, name) for name in BillPaid.model_fields if name != "is_confirmed"},
            is_confirmed=bool(row.is_confirmed),
        )
        for row in found
    ]
    return BillPage(bill_payments=paid, next=paid[-1].number if paid else after, done=len(paid) < limit)


def refund_cases(connection: Connection, store_id: str, after: int, limit: int) -> RefundCasePage:
    """Refund cases with a number behind `after`."""
    sql = f"{CASES} WHERE c.store_id = :store AND c.number > :after ORDER BY c.number LIMIT :limit"
    found = [
        RefundCase(
            **{name: getattr(row, name) for name in RefundCase.model_fields if name not in {"state", "amount_minor"}},
            state="done" if row.done_ms else "open",
            amount_minor=row.amount_minor + row.fee_minor,
        )
        for row in rows(connection, sql, store=store_id, after=after, limit=limit)
    ]
    return RefundCasePage(refund_cases=found, next=found[-1].number if found else after, done=len(found) < limit)
