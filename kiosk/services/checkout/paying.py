"""From "Pay" to the receipt: what has to be settled before, the card, and what can go wrong on the way."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.facts import Kind
from kiosk.domain.sale import sale_body
from kiosk.ports import PrintOutcome
from kiosk.services.checkout.effects import (
    BookSale,
    CallStaff,
    CancelPayment,
    ClearDraft,
    LeavePayment,
    MakeQr,
    Pay,
    PrintReceipt,
    Record,
    Sound,
)
from kiosk.services.checkout.events import (
    Back,
    GoOn,
    PaymentDone,
    PaymentFailed,
    PaymentGivenBack,
    PaymentLeftOver,
    PaymentMessage,
    PaymentsClear,
    PaymentUnclear,
    PayPressed,
    QrReady,
    ReceiptChosen,
    ReceiptPrinted,
    TimerRang,
)
from kiosk.services.checkout.keeping import IDLE, Decision, at_rest, ended, fact, noted, notice_rang, released
from kiosk.services.checkout.session import PaymentView, ReceiptView, Session, Tone, Turn, fresh

# Reasons with a screen of their own; every other one is told as "declined".
_TOLD_APART = frozenset(
    {
        "declined",
        "cancelled",
        "wrong-pin",
        "timeout",
        "card-left-in",
        "card-not-readable",
        "unreachable",
        "busy",
        "not-charged",
        "books",
    }
)


def pay_pressed(session: Session, _: PayPressed, turn: Turn) -> Decision:
    """Everything that must be so before a card is asked for, one thing at a time, in this order."""
    priced = session.priced
    if priced is None or not session.basket.is_payable:
        return session, ()
    if session.looking_up or session.claiming:
        return noted(session, "notice.one-moment")
    if session.basket.needs_age_check:
        return replace(session, step="age-check", help_called=True, notice=None), (CallStaff("age"), Sound("attention"))
    if not session.devices.can_print and not session.paper_known:
        return replace(session, step="paper-out", problem=session.devices.printer.reason, notice=None), ()
    if priced.to_pay.minor > turn.rules.limits.payment_minor:
        return noted(session, "problem.payment-limit", tone=Tone.WARNING)
    ref = turn.fresh_id
    sale = sale_body(session.sale_id, session.basket, priced, language=session.language, at=turn.at.isoformat())
    if priced.to_pay.minor == 0:
        return _paying(session, ref, 0, "please-wait"), (BookSale(sale),)
    if session.payment_unresolved or not session.devices.can_charge:
        return _failed(replace(session, payment=PaymentView(ref, priced.to_pay.minor)), "unreachable")
    return _paying(session, ref, priced.to_pay.minor, "connecting"), (Pay(ref, priced.to_pay.minor, sale),)


def _paying(session: Session, ref: str, amount_minor: int, message: str) -> Session:
    return replace(session, step="pay", payment=PaymentView(ref, amount_minor, message), notice=None, problem="")


def paper_accepted(session: Session, _: GoOn, turn: Turn) -> Decision:
    """The shopper pays although there is no paper: a QR code, or no receipt."""
    after, effects = pay_pressed(replace(session, paper_known=True, step="basket"), PayPressed(), turn)
    return after, effects


# --- the card ---


def payment_message(session: Session, event: PaymentMessage, _: Turn) -> Decision:
    """What the payment terminal says, in our words."""
    if session.payment is None or session.payment.cancelling:
        return session, ()
    return replace(session, payment=replace(session.payment, message=event.code)), ()


def cancel_pressed(session: Session, _: Back, __: Turn) -> Decision:
    """Back to the basket: the payment terminal is asked to give up, and has the last word."""
    if session.payment is None or session.payment.cancelling or session.payment.amount_minor == 0:
        return session, ()
    return replace(session, payment=replace(session.payment, cancelling=True, message="cancelling")), (CancelPayment(),)


def payment_done(session: Session, event: PaymentDone, turn: Turn) -> Decision:
    """Paid, and in the books."""
    receipt = ReceiptView(event.sale_id, event.receipt_number)
    # Only the receipt is still the customer's; the basket is the books' now.
    after = replace(fresh(session, turn.rules), language=session.language, easier=session.easier, receipt=receipt)
    after = replace(after, step="receipt-choice", payment=session.payment, payment_unresolved=False)
    effects: tuple[object, ...] = (Sound("good"), ClearDraft(), *released(session, used=True))
    return after, (*effects, CallStaff("")) if session.help_called else effects


def payment_failed(session: Session, event: PaymentFailed, _: Turn) -> Decision:
    """Nothing was charged. A payment that the customer called off leads back to the basket without a word."""
    if session.payment is not None and session.payment.cancelling and event.reason == "cancelled":
        return replace(session, step="basket", payment=None), ()
    return _failed(session, event.reason)


def _failed(session: Session, reason: str) -> Decision:
    told = reason if reason in _TOLD_APART else "declined"
    payment = replace(session.payment, reason=told, cancelling=False) if session.payment else None
    return replace(session, step="pay-problem", problem=told, payment=payment), (Sound("bad"),)


def payment_unclear(session: Session, event: PaymentUnclear, _: Turn) -> Decision:
    """Nobody knows yet: say so, and that nothing has to be done twice."""
    payment = replace(session.payment, reason=event.reason) if session.payment else None
    after = replace(session, step="clarifying", payment=payment, payment_unresolved=True, help_called=True)
    return after, (Sound("attention"), CallStaff("payment-unclear"))


def payment_cleared_failed(session: Session, _: PaymentFailed, __: Turn) -> Decision:
    """It is found that nothing was charged: the customer may pay again."""
    after = replace(session, payment_unresolved=False)
    if after.basket.is_empty:
        return at_rest(replace(after, step="attract", payment=None)), (CallStaff(""),)
    after, effects = _failed(after, "not-charged")
    return after, (*effects, CallStaff(""))


def payment_given_back(session: Session, _: PaymentGivenBack, turn: Turn) -> Decision:
    """The money went back: say so to whoever is there, else start afresh."""
    after = replace(session, payment_unresolved=False)
    if session.basket.is_empty:
        return ended(after, turn)
    after, effects = _failed(after, "not-charged")
    return after, (*effects, CallStaff(""))


def payment_left_over(session: Session, event: PaymentLeftOver, _: Turn) -> Decision:
    """After a power cut: the payment is being cleared up before anything else."""
    payment = PaymentView(event.ref, event.amount_minor, message="please-wait", reason="power-cut")
    if event.customer_present:
        return replace(session, step="clarifying", payment=payment, payment_unresolved=True), ()
    return replace(session, step="out-of-service", problem="payment-unresolved", payment_unresolved=True), ()


def payments_clear(session: Session, _: PaymentsClear, __: Turn) -> Decision:
    """Cards are taken again."""
    after = replace(session, payment_unresolved=False)
    if session.step == "out-of-service" and session.problem == "payment-unresolved":
        return at_rest(replace(after, step="attract", problem="")), (CallStaff(""),)
    return after, ()


def staff_takes_over(session: Session, turn: Turn) -> Decision:
    """A member of staff ends an unclear payment's session: nobody waits for the goods, so a charge goes back."""
    after, effects = ended(session, turn)
    return after, (LeavePayment(), *effects)


# --- the receipt ---


def receipt_chosen(session: Session, event: ReceiptChosen, turn: Turn) -> Decision:
    """None, paper, or a QR code to keep."""
    receipt = session.receipt
    if receipt is None:
        return session, ()
    if event.choice == "paper" and session.devices.can_print:
        return replace(session, step="printing"), (PrintReceipt(receipt.sale_id, session.language, receipt.is_copy),)
    if event.choice == "qr":
        return session, (MakeQr(receipt.sale_id, session.language),)
    if event.choice == "none":
        return _without_receipt(session, turn)
    return session, ()


def _without_receipt(session: Session, turn: Turn) -> Decision:
    sale_id = session.receipt.sale_id if session.receipt else ""
    declined = fact(Kind.RECEIPT_DECLINED, sale_id, {"sale_id": sale_id}, turn)
    return replace(session, step="thanks"), (Record((declined,)),)


def qr_ready(session: Session, event: QrReady, turn: Turn) -> Decision:
    """The code is on the screen."""
    if session.receipt is None:
        return session, ()
    shown = fact(Kind.RECEIPT_SHOWN, session.receipt.sale_id, {"sale_id": session.receipt.sale_id}, turn)
    receipt = replace(session.receipt, qr_text=event.text, qr_link=event.link, problem="")
    after = replace(session, step="receipt-qr", receipt=receipt)
    return after, (Record((shown,)),)


def receipt_printed(session: Session, event: ReceiptPrinted, _: Turn) -> Decision:
    """Proven on paper, or offered again; where nobody knows, the next one is marked a copy."""
    if event.outcome is PrintOutcome.PRINTED:
        return replace(session, step="thanks"), (Sound("good"),)
    if session.receipt is None:
        return session, ()
    unknown = event.outcome is PrintOutcome.UNKNOWN
    receipt = replace(
        session.receipt, problem=event.reason or event.outcome.value, is_copy=session.receipt.is_copy or unknown
    )
    return replace(session, step="receipt-choice", receipt=receipt), (Sound("bad"),)


def receipt_rang(session: Session, event: TimerRang, turn: Turn) -> Decision:
    """Nobody chose: no receipt, it can be had later by its number."""
    if event.name == IDLE:
        return _without_receipt(session, turn)
    return notice_rang(session, event, turn)
