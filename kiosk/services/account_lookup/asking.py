"""A change that a holder asks for: the one-time code first, then what it is to be, looked at once more before it is sent."""

from __future__ import annotations

from dataclasses import replace

from kiosk.services.account_lookup.effects import AskForChange, SendCode, StepUp
from kiosk.services.account_lookup.events import (
    AccountDenied,
    ChangeChosen,
    ChangeTaken,
    ChangeTyped,
    CodeSent,
    CodeTyped,
    CodeWanted,
    PartOpened,
    SteppedUp,
)
from kiosk.services.account_lookup.looking import part_opened
from kiosk.services.account_lookup.verifying import denied, waiting
from kiosk.services.account_lookup.view import ADDRESS, PHONE, AccountView, Change
from kiosk.services.checkout.effects import Sound
from kiosk.services.checkout.events import GoOn
from kiosk.services.checkout.keeping import Decision, noted
from kiosk.services.checkout.session import Session, Tone, Turn
from kiosk.services.words import printable

SENDING, PROVING, ASKING = "sending-code", "proving-code", "asking"
_CODE_DIGITS = range(4, 11)
_LONGEST = {ADDRESS: 60, PHONE: 24}
_LEAST = {ADDRESS: 8, PHONE: 6}


def part_wanted(session: Session, event: PartOpened, turn: Turn) -> Decision:
    """To change something needs the live account and a one-time code; the rest does not."""
    view = session.account
    if event.part != "change" or view is None:
        return part_opened(session, event, turn)
    if not view.is_live:
        return _problem(session, view, "needs-live")
    if not view.steps_up:
        return _problem(session, view, "no-code")
    return replace(session, step="account-change", account=replace(view, change=Change()), notice=None), ()


def change_chosen(session: Session, event: ChangeChosen, _: Turn) -> Decision:
    """Which of them; a code is sent, unless one was right during this visit."""
    view = session.account
    if view is None or event.what not in (ADDRESS, PHONE):
        return session, ()
    chosen = replace(view, change=Change(event.what), code_refused=False)
    if view.stepped_up:
        return replace(session, step="account-change-entry", account=chosen), ()
    return _sent(replace(session, step="account-code"), chosen)


def code_wanted(session: Session, _: CodeWanted, __: Turn) -> Decision:
    """It did not come: another one."""
    view = session.account
    return (session, ()) if view is None or view.busy else _sent(session, replace(view, code_refused=False))


def code_sent(session: Session, event: CodeSent, _: Turn) -> Decision:
    """It is on its way to where the holder finds it."""
    view = waiting(session, event.visit, SENDING)
    if view is None:
        return session, ()
    return replace(session, account=replace(view, busy="", code_went_to=event.went_to)), ()


def code_typed(session: Session, event: CodeTyped, _: Turn) -> Decision:
    """Proven where it was made."""
    view = session.account
    if view is None or view.busy:
        return session, ()
    if not (event.code.isascii() and event.code.isdigit() and len(event.code) in _CODE_DIGITS):
        return noted(session, "notice.account-code", tone=Tone.WARNING)
    busy = replace(view, busy=PROVING, code_refused=False)
    return replace(session, account=busy, notice=None), (StepUp(view.visit, view.ticket, event.code),)


def code_denied(session: Session, event: AccountDenied, turn: Turn) -> Decision:
    """A wrong code can be typed again; anything else has its own way."""
    view = waiting(session, event.visit, PROVING)
    if view is None or event.reason != "wrong-code":
        return denied(session, event, turn)
    return replace(session, account=replace(view, busy="", code_refused=True)), (Sound("bad"),)


def stepped_up(session: Session, event: SteppedUp, _: Turn) -> Decision:
    """It was right: good for this visit."""
    view = waiting(session, event.visit, PROVING)
    if view is None:
        return session, ()
    after = replace(view, busy="", stepped_up=True, code_refused=False)
    return replace(session, step="account-change-entry", account=after, notice=None), (Sound("good"),)


def change_typed(session: Session, event: ChangeTyped, _: Turn) -> Decision:
    """What it is to be; plain text, whatever was typed."""
    view = session.account
    if view is None or not view.change.what:
        return session, ()
    what, text = view.change.what, " ".join(printable(event.text).split())
    is_right = _LEAST[what] <= len(text) <= _LONGEST[what] and (what == ADDRESS or _is_phone(text))
    if not is_right:
        return noted(session, f"notice.account-{what}", tone=Tone.WARNING)
    return replace(session, step="account-change-check", account=replace(view, change=Change(what, text))), ()


def to_entry(session: Session, _: object, __: Turn) -> Decision:
    """Not right yet: typed again."""
    return replace(session, step="account-change-entry"), ()


def change_sent(session: Session, _: GoOn, __: Turn) -> Decision:
    """It is right as it stands: asked for."""
    view = session.account
    if view is None or view.busy or not (view.stepped_up and view.change.wanted):
        return session, ()
    ask = AskForChange(view.visit, view.ticket, view.mark, view.change.what, view.change.wanted)
    return replace(session, account=replace(view, busy=ASKING), notice=None), (ask,)


def change_taken(session: Session, event: ChangeTaken, _: Turn) -> Decision:
    """People decide about it, and write."""
    view = waiting(session, event.visit, ASKING)
    if view is None:
        return session, ()
    after = replace(session, step="account", account=replace(view, busy="", change=Change()))
    return noted(after, "notice.account-asked", tone=Tone.GOOD)


def _sent(session: Session, view: AccountView) -> Decision:
    busy = replace(view, busy=SENDING, code_went_to="")
    return replace(session, account=busy, notice=None), (SendCode(view.visit, view.ticket),)


def _problem(session: Session, view: AccountView, reason: str) -> Decision:
    return replace(session, step="account-problem", account=replace(view, problem=reason)), ()


def _is_phone(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return text.isascii() and _LEAST[PHONE] <= digits <= 15 and all(one.isdigit() or one in "+ -/()" for one in text)
