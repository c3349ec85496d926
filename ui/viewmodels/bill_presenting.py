"""Puts a session's bill into the words of the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.typed import State, Typed
from kiosk.domain.money import Money
from kiosk.services.bill_payment.problems import BASKET_FIRST, CODES, QUESTIONS, UNREAD
from kiosk.services.bill_payment.view import BillView, Offer
from kiosk.services.checkout.session import Session
from kiosk.services.words import Words, printable
from ui.viewmodels.bill import BillModel, FactRow, FieldRow

_TONES = {State.GOOD: "saving", State.WRONG: "warning", State.OPEN: "plain"}
_LONGEST_MESSAGE = 140


class BillPresenter:
    """Shows a session's bill in `model`."""

    def __init__(self, model: BillModel, words: Words) -> None:
        self._model = model
        self._words = words

    def show(self, session: Session) -> None:
        """Show `session`; on the thread that draws."""
        view = session.bill
        if view is None:
            self._model.forget()
            return
        self._model.facts.replace(self._rows(self._told(view)))
        self._model.sums.replace(self._rows(self._sums(view.offer, view.amount)))
        self._model.fields.replace(
            [
                FieldRow(str(at), field.text, field.state.value, self._words(f"screen.bill-typing.field-{field.state}"))
                for at, field in enumerate(view.typed.fields)
            ]
        )
        title, text = self._problem(view)
        offer = view.offer
        self._model.show(
            payee=payee_words(view.bill, offer, self._words) if view.bill else "",
            amount=self._words.money(view.amount) if view.amount else "",
            standing=self._words(f"screen.bill.{'open' if offer.is_confirmed else 'unconfirmed'}") if offer else "",
            confirmed=offer is not None and offer.is_confirmed,
            canChange=offer is not None and offer.may_change,
            between=self._bounds("between", offer),
            amountRefused=self._bounds(view.refused_amount, offer) if view.refused_amount else "",
            problem=view.problem,
            problemTitle=title,
            problemText=text,
            ask=view.problem in QUESTIONS,
            canType=view.problem in UNREAD,
            canShow=view.problem not in BASKET_FIRST,
            verdict=self._verdict(view),
            verdictTone="warning" if view.not_read else _TONES[view.typed.verdict],
        )

    def _told(self, view: BillView) -> Iterator[tuple[str, str]]:
        bill, offer, words = view.bill, view.offer, self._words
        if bill is None or offer is None:
            return
        if offer.payee:
            yield "account", grouped(bill.account)
        if bill.reference:
            yield "reference", grouped(bill.reference)
        if offer.due is not None:
            yield "due", words.date(offer.due)
        if bill.message:
            yield "message", printable(bill.message)[:_LONGEST_MESSAGE]

    def _sums(self, offer: Offer | None, amount: Money | None) -> Iterator[tuple[str, str]]:
        if offer is None:
            return
        if offer.late:
            yield "late", self._words.money(offer.late)
        if offer.fee:
            yield "fee", self._words.money(offer.fee)
            if amount:
                yield "total", self._words.money(amount + offer.fee)

    def _rows(self, told: Iterator[tuple[str, str]]) -> list[FactRow]:
        return [FactRow(key, self._words(f"screen.bill.{key}"), text) for key, text in told]

    def _problem(self, view: BillView) -> tuple[str, str]:
        words, code = self._words, view.problem
        if not code:
            return "", ""
        if code not in CODES:
            return words("screen.bill-problem.title"), words(f"problem.{code}") if words.has(f"problem.{code}") else ""
        params = {name: words.date(value) if isinstance(value, date) else value for name, value in view.params.items()}
        key = f"screen.bill-problem.{code}"
        return words(f"{key}.title", **params), words(f"{key}.hint", **params)

    def _bounds(self, key: str, offer: Offer | None) -> str:
        if offer is None:
            return ""
        return self._words(f"screen.bill-amount.{key}", least=offer.minimum, most=offer.maximum)

    def _verdict(self, view: BillView) -> str:
        words, typed = self._words, view.typed
        if view.not_read:
            return words(f"problem.{view.not_read}")
        if typed.verdict is State.OPEN:
            return self._missing(typed)
        reason = f"problem.{typed.reason}" if typed.reason else "screen.bill-typing.wrong"
        return words("screen.bill-typing.good" if typed.verdict is State.GOOD else reason)

    def _missing(self, typed: Typed) -> str:
        return self._words("screen.bill-typing.missing", count=typed.missing) if typed.missing else ""


def payee_words(bill: Bill, offer: Offer | None, words: Words) -> str:
    """Who is paid: the name, or the account where nobody knows one."""
    name = (offer.payee if offer else "") or bill.payee or ""
    return printable(name) or words("screen.bill.to-account", account=grouped(bill.account))


def grouped(number: str) -> str:
    """A long number in groups of four, as it is printed on paper; what has gaps of its own, or is a word, stays as it is."""
    number = printable(number)
    if len(number) < 8 or not number.isalnum() or not any(letter.isdigit() for letter in number):
        return number
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
