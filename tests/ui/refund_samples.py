"""Sample sessions of a refund: what each of its screens shows at its fullest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.basket import Voucher
from kiosk.domain.money import Money
from kiosk.domain.sale import Sale, sale_body
from kiosk.services.checkout.session import Notice, Session, StaffView, Tone
from kiosk.services.refunds.view import RefundView

REASONS = ("changed-mind", "wrong-article", "damaged", "expired")
ALL_REASONS = (*REASONS, "wrong-price", "other")
PROBLEMS = ("unknown", "elsewhere", "already", "too-old", "offline", "other-card", "not-given", "refused")


def refund_sessions(full: Session) -> Mapping[str, Session]:
    """Each screen by a short name; `full` is a session with a full basket, which was paid."""
    assert full.priced is not None
    basket = replace(full.basket, vouchers=(Voucher("GIFT-1", "gift", Money(325, "EUR")),))
    body = sale_body("sale-1", basket, full.priced, language="en", at="2026-11-21T10:00:00+01:00")
    tender = {"amount_minor": full.priced.to_pay.minor, "trace": 7, "receipt_no": 7, "card_last4": "0010"}
    sale = Sale.from_body(json.loads(json.dumps({**body, "receipt_number": "1042", "tender": tender})))
    view = RefundView("refund-1", "RCP-4-001042", sale=sale, number=12)
    whole = {line.line_id: max(1, line.count) if not line.weight_g else 1 for line in sale.lines}
    some = replace(view, chosen={1: 1, 7: 1, 8: 2})
    session = Session(full.language, devices=full.devices)
    money = replace(session, step="refund-money")
    done = replace(session, step="refund-done")
    staff = StaffView("refund", "STF-1", "Mara Lind", "attendant")
    text = "Hofmarkt\nRefund\n2026-11-21 14:03\n" + "Oranges, Navel 5.00\n" * 6 + "Refunded 28.69 EUR\nRCP-4-R12"
    found = {
        "refund-start": replace(session, step="refund-start", refund=RefundView("refund-1")),
        "refund-start-warning": replace(
            session,
            step="refund-start",
            refund=RefundView("refund-1"),
            notice=Notice("notice.refund-scan-receipt", tone=Tone.WARNING),
        ),
        "refund-lines": replace(session, step="refund-lines", refund=some),
        "refund-lines-none": replace(session, step="refund-lines", refund=view),
        "refund-reason": replace(session, step="refund-reason", refund=some),
        "refund-approval": replace(session, step="refund-approval", help_called=True, refund=some),
        "refund-staff": replace(session, step="staff-menu", staff=staff, refund=replace(some, reason="damaged")),
        "refund-money": replace(money, refund=replace(some, message="insert-card")),
        "refund-reversing": replace(money, refund=replace(some, message="please-wait", is_reversing=True)),
        "refund-unclear": replace(money, refund=replace(some, is_unclear=True), help_called=True),
        "refund-done": replace(done, refund=replace(view, chosen=whole, is_done=True)),
        "refund-done-paper": replace(done, refund=replace(some, is_done=True, paper_problem=True)),
        "refund-printing": replace(done, step="refund-printing", refund=replace(some, is_done=True)),
        "refund-qr": replace(done, step="refund-qr", refund=replace(some, is_done=True, qr_text=text)),
    }
    for problem in PROBLEMS:
        found[f"refund-problem-{problem}"] = replace(
            session, step="refund-problem", refund=replace(some, problem=problem, terminal="12")
        )
    return found
