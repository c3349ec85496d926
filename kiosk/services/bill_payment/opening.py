"""How a bill comes into hand: from the home screen, by a scan, or from an overview of an account; and how it is put down again."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.services.bill_payment.effects import AskBill
from kiosk.services.bill_payment.releasing import in_hand
from kiosk.services.bill_payment.view import BillView, Told
from kiosk.services.checkout.effects import Sound
from kiosk.services.checkout.keeping import Decision, noted
from kiosk.services.checkout.session import Session, Tone, Turn

# Where `open_bill` and `refused` may lead to.
OPENED = ("bill-asking", "bill-problem", "basket")


def started(session: Session, _: str, __: Turn) -> Decision:
    """To the screen that asks for a bill."""
    return to_start(session)


def to_start(session: Session) -> Decision:
    """Show a bill, or type its number."""
    after, effects = put_down(session)
    return replace(after, step="bill-start", bill=BillView()), effects


def open_bill(session: Session, bill: Bill, turn: Turn) -> Decision:
    """Take `bill` in hand: ask about it, or say at once why it cannot be paid here. Leads to one of `OPENED`, from any step."""
    after, effects = put_down(session)
    key = bill_key(bill)
    if after.basket.bill_of(key) is not None:
        said, sound = noted(replace(after, step="basket"), "notice.bill-already", tone=Tone.WARNING)
        return said, (*effects, *sound)
    after = replace(after, sale_id=after.sale_id or turn.fresh_id, bill=BillView(bill, key))
    code = _not_here(after, bill, turn)
    if code:
        said, sound = refused(after, code)
        return said, (*effects, *sound)
    return replace(after, step="bill-asking"), (*effects, Sound("good"), AskBill(bill, after.sale_id))


def _not_here(session: Session, bill: Bill, turn: Turn) -> str:
    if session.basket.lines and not turn.rules.bills.mixed:
        return "bill-mixed"
    if bill.currency != turn.rules.price.currency:
        return "bill-currency"
    if len(session.basket.lines) + len(session.basket.bills) >= turn.rules.limits.lines:
        return "basket-full"
    return ""


def refused(session: Session, code: str, **params: Told) -> Decision:
    """Why the bill in hand cannot be paid, in words, with the ways on; `code` is a stable one of `problems`."""
    view = replace(session.bill or BillView(), problem=code, params=params)
    return replace(session, step="bill-problem", bill=view, notice=None), (Sound("bad"),)


def put_down(session: Session) -> Decision:
    """Nothing in hand any more; what was kept for it is given back."""
    return replace(session, bill=None, overlay="", problem="", notice=None), in_hand(session)


def left(session: Session, _: object, __: Turn) -> Decision:
    """Away from the bill: to the basket, or home where there is nothing in it."""
    after, effects = put_down(session)
    return replace(after, step="attract" if after.basket.is_empty else "basket"), effects
