"""Whether the holder is who they say, and what they agree to: from the PIN to the overview."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.facts import Kind
from kiosk.services.account_lookup.effects import FetchOverview, VerifyHolder
from kiosk.services.account_lookup.events import (
    AccountDenied,
    AccountPinTyped,
    ConsentGiven,
    HolderVerified,
    OverviewFound,
)
from kiosk.services.account_lookup.leaving import verified_late
from kiosk.services.account_lookup.view import AccountView
from kiosk.services.checkout.effects import Record, Sound
from kiosk.services.checkout.keeping import Decision, fact, noted
from kiosk.services.checkout.session import Session, Tone, Turn

VERIFYING, FETCHING = "verifying", "fetching"
_PIN_DIGITS = range(4, 13)  # ISO 9564-1, 8.1
# Reasons with words of their own (screen.account-problem.<reason>); any other is one that nothing can be done about here.
_KNOWN = frozenset({"no-match", "locked", "away", "not-available", "not-offered", "ended"})


def pin_typed(session: Session, event: AccountPinTyped, _: Turn) -> Decision:
    """PIN and number are proven elsewhere; the PIN stays nowhere."""
    view = session.account
    if view is None or view.holder is None or view.busy:
        return session, ()
    if not (event.pin.isascii() and event.pin.isdigit() and len(event.pin) in _PIN_DIGITS):
        return noted(session, "notice.account-pin", tone=Tone.WARNING)
    busy = replace(view, busy=VERIFYING, problem="")
    return replace(session, account=busy, notice=None), (VerifyHolder(view.visit, view.holder, event.pin),)


def verified(session: Session, event: HolderVerified, turn: Turn) -> Decision:
    """It is them: the consent first, where they have not agreed to this version of it yet."""
    view = waiting(session, event.visit, VERIFYING)
    if view is None or view.holder is None:
        return verified_late(session, event, turn)
    served = turn.rules.profiles.get(session.profile, ())
    known = replace(
        view,
        busy="",
        ticket=event.ticket,
        mark=event.mark,
        is_live=bool(event.ticket),
        steps_up=event.steps_up,
        overview=event.overview,
        months=turn.rules.accounts.months[0],
        lengths=turn.rules.accounts.months,
        may_shop="checkout" in served,
        may_pay="bills" in served,
    )
    asked = turn.rules.accounts.consent
    if asked and event.consent != asked:
        return replace(session, step="account-consent", account=known), (Sound("good"),)
    after, effects = _opened(session, known)
    return after, (Sound("good"), *effects)


def consent_given(session: Session, _: ConsentGiven, turn: Turn) -> Decision:
    """Agreed: the journal says to which version, and in which language it was read."""
    view = session.account
    if view is None or view.busy or not view.mark:
        return session, ()
    body = {"version": turn.rules.accounts.consent, "language": session.language}
    given = Record((fact(Kind.CONSENT_GIVEN, subject_of(view), body, turn),))
    after, effects = _opened(session, view)
    return after, (given, *effects)


def overview_found(session: Session, event: OverviewFound, _: Turn) -> Decision:
    """What is on the account: shown with its amounts hidden, until they are wanted."""
    view = waiting(session, event.visit, FETCHING)
    if view is None:
        return session, ()
    found = replace(view, busy="", overview=event.overview, is_live=event.is_live, shows=False)
    return replace(session, step="account", account=found), ()


def denied(session: Session, event: AccountDenied, _: Turn) -> Decision:
    """It was not to be had, and each reason has its own way on."""
    view = waiting(session, event.visit)
    if view is None:
        return session, ()
    reason = event.reason if event.reason in _KNOWN else "away"
    problem = replace(
        view, busy="", problem=reason, tries_left=event.tries_left, locked_for_s=event.locked_for_s, shows=False
    )
    return replace(session, step="account-problem", account=problem), (Sound("bad"),)


def waiting(session: Session, visit: str, *what: str) -> AccountView | None:
    """The account in hand, if it is this visit's and waits for an answer (to one of `what`, where that is said)."""
    view = session.account
    is_ours = view is not None and view.visit == visit and view.busy and (not what or view.busy in what)
    return view if is_ours else None


def subject_of(view: AccountView) -> str:
    """By what the journal knows the holder: a mark, never a number."""
    return f"account:{view.mark}"


def _opened(session: Session, view: AccountView) -> Decision:
    if view.overview is not None or view.holder is None:
        return replace(session, step="account", account=replace(view, busy="")), ()
    busy = replace(view, busy=FETCHING)
    return replace(session, account=busy), (FetchOverview(view.visit, view.ticket, view.holder),)
