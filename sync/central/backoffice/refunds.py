"""Refunds of goods for a back office: a day's, with what came back to the store."""

from __future__ import annotations

from sqlalchemy import Connection

from sync.central import refunds
from sync.central.backoffice.models import RefundDay, Refunded, ReturnedLine


def of_day(connection: Connection, store_id: str, day: str) -> RefundDay:
    """The refunds of `day` (ISO), by the terminals' wall clocks."""
    lines: dict[tuple[str, str], list[ReturnedLine]] = {}
    for piece in refunds.pieces_of_day(connection, store_id, day):
        line = ReturnedLine(
            line_id=piece.line_id,
            number=piece.gtin or piece.plu,
            name=piece.name,
            count=piece.quantity,
            weight_g=piece.weight_g,
            total_minor=piece.total_minor,
        )
        lines.setdefault((piece.terminal_id, piece.refund_id), []).append(line)
    found = [
        Refunded(
            **{name: getattr(row, name) for name in Refunded.model_fields if name != "lines"},
            lines=lines.get((row.terminal_id, row.refund_id), []),
        )
        for row in refunds.of_day(connection, store_id, day)
    ]
    return RefundDay(day=day, refunds=found)
