"""What a holder does with an account that is open: sees it, takes a statement along, pays a bill, uses a coupon."""

from __future__ import annotations

from dataclasses import replace

from kiosk.ports import PrintOutcome
from kiosk.services.account_lookup.effects import MakeStatement
from kiosk.services.account_lookup.events import (
    AmountsShown,
    CodesReady,
    CodeTurned,
    CouponChosen,
    DueBillChosen,
    MonthsChosen,
    PartOpened,
    StatementPrinted,
    StatementWanted,
)
from kiosk.services.account_lookup.leaving import PRINTING
from kiosk.services.account_lookup.verifying import waiting
from kiosk.services.account_lookup.view import AccountView, StatementCodes
from kiosk.services.bill_payment.opening import open_bill
from kiosk.services.checkout.keeping import Decision, keep_draft, noted
from kiosk.services.checkout.session import Session, Tone, Turn, changed

MAKING_CODES = "making-codes"
_PARTS = {"movements": "account-movements", "statement": "account-statement"}


def amounts_shown(session: Session, event: AmountsShown, _: Turn) -> Decision:
    """Names and amounts, for as long as they are wanted."""
    if session.account is None:
        return session, ()
    return replace(session, account=replace(session.account, shows=event.on)), ()


def part_opened(session: Session, event: PartOpened, _: Turn) -> Decision:
    """The movements, or the statement; to change something is `asking`'s."""
    view = session.account
    if view is None or event.part not in _PARTS:
        return session, ()
    return replace(session, step=_PARTS[event.part], account=_quiet(view), notice=None), ()


def to_overview(session: Session, _: object, __: Turn) -> Decision:
    """Back to what is on the account; what was waited for is not wanted any more."""
    view = session.account
    if view is None or view.overview is None:
        return session, ()
    return replace(session, step="account", account=_quiet(view), notice=None), ()


# --- a statement ---


def months_chosen(session: Session, event: MonthsChosen, _: Turn) -> Decision:
    """Of how long a time."""
    view = session.account
    if view is None or view.busy or event.months not in view.lengths:
        return session, ()
    return replace(session, account=replace(view, months=event.months)), ()


def statement_wanted(session: Session, event: StatementWanted, _: Turn) -> Decision:
    """On paper where there is a printer, or as codes."""
    view = session.account
    if view is None or view.overview is None or view.busy or event.how not in ("paper", "qr"):
        return session, ()
    if event.how == "paper" and not session.devices.can_print:
        return noted(session, "notice.account-no-paper", tone=Tone.WARNING)
    ask = MakeStatement(view.visit, event.how, view.ticket, view.mark, view.months, view.overview, session.language)
    return replace(
        session, account=replace(view, busy=PRINTING if event.how == "paper" else MAKING_CODES), notice=None
    ), (ask,)


def statement_printed(session: Session, event: StatementPrinted, _: Turn) -> Decision:
    """It is out, it is not, or nobody knows: then the holder can see for themselves, and is asked to."""
    view = waiting(session, event.visit, PRINTING)
    if view is None:
        return session, ()
    after = replace(session, account=replace(view, busy=""))
    if event.outcome is PrintOutcome.PRINTED:
        return noted(replace(after, step="account"), "notice.account-printed", tone=Tone.GOOD, count=event.count)
    unknown = event.outcome is PrintOutcome.UNKNOWN
    return noted(after, "notice.account-print-unknown" if unknown else "notice.account-not-printed", tone=Tone.WARNING)


def codes_ready(session: Session, event: CodesReady, _: Turn) -> Decision:
    """To be photographed, one after another."""
    view = waiting(session, event.visit, MAKING_CODES)
    if view is None:
        return session, ()
    return replace(session, step="account-qr", account=replace(view, busy="", codes=event.codes)), ()


def code_turned(session: Session, event: CodeTurned, _: Turn) -> Decision:
    """The next code, or the one before."""
    view = session.account
    if view is None:
        return session, ()
    at = min(max(view.codes.at + event.by, 0), max(len(view.codes.texts) - 1, 0))
    return replace(session, account=replace(view, codes=replace(view.codes, at=at))), ()


# --- from here to the basket ---


def coupon_chosen(session: Session, event: CouponChosen, turn: Turn) -> Decision:
    """Into the basket, where this terminal has a checkout."""
    view = session.account
    coupons = view.overview.coupons if view and view.overview and view.may_shop else ()
    if not 0 <= event.at < len(coupons):
        return session, ()
    code = coupons[event.at].code
    known = {promotion.code for promotion in turn.rules.price.promotions}
    if code in session.basket.coupons:
        return noted(session, "notice.coupon-already", tone=Tone.WARNING)
    if code not in known:
        return noted(session, "problem.coupon-unknown", tone=Tone.WARNING)
    basket = replace(session.basket, coupons=(*session.basket.coupons, code))
    after, effects = noted(changed(session, basket, turn), "notice.coupon-added", tone=Tone.GOOD)
    return after, (*effects, *keep_draft(after))


def bill_chosen(session: Session, event: DueBillChosen, turn: Turn) -> Decision:
    """To be paid as if its code were scanned. The account closes first: what comes now, staff or whoever waits may see."""
    view = session.account
    due = view.overview.due_bills if view and view.overview and view.may_pay else ()
    if not 0 <= event.at < len(due):
        return session, ()
    return open_bill(replace(session, account=None), due[event.at].bill, turn)


def _quiet(view: AccountView) -> AccountView:
    return replace(view, busy="", codes=StatementCodes(), problem="", code_went_to="", code_refused=False)
