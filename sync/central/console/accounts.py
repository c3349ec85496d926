"""The console's page of account holders' requests: masked, until someone who may says to see one, which is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection

from sync.central import audit
from sync.central.accounts.requests import masked
from sync.central.console.pages import Page
from sync.central.console.people import May
from sync.central.console.seeing import store_page
from sync.central.console.visits import Ended, Visit
from sync.central.database import one, rows

MOST: Final = 200
SHOWN_S: Final = 300.0  # how long someone sees what they asked to see
_SEEN: Final = "account.request-seen"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `what` is "address" or "phone", `value` masked unless `is_shown`; `waits`: the core does not have it."""

    number: str
    terminal_id: str
    at_ms: int
    what: str
    value: str
    is_shown: bool
    waits: bool


def show(connection: Connection, visit: Visit) -> Page:
    """What holders asked for in this store, the newest first, and how many accounts it keeps a copy of."""
    visit.needs(May.READ_ACCOUNTS)
    found = rows(
        connection,
        "SELECT request_id, terminal_id, at_ms, what, value, taken_ms FROM account_request WHERE store_id = :store"
        " ORDER BY at_ms DESC LIMIT :most",
        store=visit.store_id,
        most=MOST,
    )
    seen = _seen_lately(connection, visit)
    asked = [
        Asked(
            number=row.request_id,
            terminal_id=row.terminal_id,
            at_ms=row.at_ms,
            what=row.what,
            value=row.value if row.taken_ms is not None or row.request_id in seen else masked(row.what, row.value),
            is_shown=row.taken_ms is None and row.request_id in seen,
            waits=row.taken_ms is None,
        )
        for row in found
    ]
    copies = one(
        connection, "SELECT count(*) AS n FROM account_enrolment WHERE store_id = :store", store=visit.store_id
    )
    return store_page(
        connection, visit, "accounts.html", "accounts", asked=asked, copies=copies.n if copies else 0, most=MOST
    )


def act(connection: Connection, visit: Visit) -> str:
    """See what one of them wants: written down first, with who saw it."""
    visit.needs(May.READ_ACCOUNTS)
    number = visit.field("number")
    sql = "SELECT 1 FROM account_request WHERE store_id = :store AND request_id = :number AND taken_ms IS NULL"
    if one(connection, sql, store=visit.store_id, number=number) is None:
        raise Ended(404, "console.error.not-found")
    audit.write(connection, audit.Act(visit.store_id, visit.person.name, _SEEN, number), visit.now_s)
    return f"/console/stores/{quote(visit.store_id, safe='')}/accounts"


def _seen_lately(connection: Connection, visit: Visit) -> frozenset[str]:
    """Requests that this very person asked to see a moment ago."""
    found = rows(
        connection,
        "SELECT subject FROM audit WHERE store_id = :store AND who = :who AND what = :what AND at_ms > :since",
        store=visit.store_id,
        who=visit.person.name,
        what=_SEEN,
        since=int((visit.now_s - SHOWN_S) * 1000),
    )
    return frozenset(row.subject for row in found)
