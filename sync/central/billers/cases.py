"""Refund cases: a customer paid what no biller gets. What, why, how much, by which card; closed by whoever gave the money back."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row

from sync.central import alerts, audit
from sync.central.billers.standing import next_number
from sync.central.database import changed, one, rows


class Why(StrEnum):
    """Why there is a case."""

    DOUBLE = "double"  # the bill was paid before at another terminal, or here; `detail` names that payment
    REFUSED = "refused"  # the biller will not have it; `detail` is his reason


# With what staff needs to give the money back: the payment terminal's own numbers of the charge.
CASES: Final = (
    "SELECT c.*, b.key, b.sale_id, b.receipt_number, b.at, b.payee, b.account, b.reference, b.amount_minor, b.fee_minor, b.currency,"
    " coalesce(p.payment_terminal, '') AS payment_terminal, coalesce(p.card_name, '') AS card_name,"
    " coalesce(p.card_last4, '') AS card_last4, p.trace, p.receipt_no FROM refund_case c"
    " JOIN bill_posting b ON b.terminal_id = c.terminal_id AND b.payment_ref = c.payment_ref"
    " LEFT JOIN payment p ON p.terminal_id = b.terminal_id AND p.sale_id = b.sale_id AND p.is_charged = 1"
)


def open_case(connection: Connection, row: Row[Any], why: Why, detail: str, now_s: float) -> None:
    """A case of a row of `bill_posting`, once; and an alert."""
    is_new = changed(
        connection,
        "INSERT INTO refund_case VALUES (:store, :terminal, :ref, :why, :detail, :now, 0, '', '', :number) ON CONFLICT DO NOTHING",
        store=row.store_id,
        terminal=row.terminal_id,
        ref=row.payment_ref,
        why=why.value,
        detail=detail[:300],
        now=int(now_s * 1000),
        number=next_number(connection, row.store_id),
    )
    if is_new:
        words = f"{why}: {row.amount_minor + row.fee_minor} {row.currency} of sale {row.sale_id} are to be given back ({detail})"
        alerts.raise_alert(
            connection,
            row.terminal_id,
            alerts.REFUND_CASE,
            row.payment_ref,
            words,
            store_id=row.store_id,
            now_s=now_s,
        )


def close_case(connection: Connection, row: Row[Any], *, who: str, note: str, now_s: float) -> bool:
    """The money was given back, or nobody is owed any. False where there is no open case. `row` names terminal, payment and store."""
    is_closed = changed(
        connection,
        "UPDATE refund_case SET done_ms = :now, done_by = :who, note = :note, number = :number"
        " WHERE store_id = :store AND terminal_id = :terminal AND payment_ref = :ref AND done_ms = 0",
        now=int(now_s * 1000),
        who=who,
        note=note[:300],
        number=next_number(connection, row.store_id),
        store=row.store_id,
        terminal=row.terminal_id,
        ref=row.payment_ref,
    )
    if is_closed:
        alerts.close_alert(connection, row.terminal_id, alerts.REFUND_CASE, row.payment_ref, who=who, now_s=now_s)
        act = audit.Act(
            row.store_id, who, "refund-case.done", row.terminal_id, f"{row.payment_ref} {note}".strip()[:500]
        )
        audit.write(connection, act, now_s)
    return bool(is_closed)


def find(connection: Connection, store_id: str, terminal_id: str, payment_ref: str) -> Row[Any] | None:
    """A case of a store."""
    return one(
        connection,
        f"{CASES} WHERE c.store_id = :store AND c.terminal_id = :terminal AND c.payment_ref = :ref",
        store=store_id,
        terminal=terminal_id,
        ref=payment_ref,
    )


def listed(connection: Connection, store_id: str, most: int) -> Sequence[Row[Any]]:
    """The cases of a store: open ones first, the newest of each."""
    order = "CASE WHEN c.done_ms = 0 THEN 0 ELSE 1 END, c.opened_ms DESC, c.payment_ref"
    sql = f"{CASES} WHERE c.store_id = :store ORDER BY {order} LIMIT :most"
    return rows(connection, sql, store=store_id, most=most)


def count_open(connection: Connection, store_id: str) -> int:
    """How many cases of a store wait for somebody to give money back."""
    found = one(
        connection, "SELECT count(*) AS n FROM refund_case WHERE store_id = :store AND done_ms = 0", store=store_id
    )
    return int(found.n) if found else 0
