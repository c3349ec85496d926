"""The lines of a priced basket in the words of the screen."""

from __future__ import annotations

import re

from kiosk.domain.money import Money
from kiosk.domain.pricing import Priced, PricedLine
from kiosk.services.checkout.session import Session
from kiosk.services.words import Words
from ui.viewmodels.basket import BasketModel
from ui.viewmodels.bill_lines import bill_rows, in_sections
from ui.viewmodels.rows import LineRow, TileRow


class LinesPresenter:
    """Shows a session's basket in `basket`. Keeps the words of lines that did not change: a full basket is 150 of them."""

    def __init__(self, basket: BasketModel, words: Words) -> None:
        self._basket = basket
        self._words = words
        self._known: dict[int, tuple[PricedLine, LineRow]] = {}
        self._shown: tuple[Priced | None, str, int | None] | None = None

    def show(self, session: Session) -> None:
        """Show the basket of `session`."""
        priced = session.priced
        self._basket.show(canUndo=bool(session.history), itemCount=session.basket.item_count)
        shown = (priced, self._words.code, session.newest_line_id)
        if self._shown is not None and self._shown[0] is priced and self._shown[1:] == shown[1:]:
            return
        if self._shown is None or self._shown[1] != self._words.code or priced is None:
            self._known.clear()
        self._shown = shown
        if priced is None:
            self._basket.show_lines(None, [], [])
            self._basket.show(total="", totalMinor=0.0, savings="")
            return
        rows = [*(self._row(line, priced) for line in priced.lines), *bill_rows(priced.bills, self._words)]
        newest = next((row for row in rows if row.lineId == session.newest_line_id), rows[-1] if rows else None)
        others = in_sections([row for row in reversed(rows) if row is not newest], self._words)
        self._basket.show_lines(newest, others, self._slips(session, priced))
        self._basket.show(
            total=self._words.money(priced.to_pay), totalMinor=float(priced.to_pay.minor), savings=self._saved(priced)
        )

    def _row(self, line: PricedLine, priced: Priced) -> LineRow:
        known = self._known.get(line.line.line_id)
        if known is not None and known[0] == line:
            return known[1]
        row = self._worded(line, priced)
        self._known[line.line.line_id] = (line, row)
        return row

    def _worded(self, priced_line: PricedLine, priced: Priced) -> LineRow:
        line, words = priced_line.line, self._words
        deposit = next((one.total for one in priced.deposits if one.line_id == line.line_id), None)
        amount = priced_line.total + deposit if deposit else priced_line.total
        return LineRow(
            key=str(line.line_id),
            lineId=line.line_id,
            name=unbroken(line.item.name(words.code)),
            detail=self._detail(priced_line),
            amount=words.money(amount),
            count=line.quantity.count if line.is_countable else 0,
            countable=line.is_countable,
            saving=self._saving(priced_line),
            deposit=words("screen.basket.deposit", amount=deposit) if deposit else "",
            picture=line.item.picture,
        )

    def _detail(self, priced_line: PricedLine) -> str:
        line, words = priced_line.line, self._words
        parts: list[str] = []
        if line.quantity.weight_g:
            parts.append(words.weight(line.quantity.weight_g))
            if line.embedded_price is None:
                parts.append(words("screen.basket.per-kg", price=priced_line.unit_price))
        elif line.quantity.count > 1:
            parts.append(words("screen.basket.each", price=priced_line.unit_price))
        if line.item.minimum_age:
            parts.append(words("screen.basket.age", age=line.item.minimum_age))
        return " · ".join(parts)

    def _saving(self, priced_line: PricedLine) -> str:
        if not priced_line.savings:
            return ""
        first = priced_line.savings[0]
        saved = sum((one.amount for one in priced_line.savings), start=first.amount.zero())
        label = first.labels.get(self._words.code) or next(iter(first.labels.values()), "")
        return self._words("screen.basket.saving", label=label, amount=saved)

    def _saved(self, priced: Priced) -> str:
        used = sum((use.used for use in priced.vouchers), start=priced.total.zero())
        parts = [
            self._words("screen.basket.you-save", amount=priced.savings) if priced.savings else "",
            self._words("screen.basket.vouchers-used", amount=used) if used else "",
        ]
        return "\n".join(part for part in parts if part)

    def _slips(self, session: Session, priced: Priced) -> list[TileRow]:
        left: dict[str, Money] = {use.voucher.code: use.unused for use in priced.vouchers if use.unused}
        coupons = [TileRow(code, self._words("screen.basket.coupon", code=code)) for code in session.basket.coupons]
        return coupons + [
            TileRow(
                voucher.code,
                self._words("screen.basket.voucher", amount=voucher.amount),
                self._words("screen.basket.voucher-rest", amount=left[voucher.code]) if voucher.code in left else "",
            )
            for voucher in session.basket.vouchers
        ]


def unbroken(name: str) -> str:
    """An article's name in which no line ends between a number and its unit."""
    return _BEFORE_UNIT.sub("\u00a0", name)


_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:g|kg|ml|cl|l|cm|m|%|€)\b|[%€])")
