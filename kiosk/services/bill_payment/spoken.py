"""What is read aloud of a bill that is being looked at, by step. Whom somebody pays, and when, is theirs alone: for the headset only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kiosk.domain.bills.typed import State
from kiosk.services.bill_payment.problems import CODES
from kiosk.services.bill_payment.view import BillView
from kiosk.services.checkout.sentences import Said, Sentence
from kiosk.services.checkout.session import Session


def _bill(session: Session) -> Said:
    view = session.bill
    if view is not None and view.offer is not None and view.amount is not None:
        offer = view.offer
        if offer.payee:
            yield Sentence("screen.bill.payee", {"payee": offer.payee}, private=True)
        yield Sentence("screen.bill.spoken-amount", {"amount": view.amount})
        if offer.due is not None:
            yield Sentence("screen.bill.spoken-due", {"day": offer.due}, private=True)
        if offer.fee:
            yield Sentence("screen.bill.spoken-fee", {"fee": offer.fee})
        yield Sentence(f"screen.bill.{'open' if offer.is_confirmed else 'unconfirmed'}")
    yield Sentence("screen.bill.spoken")


def _problem(session: Session) -> Said:
    view = session.bill or BillView()
    if view.problem in CODES:
        params = dict(view.params)
        yield Sentence(f"screen.bill-problem.{view.problem}.title", params)
        is_private = any(isinstance(value, date) for value in params.values())
        yield Sentence(f"screen.bill-problem.{view.problem}.hint", params, private=is_private)
    elif view.problem:
        yield Sentence(f"problem.{view.problem}")
    yield Sentence("screen.bill-problem.spoken")


def _amount(session: Session) -> Said:
    yield from _bounds(session)
    yield Sentence("screen.bill-amount.spoken")


def _bounds(session: Session) -> Said:
    view = session.bill
    if view is not None and view.offer is not None:
        bounds = {"least": view.offer.minimum, "most": view.offer.maximum}
        key = f"screen.bill-amount.{view.refused_amount}" if view.refused_amount else "screen.bill-amount.between"
        yield Sentence(key, bounds)


def _only(step: str) -> Callable[[Session], Said]:
    def said(_: Session) -> Said:
        yield Sentence(f"screen.{step}.spoken")

    return said


def news(before: Session, after: Session) -> Said:
    """What changed on a screen of a bill that stays."""
    then, now = before.bill or BillView(), after.bill or BillView()
    if after.step == "bill-typing":
        if now.not_read and now.not_read != then.not_read:
            yield Sentence(f"problem.{now.not_read}")
        elif now.typed.verdict is not then.typed.verdict and now.typed.verdict is not State.OPEN:
            yield Sentence(f"screen.bill-typing.{now.typed.verdict}")
    elif after.step == "bill-amount" and now.refused_amount and now is not then:
        yield from _bounds(after)


SPOKEN: Mapping[str, Callable[[Session], Said]] = {
    "bill-start": _only("bill-start"),
    "bill-typing": _only("bill-typing"),
    "bill-asking": _only("bill-asking"),
    "bill": _bill,
    "bill-amount": _amount,
    "bill-problem": _problem,
}
