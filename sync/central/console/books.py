"""What the console shows of the books: the day's sales, one sale with all its entries and whether their chain holds, what is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, text

from kiosk.domain.chain import genesis
from kiosk.domain.money import Money
from kiosk.domain.sale import Sale, SaleBodyError
from sync.central import raw, refunds, settlement
from sync.central.alerts import TWICE
from sync.central.database import one, rows
from sync.central.feeds import EVERY_STORE
from sync.protocol.journal import WireEntry

MOST_SALES: Final = 200
MOST_ENTRIES: Final = 300
MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What a store took in on a day in one currency: `total` for goods, `bills` for billers, `fees` for paying those; `refunds` is
    what went back."""

    sales: int
    total: Money
    bills: Money
    fees: Money
    refunds: Money


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale of the day's list: `total` is that of its goods, `bills` what its bills and their fees came to."""

    terminal_id: str
    sale_id: str
    at: str
    total: Money
    items: int
    receipt_number: str
    state: str
    receipt_state: str
    bills: Money


@dataclass(frozen=True, slots=True)
class Case:
    """What was used or paid a second time: `kind` "voucher", "basket" or "payment". `amount` None where the sale did not come about."""

    kind: str
    code: str
    terminal_id: str
    sale_id: str
    amount: Money | None
    stands_terminal: str
    stands_sale: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    """Something to look at. `case` where it has to be settled."""

    terminal_id: str
    kind: str
    subject: str
    detail: str
    first_ms: int
    last_ms: int
    count: int
    case: Case | None


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command. `reason` and `problems` are the terminal's, "" and none where it said none."""

    terminal_id: str
    kind: str
    body: str
    issued_by: str
    issued_ms: int
    status: str
    result_ms: int | None
    reason: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the journal. `holds`: its hash is what it must be, and the entry before it is the one it names."""

    journal_id: str
    seq: int
    at: str
    kind: str
    subject: str
    body: str
    hash: str
    holds: bool


@dataclass(frozen=True, slots=True)
class SaleView:
    """One sale. `sale` is None where its entry cannot be read by this version; `token` is its public name, "" where it has none."""

    row: SaleRow
    sale: Sale | None
    anchor: str
    token: str
    entries: tuple[EntryView, ...]
    is_whole: bool
    has_more: bool


def day_totals(connection: Connection, store_id: str, day: str) -> tuple[DayTotal, ...]:
    """What was sold and not voided, by currency, and what was taken for billers with it."""
    found = rows(
        connection,
        "SELECT currency, count(*) AS sales, sum(total_minor) AS total FROM sale WHERE store_id = :store AND day = :day"
        " AND state = 'completed' GROUP BY currency ORDER BY currency",
        store=store_id,
        day=day,
    )
    taken = settlement.bills_taken(connection, store_id, day)
    given = refunds.of_day(connection, store_id, day)

    def total(row: Row[Any]) -> DayTotal:
        bills = [one for one in taken if one.currency == row.currency]
        amounts = (
            int(row.total),
            sum(one.minor for one in bills),
            sum(one.fees_minor for one in bills),
            sum(one.amount_minor for one in given if one.currency == row.currency),
        )
        return DayTotal(row.sales, *(Money(minor, row.currency) for minor in amounts))

    return tuple(map(total, found))


def day_sales(connection: Connection, store_id: str, day: str) -> tuple[SaleRow, ...]:
    """The newest MOST_SALES sales of a day."""
    found = rows(
        connection,
        f"{_SALES} WHERE s.store_id = :store AND s.day = :day ORDER BY s.at DESC, s.terminal_id, s.seq DESC LIMIT :most",
        store=store_id,
        day=day,
        most=MOST_SALES,
    )
    bills = {
        (row.terminal_id, row.sale_id): int(row.minor)
        for row in rows(
            connection,
            "SELECT terminal_id, sale_id, sum(amount_minor + fee_minor) AS minor FROM bill_posting"
            " WHERE store_id = :store AND day = :day GROUP BY terminal_id, sale_id",
            store=store_id,
            day=day,
        )
    }
    return tuple(_sale_row(row, bills.get((row.terminal_id, row.sale_id), 0)) for row in found)


def one_sale(connection: Connection, store_id: str, terminal_id: str, sale_id: str) -> SaleView | None:
    """A sale of this store with its entries."""
    where = "WHERE s.terminal_id = :terminal AND s.sale_id = :sale AND s.store_id = :store"
    row = one(connection, f"{_SALES} {where}", terminal=terminal_id, sale=sale_id, store=store_id)
    if row is None:
        return None
    found = _entries_of(connection, row)
    entries = tuple(_checked(connection, terminal_id, entry) for entry in found[:MOST_ENTRIES])
    at_sale = next((entry for entry in found if (entry.journal_id, entry.seq) == (row.journal_id, row.seq)), None)
    sale = sale_of(at_sale.body) if at_sale else None
    return SaleView(
        row=_sale_row(row, (sale.bills_total + sale.fees_total).minor if sale else 0),
        sale=sale,
        anchor=at_sale.hash[:12] if at_sale else "",
        token=row.token or "",
        entries=entries,
        is_whole=bool(entries) and all(entry.holds for entry in entries),
        has_more=len(found) > MOST_ENTRIES,
    )


def sale_of(body: str) -> Sale | None:
    """The sale in an entry's body, where this version can read it."""
    try:
        return Sale.from_body(json.loads(body))
    except (SaleBodyError, ValueError):
        return None


def open_alerts(connection: Connection, store_id: str) -> tuple[AlertRow, ...]:
    """What people have to look at, the newest first."""
    sql = (
        "SELECT a.*, c.kind AS case_kind, c.code, c.sale_id, c.stands_terminal, c.stands_sale, coalesce(s.state, '') AS sale_state,"
        " CASE WHEN c.currency = '' THEN coalesce(s.total_minor, 0) ELSE c.amount_minor END AS amount_minor,"
        " CASE WHEN c.currency = '' THEN coalesce(s.currency, '') ELSE c.currency END AS currency FROM alert a"
        " LEFT JOIN settlement_case c ON a.kind = :twice AND c.store_id = a.store_id AND c.terminal_id = a.terminal_id"
        " AND c.kind || ':' || c.code || ':' || c.ref = a.subject"
        " LEFT JOIN sale s ON s.terminal_id = c.terminal_id AND s.sale_id = c.sale_id"
        " WHERE a.store_id IN (:store, :every) AND a.closed_ms IS NULL ORDER BY a.last_ms DESC LIMIT :most"
    )
    found = rows(connection, sql, store=store_id, every=EVERY_STORE, twice=TWICE, most=MOST_ROWS)
    return tuple(_alert_row(row) for row in found)


def count_alerts(connection: Connection, store_id: str) -> int:
    """How many alerts are open."""
    sql = "SELECT count(*) AS n FROM alert WHERE store_id IN (:store, :every) AND closed_ms IS NULL"
    row = one(connection, sql, store=store_id, every=EVERY_STORE)
    return row.n if row else 0


def failures(connection: Connection, store_id: str) -> Sequence[Row[Any]]:
    """Entries that the projections could not follow."""
    sql = (
        "SELECT f.* FROM projection_failure f JOIN terminal t ON t.terminal_id = f.terminal_id WHERE t.store_id = :store"
        " ORDER BY f.at_ms DESC LIMIT :most"
    )
    return rows(connection, sql, store=store_id, most=MOST_ROWS)


def revoked_keys(connection: Connection, store_id: str) -> Sequence[Row[Any]]:
    """Keys that are not good any more."""
    sql = (
        "SELECT k.terminal_id, k.key_id, k.revoked_ms FROM terminal_key k JOIN terminal t ON t.terminal_id = k.terminal_id"
        " WHERE t.store_id = :store AND k.revoked_ms IS NOT NULL ORDER BY k.revoked_ms DESC LIMIT :most"
    )
    return rows(connection, sql, store=store_id, most=MOST_ROWS)


def commands(connection: Connection, store_id: str) -> tuple[CommandRow, ...]:
    """The newest commands and what became of them."""
    sql = "SELECT * FROM command WHERE store_id = :store ORDER BY issued_ms DESC, command_id LIMIT :most"
    return tuple(map(_command_row, rows(connection, sql, store=store_id, most=MOST_ROWS)))


def audit_trail(connection: Connection, store_id: str) -> Sequence[Row[Any]]:
    """Who did what, the newest first."""
    sql = "SELECT * FROM audit WHERE store_id IN (:store, :every) ORDER BY at_ms DESC, audit_id DESC LIMIT :most"
    return rows(connection, sql, store=store_id, every=EVERY_STORE, most=MOST_ROWS)


_SALES: Final = (
    "SELECT s.*, coalesce(r.state, '') AS receipt_state, x.token FROM sale s"
    " LEFT JOIN receipt r ON r.terminal_id = s.terminal_id AND r.sale_id = s.sale_id"
    " LEFT JOIN sale_export x ON x.terminal_id = s.terminal_id AND x.sale_id = s.sale_id"
)


def _sale_row(row: Row[Any], bills_minor: int) -> SaleRow:
    return SaleRow(
        row.terminal_id,
        row.sale_id,
        row.at,
        Money(row.total_minor, row.currency),
        row.items,
        row.receipt_number,
        row.state,
        row.receipt_state,
        Money(bills_minor, row.currency),
    )


def _command_row(row: Row[Any]) -> CommandRow:
    told = json.loads(row.result) if row.result else {}
    found = told.get("body", {}).get("problems", ())
    problems = tuple(str(problem) for problem in found[:10]) if isinstance(found, list) else ()
    return CommandRow(
        row.terminal_id,
        row.kind,
        row.body,
        row.issued_by,
        row.issued_ms,
        row.status,
        row.result_ms,
        str(told.get("reason", "")),
        problems,
    )


def _alert_row(row: Row[Any]) -> AlertRow:
    case = None
    if row.case_kind:
        amount = Money(int(row.amount_minor), row.currency) if row.currency else None
        case = Case(row.case_kind, row.code, row.terminal_id, row.sale_id, amount, row.stands_terminal, row.stands_sale)
    return AlertRow(
        row.terminal_id, row.kind, row.subject, row.detail, row.first_ms, row.last_ms, row._mapping["count"], case
    )


def _entries_of(connection: Connection, sale: Row[Any]) -> Sequence[Row[Any]]:
    """Those of the sale, of its payments and of its bills. What was intended stands shortly before the sale, the rest behind it."""
    payments = rows(
        connection,
        "SELECT ref FROM payment WHERE terminal_id = :terminal AND sale_id = :sale",
        terminal=sale.terminal_id,
        sale=sale.sale_id,
    )
    bills = rows(
        connection,
        "SELECT key FROM bill_posting WHERE terminal_id = :terminal AND store_id = :store AND day = :day AND sale_id = :sale",
        terminal=sale.terminal_id,
        store=sale.store_id,
        day=sale.day,
        sale=sale.sale_id,
    )
    sql = text(
        f"SELECT journal_id, {raw.COLUMNS} FROM entry WHERE terminal_id = :terminal AND (journal_id <> :journal OR seq >= :since)"  # noqa: S608 - names of our own
        " AND ((journal_id = :journal AND seq = :seq) OR subject IN :subjects) ORDER BY seq, journal_id LIMIT :most"
    ).bindparams(bindparam("subjects", expanding=True))
    values = {
        "terminal": sale.terminal_id,
        "journal": sale.journal_id,
        "seq": sale.seq,
        "since": max(1, sale.seq - 1000),
        "subjects": [
            sale.sale_id,
            *(payment.ref for payment in payments),
            *(f"bill:{bill.key}" for bill in bills),
            *(refund.refund_id for refund in refunds.of_sale(connection, sale.store_id, sale.sale_id)),
        ],
        "most": MOST_ENTRIES + 1,
    }
    found = connection.execute(sql, values).all()
    # Another sale may have tried to pay the same bill.
    return [row for row in found if not row.subject.startswith("bill:") or _is_of(row.body, sale.sale_id)]


def _is_of(body: str, sale_id: str) -> bool:
    return bool(json.loads(body).get("sale_id") == sale_id)


def _checked(connection: Connection, terminal_id: str, row: Row[Any]) -> EntryView:
    found = {name: value for name, value in row._mapping.items() if name != "journal_id"}
    entry = WireEntry.model_construct(**found)
    return EntryView(
        journal_id=row.journal_id,
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        subject=row.subject,
        body=json.dumps(json.loads(row.body), indent=2, ensure_ascii=False),
        hash=row.hash,
        holds=entry.true_hash(row.journal_id) == row.hash
        and _hash_before(connection, terminal_id, row.journal_id, row.seq) == row.prev,
    )


def _hash_before(connection: Connection, terminal_id: str, journal_id: str, seq: int) -> str:
    """What the entry must name as the one before it: in its journal, in the one that it continues, or set aside."""
    if seq == 1:
        return genesis(terminal_id, journal_id)
    held = raw.hashes(connection, terminal_id, journal_id, seq - 1, seq - 1).get(seq - 1)
    if held:
        return held
    found = one(
        connection,
        "SELECT e.hash FROM journal j JOIN entry e ON e.terminal_id = j.terminal_id AND e.journal_id = j.continues AND e.seq = :seq"
        " WHERE j.terminal_id = :terminal AND j.journal_id = :journal"
        " UNION ALL SELECT to_hash FROM set_aside WHERE terminal_id = :terminal AND journal_id = :journal AND to_seq = :seq",
        terminal=terminal_id,
        journal=journal_id,
        seq=seq - 1,
    )
    return str(found.hash) if found else ""
