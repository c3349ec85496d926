"""A receipt as a document: a sale with its tax marks, its card and its place in the journal. Words and paper come later."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.facts import Json
from kiosk.domain.money import Money
from kiosk.domain.pricing import DepositLine
from kiosk.domain.records import dataclass
from kiosk.domain.sale import Sale, SaleLine
from kiosk.domain.tax import TaxTotal

ANCHOR_DIGITS = 12


@dataclass(frozen=True, slots=True)
class ReceiptCard:
    """The card payment: what the payment terminal answered, and the slips it had printed. Never more than four digits of the card."""

    amount: Money
    card_name: str
    card_last4: str
    authorisation: str
    trace: int | None
    terminal_id: str
    customer_slip: tuple[str, ...]
    merchant_slip: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A whole receipt. `code` is what its bar code says; `anchor` the first digits of the journal's hash at the sale, which ties the
    paper to the books."""

    sale: Sale
    code: str
    terminal_id: str
    store_id: str
    card: ReceiptCard | None
    anchor: str

    def mark(self, sold: SaleLine | DepositLine | TaxTotal) -> str:
        """The letter (A, B, ...) of a line's tax class, as it stands in the table of taxes."""
        rate_bp = sold.rate_bp if isinstance(sold, TaxTotal) else sold.tax_rate_bp
        for place, tax in enumerate(self.sale.taxes):
            if (tax.tax_class, tax.rate_bp) == (sold.tax_class, rate_bp):
                return chr(ord("A") + place)
        return ""

    def deposit(self, line: SaleLine) -> DepositLine | None:
        """The deposit of a line, where it has one."""
        return next((deposit for deposit in self.sale.deposits if deposit.line_id == line.line_id), None)


def receipt_of(
    sale: Sale, settlement: Mapping[str, Json], *, digest: str, code_prefix: str, terminal_id: str, store_id: str
) -> Receipt:
    """The receipt of a sale in the books: `settlement` is the body of its `payment.settled` (empty where there is none yet), `digest`
    the hash of its entry."""
    number = sale.receipt_number.zfill(6)
    return Receipt(
        sale=sale,
        code=f"{code_prefix}{terminal_id}-{number}",
        terminal_id=terminal_id,
        store_id=store_id,
        card=_card(sale, settlement) if sale.tender else None,
        anchor=digest[:ANCHOR_DIGITS],
    )


def _card(sale: Sale, settlement: Mapping[str, Json]) -> ReceiptCard:
    tender = sale.tender or {}
    amount, trace = tender.get("amount_minor"), tender.get("trace")
    return ReceiptCard(
        amount=Money(amount, sale.currency) if isinstance(amount, int) else sale.to_pay,
        card_name=_text(tender, "card_name"),
        card_last4=_text(tender, "card_last4"),
        authorisation=_text(tender, "authorisation"),
        trace=trace if isinstance(trace, int) else None,
        terminal_id=_text(tender, "terminal_id"),
        customer_slip=_slip(settlement, "customer_slip"),
        merchant_slip=_slip(settlement, "merchant_slip"),
    )


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _slip(body: Mapping[str, Json], name: str) -> tuple[str, ...]:
    lines = body.get(name)
    return tuple(map(str, lines)) if isinstance(lines, list | tuple) else ()
