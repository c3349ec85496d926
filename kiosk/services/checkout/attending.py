"""A member of staff at the terminal: badge, PIN, and what they decide."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.basket import Approval
from kiosk.domain.facts import Kind
from kiosk.services.checkout import price_asking
from kiosk.services.checkout.editing import to_basket
from kiosk.services.checkout.effects import (
    CallStaff,
    Record,
    Sound,
    VerifyStaff,
)
from kiosk.services.checkout.events import (
    Back,
    PayPressed,
    PinEntered,
    StaffChose,
    StaffRefused,
    StaffVerified,
    TimerRang,
)
from kiosk.services.checkout.keeping import IDLE, Decision, at_rest, ended, fact, keep_draft, noted, timer_rang, voided
from kiosk.services.checkout.paying import pay_pressed, staff_takes_over
from kiosk.services.checkout.session import Session, StaffView, Tone, Turn, repriced
from kiosk.services.refunds import approving as refund_approving
from kiosk.services.refunds import decisions as refunds
from kiosk.services.refunds import money as refund_money


def pin_entered(session: Session, event: PinEntered, _: Turn) -> Decision:
    """Badge and PIN are checked elsewhere; the PIN stays nowhere."""
    if session.staff is None or session.staff.checking:
        return session, ()
    staff = replace(session.staff, checking=True, refusal="")
    return replace(session, staff=staff), (VerifyStaff(session.staff.badge, event.pin),)


def staff_verified(session: Session, event: StaffVerified, _: Turn) -> Decision:
    """The PIN is right: what the member of staff came for is before them."""
    if session.staff is None:
        return session, ()
    staff = replace(session.staff, staff=event.staff, role=event.role, checking=False)
    after = replace(session, step="staff-menu", staff=staff, help_called=False)
    if staff.purpose == "refused":
        after = replace(after, problem="")
    return after, (Sound("good"), CallStaff(""))


def staff_refused(session: Session, event: StaffRefused, _: Turn) -> Decision:
    """Not the right PIN, or the badge is locked."""
    if session.staff is None:
        return session, ()
    staff = replace(session.staff, refusal=event.reason, checking=False)
    return replace(session, staff=staff), (Sound("bad"),)


def login_left(session: Session, event: Back, turn: Turn) -> Decision:
    """Back to where the badge was scanned."""
    if session.refund is not None:
        return replace(session, step="refund-money" if session.refund.is_unclear else "refund-approval", staff=None), ()
    if session.payment_unresolved and session.payment is not None:
        return replace(session, step="clarifying", staff=None), ()
    if session.payment_unresolved:
        return replace(session, step="out-of-service", problem="payment-unresolved", staff=None), ()
    if session.receipt is not None:
        return replace(session, step="receipt-choice", staff=None), ()
    after, effects = to_basket(session, event, turn)
    return at_rest(after), effects


def login_rang(session: Session, event: TimerRang, turn: Turn) -> Decision:
    """Nobody attends any more. A payment that is being cleared up and a receipt that is still owed are never given up by a timer."""
    if event.name == IDLE and (session.payment_unresolved or session.receipt is not None or session.refund is not None):
        return login_left(session, Back(), turn)
    return timer_rang(session, event, turn)


def staff_chose(session: Session, event: StaffChose, turn: Turn) -> Decision:
    """Approve the age, refuse it, give the basket up, take an unclear payment over, or nothing more."""
    staff = session.staff
    if staff is None or not staff.staff:
        return session, ()
    if staff.purpose == price_asking.KIND and event.choice in ("approve", "refuse"):
        return _price_decided(session, staff, event, turn)
    if staff.purpose == refund_money.KIND and event.choice in ("approve", "refuse"):
        return refund_approving.decided_here(session, turn, granted=event.choice == "approve")
    if event.choice == "approve" and staff.role in turn.rules.age_roles and session.basket.needs_age_check:
        return _approve(session, turn)
    if event.choice == "refuse" and session.basket.needs_age_check:
        return _refuse(session, turn)
    if event.choice == "void" and session.refund is not None and not session.payment_unresolved:
        return refunds.left(replace(session, staff=None), event, turn)
    if event.choice == "void" and not session.payment_unresolved:
        return voided(replace(session, staff=None), turn, f"staff:{staff.staff}")
    if event.choice == "take-over" and session.payment_unresolved:
        return staff_takes_over(replace(session, staff=None), turn)
    if event.choice == "done":
        return login_left(replace(session, message="", books=None), Back(), turn)
    return session, ()


def _price_decided(session: Session, staff: StaffView, event: StaffChose, turn: Turn) -> Decision:
    granted = event.choice == "approve"
    if granted and not price_asking.may_give(session, staff.role, turn):
        return noted(session, "problem.price-role", tone=Tone.WARNING)
    return price_asking.decided(session, turn, granted=granted, staff=staff.staff, role=staff.role)


def _approve(session: Session, turn: Turn) -> Decision:
    staff = session.staff
    if staff is None:
        return session, ()
    approval = Approval(staff.staff, staff.role, "age", session.basket.age_fingerprint, turn.at.isoformat())
    basket = replace(session.basket, approval=approval)
    body = {
        "sale_id": session.sale_id,
        "staff": staff.staff,
        "role": staff.role,
        "reason": "age",
        "bound_to": approval.fingerprint,
    }
    granted = Record((fact(Kind.APPROVAL_GRANTED, session.sale_id, body, turn),))
    # Undo must not lead back behind an approval that was given for what lies in the basket now.
    after = replace(session, basket=basket, history=(), staff=None, step="basket")
    if staff.purpose != "age":
        return after, (granted, *keep_draft(after))
    after, effects = pay_pressed(after, PayPressed(), turn)
    return after, (granted, *effects)


def _refuse(session: Session, turn: Turn) -> Decision:
    staff = session.staff.staff if session.staff else ""
    old_enough = tuple(line for line in session.basket.lines if not line.item.minimum_age)
    basket = replace(session.basket, lines=old_enough)
    body = {"sale_id": session.sale_id, "staff": staff, "reason": "age", "bound_to": session.basket.age_fingerprint}
    refused = Record((fact(Kind.APPROVAL_REFUSED, session.sale_id, body, turn),))
    if basket.is_empty:
        after, effects = ended(replace(session, staff=None), turn)
        return after, (refused, *effects)
    after = replace(repriced(replace(session, step="basket", staff=None), basket, turn), history=())
    return after, (refused, *keep_draft(after))
