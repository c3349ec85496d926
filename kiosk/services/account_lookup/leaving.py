"""Every way out of an account, and that each of them leaves nothing of it behind."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from kiosk.domain.resolver import resolve
from kiosk.domain.scan import AccountCode, StaffCode
from kiosk.ports import CardGone, HealthState
from kiosk.services.account_lookup.effects import LeaveAccount
from kiosk.services.account_lookup.events import HolderVerified
from kiosk.services.checkout.effects import ForgetCustomer, Sound
from kiosk.services.checkout.events import DeviceChanged, Scanned
from kiosk.services.checkout.keeping import Decision, device_changed, ended, noted
from kiosk.services.checkout.session import Session, StaffView, Tone, Turn

CARD = "card"
PRINTING = "printing"  # a statement is on its way out
_CARD_THERE = (HealthState.READY, HealthState.DEGRADED)


def apart(before: Session, after: Session, steps: Container[str]) -> Decision:
    """`after`, with an account open at the `steps` of this service and nowhere else; what goes with it when it is not open any more.

    The one place where this is seen to, so that no way out, whoever decides it, can forget it.
    """
    if after.account is not None and after.step not in steps:
        after = replace(after, account=None)
    was, now = before.account, after.account
    if was is None or (now is not None and now.visit == was.visit):
        return after, ()
    leave: tuple[object, ...] = (LeaveAccount(was.ticket),) if was.ticket else ()
    return after, (*leave, ForgetCustomer())


def left(session: Session, _: object, turn: Turn) -> Decision:
    """The holder is done: back to what they had in the basket, or to the start."""
    view = session.account
    if view is not None and view.busy == PRINTING:
        return closed(session, turn, "notice.account-take-paper")
    return closed(session, turn, "notice.account-take-card" if view and view.card_stays else "notice.account-closed")


def closed(session: Session, turn: Turn, notice: str) -> Decision:
    """The account is closed, with a word why."""
    if not session.basket.is_empty:
        return noted(replace(session, account=None, step="basket", notice=None), notice)
    after, effects = ended(session, turn)
    after, sound = noted(after, notice)
    return after, (*effects, *sound)


def card_gone(session: Session, _: CardGone, turn: Turn) -> Decision:
    """The card that opened the account was taken out: whoever took it has gone, or is about to."""
    if session.account is None or not session.account.card_stays:
        return session, ()
    return closed(session, turn, "notice.account-closed")


def reader_changed(session: Session, event: DeviceChanged, turn: Turn) -> Decision:
    """A reader that is away cannot tell that a card was taken out: then it was."""
    after, effects = device_changed(session, event, turn)
    if event.kind != CARD or event.health.state in _CARD_THERE:
        return after, effects
    after, gone = card_gone(after, CardGone(), turn)
    return after, (*effects, *gone)


def scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """With an account open only a badge counts, and closes it first: it is not for staff to see. Anything else has to wait."""
    meaning = resolve(event.scan, turn.rules.scan)
    if isinstance(meaning, StaffCode):
        after = replace(session, account=None, step="staff-login", staff=StaffView("service", badge=meaning.code))
        return after, (Sound("good"),)
    again = isinstance(meaning, AccountCode)
    return noted(session, "notice.account-open" if again else "notice.account-first", tone=Tone.WARNING)


def verified_late(session: Session, event: HolderVerified, _: Turn) -> Decision:
    """Whoever asked has left meanwhile."""
    return session, (LeaveAccount(event.ticket),) if event.ticket else ()
