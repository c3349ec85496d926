"""The bills of a basket in the words of the screen: rows like those of goods, in a section of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.domain.basket import BillLine
from kiosk.services.words import Words
from ui.viewmodels.bill_presenting import grouped, payee_words
from ui.viewmodels.rows import LineRow

PICTURE = "bill"


def bill_rows(lines: Sequence[BillLine], words: Words) -> list[LineRow]:
    """Each bill as a line: who is paid, under which reference, how sure it is, and what it comes to with its fee."""
    return [
        LineRow(
            key=f"bill-{line.line_id}",
            lineId=line.line_id,
            name=payee_words(line.bill, None, words),
            detail=_detail(line, words),
            amount=words.money(line.amount + line.fee),
            count=0,
            countable=False,
            saving="",
            deposit="",
            picture=PICTURE,
        )
        for line in lines
    ]


def in_sections(rows: Sequence[LineRow], words: Words) -> list[LineRow]:
    """Goods and bills apart, the bills behind the goods; the first of each bears the heading."""
    goods = [row for row in rows if row.picture != PICTURE]
    bills = [row for row in rows if row.picture == PICTURE]
    if not (goods and bills):
        return list(rows)
    first_good = replace(goods[0], section=words("screen.basket.section-goods"))
    first_bill = replace(bills[0], section=words("screen.basket.section-bills"))
    return [first_good, *goods[1:], first_bill, *bills[1:]]


def _detail(line: BillLine, words: Words) -> str:
    parts = (
        words("screen.basket.bill-reference", reference=grouped(line.bill.reference)) if line.bill.reference else "",
        words("screen.basket.bill-fee", fee=line.fee) if line.fee else "",
        "" if line.is_confirmed else words("screen.bill.unconfirmed"),
    )
    return " · ".join(part for part in parts if part)
