"""The refund in hand as money: what it is worth, what it needs to be approved, and how it stands in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kiosk.domain.facts import Json
from kiosk.domain.money import Money
from kiosk.domain.refund import RefundLine, RefundSum, fingerprint, pieces_of, refund_of
from kiosk.domain.refunding import Original, Refund
from kiosk.domain.sale import Sale
from kiosk.domain.tax import TaxTotal
from kiosk.ports import AskedApproval
from kiosk.services.refunds.view import CUSTOMER, RefundRules, RefundView

SCHEMA = 1
KIND = "refund"  # of an approval


def worth(view: RefundView) -> RefundSum | None:
    """What is chosen so far is worth; None while nothing is."""
    if view.sale is None or not view.chosen:
        return None
    return refund_of(view.sale, view.given_back, view.chosen)


def bound_to(view: RefundView) -> str:
    """What an approval of the refund in hand is bound to; "" where there is nothing to approve."""
    total = worth(view)
    if view.sale is None or total is None:
        return ""
    return fingerprint(view.sale.sale_id, view.chosen, view.reason, total.amount)


def may_approve(view: RefundView, role: str, rules: RefundRules) -> bool:
    """Whether the refund in hand lies within what `role` may give back."""
    total = worth(view)
    return total is not None and total.amount.minor <= rules.ceilings.get(role, 0)


def needs_approval(view: RefundView, rules: RefundRules) -> bool:
    """Whether somebody has to look at it first."""
    return not may_approve(view, CUSTOMER, rules)


def asked_approval(view: RefundView) -> AskedApproval | None:
    """What a person is asked, here or from afar."""
    total = worth(view)
    if view.sale is None or total is None:
        return None
    names = ", ".join(line.line.name for line in total.lines)
    return AskedApproval(
        request_id=view.refund_id,
        kind=KIND,
        basket_hash=bound_to(view),
        item=names if len(names) <= _LONGEST_NAMES else f"{names[: _LONGEST_NAMES - 1]}…",
        picture="",
        reason=f"refund:{total.amount.minor}:{total.amount.currency}:{view.reason}",
    )


_LONGEST_NAMES = 100


def refund_in_hand(view: RefundView, at: datetime, language: str) -> Refund | None:
    """The refund as the machine takes it: all of it, for the journal. The whole payment of the same day is reversed; anything else is given
    to the card that is presented."""
    sale, total = view.sale, worth(view)
    if sale is None or total is None:
        return None
    tender = sale.tender or {}
    original = Original(
        trace=_optional(tender.get("trace")),
        receipt_no=_optional(tender.get("receipt_no")),
        amount=Money(_optional(tender.get("amount_minor")) or 0, sale.currency),
        card_last4=str(tender.get("card_last4") or ""),
    )
    is_today = datetime.fromisoformat(sale.at).date() == at.date()
    return Refund(
        ref=view.refund_id,
        amount=total.to_card,
        original=original,
        body=_body(view, sale, total, at, language),
        by_reversal=total.is_whole and is_today and original.receipt_no is not None,
    )


def _body(view: RefundView, sale: Sale, total: RefundSum, at: datetime, language: str) -> Mapping[str, Json]:
    amounts = {"gross": total.gross, "rounding": total.rounding, "amount": total.amount}
    parts = {"card": total.to_card, "voucher": total.to_voucher}
    return {
        "schema": SCHEMA,
        "sale_id": sale.sale_id,
        "receipt_number": sale.receipt_number,
        "receipt_code": view.code,
        "sold_at": sale.at,
        "number": view.number,
        "at": at.isoformat(),
        "language": language,
        "currency": sale.currency,
        "reason": view.reason,
        "lines": [_line_body(line, view.given_back.get(line.line.line_id, 0), view) for line in total.lines],
        "taxes": [_tax_body(tax) for tax in total.taxes],
        **{f"{name}_minor": money.minor for name, money in {**amounts, **parts}.items()},
        # What goes back to the shelf, or is written off: the office decides by the reason.
        "stock": [
            {
                "gtin": line.line.gtin,
                "plu": line.line.plu,
                "count": line.count,
                "weight_g": line.weight_g,
                "batch": line.line.batch,
            }
            for line in total.lines
        ],
        "approval": view.approval,
    }


def _line_body(line: RefundLine, first: int, view: RefundView) -> dict[str, Json]:
    sold = line.line
    return {
        "line_id": sold.line_id,
        "first": first,
        "pieces": view.chosen[sold.line_id],
        "of_pieces": pieces_of(sold),
        "gtin": sold.gtin,
        "plu": sold.plu,
        "name": sold.name,
        "count": line.count,
        "weight_g": line.weight_g,
        "total_minor": line.total.minor,
        "deposit_minor": line.deposit.minor,
        "tax_class": sold.tax_class,
        "tax_rate_bp": sold.tax_rate_bp,
    }


def _tax_body(tax: TaxTotal) -> dict[str, Json]:
    return {
        "tax_class": tax.tax_class,
        "tax_rate_bp": tax.rate_bp,
        "net_minor": tax.net.minor,
        "tax_minor": tax.tax.minor,
        "gross_minor": tax.gross.minor,
    }


def approved(view: RefundView, *, staff: str, role: str, at: datetime, order: str = "") -> RefundView:
    """The view with its approval: by whom, when, for exactly this refund."""
    approval: dict[str, Json] = {"staff": staff, "role": role, "bound_to": bound_to(view), "at": at.isoformat()}
    return replace(view, approval={**approval, **({"order": order} if order else {})})


def _optional(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
