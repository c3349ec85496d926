"""Numbers every sale of a store in the order in which the service learned of it: what a cursor counts, whenever a terminal comes back.

Triggers on the sales note each change; here the changes get their numbers. A sale that changes (is voided) is numbered anew, and so
comes again behind every cursor. A rebuild of the projections changes nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, text

from kiosk.domain.receipt_link import receipt_token
from sync.central.database import many, one_locked, rows, run

AT_ONCE: Final = 500


def number_new(connection: Connection) -> int:
    """Number what is not numbered yet, at most AT_ONCE changes; gives how many changes it looked at."""
    one_locked(connection, "SELECT last_number FROM export_counter WHERE store_id = ''")
    sql = "SELECT id FROM sale_change ORDER BY id LIMIT :most"
    ids = [row.id for row in rows(connection, sql, most=AT_ONCE)]
    if not ids:
        return 0
    changed = [row for row in _changed(connection, ids) if row.fingerprint != _fingerprint(row)]
    gone = "DELETE FROM sale_export WHERE terminal_id = :terminal_id AND sale_id = :sale_id"
    many(connection, gone, [{"terminal_id": row.terminal_id, "sale_id": row.sale_id} for row in changed])
    last = _take_numbers(connection, Counter(row.store_id for row in changed))
    made = []
    for row in changed:
        last[row.store_id] += 1
        token = receipt_token(row.hash) if row.hash else ""
        values = {name: getattr(row, name) for name in ("store_id", "terminal_id", "sale_id")}
        made.append({**values, "number": last[row.store_id], "fingerprint": _fingerprint(row), "token": token})
    many(
        connection,
        "INSERT INTO sale_export VALUES (:store_id, :number, :terminal_id, :sale_id, :fingerprint, :token)",
        made,
    )
    connection.execute(
        text("DELETE FROM sale_change WHERE id IN :ids").bindparams(bindparam("ids", expanding=True)), {"ids": ids}
    )
    return len(ids)


def waits(connection: Connection) -> bool:
    """Whether something is to be numbered."""
    return bool(rows(connection, "SELECT 1 FROM sale_change LIMIT 1"))


def _changed(connection: Connection, ids: list[int]) -> list[Row[Any]]:
    sql = text(
        "SELECT DISTINCT s.store_id, s.terminal_id, s.sale_id, s.state, s.total_minor, s.journal_id, s.seq, s.at, e.hash, x.fingerprint"
        " FROM sale_change c JOIN sale s ON s.terminal_id = c.terminal_id AND s.sale_id = c.sale_id"
        " LEFT JOIN entry e ON e.terminal_id = s.terminal_id AND e.journal_id = s.journal_id AND e.seq = s.seq"
        " LEFT JOIN sale_export x ON x.terminal_id = s.terminal_id AND x.sale_id = s.sale_id"
        " WHERE c.id IN :ids ORDER BY s.at, s.terminal_id, s.seq"
    ).bindparams(bindparam("ids", expanding=True))
    return list(connection.execute(sql, {"ids": ids}).all())


def _fingerprint(row: Row[Any]) -> str:
    return f"{row.store_id} {row.journal_id} {row.seq} {row.state} {row.total_minor}"


def _take_numbers(connection: Connection, wanted: Counter[str]) -> dict[str, int]:
    """The last number given in each store before these."""
    last = {}
    for store_id, count in sorted(wanted.items()):
        made = "INSERT INTO export_counter VALUES (:store, 0) ON CONFLICT (store_id) DO NOTHING"
        run(connection, made, store=store_id)
        row = one_locked(connection, "SELECT last_number FROM export_counter WHERE store_id = :store", store=store_id)
        last[store_id] = int(row.last_number) if row else 0
        moved = "UPDATE export_counter SET last_number = last_number + :count WHERE store_id = :store"
        run(connection, moved, store=store_id, count=count)
    return last
