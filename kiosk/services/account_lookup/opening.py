"""Who is there: a card that is shown, or a number that is typed."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.resolver import resolve
from kiosk.domain.scan import AccountCode
from kiosk.ports import CardGone, CardRefused, CardShown
from kiosk.services.account_lookup import leaving
from kiosk.services.account_lookup.events import CardSeen, NumberTyped, NumberWanted
from kiosk.services.account_lookup.view import AccountView
from kiosk.services.checkout.effects import Sound
from kiosk.services.checkout.events import Scanned
from kiosk.services.checkout.keeping import Decision, ended, noted
from kiosk.services.checkout.session import Session, Tone, Turn

SERVICE = "account"
FIRST_STEPS = ("account-start",)
BAR_CODE = "bar-code"  # the layout of a card whose code was scanned
LAST = frozenset({"ended", "locked"})  # problems behind which nothing of what was open can be seen again
_AGAIN = frozenset({"no-match", "away", "not-available"})
_LENGTHS = {IdentifiedBy.ACCOUNT: (4, 34), IdentifiedBy.PHONE: (5, 15)}  # ISO 13616; ITU-T E.164


def opened(session: Session, _: str, turn: Turn) -> Decision:
    """From the home screen."""
    return replace(session, step="account-start", account=AccountView(turn.fresh_id), notice=None, problem=""), ()


def code_scanned(session: Session, code: AccountCode, turn: Turn) -> Decision:
    """The bar code of a holder's card."""
    if not _is_served(session, turn):
        return noted(session, "notice.account-not-here", tone=Tone.WARNING)
    prefix = next((one for one in turn.rules.scan.account_prefixes if code.code.startswith(one)), "")
    number = code.code.removeprefix(prefix)  # as any other reader gives it
    return _identified(session, Holder(IdentifiedBy.CARD, number, BAR_CODE), turn, stays=False)


def card_seen(session: Session, event: CardSeen, turn: Turn) -> Decision:
    """At a card reader, where an account may be opened."""
    match event.event:
        case CardShown() if not _is_served(session, turn):
            return noted(session, "notice.account-not-here", tone=Tone.WARNING)
        case CardShown(holder, stays):
            return _identified(session, holder, turn, stays=stays)
        case CardRefused(reason):
            return _refused(session, reason)
    return session, ()


def card_seen_asking(session: Session, event: CardSeen, turn: Turn) -> Decision:
    """While it is asked who is there. A card that was in the reader may be gone, or another may be shown."""
    is_open = session.account is not None and session.account.overview is not None
    return (
        card_seen_here(session, event, turn)
        if is_open or isinstance(event.event, CardGone)
        else card_seen(session, event, turn)
    )


def card_seen_here(session: Session, event: CardSeen, turn: Turn) -> Decision:
    """With an account in hand: the card that opened it is gone, or there is another one."""
    match event.event:
        case CardGone():
            return leaving.card_gone(session, event.event, turn)
        case CardShown():
            return noted(session, "notice.account-open", tone=Tone.WARNING)
        case CardRefused(reason):
            return card_refused(session, reason)


def card_elsewhere(session: Session, event: CardSeen, _: Turn) -> Decision:
    """Where no account can be opened: in the middle of a payment, say."""
    match event.event:
        case CardRefused(reason):
            return card_refused(session, reason)
        case CardShown():
            return noted(session, "notice.account-later", tone=Tone.WARNING)
    return session, ()


def card_next(session: Session, event: CardSeen, turn: Turn) -> Decision:
    """Somebody shows a card while the farewell to another still stands there."""
    if not isinstance(event.event, CardShown):
        return card_elsewhere(session, event, turn)
    after, effects = ended(session, turn)
    if after.step != "attract":
        return after, effects
    after, more = card_seen(after, event, turn)
    return after, (*effects, *more)


def card_refused(session: Session, reason: str) -> Decision:
    """A word about a card that cannot be used, in passing."""
    if reason == "payment-card":
        return noted(session, "notice.account-payment-card", tone=Tone.WARNING)
    return noted(session, "notice.account-card", tone=Tone.WARNING)


def scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """While it is asked who is there."""
    meaning = resolve(event.scan, turn.rules.scan)
    return (
        code_scanned(session, meaning, turn)
        if isinstance(meaning, AccountCode)
        else leaving.scanned(session, event, turn)
    )


def number_wanted(session: Session, event: NumberWanted, _: Turn) -> Decision:
    """No card at hand: a number is typed."""
    if session.account is None or event.by is IdentifiedBy.CARD:
        return session, ()
    return replace(session, step="account-number", account=replace(session.account, typing=event.by), notice=None), ()


def number_typed(session: Session, event: NumberTyped, turn: Turn) -> Decision:
    """Whether there is such a number is told to nobody before the PIN."""
    view = session.account
    if view is None:
        return session, ()
    number = "".join(event.number.split()).upper()
    least, most = _LENGTHS[view.typing]
    if not (number.isascii() and number.isalnum() and least <= len(number) <= most):
        return noted(session, "notice.account-number", tone=Tone.WARNING)
    return _identified(session, Holder(view.typing, number), turn, stays=False)


def to_start(session: Session, _: object, turn: Turn) -> Decision:
    """Anew, from the question who is there. Where a card is still in the reader, it is the answer: then there is only leaving."""
    if session.account is not None and session.account.card_stays:
        return leaving.left(session, None, turn)
    return opened(session, SERVICE, turn)


def _is_served(session: Session, turn: Turn) -> bool:
    return SERVICE in turn.rules.profiles.get(session.profile, ())


def go_on(session: Session, _: object, turn: Turn) -> Decision:
    """On from a problem: the PIN again, back to what is open, or from the start."""
    view = session.account
    if view is None:
        return session, ()
    if view.overview is not None and view.problem not in LAST:
        return replace(session, step="account", account=replace(view, problem="")), ()
    if view.problem in _AGAIN and view.holder is not None:
        after = replace(view, visit=turn.fresh_id, problem="", ticket="", mark="")
        return replace(session, step="account-pin", account=after), ()
    return to_start(session, None, turn)


def _identified(session: Session, holder: Holder, turn: Turn, *, stays: bool) -> Decision:
    view = AccountView(turn.fresh_id, holder, card_stays=stays, typing=holder.by)
    after = replace(session, step="account-pin", account=view, notice=None, problem="", overlay="")
    return after, (Sound("good"),)


def _refused(session: Session, reason: str) -> Decision:
    if session.account is None:
        return card_refused(session, reason)
    known = reason if reason in ("payment-card", "unknown-card", "removed-early") else "not-readable"
    return replace(session, step="account-problem", account=replace(session.account, problem=known)), (Sound("bad"),)
