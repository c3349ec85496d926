"""A receipt as a page shows it: what was sold, paid and taxed, and which bills. Never who paid: no member, no card number, no staff."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from kiosk.domain.money import Money
from kiosk.domain.sale import Sale
from kiosk.domain.sale_bills import SaleBill
from kiosk.domain.tax import TaxTotal
from sync.central.console.books import SaleView, sale_of
from sync.central.database import one


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line: `count` pieces or `weight_g` grams at `unit_price`, with what it saved and its deposit."""

    name: str
    count: int
    weight_g: int
    unit_price: Money
    total: Money
    savings: tuple[tuple[str, Money], ...]
    deposit: Money | None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt. `anchor` ties it to the journal, as on paper; `is_voided` where the sale does not stand.

    The `total` and the taxes are those of the goods; `bills_total` was taken for billers, with `fees_total` on top. Of a bill everything is
    shown that its payer has to be told; only who has the receipt, or reads the store's books, comes to see it.
    """

    store_id: str
    terminal_id: str
    number: str
    at: str
    language: str
    lines: tuple[ReceiptLine, ...]
    promotions: tuple[tuple[str, Money], ...]
    total: Money
    to_pay: Money
    rounding: Money
    vouchers: Money | None
    taxes: tuple[TaxTotal, ...]
    is_by_card: bool
    anchor: str
    is_voided: bool
    bills: tuple[SaleBill, ...]
    goods_to_pay: Money
    bills_total: Money
    fees_total: Money


def view(found: SaleView) -> ReceiptView | None:
    """The receipt of a sale in the books; None where its entry cannot be read."""
    if found.sale is None:
        return None
    row = found.row
    return _receipt(found.sale, "", row.terminal_id, found.anchor, is_voided=row.state != "completed")


def behind(connection: Connection, token: str) -> ReceiptView | None:
    """The receipt with this public name."""
    row = one(
        connection,
        "SELECT s.store_id, s.terminal_id, s.state, e.body, e.hash FROM sale_export x"
        " JOIN sale s ON s.terminal_id = x.terminal_id AND s.sale_id = x.sale_id"
        " JOIN entry e ON e.terminal_id = s.terminal_id AND e.journal_id = s.journal_id AND e.seq = s.seq WHERE x.token = :token",
        token=token,
    )
    sale = sale_of(row.body) if row else None
    if row is None or sale is None:
        return None
    return _receipt(sale, row.store_id, row.terminal_id, row.hash[:12], is_voided=row.state != "completed")


def _receipt(sale: Sale, store_id: str, terminal_id: str, anchor: str, *, is_voided: bool) -> ReceiptView:
    used = sum(voucher.used.minor for voucher in sale.vouchers)
    return ReceiptView(
        store_id=store_id,
        terminal_id=terminal_id,
        number=sale.receipt_number,
        at=sale.at,
        language=sale.language,
        lines=_lines(sale),
        promotions=tuple((saving.label, saving.amount) for saving in sale.promotions),
        total=sale.total,
        to_pay=sale.to_pay,
        rounding=sale.rounding,
        vouchers=Money(used, sale.currency) if used else None,
        taxes=sale.taxes,
        is_by_card=sale.tender is not None,
        anchor=anchor,
        is_voided=is_voided,
        bills=sale.bills,
        goods_to_pay=sale.goods_to_pay,
        bills_total=sale.bills_total,
        fees_total=sale.fees_total,
    )


def _lines(sale: Sale) -> tuple[ReceiptLine, ...]:
    deposits = {deposit.line_id: deposit.total for deposit in sale.deposits}
    return tuple(
        ReceiptLine(
            line.name,
            line.count,
            line.weight_g,
            line.unit_price,
            line.gross,
            tuple((saving.label, saving.amount) for saving in line.savings),
            deposits.get(line.line_id),
        )
        for line in sale.lines
    )
