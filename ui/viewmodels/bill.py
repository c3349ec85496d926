"""A bill on the screen, in ready words, and what hands do there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.services.bill_payment import events
from ui.viewmodels.rows import Row, Rows
from ui.viewmodels.shown import Post, Shown, part, shown


@dataclass(frozen=True, slots=True)
class FactRow(Row):
    """What a bill says: `name` is what it is, `text` the bill's own word for it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldRow(Row):
    """A field of a number that is typed; `verdict` is "open", "good" or "wrong", `sign` the same as a word."""

    text: str
    verdict: str
    sign: str


class BillModel(Shown):
    """The bill in hand: `payee` and `amount` as they are largest, `sums` what else
    belongs to the amount, `facts` the rest, `standing` what its biller says of it.

    `problemTitle` and `problemText` say what went wrong or what is asked, and `ask`, `canType`, `canShow` are the ways on: yes, type its
    number, show another one. `verdict` is the word for what is typed, `verdictTone` "saving", "warning" or "plain".
    """

    changed = Signal()
    facts = part(Rows, "facts")
    sums = part(Rows, "sums")
    fields = part(Rows, "fields")
    payee = shown(str, "payee", changed)
    amount = shown(str, "amount", changed)
    standing = shown(str, "standing", changed)
    confirmed = shown(bool, "confirmed", changed)
    canChange = shown(bool, "canChange", changed)
    between = shown(str, "between", changed)
    amountRefused = shown(str, "amountRefused", changed)
    problem = shown(str, "problem", changed)
    problemTitle = shown(str, "problemTitle", changed)
    problemText = shown(str, "problemText", changed)
    ask = shown(bool, "ask", changed)
    canType = shown(bool, "canType", changed)
    canShow = shown(bool, "canShow", changed)
    verdict = shown(str, "verdict", changed)
    verdictTone = shown(str, "verdictTone", changed)

    def __init__(self, post: Post, parent: QObject | None = None) -> None:
        super().__init__(
            parent,
            payee="",
            amount="",
            standing="",
            confirmed=False,
            canChange=False,
            between="",
            amountRefused="",
            problem="",
            problemTitle="",
            problemText="",
            ask=False,
            canType=False,
            canShow=False,
            verdict="",
            verdictTone="plain",
        )
        self._post = post
        self._facts = Rows(FactRow, self)
        self._sums = Rows(FactRow, self)
        self._fields = Rows(FieldRow, self)

    def forget(self) -> None:
        """Show nothing of a bill any more."""
        super().forget()
        self._facts.replace([])
        self._sums.replace([])
        self._fields.replace([])

    @Slot()
    def showAnother(self) -> None:
        """A bill, the first or another one, is to be shown."""
        self._post(events.BillWanted())

    @Slot()
    def openTyping(self) -> None:
        """The number of a bill is to be typed."""
        self._post(events.TypingWanted())

    @Slot(str)
    def typeNumber(self, text: str) -> None:
        """So much of the number is typed now."""
        self._post(events.NumberTyped(text))

    @Slot(str)
    def giveNumber(self, text: str) -> None:
        """The number is complete."""
        self._post(events.NumberGiven(text))

    @Slot()
    def take(self) -> None:
        """Into the basket with it."""
        self._post(events.BillTaken())

    @Slot()
    def changeAmount(self) -> None:
        """Another amount is to be paid."""
        self._post(events.AmountWanted())

    @Slot(float)
    def giveAmount(self, amount_minor: float) -> None:
        """So much is paid, in minor units. QML's numbers are exact up to 2^53."""
        self._post(events.AmountGiven(int(amount_minor)))
