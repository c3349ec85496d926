"""What a refund gives back: pieces of a sale's lines, and the money that was paid for them, shared out so that nothing is left over.

Every share is the difference of two running sums: what all pieces given back so far are worth after this refund, less what they were
worth before. So the partial refunds of a sale never exceed what was paid, in whatever order, and are exactly that when all is back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from kiosk.domain.chain import canonical
from kiosk.domain.facts import Json
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass
from kiosk.domain.sale import Sale, SaleLine
from kiosk.domain.tax import TaxTotal

# Pieces by line id. A line that is sold by weight, or at a price in its code, counts as one piece: it comes back whole.
Pieces = Mapping[int, int]


class NotRefundableError(ValueError):
    """More was asked back than is left of a line, or nothing at all: our own bug, for the customer can only choose what is left."""


@dataclass(frozen=True, slots=True)
class Refundable:
    """A line of a sale as it may come back: `left` of its `pieces`, and what one, and all of those left, would give."""

    line: SaleLine
    pieces: int
    left: int


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What comes back of a line: into stock, and as money. `total` and `deposit` are at the sale's prices, after savings."""

    line: SaleLine
    count: int  # pieces, 0 for a weighed line
    weight_g: int
    total: Money
    deposit: Money


@dataclass(frozen=True, slots=True)
class RefundSum:
    """The money of one refund. `gross + rounding = amount = to_card + to_voucher`; `gross` is the gross sum of `taxes`.

    `is_whole`: it undoes the sale's whole card payment, so that the payment itself can be reversed.
    """

    lines: tuple[RefundLine, ...]
    taxes: tuple[TaxTotal, ...]
    gross: Money
    rounding: Money
    amount: Money
    to_card: Money
    to_voucher: Money
    is_whole: bool


def refundable(sale: Sale, given_back: Pieces) -> tuple[Refundable, ...]:
    """The lines of which something is left to give back, in the order sold. Bills are their biller's, and are none of them."""
    found = (
        Refundable(line, pieces_of(line), pieces_of(line) - given_back.get(line.line_id, 0)) for line in sale.lines
    )
    return tuple(one for one in found if one.left > 0)


def pieces_of(line: SaleLine) -> int:
    """Into how many parts a line can be divided."""
    return 1 if line.weight_g or line.price_in_code else max(1, line.count)


def refund_of(sale: Sale, given_back: Pieces, chosen: Pieces) -> RefundSum:
    """What `chosen` of the lines is worth, where `given_back` came back before. Card money goes back first: what vouchers paid is the
    last to go back, and not as money. Raises NotRefundableError."""
    lines = {line.line_id: line for line in sale.lines}
    after = {**given_back}
    for line_id, count in chosen.items():
        line = lines.get(line_id)
        if line is None or count <= 0 or given_back.get(line_id, 0) + count > pieces_of(line):
            raise NotRefundableError(f"{count} of line {line_id} of sale {sale.sale_id} cannot come back")
        after[line_id] = given_back.get(line_id, 0) + count
    if not chosen:
        raise NotRefundableError(f"nothing of sale {sale.sale_id} was chosen")
    was, now = _Standing(sale, given_back), _Standing(sale, after)
    taxes = tuple(
        _tax(tax, later, earlier) for tax, later, earlier in zip(sale.taxes, now.taxes, was.taxes, strict=True)
    )
    money = sale.currency
    paid_by_card = sale.tender.get("amount_minor") if sale.tender else None
    return RefundSum(
        lines=tuple(
            _line(sale, lines[line_id], given_back.get(line_id, 0), chosen[line_id])
            for line_id in lines
            if line_id in chosen
        ),
        taxes=tuple(tax for tax in taxes if tax.gross),
        gross=Money(now.gross - was.gross, money),
        rounding=Money((now.paid - now.gross) - (was.paid - was.gross), money),
        amount=Money(now.paid - was.paid, money),
        to_card=Money(now.card - was.card, money),
        to_voucher=Money((now.paid - now.card) - (was.paid - was.card), money),
        is_whole=not was.card and bool(now.card) and now.card == paid_by_card,
    )


def fingerprint(sale_id: str, chosen: Pieces, reason: str, amount: Money) -> str:
    """What an approval of a refund is bound to, as 64 hex digits: any other line, count, reason or amount is another refund."""
    body: dict[str, Json] = {
        "sale_id": sale_id,
        "lines": [[line_id, chosen[line_id]] for line_id in sorted(chosen)],
        "reason": reason,
        "amount_minor": amount.minor,
        "currency": amount.currency,
    }
    return hashlib.sha256(canonical(body).encode("ascii")).hexdigest()


class _Standing:
    """What all pieces given back so far are worth together, in minor units: `taxes` as (net, tax, gross) a class, `card` of `paid`."""

    def __init__(self, sale: Sale, given_back: Pieces) -> None:
        whole = {line.line_id: pieces_of(line) for line in sale.lines}
        self.taxes = _taxes(sale, given_back)
        self.gross = sum(gross for _, _, gross in self.taxes)
        all_gross = sum(gross for _, _, gross in _taxes(sale, whole))
        # The rounding of the whole sale belongs to its goods.
        all_paid = max(0, all_gross + sale.rounding.minor)
        self.paid = all_paid * self.gross // all_gross if all_gross else 0
        on_card = (sale.tender or {}).get("amount_minor")
        by_card = max(0, all_paid - sum(voucher.used.minor for voucher in sale.vouchers))
        self.card = min(self.paid, by_card, on_card if isinstance(on_card, int) else 0)


def _taxes(sale: Sale, given_back: Pieces) -> tuple[tuple[int, int, int], ...]:
    return tuple(_taxed(sale, tax, _priced(sale, tax, given_back)) for tax in sale.taxes)


def _priced(sale: Sale, tax: TaxTotal, given_back: Pieces) -> int:
    """What the pieces given back cost in one tax class, at the prices of the sale."""
    by_line = {line.line_id: line for line in sale.lines}
    sold = [(line, line) for line in sale.lines] + [(by_line[one.line_id], one) for one in sale.deposits]
    return sum(
        _share(part.total.minor, given_back.get(line.line_id, 0), pieces_of(line))
        for line, part in sold
        if (part.tax_class, part.tax_rate_bp) == (tax.tax_class, tax.rate_bp)
    )


def _taxed(sale: Sale, tax: TaxTotal, priced: int) -> tuple[int, int, int]:
    """Net, tax and gross of `priced`; all of a class gives exactly its tax. Prices hold the tax unless the sale added it."""
    base = tax.net.minor if sale.tax_added else tax.gross.minor
    share = tax.tax.minor * priced // base if base else 0
    return (priced, share, priced + share) if sale.tax_added else (priced - share, share, priced)


def _tax(tax: TaxTotal, later: tuple[int, int, int], earlier: tuple[int, int, int]) -> TaxTotal:
    net, share, gross = (Money(now - was, tax.gross.currency) for now, was in zip(later, earlier, strict=True))
    return TaxTotal(tax.tax_class, tax.rate_bp, net, share, gross)


def _line(sale: Sale, line: SaleLine, before: int, count: int) -> RefundLine:
    def share(total: Money) -> Money:
        pieces = pieces_of(line)
        return Money(_share(total.minor, before + count, pieces) - _share(total.minor, before, pieces), sale.currency)

    deposits = sum((one.total.minor for one in sale.deposits if one.line_id == line.line_id), 0)
    is_divided = pieces_of(line) > 1
    return RefundLine(
        line=line,
        count=count if is_divided else line.count,
        weight_g=line.weight_g,
        total=share(line.total),
        deposit=share(Money(deposits, sale.currency)),
    )


def _share(total: int, pieces: int, of: int) -> int:
    return total * pieces // of
