"""What is read aloud of a refund, by step. Prices are on the screen for all to see; the receipt's code names a card and is not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.services.checkout.sentences import Said, Sentence
from kiosk.services.checkout.session import Session
from kiosk.services.refunds import money


def _start(session: Session) -> Said:
    if session.refund and session.refund.looking:
        yield Sentence("screen.refund-start.looking")
        return
    yield Sentence("screen.refund-start.spoken")


def _lines(session: Session) -> Said:
    yield Sentence("screen.refund-lines.spoken")
    yield from _total(session)


def _reason(_: Session) -> Said:
    yield Sentence("screen.refund-reason.spoken")


def _approval(session: Session) -> Said:
    yield from _total(session)
    yield Sentence("screen.refund-approval.spoken")


def _money(session: Session) -> Said:
    view = session.refund
    yield from _total(session)
    if view is not None and (view.is_unclear or view.is_reversing):
        yield Sentence(f"screen.refund-money.{'unclear' if view.is_unclear else 'reversing'}")
        return
    yield Sentence("screen.refund-money.spoken")


def _problem(session: Session) -> Said:
    view = session.refund
    if view is not None:
        of_terminal = {"terminal": view.terminal}
        yield Sentence(
            f"screen.refund-problem.{view.problem}.title", of_terminal, otherwise="screen.refund-problem.title"
        )
        yield Sentence(f"screen.refund-problem.{view.problem}.hint", of_terminal)
    yield Sentence("screen.refund-problem.spoken")


def _done(session: Session) -> Said:
    yield from _total(session)
    yield Sentence("screen.refund-done.spoken")


def _printing(_: Session) -> Said:
    yield Sentence("screen.refund-printing.spoken")


def _qr(_: Session) -> Said:
    yield Sentence("screen.refund-qr.spoken")


def _total(session: Session) -> Said:
    total = money.worth(session.refund) if session.refund else None
    if total is not None:
        yield Sentence("screen.refund-lines.total", {"amount": total.amount})


SPOKEN: Mapping[str, Callable[[Session], Said]] = {
    "refund-start": _start,
    "refund-lines": _lines,
    "refund-reason": _reason,
    "refund-approval": _approval,
    "refund-money": _money,
    "refund-problem": _problem,
    "refund-done": _done,
    "refund-printing": _printing,
    "refund-qr": _qr,
}
