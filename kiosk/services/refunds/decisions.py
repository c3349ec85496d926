"""What a receipt, a touch, a member of staff and the payment terminal mean for a refund."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kiosk.domain.facts import Kind
from kiosk.domain.refund import refundable
from kiosk.domain.resolver import resolve
from kiosk.domain.scan import ReceiptCode, Source, StaffCode
from kiosk.services.checkout.effects import CallStaff, CancelPayment, Record, Sound
from kiosk.services.checkout.events import (
    Back,
    GoOn,
    PaymentMessage,
    ReceiptChosen,
    Scanned,
    TimerRang,
)
from kiosk.services.checkout.keeping import (
    IDLE,
    Decision,
    ended,
    fact,
    noted,
    notice_rang,
    timer_rang,
)
from kiosk.services.checkout.session import Session, StaffView, Tone, Turn
from kiosk.services.refunds import money
from kiosk.services.refunds.effects import FindSale, GiveMoneyBack, LeaveReceipt, MakeRefundQr, PrintRefund
from kiosk.services.refunds.events import (
    AllChosen,
    PiecesChosen,
    ReasonChosen,
    RefundDone,
    RefundFailed,
    RefundQrReady,
    RefundReceiptPrinted,
    RefundUnclear,
    SaleFound,
    SaleRefused,
)
from kiosk.services.refunds.view import RefundView

# Reasons of the terminal with words of their own; every other one is told as "declined".
_TOLD_APART = frozenset(
    {"cancelled", "other-card", "already-reversed", "not-given", "unreachable", "busy", "books", "timeout"}
)


# After these the same receipt may be refunded in a moment, or otherwise.
PASSING = frozenset(
    {"offline", "declined", "cancelled", "other-card", "not-given", "unreachable", "busy", "timeout", "books", "taken"}
)


def opened(session: Session, _: str, turn: Turn) -> Decision:
    """From the home screen: which receipt?"""
    return replace(session, step="refund-start", refund=RefundView(turn.fresh_id), notice=None, overlay=""), ()


def receipt_scanned(session: Session, code: ReceiptCode, turn: Turn) -> Decision:
    """A receipt where goods are gathered: it opens its refund, unless there is something in the basket."""
    if not session.basket.is_empty or session.claiming or session.looking_up:
        return noted(session, "notice.refund-basket", tone=Tone.WARNING)
    started, _ = opened(session, "", turn)
    return _look_up(started, code.code)


def scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """A receipt's code, or its number as it is typed."""
    meaning = resolve(event.scan, turn.rules.scan)
    if isinstance(meaning, ReceiptCode):
        return _look_up(session, meaning.code)
    text = event.scan.data.decode("ascii", "replace").strip()
    prefixes = turn.rules.refunds.prefixes
    if event.scan.source is Source.TYPED and prefixes:
        is_number = text.isdecimal() and len(text) <= _LONGEST_NUMBER
        typed = f"{turn.rules.refunds.terminal_id}-{text.zfill(6)}" if is_number else text
        if _MARK in typed:
            return _look_up(session, f"{prefixes[0]}{typed.removeprefix(prefixes[0])}")
    return noted(session, "notice.refund-scan-receipt", tone=Tone.WARNING)


_MARK = "-"
_LONGEST_NUMBER = 9


def _look_up(session: Session, code: str) -> Decision:
    view = session.refund
    if view is None or view.looking:
        return session, ()
    after = replace(session, refund=replace(view, code=code, looking=True), notice=None)
    return after, (FindSale(code, view.refund_id),)


def sale_found(session: Session, event: SaleFound, turn: Turn) -> Decision:
    """The receipt is ours: what of it may still come back?"""
    view = session.refund
    if view is None or event.refund_id != view.refund_id or not view.looking:
        return session, ()
    found = replace(
        view,
        looking=False,
        sale=event.sale,
        given_back=event.given_back,
        number=event.number,
        is_proven=event.is_proven,
    )
    after = replace(session, refund=found, step="refund-lines", notice=None)
    if not event.sale.lines:
        return _problem(after, "nothing")
    if not refundable(event.sale, event.given_back):
        return _problem(after, "already")
    if (turn.today - datetime.fromisoformat(event.sale.at).date()).days > turn.rules.refunds.days:
        return _problem(after, "too-old")
    return after, (Sound("good"),)


def sale_refused(session: Session, event: SaleRefused, _: Turn) -> Decision:
    """No refund of this receipt here: why, and where else."""
    view = session.refund
    if view is None or event.refund_id != view.refund_id or not view.looking:
        return session, ()
    after = replace(session, refund=replace(view, looking=False, terminal=event.terminal))
    return _problem(after, event.reason)


def _problem(session: Session, problem: str) -> Decision:
    if session.refund is None:
        return session, ()
    view = replace(session.refund, problem=problem, cancelling=False, message="")
    return replace(session, step="refund-problem", refund=view, notice=None), (Sound("bad"), *_left(view))


def _left(view: RefundView) -> tuple[LeaveReceipt, ...]:
    return (LeaveReceipt(view.code, view.refund_id),) if view.code else ()


# --- what comes back, and why ---


def pieces_chosen(session: Session, event: PiecesChosen, _: Turn) -> Decision:
    """More or fewer pieces of a line; never more than are left."""
    view = session.refund
    if view is None or view.sale is None:
        return session, ()
    left = {one.line.line_id: one.left for one in refundable(view.sale, view.given_back)}
    count = max(0, min(event.count, left.get(event.line_id, 0)))
    chosen = {line_id: pieces for line_id, pieces in view.chosen.items() if line_id != event.line_id}
    return replace(session, refund=replace(view, chosen={**chosen, **({event.line_id: count} if count else {})})), ()


def all_chosen(session: Session, _: AllChosen, __: Turn) -> Decision:
    """Everything that is left."""
    view = session.refund
    if view is None or view.sale is None:
        return session, ()
    chosen = {one.line.line_id: one.left for one in refundable(view.sale, view.given_back)}
    return replace(session, refund=replace(view, chosen=chosen)), ()


def lines_done(session: Session, _: GoOn, turn: Turn) -> Decision:
    """On to the reason, if there is anything to give back."""
    view = session.refund
    total = money.worth(view) if view else None
    if view is None or total is None:
        return noted(session, "notice.refund-choose", tone=Tone.WARNING)
    if not view.is_proven and total.amount.minor > turn.rules.refunds.offline_minor:
        return _problem(session, "offline")
    return replace(session, step="refund-reason", notice=None), ()


def reason_chosen(session: Session, event: ReasonChosen, turn: Turn) -> Decision:
    """Why: then it is approved, or goes back at once where it is little."""
    if session.refund is None or event.reason not in turn.rules.refunds.reasons:
        return session, ()
    after = replace(session, refund=replace(session.refund, reason=event.reason, approval=None))
    if money.needs_approval(after.refund, turn.rules.refunds) if after.refund else True:
        waiting = replace(after, step="refund-approval", help_called=True, notice=None)
        return waiting, (CallStaff("refund"), Sound("attention"))
    return give_back(after, turn)


def approval_scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """Where only staff can go on: their badge counts."""
    meaning = resolve(event.scan, turn.rules.scan)
    if isinstance(meaning, StaffCode):
        badge = StaffView(money.KIND, badge=meaning.code)
        return replace(session, step="staff-login", staff=badge, notice=None), (Sound("good"),)
    return noted(session, "notice.one-moment", tone=Tone.WARNING)


# --- the money ---


def give_back(session: Session, turn: Turn) -> Decision:
    """To the payment terminal; nothing happens there before it is in the journal."""
    view = session.refund
    refund = money.refund_in_hand(view, turn.at, session.language) if view else None
    if view is None or refund is None:
        return session, ()
    called = (CallStaff(""),) if session.help_called else ()
    session = replace(session, help_called=False, staff=None)
    if refund.amount and (session.payment_unresolved or not session.devices.can_charge):
        after, effects = _problem(session, "unreachable")
        return after, (*effects, *called)
    message = "please-wait" if refund.by_reversal or not refund.amount else "connecting"
    paying = replace(view, message=message, is_reversing=refund.by_reversal)
    return replace(session, step="refund-money", refund=paying, notice=None), (*called, GiveMoneyBack(refund))


def money_message(session: Session, event: PaymentMessage, _: Turn) -> Decision:
    """What the payment terminal says, in our words."""
    view = session.refund
    if view is None or view.cancelling or view.is_unclear:
        return session, ()
    # The terminal speaks to the customer: it could not reverse, and wants the card.
    return replace(session, refund=replace(view, message=event.code, is_reversing=False)), ()


def money_cancelled(session: Session, _: Back, __: Turn) -> Decision:
    """No refund after all: the payment terminal is asked to give up, and has the last word."""
    view = session.refund
    if view is None or view.cancelling or view.is_unclear or view.is_reversing:
        return session, ()
    return replace(session, refund=replace(view, cancelling=True)), (CancelPayment(),)


def money_scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """Money is under way: nothing is scanned past it. Where it is unclear, staff may take over."""
    if session.refund is not None and session.refund.is_unclear:
        return approval_scanned(session, event, turn)
    return noted(session, "notice.one-moment", tone=Tone.WARNING)


def unclear(session: Session, event: RefundUnclear, _: Turn) -> Decision:
    """Nobody knows yet: say so, and that nothing has to be done twice."""
    view = session.refund
    if view is None:
        return session, ()
    # Another card than the one that paid: nobody has to come for it, the terminal is only asked whether it took the money back.
    if event.reason == "other-card":
        return replace(session, refund=replace(view, is_unclear=True), payment_unresolved=True), ()
    after = replace(session, refund=replace(view, is_unclear=True), payment_unresolved=True, help_called=True)
    return after, (Sound("attention"), CallStaff("refund-unclear"))


def done(session: Session, event: RefundDone, _: Turn) -> Decision:
    """The money is on its way, and the books say so."""
    view = session.refund
    if view is None or view.refund_id != event.refund_id:
        return session, ()
    after = replace(
        session,
        step="refund-done",
        refund=replace(view, is_done=True, is_unclear=False, message=""),
        payment_unresolved=False,
        staff=None,
        help_called=False,
        notice=None,
    )
    return after, (Sound("good"), *_left(view), *((CallStaff(""),) if session.help_called else ()))


def failed(session: Session, event: RefundFailed, _: Turn) -> Decision:
    """Nothing went back. A refund that was called off leads back to its lines without a word."""
    view = session.refund
    if view is None:
        return session, ()
    called = (CallStaff(""),) if session.help_called else ()
    after = replace(session, payment_unresolved=False, staff=None, help_called=False)
    if view.cancelling and event.reason == "cancelled":
        again = replace(view, cancelling=False, is_unclear=False, message="", approval=None)
        return replace(after, step="refund-lines", refund=again), called
    after = replace(after, refund=replace(view, is_unclear=False))
    after, effects = _problem(after, event.reason if event.reason in _TOLD_APART else "declined")
    return after, (*effects, *called)


# --- its receipt ---


def receipt_chosen(session: Session, event: ReceiptChosen, turn: Turn) -> Decision:
    """None, paper, or a code to keep."""
    view = session.refund
    if view is None:
        return session, ()
    if event.choice == "paper" and session.devices.can_print:
        printing = replace(session, step="refund-printing", refund=replace(view, paper_problem=False))
        return printing, (PrintRefund(view.refund_id, session.language, view.is_copy),)
    if event.choice == "qr":
        return session, (MakeRefundQr(view.refund_id, session.language),)
    return _without_receipt(session, turn) if event.choice == "none" else (session, ())


def _without_receipt(session: Session, turn: Turn) -> Decision:
    refund_id = session.refund.refund_id if session.refund else ""
    return replace(session, step="thanks"), (
        Record((fact(Kind.RECEIPT_DECLINED, refund_id, {"refund_id": refund_id}, turn),)),
    )


def receipt_printed(session: Session, event: RefundReceiptPrinted, _: Turn) -> Decision:
    """Proven on paper, or offered again."""
    view = session.refund
    if view is None:
        return session, ()
    if event.is_printed:
        return replace(session, step="thanks"), (Sound("good"),)
    again = replace(session, step="refund-done", refund=replace(view, paper_problem=True, is_copy=True))
    return again, (Sound("bad"),)


def qr_ready(session: Session, event: RefundQrReady, turn: Turn) -> Decision:
    """The code is on the screen."""
    view = session.refund
    if view is None or not view.is_done:
        return session, ()
    shown = fact(Kind.RECEIPT_SHOWN, view.refund_id, {"refund_id": view.refund_id}, turn)
    return replace(session, step="refund-qr", refund=replace(view, qr_text=event.text)), (Record((shown,)),)


def done_rang(session: Session, event: TimerRang, turn: Turn) -> Decision:
    """Nobody chose: no receipt, it stands in the books."""
    if event.name == IDLE:
        return _without_receipt(session, turn)
    return notice_rang(session, event, turn)


# --- the way back ---


def left(session: Session, _: object, turn: Turn) -> Decision:
    """No refund: home, and the receipt is another's to have."""
    view = session.refund
    after, effects = ended(session, turn)
    kept = replace(after, language=session.language, easier=session.easier)
    return kept, (*(_left(view) if view else ()), *effects)


def one_back(session: Session, _: Back, __: Turn) -> Decision:
    """One step back; what was approved is not approved for anything else."""
    view = session.refund
    before = _BEFORE.get(session.step)
    if view is None or before is None:
        return session, ()
    called = (CallStaff(""),) if session.help_called else ()
    return replace(session, step=before, refund=replace(view, approval=None), help_called=False, notice=None), called


_BEFORE: Mapping[str, str] = {"refund-reason": "refund-lines", "refund-approval": "refund-reason"}


def tried_again(session: Session, _: GoOn, turn: Turn) -> Decision:
    """From a problem that may pass to the same receipt, from any other one to another."""
    before = session.refund
    after, effects = opened(session, "", turn)
    return _look_up(after, before.code) if before is not None and before.problem in PASSING else (after, effects)


def rang(session: Session, event: TimerRang, turn: Turn) -> Decision:
    """An absent customer's refund is cleared, and its receipt is another's to have."""
    view = session.refund
    after, effects = timer_rang(session, event, turn)
    return after, (*effects, *(_left(view) if view and after.refund is None else ()))
