"""A member of staff decides from afar: for this basket and no other, as if they stood at the terminal."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.basket import Approval, Basket
from kiosk.domain.basket_body import fingerprint
from kiosk.domain.facts import Kind
from kiosk.ports import AskedApproval
from kiosk.services.checkout.effects import CallStaff, Record, RemoteAnswer
from kiosk.services.checkout.events import PayPressed, RemoteApproval
from kiosk.services.checkout.keeping import Decision, ended, fact, keep_draft
from kiosk.services.checkout.paying import pay_pressed
from kiosk.services.checkout.session import Session, Turn, repriced


def asked_approval(session: Session) -> AskedApproval | None:
    """What this terminal waits for a person's word for, if it does."""
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


def decided(session: Session, event: RemoteApproval, turn: Turn) -> Decision:
    """Where the shopper waits for an age check: granted or refused, unless the basket is another one by now."""
    basket = session.basket
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
    """Nobody waits for a decision any more."""
    return session, (RemoteAnswer(event.order_id, "refused", "not-waiting"),)


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
