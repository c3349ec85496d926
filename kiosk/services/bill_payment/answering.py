"""What a biller's answer means for the bill in hand, one question at a time; and for bills that lie in the basket already."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.basket import BillLine
from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key, tells_apart
from kiosk.domain.bills.offline_policy import Unconfirmed, unasked
from kiosk.domain.money import Money
from kiosk.ports.billing import BillAnswer, BillStanding
from kiosk.services.bill_payment.effects import AskBill, ReleaseBill
from kiosk.services.bill_payment.events import BillAnswered
from kiosk.services.bill_payment.opening import refused
from kiosk.services.bill_payment.view import BillView, Offer, Told
from kiosk.services.checkout.events import GoOn
from kiosk.services.checkout.keeping import Decision, keep_draft, noted
from kiosk.services.checkout.session import Session, Tone, Turn, repriced

ANSWERED = ("bill", "bill-amount", "bill-problem")
_LONGEST_NAME = 70
_UNASKED = (BillStanding.AWAY, BillStanding.ALONE)
_PROBLEMS = {
    BillStanding.PAID: "bill-paid",
    BillStanding.BEING_PAID: "bill-being-paid",
    BillStanding.CLOSED: "bill-closed",
    BillStanding.UNKNOWN: "bill-unknown",
}


def answered(session: Session, event: BillAnswered, turn: Turn) -> Decision:
    """While the customer waits for it: what can be paid, or why nothing can."""
    view = session.bill
    if view is None or view.bill is None or (event.key, event.sale_id) != (view.key, session.sale_id):
        return answered_late(session, event, turn)
    bill, view = view.bill, replace(view, paid_here=event.paid_here, unconfirmed=event.unconfirmed)
    if event.paid_here is not None and tells_apart(bill):
        return _given_back(*refused(replace(session, bill=view), "bill-paid-here", day=event.paid_here), event)
    # Who was not asked has said nothing, whatever came with it.
    answer = BillAnswer(event.answer.standing) if event.answer.standing in _UNASKED else event.answer
    code, params = _standing(answer)
    if code:
        return _given_back(*refused(replace(session, bill=view), code, **params), event)
    offer = _offer(bill, answer, turn)
    if offer is None:
        return _given_back(*refused(replace(session, bill=view), "bill-currency"), event)
    return proceed(replace(session, bill=replace(view, offer=offer, amount=offer.amount)), turn)


def _standing(answer: BillAnswer) -> tuple[str, dict[str, Told]]:
    if answer.standing is BillStanding.PAID and answer.paid_on is not None:
        return "bill-paid-on", {"day": answer.paid_on}
    if answer.standing is BillStanding.OPEN and answer.amount is not None and answer.amount.minor <= 0:
        return "bill-paid", {}
    return _PROBLEMS.get(answer.standing, ""), {}


def _given_back(session: Session, effects: tuple[object, ...], event: BillAnswered) -> Decision:
    view = session.bill
    if view is None or view.bill is None or event.answer.standing is not BillStanding.OPEN:
        return session, effects
    return session, (*effects, ReleaseBill(view.bill, event.sale_id))


def _offer(bill: Bill, answer: BillAnswer, turn: Turn) -> Offer | None:
    """What can be paid; None where the answer is in another currency than the bill."""
    said = (answer.amount, answer.fee, answer.minimum, answer.maximum)
    if any(money is not None and money.currency != bill.currency for money in said):
        return None
    rules, none = turn.rules.bills, Money(0, bill.currency)
    amount = answer.amount or bill.amount
    late = amount - bill.amount if amount and bill.amount and amount > bill.amount else None
    most = Money(rules.limit_minor, bill.currency)
    is_confirmed = answer.standing is BillStanding.OPEN
    if not is_confirmed:
        most = min(most, Money(rules.offline.most_minor(bill), bill.currency))
    own = answer.fee if answer.fee is not None else bill.fee
    return Offer(
        payee=plain(answer.payee) or bill.payee or rules.billers.get(bill.account, ""),
        amount=amount,
        fee=Money(max(0, (own or none).minor) + rules.fee_of_site(bill), bill.currency),
        due=answer.due or bill.due,
        late=late,
        may_change=bill.may_change if answer.may_change is None else answer.may_change,
        minimum=max(answer.minimum or bill.minimum or none, Money(1, bill.currency)),
        maximum=min(answer.maximum or bill.maximum or most, most),
        is_confirmed=is_confirmed,
    )


def plain(name: str) -> str:
    """A name from outside, on one line: no sign that changes how others are read, and not longer than a bank's."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:_LONGEST_NAME]


# --- what is asked before the bill is shown ---


def agreed(session: Session, _: GoOn, turn: Turn) -> Decision:
    """The customer says yes to what was asked."""
    view = session.bill
    if view is None or view.offer is None:
        return session, ()
    return proceed(replace(session, bill=replace(view, agreed=view.agreed | {view.problem}, problem="")), turn)


def proceed(session: Session, turn: Turn) -> Decision:
    """The next question about the bill in hand, or the bill itself."""
    view = session.bill
    if view is None or view.bill is None or view.offer is None:
        return session, ()
    bill, offer = view.bill, view.offer
    reason = why_not_unasked(session, view, turn)
    if reason:
        return refused(session, reason, **_bound(view, turn))
    if offer.amount is not None and offer.amount.minor > turn.rules.bills.limit_minor:
        return refused(session, "bill-limit", limit=Money(turn.rules.bills.limit_minor, bill.currency))
    question, params = _question(view, turn)
    if question:
        return refused(session, question, **params)
    step = "bill" if view.amount is not None else "bill-amount"
    return replace(session, step=step, bill=replace(view, problem="", params={})), ()


def _question(view: BillView, turn: Turn) -> tuple[str, dict[str, Told]]:
    offer = view.offer
    if view.paid_here is not None and "bill-paid-before" not in view.agreed:
        return "bill-paid-before", {"day": view.paid_here}
    if offer is None or offer.due is None or offer.due >= turn.today:
        return "", {}
    code = "bill-overdue-late" if offer.late else "bill-overdue"
    params: dict[str, Told] = {"day": offer.due, **({"late": offer.late} if offer.late else {})}
    return ("", {}) if code in view.agreed else (code, params)


def why_not_unasked(session: Session, view: BillView, turn: Turn) -> str:
    """Why the site takes this bill only where its biller was asked: a code of `problems`, "" where it was, or need not be."""
    if view.bill is None or view.offer is None or view.offer.is_confirmed:
        return ""
    waits = _with_basket(view.unconfirmed, session)
    reason = unasked(view.bill, view.amount, turn.rules.bills.offline, waits, turn.at)
    return f"bill-offline-{reason}" if reason else ""


def _with_basket(unconfirmed: Unconfirmed | None, session: Session) -> Unconfirmed | None:
    lines = [line for line in session.basket.bills if not line.is_confirmed]
    return unconfirmed and unconfirmed.and_more(len(lines), sum(line.amount.minor for line in lines))


def _bound(view: BillView, turn: Turn) -> dict[str, Told]:
    if view.bill is None:
        return {}
    return {"limit": Money(turn.rules.bills.offline.most_minor(view.bill), view.bill.currency)}


# --- bills in the basket, and answers that come too late ---


def asked_anew(session: Session) -> Decision:
    """The basket is that of another time (taken up, or from before a power cut): how do its bills stand now?"""
    bills = session.basket.bills
    waiting = tuple(f"bill:{bill_key(line.bill)}" for line in bills)
    after = replace(session, claiming=(*session.claiming, *waiting))
    return after, tuple(AskBill(line.bill, session.sale_id) for line in bills)


def answered_late(session: Session, event: BillAnswered, turn: Turn) -> Decision:
    """Nobody stands before this bill any more: it may lie in the basket, and else is not kept for anybody."""
    line = session.basket.bill_of(event.key) if event.sale_id == session.sale_id else None
    mark = f"bill:{event.key}"
    if line is None or mark not in session.claiming:
        return session, ()  # what was asked for and then put down was given back then
    after = replace(session, claiming=tuple(one for one in session.claiming if one != mark))
    if event.answer.standing is BillStanding.OPEN:
        return _marked(after, line, turn, is_confirmed=True)
    if event.answer.standing in _UNASKED and not event.paid_here:
        reason = unasked(line.bill, line.amount, turn.rules.bills.offline, event.unconfirmed, turn.at)
        if reason is None:
            return _marked(after, line, turn, is_confirmed=False)
    after = repriced(after, after.basket.without_bill(line.line_id), turn)
    said, effects = noted(after, "notice.bill-gone", tone=Tone.WARNING)
    return said, (*effects, *keep_draft(said))


def _marked(session: Session, line: BillLine, turn: Turn, *, is_confirmed: bool) -> Decision:
    marked = replace(line, is_confirmed=is_confirmed)
    bills = tuple(marked if one.line_id == line.line_id else one for one in session.basket.bills)
    after = repriced(session, replace(session.basket, bills=bills), turn)
    return after, keep_draft(after)
