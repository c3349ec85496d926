"""The day of a store: what its terminals sold and took by card, against the payment terminals' own books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from sync.central.database import many, rows


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What one terminal sold and took by card on one day, in minor units of `currency`.

    `sales_minor` is what it turned over, goods alone. `bills_minor` was taken for billers and is theirs, `fees_minor` came on top: both
    are in `payments_minor`, and neither is in `sales_minor`. `refunds_minor` went back to customers, by card or as vouchers:
    what is left of the day is `sales_minor` less that.
    """

    terminal_id: str
    currency: str
    sales: int
    sales_minor: int
    payments: int
    payments_minor: int
    bills: int = 0
    bills_minor: int = 0
    fees_minor: int = 0
    refunds: int = 0
    refunds_minor: int = 0


@dataclass(frozen=True, slots=True)
class BillsTaken:
    """What one terminal took for billers on one day: `minor` is theirs, `fees_minor` came on top."""

    terminal_id: str
    currency: str
    bills: int
    minor: int
    fees_minor: int


@dataclass(frozen=True, slots=True)
class LedgerTotal:
    """What a payment terminal says it took on one day; `source` tells from where this is known."""

    payment_terminal: str
    currency: str
    payments: int
    total_minor: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where our books and a payment terminal's ledger do not agree: (payments, minor units) of each."""

    payment_terminal: str
    currency: str
    ours: tuple[int, int]
    theirs: tuple[int, int]


def day_totals(connection: Connection, store_id: str, day: str) -> tuple[DayTotal, ...]:
    """Each terminal's sales, bills and card payments of a day (ISO, by the terminals' wall clocks)."""
    values = {"store": store_id, "day": day}
    sold = rows(
        connection,
        "SELECT terminal_id, currency, count(*) AS n, sum(total_minor) AS minor FROM sale"
        " WHERE store_id = :store AND day = :day AND state = 'completed' GROUP BY terminal_id, currency",
        **values,
    )
    taken = rows(
        connection,
        "SELECT terminal_id, currency, count(*) AS n, sum(amount_minor) AS minor FROM payment"
        " WHERE store_id = :store AND day = :day AND is_charged = 1 GROUP BY terminal_id, currency",
        **values,
    )
    sales = {(row.terminal_id, row.currency): (int(row.n), int(row.minor)) for row in sold}
    payments = {(row.terminal_id, row.currency): (int(row.n), int(row.minor)) for row in taken}
    bills = {(one.terminal_id, one.currency): one for one in bills_taken(connection, store_id, day)}
    given = rows(
        connection,
        "SELECT terminal_id, currency, count(*) AS n, sum(amount_minor) AS minor FROM refund"
        " WHERE store_id = :store AND day = :day GROUP BY terminal_id, currency",
        **values,
    )
    refunds = {(row.terminal_id, row.currency): (int(row.n), int(row.minor)) for row in given}

    def total(terminal_id: str, currency: str) -> DayTotal:
        key = (terminal_id, currency)
        taken = bills.get(key, BillsTaken(terminal_id, currency, 0, 0, 0))
        figures = (*sales.get(key, (0, 0)), *payments.get(key, (0, 0)), taken.bills, taken.minor, taken.fees_minor)
        return DayTotal(terminal_id, currency, *figures, *refunds.get(key, (0, 0)))

    return tuple(total(*key) for key in sorted(sales.keys() | payments.keys() | bills.keys() | refunds.keys()))


def bills_taken(connection: Connection, store_id: str, day: str) -> tuple[BillsTaken, ...]:
    """What each terminal took for billers on a day. By their sales: whatever the billers say, it was taken until its sale is voided."""
    found = rows(
        connection,
        "SELECT b.terminal_id, b.currency, count(*) AS n, sum(b.amount_minor) AS minor, sum(b.fee_minor) AS fees FROM bill_posting b"
        " JOIN sale s ON s.terminal_id = b.terminal_id AND s.sale_id = b.sale_id"
        " WHERE b.store_id = :store AND b.day = :day AND s.state = 'completed' GROUP BY b.terminal_id, b.currency",
        store=store_id,
        day=day,
    )
    return tuple(BillsTaken(row.terminal_id, row.currency, int(row.n), int(row.minor), int(row.fees)) for row in found)


def put_ledger(connection: Connection, store_id: str, day: str, totals: Iterable[LedgerTotal]) -> None:
    """What the payment terminals say of a day; the last word counts."""
    many(
        connection,
        "INSERT INTO ledger_total VALUES (:store, :day, :device, :currency, :n, :minor, :source)"
        " ON CONFLICT (store_id, day, payment_terminal, currency) DO UPDATE SET payments = excluded.payments,"
        " total_minor = excluded.total_minor, source = excluded.source",
        [
            {
                "store": store_id,
                "day": day,
                "device": total.payment_terminal,
                "currency": total.currency,
                "n": total.payments,
                "minor": total.total_minor,
                "source": total.source,
            }
            for total in totals
        ],
    )


def reconcile(connection: Connection, store_id: str, day: str) -> tuple[Difference, ...]:
    """Where the payments in the journals differ from the payment terminals' ledgers. A ledger that was not told counts as empty."""
    values = {"store": store_id, "day": day}
    ours = _sums(
        rows(
            connection,
            "SELECT payment_terminal, currency, count(*) AS n, sum(amount_minor) AS minor FROM payment"
            " WHERE store_id = :store AND day = :day AND is_charged = 1 GROUP BY payment_terminal, currency",
            **values,
        )
    )
    theirs = _sums(
        rows(
            connection,
            "SELECT payment_terminal, currency, payments AS n, total_minor AS minor FROM ledger_total"
            " WHERE store_id = :store AND day = :day",
            **values,
        )
    )
    return tuple(
        Difference(*key, ours.get(key, (0, 0)), theirs.get(key, (0, 0)))
        for key in sorted(ours.keys() | theirs.keys())
        if ours.get(key, (0, 0)) != theirs.get(key, (0, 0))
    )


def _sums(found: Iterable[Row[Any]]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(row.payment_terminal, row.currency): (int(row.n), int(row.minor)) for row in found}
