"""A member of staff approves a refund above the customer's ceiling, at the terminal or from afar: this one, within their role."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.facts import Json, Kind
from kiosk.services.checkout.effects import CallStaff, Record, RemoteAnswer, Sound
from kiosk.services.checkout.keeping import Decision, fact, noted
from kiosk.services.checkout.office import RemoteApproval
from kiosk.services.checkout.session import Session, Tone, Turn
from kiosk.services.refunds import money
from kiosk.services.refunds.decisions import give_back
from kiosk.services.refunds.effects import LeaveReceipt


def decided_afar(session: Session, event: RemoteApproval, turn: Turn) -> Decision:
    """Granted or refused from afar, unless it is another refund by now, or more than the role may give."""
    view = session.refund
    if view is None or event.kind != money.KIND:
        return session, (RemoteAnswer(event.order_id, "refused", "not-supported"),)
    if event.bound_to != money.bound_to(view):
        return session, (RemoteAnswer(event.order_id, "refused", "basket-changed"),)
    if event.granted and not money.may_approve(view, event.role, turn.rules.refunds):
        return session, (RemoteAnswer(event.order_id, "refused", "role"),)
    after, effects = _decided(
        session, turn, granted=event.granted, staff=event.staff, role=event.role, order=event.order_id
    )
    return after, (*effects, RemoteAnswer(event.order_id, "done"))


def decided_here(session: Session, turn: Turn, *, granted: bool) -> Decision:
    """A verified member of staff at the terminal says yes or no."""
    staff, view = session.staff, session.refund
    if staff is None or view is None or not staff.staff:
        return session, ()
    if granted and not money.may_approve(view, staff.role, turn.rules.refunds):
        return noted(session, "problem.refund-role", tone=Tone.WARNING)
    return _decided(session, turn, granted=granted, staff=staff.staff, role=staff.role)


def _decided(session: Session, turn: Turn, *, granted: bool, staff: str, role: str, order: str = "") -> Decision:
    view = session.refund
    total = money.worth(view) if view else None
    if view is None or total is None:
        return session, ()
    body: dict[str, Json] = {
        "refund_id": view.refund_id,
        "sale_id": view.sale.sale_id if view.sale else "",
        "staff": staff,
        "role": role,
        "reason": money.KIND,
        "bound_to": money.bound_to(view),
        "amount_minor": total.amount.minor,
        "currency": total.amount.currency,
        **({"order": order} if order else {}),
    }
    kind = Kind.APPROVAL_GRANTED if granted else Kind.APPROVAL_REFUSED
    recorded = Record((fact(kind, view.refund_id, body, turn),))
    if granted:
        after = replace(session, refund=money.approved(view, staff=staff, role=role, at=turn.at, order=order))
        after, effects = give_back(after, turn)
        return after, (recorded, *effects)
    refused = replace(session, step="refund-problem", staff=None, help_called=False, notice=None)
    refused = replace(refused, refund=replace(view, problem="refused"))
    return refused, (recorded, CallStaff(""), Sound("bad"), LeaveReceipt(view.code, view.refund_id))
