"""Refunds at the centre: what a `refund.completed` means to the store's books, and pieces that came back twice across terminals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from sync.central import alerts
from sync.central.database import one, rows
from sync.central.told import BodyError, Told

Change = tuple[str, Mapping[str, Any]]


def projected(told: Told) -> Iterator[Change]:
    """The refund and its pieces. Raises BodyError."""
    refund_id = told.text("refund_id", told.subject)
    tender, approval = told.body.get("tender"), told.body.get("approval")
    yield (
        "INSERT INTO refund VALUES (:terminal, :refund, :store, :journal, :seq, :at, :day, :sale, :code, :number, :amount, :card, :voucher,"
        " :currency, :reason, :method, :staff) ON CONFLICT DO NOTHING",
        {
            **told.common,
            "refund": refund_id,
            "sale": told.text("sale_id"),
            "code": told.text("receipt_code", ""),
            "number": told.whole("number"),
            "amount": told.whole("amount_minor"),
            "card": told.whole("card_minor", 0),
            "voucher": told.whole("voucher_minor", 0),
            "currency": told.text("currency"),
            "reason": told.text("reason", ""),
            "method": str(tender.get("method", "")) if isinstance(tender, Mapping) else "",
            "staff": str(approval.get("staff", "")) if isinstance(approval, Mapping) else "",
        },
    )
    for line in _lines(told):
        yield (
            "INSERT INTO refund_piece VALUES (:terminal, :refund, :line, :store, :sale, :first, :pieces, :gtin, :plu, :name, :count,"
            " :weight, :total) ON CONFLICT DO NOTHING",
            {
                "terminal": told.terminal_id,
                "store": told.store_id,
                "refund": refund_id,
                "sale": told.text("sale_id"),
                "line": line.whole("line_id"),
                "first": line.whole("first"),
                "pieces": line.whole("pieces"),
                "gtin": line.text("gtin", ""),
                "plu": line.text("plu", ""),
                "name": line.text("name", ""),
                "count": line.whole("count", 0),
                "weight": line.whole("weight_g", 0),
                "total": line.whole("total_minor", 0) + line.whole("deposit_minor", 0),
            },
        )


def heard(connection: Connection, told: Told, now_s: float) -> None:
    """A piece that came back before, at this terminal or another, is for people to look at: nothing is undone by itself."""
    refund_id = told.text("refund_id", told.subject)
    twice = one(
        connection,
        "SELECT o.terminal_id, o.refund_id FROM refund_piece p JOIN refund_piece o ON o.store_id = p.store_id AND o.sale_id = p.sale_id"
        " AND o.line_id = p.line_id AND o.first < p.first + p.pieces AND p.first < o.first + o.pieces"
        " WHERE p.terminal_id = :terminal AND p.refund_id = :refund AND (o.terminal_id <> p.terminal_id OR o.refund_id <> p.refund_id)"
        " ORDER BY o.terminal_id, o.refund_id LIMIT 1",
        terminal=told.terminal_id,
        refund=refund_id,
    )
    if twice is None:
        return
    code, other = told.text("receipt_code", ""), f"refund {twice.refund_id} at terminal {twice.terminal_id}"
    words = f"receipt {code}: pieces of refund {refund_id} came back before, with {other}"
    alerts.raise_alert(
        connection, told.terminal_id, alerts.REFUNDED_TWICE, refund_id, words, store_id=told.store_id, now_s=now_s
    )


def of_day(connection: Connection, store_id: str, day: str) -> Sequence[Row[Any]]:
    """The refunds of a day (ISO, by the terminals' wall clocks), the oldest first."""
    sql = "SELECT * FROM refund WHERE store_id = :store AND day = :day ORDER BY at, terminal_id, seq"
    return rows(connection, sql, store=store_id, day=day)


def pieces_of_day(connection: Connection, store_id: str, day: str) -> Sequence[Row[Any]]:
    """What came back to the store on a day."""
    sql = (
        "SELECT p.* FROM refund_piece p JOIN refund r ON r.terminal_id = p.terminal_id AND r.refund_id = p.refund_id"
        " WHERE r.store_id = :store AND r.day = :day ORDER BY p.terminal_id, p.refund_id, p.line_id"
    )
    return rows(connection, sql, store=store_id, day=day)


def of_sale(connection: Connection, store_id: str, sale_id: str) -> Sequence[Row[Any]]:
    """What of a sale went back, the oldest first."""
    sql = "SELECT * FROM refund WHERE store_id = :store AND sale_id = :sale ORDER BY at, terminal_id, seq"
    return rows(connection, sql, store=store_id, sale=sale_id)


def _lines(told: Told) -> Iterator[Told]:
    lines = told.body.get("lines")
    if not isinstance(lines, list | tuple):
        raise BodyError(f"{told.kind} of {told.subject} has no lines")
    for line in lines:
        if isinstance(line, Mapping):
            yield Told(
                told.terminal_id,
                told.store_id,
                told.journal_id,
                told.seq,
                told.at,
                told.kind,
                told.subject,
                line,
            )
