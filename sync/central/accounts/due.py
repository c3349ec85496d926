"""Which of an account's due bills are due still: what was paid at a terminal of ours is out of the list before the core has heard of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from kiosk.domain.account import Overview
from kiosk.domain.bills.identity import bill_key
from sync.central.billers.standing import State
from sync.central.database import among, rows

_PAID: Final = (State.PENDING, State.POSTED)


def still_due(connection: Connection, overview: Overview) -> Overview:
    """The overview without bills that our books show as paid. One with an open amount stays: it may be paid more than once."""
    keys = {bill_key(one.bill): one for one in overview.due_bills if one.bill.amount is not None}
    if not keys:
        return overview
    sql, values = among(connection, "key", list(keys), "keys")
    states = ", ".join(f"'{state.value}'" for state in _PAID)
    paid = rows(connection, f"SELECT key FROM bill_posting WHERE {sql} AND state IN ({states})", **values)  # noqa: S608 - words of our own
    gone = [keys[row.key] for row in paid]
    return replace(overview, due_bills=tuple(one for one in overview.due_bills if one not in gone))
