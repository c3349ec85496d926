"""A refund on the screen, in ready words, and what hands do there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.domain.refund import Refundable, RefundSum, refundable
from kiosk.services.checkout.session import Session
from kiosk.services.refunds import money
from kiosk.services.refunds.decisions import PASSING
from kiosk.services.refunds.events import AllChosen, PiecesChosen, ReasonChosen
from kiosk.services.refunds.view import RefundView
from kiosk.services.words import Words
from ui.viewmodels.codes import qr_rows
from ui.viewmodels.lines import unbroken
from ui.viewmodels.rows import Row, Rows, TileRow
from ui.viewmodels.shown import Post, Shown, part, shown


@dataclass(frozen=True, slots=True)
class RefundRow(Row):
    """A line of the receipt: `count` of its `remaining` pieces are to come back."""

    lineId: int
    name: str
    detail: str
    amount: str
    count: int
    remaining: int


class RefundModel(Shown):
    """`problemTitle` and `problemText` say what went wrong, and what to do; `problem` is its stable code, `passing`: it may be tried again.

    `total` is what comes back for the pieces chosen, "" for none; `why` what staff are asked. `toCard` and `toVoucher` say how it went.
    """

    changed = Signal()
    lines = part(Rows, "lines")
    reasons = part(Rows, "reasons")
    problem = shown(str, "problem", changed)
    problemTitle = shown(str, "problemTitle", changed)
    problemText = shown(str, "problemText", changed)
    passing = shown(bool, "passing", changed)
    looking = shown(bool, "looking", changed)
    total = shown(str, "total", changed)
    why = shown(str, "why", changed)
    instruction = shown(str, "instruction", changed)
    message = shown(str, "message", changed)
    cancelling = shown(bool, "cancelling", changed)
    unclear = shown(bool, "unclear", changed)
    reversing = shown(bool, "reversing", changed)
    toCard = shown(str, "toCard", changed)
    toVoucher = shown(str, "toVoucher", changed)
    paperProblem = shown(bool, "paperProblem", changed)
    qrRows = shown("QStringList", "qrRows", changed)

    def __init__(self, post: Post, parent: QObject | None = None) -> None:
        super().__init__(
            parent,
            problem="",
            problemTitle="",
            problemText="",
            passing=False,
            looking=False,
            reversing=False,
            total="",
            why="",
            instruction="",
            message="",
            cancelling=False,
            unclear=False,
            toCard="",
            toVoucher="",
            paperProblem=False,
            qrRows=[],
        )
        self._post = post
        self._lines = Rows(RefundRow, self)
        self._reasons = Rows(TileRow, self)

    def forget(self) -> None:
        """Nothing of the customer's stays: neither values nor rows."""
        super().forget()
        self._lines.replace([])
        self._reasons.replace([])

    @Slot(int, int)
    def choose(self, line_id: int, count: int) -> None:
        """So many pieces of a line are to come back."""
        self._post(PiecesChosen(line_id, count))

    @Slot()
    def chooseAll(self) -> None:
        """Everything that is left."""
        self._post(AllChosen())

    @Slot(str)
    def giveReason(self, reason: str) -> None:
        """Why it comes back."""
        self._post(ReasonChosen(reason))


def refund_words(view: RefundView, words: Words) -> dict[str, str]:
    """The parameters of what staff are asked about a refund."""
    total = money.worth(view)
    lines = total.lines if total else ()
    goods = ", ".join(f"{line.count} × {line.line.name}" if line.count > 1 else line.line.name for line in lines[:3])
    return {
        "amount": words.money(total.amount) if total else "",
        "reason": words(f"screen.refund-reason.{view.reason}") if view.reason else "",
        "goods": goods + (" …" if len(lines) > 3 else ""),
    }


class RefundPresenter:
    """Shows a session's refund in `model`; `reasons` are the site's, in its order."""

    def __init__(self, model: RefundModel, words: Words, reasons: tuple[str, ...] = ()) -> None:
        self._model = model
        self._words = words
        self._reasons_of_site = reasons

    def show(self, session: Session) -> None:
        """Show `session`; on the thread that draws."""
        view = session.refund
        if view is None:
            self._model.forget()
            return
        total = money.worth(view)
        self._model.lines.replace(self._lines(view) if session.step == "refund-lines" else [])
        self._model.reasons.replace(
            [TileRow(reason, self._words(f"screen.refund-reason.{reason}")) for reason in self._reasons_of_site]
        )
        self._model.show(
            problem=view.problem,
            problemTitle=self._known(f"screen.refund-problem.{view.problem}.title", view),
            problemText=self._known(f"screen.refund-problem.{view.problem}.hint", view),
            passing=view.problem in PASSING,
            reversing=view.is_reversing,
            looking=view.looking,
            message=view.message,
            cancelling=view.cancelling,
            unclear=view.is_unclear,
            instruction=self._instruction(view),
            paperProblem=view.paper_problem,
            qrRows=list(qr_rows(view.qr_text)),
            **self._sums(total),
        )

    def _sums(self, total: RefundSum | None) -> dict[str, str]:
        if total is None:
            return {"total": "", "why": "", "toCard": "", "toVoucher": ""}
        words = self._words
        card, voucher = total.to_card, total.to_voucher
        return {
            "total": words.money(total.amount),
            "why": words("screen.refund-approval.why", amount=total.amount),
            "toCard": words("screen.refund-done.to-card", amount=card) if card else "",
            "toVoucher": words("screen.refund-done.to-voucher", amount=voucher) if voucher else "",
        }

    def _lines(self, view: RefundView) -> list[RefundRow]:
        if view.sale is None:
            return []
        found = refundable(view.sale, view.given_back)
        return [self._line(view, one) for one in found]

    def _line(self, view: RefundView, one: Refundable) -> RefundRow:
        line, words = one.line, self._words
        if line.weight_g:
            detail = words("screen.refund-lines.weighed", weight=words.weight(line.weight_g))
        elif one.pieces > 1:
            each = words("screen.refund-lines.each", price=line.unit_price)
            detail = f"{each} · {words('screen.refund-lines.left', count=one.left)}"
        else:
            detail = ""
        return RefundRow(
            str(line.line_id),
            lineId=line.line_id,
            name=unbroken(line.name),
            detail=detail,
            amount=words.money(line.total),
            count=view.chosen.get(line.line_id, 0),
            remaining=one.left,
        )

    def _instruction(self, view: RefundView) -> str:
        words = self._words
        if view.is_unclear:
            return words("screen.refund-money.unclear")
        if view.cancelling:
            return words("screen.refund-money.cancelling")
        key = f"terminal.{view.message}"
        if view.message == "please-wait" or not words.has(key):
            return words("screen.refund-money.reversing")
        return words(key)

    def _known(self, key: str, view: RefundView) -> str:
        return self._words(key, terminal=view.terminal) if self._words.has(key) else ""
