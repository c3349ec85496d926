"""What the customer does with a bill: shows it, types it, changes its amount, takes it into the basket, takes it out again."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.bills.bill import Bill, Reason, Refusal
from kiosk.domain.bills.typed import Typed
from kiosk.domain.money import Money
from kiosk.domain.resolver import resolve
from kiosk.domain.scan import BillCode, Scan, Source, StaffCode, Unknown
from kiosk.services.bill_payment.answering import proceed, why_not_unasked
from kiosk.services.bill_payment.events import (
    AmountGiven,
    AmountWanted,
    BillTaken,
    NumberGiven,
    NumberTyped,
    TypingWanted,
)
from kiosk.services.bill_payment.opening import left, open_bill, put_down, refused, to_start
from kiosk.services.bill_payment.releasing import in_hand
from kiosk.services.bill_payment.view import BillView
from kiosk.services.checkout.effects import Sound
from kiosk.services.checkout.events import ItemFound, ItemMissing, Scanned
from kiosk.services.checkout.keeping import Decision, keep_draft, noted
from kiosk.services.checkout.scanning import item_found, scanned
from kiosk.services.checkout.session import Session, Tone, Turn, changed
from kiosk.services.offered import BILLS, serves

_REASONS = frozenset(Reason)


def wanted(session: Session, _: object, turn: Turn) -> Decision:
    """A bill, the first or another one."""
    return to_start(session) if serves(session, turn, BILLS) else (session, ())


# --- showing and typing ---


def shown(session: Session, event: Scanned, turn: Turn) -> Decision:
    """Where a bill is waited for: a code means what it means everywhere; one that says nothing is put into words here."""
    meaning = resolve(event.scan, turn.rules.scan)
    if isinstance(meaning, Unknown) and meaning.reason not in _REASONS:
        return _nothing(session)
    return _away(session, scanned(session, event, turn))


def found(session: Session, event: ItemFound, turn: Turn) -> Decision:
    """An article was shown in place of a bill."""
    return _away(session, item_found(session, event, turn))


def missing(session: Session, _: ItemMissing, __: Turn) -> Decision:
    """A number that is no bill's, and no article's either."""
    return _nothing(replace(session, looking_up=max(0, session.looking_up - 1)))


def _nothing(session: Session) -> Decision:
    after, effects = put_down(session)
    said, sound = refused(after, "bill-none")
    return said, (*effects, *sound)


def _away(before: Session, decision: Decision) -> Decision:
    """`decision`, with the bill put down where it leads to something else."""
    after, effects = decision
    if after.step == before.step or after.bill is None or after.bill is not before.bill:
        return after, effects
    return replace(after, bill=None), (*effects, *in_hand(before))


def shown_beside(session: Session, event: Scanned, turn: Turn) -> Decision:
    """A bill is in hand: staff come first, everything else has to wait until it is decided."""
    meaning = resolve(event.scan, turn.rules.scan)
    if isinstance(meaning, StaffCode):
        return _away(session, scanned(session, event, turn))
    if isinstance(meaning, BillCode) and session.bill is not None and meaning.bill == session.bill.bill:
        return session, ()  # the scanner saw the same code once more
    return noted(session, "notice.bill-first", tone=Tone.WARNING)


def typing_wanted(session: Session, _: TypingWanted, __: Turn) -> Decision:
    """The keys for a bill's number."""
    after, effects = put_down(session)
    return replace(after, step="bill-typing", bill=BillView()), effects


def number_typed(session: Session, event: NumberTyped, turn: Turn) -> Decision:
    """What is typed so far, each field checked as soon as it is complete."""
    view = replace(session.bill or BillView(), typed=_read(event.text, turn), not_read="")
    return replace(session, bill=view, notice=None), ()


def number_given(session: Session, event: NumberGiven, turn: Turn) -> Decision:
    """The whole number: the bill, or kindly why it is none yet."""
    meaning = _meaning(event.text, turn)
    if isinstance(meaning, BillCode):
        return open_bill(session, meaning.bill, turn)
    reason = meaning.reason if isinstance(meaning, Unknown) and meaning.reason in _REASONS else "bill-none"
    view = replace(session.bill or BillView(), typed=_read(event.text, turn), not_read=reason)
    return replace(session, bill=view), (Sound("bad"),)


def _read(text: str, turn: Turn) -> Typed:
    from kiosk.domain.bills.typed_checks import typed  # noqa: PLC0415 - the standards are not loaded before somebody types

    rules = turn.rules
    return typed(text, rules.scan.bills, rules.price.currency, lambda number: _whole(number, turn))


def _whole(number: str, turn: Turn) -> Bill | Refusal | None:
    meaning = _meaning(number, turn)
    if isinstance(meaning, BillCode):
        return meaning.bill
    is_refused = isinstance(meaning, Unknown) and meaning.reason in _REASONS
    return Refusal(Reason(meaning.reason)) if is_refused and isinstance(meaning, Unknown) else None


def _meaning(text: str, turn: Turn) -> object:
    return resolve(Scan(text.encode(), source=Source.TYPED), turn.rules.scan)


# --- the bill in hand ---


def amount_wanted(session: Session, _: AmountWanted, __: Turn) -> Decision:
    """Another amount, where the biller allows it."""
    view = session.bill
    if view is None or view.offer is None or not view.offer.may_change:
        return session, ()
    return replace(session, step="bill-amount", bill=replace(view, refused_amount="")), ()


def amount_given(session: Session, event: AmountGiven, turn: Turn) -> Decision:
    """So much is paid: between what the biller, the site and the time without a line allow."""
    view = session.bill
    if view is None or view.offer is None:
        return session, ()
    offer = view.offer
    amount = Money(event.amount_minor, offer.minimum.currency)
    wrong = "low" if amount < offer.minimum else "high" if amount > offer.maximum else ""
    if wrong:
        return replace(session, bill=replace(view, refused_amount=wrong)), (Sound("bad"),)
    return proceed(replace(session, bill=replace(view, amount=amount, refused_amount="")), turn)


def amount_left(session: Session, event: object, turn: Turn) -> Decision:
    """The amount stays as it was, or the bill is put down where it has none."""
    view = session.bill
    if view is None or view.amount is None:
        return left(session, event, turn)
    return replace(session, step="bill", bill=replace(view, refused_amount="")), ()


def taken(session: Session, _: BillTaken, turn: Turn) -> Decision:
    """Into the basket, under a reference of its own for the biller."""
    view = session.bill
    if view is None or view.bill is None or view.offer is None or view.amount is None:
        return session, ()
    reason = why_not_unasked(session, view, turn)
    if reason:
        return refused(session, reason)
    bill = replace(view.bill, payee=view.offer.payee or None)
    basket = session.basket.with_bill(
        bill, view.amount, view.offer.fee, turn.fresh_id, is_confirmed=view.offer.is_confirmed
    )
    after = changed(replace(session, step="basket", bill=None, problem=""), basket, turn)
    after = replace(after, newest_line_id=basket.bills[-1].line_id)
    after, effects = noted(after, "notice.bill-added", tone=Tone.GOOD)
    return after, (*effects, *keep_draft(after))
