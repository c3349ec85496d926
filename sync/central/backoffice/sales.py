"""Sales for a back office, in the order in which the service learned of them: as a page, as JSON lines, as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from sqlalchemy import Connection, Row

from sync.central.backoffice.models import SalePage, Sold, SoldBill, SoldLine, SoldTax
from sync.central.console.books import sale_of
from sync.central.database import rows

COLUMNS: Final = (
    "number", "store_id", "terminal_id", "sale_id", "receipt_number", "at", "state", "currency", "total_minor", "to_pay_minor", "items",
)  # fmt: skip
# A sheet takes what begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def page(connection: Connection, store_id: str, after: int, limit: int) -> SalePage:
    """Sales with a number behind `after`."""
    found = rows(
        connection,
        "SELECT x.number, s.*, e.body FROM sale_export x JOIN sale s ON s.terminal_id = x.terminal_id AND s.sale_id = x.sale_id"
        " LEFT JOIN entry e ON e.terminal_id = s.terminal_id AND e.journal_id = s.journal_id AND e.seq = s.seq"
        " WHERE x.store_id = :store AND x.number > :after ORDER BY x.number LIMIT :limit",
        store=store_id,
        after=after,
        limit=limit,
    )
    sold = [_sold(row) for row in found]
    return SalePage(sales=sold, next=sold[-1].number if sold else after, done=len(sold) < limit)


def as_json_lines(found: SalePage) -> bytes:
    """A sale a line."""
    return "".join(f"{sale.model_dump_json()}\n" for sale in found.sales).encode()


def as_csv(found: SalePage) -> bytes:
    """A sale a line, without its lines; RFC 4180, UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for sale in found.sales:
        writer.writerow([_cell(getattr(sale, name)) for name in COLUMNS])
    return out.getvalue().encode()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _sold(row: Row[Any]) -> Sold:
    sale = sale_of(row.body) if row.body else None
    return Sold(
        number=row.number,
        store_id=row.store_id,
        terminal_id=row.terminal_id,
        sale_id=row.sale_id,
        receipt_number=row.receipt_number,
        at=row.at,
        state=row.state,
        currency=row.currency,
        total_minor=row.total_minor,
        to_pay_minor=row.to_pay_minor,
        items=row.items,
        is_readable=sale is not None,
        lines=[
            SoldLine(
                number=line.gtin or line.plu,
                name=line.name,
                category=line.category,
                count=line.count,
                weight_g=line.weight_g,
                total_minor=line.total.minor,
                tax_class=line.tax_class,
                tax_rate_bp=line.tax_rate_bp,
            )
            for line in (sale.lines if sale else ())
        ],
        taxes=[
            SoldTax(
                tax_class=tax.tax_class,
                tax_rate_bp=tax.rate_bp,
                net_minor=tax.net.minor,
                tax_minor=tax.tax.minor,
                gross_minor=tax.gross.minor,
            )
            for tax in (sale.taxes if sale else ())
        ],
        bills=[
            SoldBill(
                standard=bill.standard,
                payee=bill.payee or "",
                account=bill.account,
                reference=bill.reference or "",
                amount_minor=bill.amount.minor,
                fee_minor=bill.fee.minor,
                currency=bill.amount.currency,
                payment_ref=bill.payment_ref,
                key=bill.key,
                is_confirmed=bill.is_confirmed,
            )
            for bill in (sale.bills if sale else ())
        ],
    )
