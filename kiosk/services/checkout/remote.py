"""A member of staff decides from afar: for this basket and no other, as if they stood at the terminal."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.basket import Approval, Basket
from kiosk.domain.basket_body import fingerprint
from kiosk.domain.facts import Kind
from kiosk.ports import AskedApproval
from kiosk.services.checkout import price_asking
from kiosk.services.checkout.effects import CallStaff, Record, RemoteAnswer
from kiosk.services.checkout.events import (
    PayPressed,
)
from kiosk.services.checkout.keeping import Decision, at_rest, ended, fact, keep_draft
from kiosk.services.checkout.office import ProfileChosen, RemoteApproval
from kiosk.services.checkout.paying import pay_pressed
from kiosk.services.checkout.session import CLOSED, Session, Turn, repriced
from kiosk.services.refunds import money as refund_money

ASKED_KINDS = frozenset({"age", price_asking.KIND, refund_money.KIND})  # what this terminal has a journey for


def asked_approval(session: Session) -> AskedApproval | None:
    """What this terminal waits for a person's word for, if it does."""
    if session.step == "price-check":
        return price_asking.asked_approval(session)
    if session.step == "refund-approval" and session.refund is not None:
        return refund_money.asked_approval(session.refund)
    if session.step != "age-check":
        return None
    basket = session.basket
    item = next(line.item for line in basket.lines if line.item.minimum_age == basket.minimum_age)
    return AskedApproval(
        request_id=session.sale_id,
        kind="age",
        basket_hash=fingerprint(basket),
        item=item.name(session.language),
        picture=item.picture,
        reason=basket.age_fingerprint,
    )


def profile_chosen(session: Session, event: ProfileChosen, turn: Turn) -> Decision:
    """Where nobody is at the terminal: it serves another profile from now on, or nobody."""
    is_free = session.basket.is_empty and not session.claiming and not session.payment_unresolved
    if not is_free or (session.step == "out-of-service" and session.problem != CLOSED):
        return busy(session, event, turn)
    opened = replace(session, profile=event.profile, step="attract", problem="", notice=None)
    return at_rest(opened), _told(event.order_id, "done")


def busy(session: Session, event: ProfileChosen, _: Turn) -> Decision:
    """Somebody is at the terminal, or something is: not now."""
    return session, _told(event.order_id, "refused", "busy")


def _told(order_id: str, status: str, reason: str = "") -> tuple[RemoteAnswer, ...]:
    return (RemoteAnswer(order_id, status, reason),) if order_id else ()


def decided(session: Session, event: RemoteApproval, turn: Turn) -> Decision:
    """Where the shopper waits for an age check: granted or refused, unless the basket is another one by now."""
    basket = session.basket
    if event.kind != "age":  # of a question that this terminal has not asked
        return session, (RemoteAnswer(event.order_id, "refused", "not-supported"),)
    if event.bound_to != fingerprint(basket):
        return session, (RemoteAnswer(event.order_id, "refused", "basket-changed"),)
    if event.role not in turn.rules.age_roles:
        return session, (RemoteAnswer(event.order_id, "refused", "role"),)
    body = {
        "sale_id": session.sale_id,
        "staff": event.staff,
        "role": event.role,
        "reason": "age",
        "bound_to": event.bound_to,
        "order": event.order_id,
    }
    kind = Kind.APPROVAL_GRANTED if event.granted else Kind.APPROVAL_REFUSED
    recorded = Record((fact(kind, session.sale_id, body, turn),))
    told = (recorded, RemoteAnswer(event.order_id, "done"), CallStaff(""))
    called = replace(session, help_called=False)
    after, effects = _granted(called, event, turn) if event.granted else _refused(called, basket, turn)
    return after, (*told, *effects)


def too_late(session: Session, event: RemoteApproval, _: Turn) -> Decision:
    """Nobody waits for a decision any more; what this terminal never waits for, it says itself."""
    reason = "not-waiting" if event.kind in ASKED_KINDS else "not-supported"
    return session, (RemoteAnswer(event.order_id, "refused", reason),)


def _granted(session: Session, event: RemoteApproval, turn: Turn) -> Decision:
    approval = Approval(event.staff, event.role, "age", session.basket.age_fingerprint, turn.at.isoformat())
    # Undo must not lead back behind an approval that was given for what lies in the basket now.
    approved = replace(session, basket=replace(session.basket, approval=approval), history=(), step="basket")
    return pay_pressed(approved, PayPressed(), turn)


def _refused(session: Session, basket: Basket, turn: Turn) -> Decision:
    left = replace(basket, lines=tuple(line for line in basket.lines if not line.item.minimum_age))
    if left.is_empty:
        return ended(session, turn)
    after = replace(repriced(replace(session, step="basket"), left, turn), history=())
    return after, keep_draft(after)
