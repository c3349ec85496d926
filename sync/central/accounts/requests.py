"""What holders ask for at terminals: kept until the core has it, handed over as often as it takes, and masked from then on."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from sync.central.accounts.connector import AccountRequest, AccountsConnector, CoreAwayError
from sync.central.accounts.tickets import Opened
from sync.central.database import Database, one, rows, run
from sync.central.heads import Sender
from sync.protocol.accounts import RequestAsked

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 50
FORGOTTEN_S: Final = 90 * 86_400
# Without what is taken for another when it is read aloud.
_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_COLUMNS: Final = "request_id, account_id, what, value, at_ms, taken_ms, terminal_id"


def keep(connection: Connection, sender: Sender, found: Opened, asked: RequestAsked) -> tuple[AccountRequest, bool]:
    """The request, durable from here on, and whether the core has it; the same question again is the same request."""
    run(
        connection,
        "INSERT INTO account_request VALUES (:terminal, :asked, :store, :number, :now, :account, :mark, :what, :value, NULL)"
        " ON CONFLICT (terminal_id, asked_id) DO NOTHING",
        terminal=sender.terminal_id,
        asked=asked.asked_id,
        store=sender.store_id,
        number="".join(secrets.choice(_LETTERS) for _ in range(8)),
        now=sender.now_ms,
        account=found.account_id,
        mark=found.mark,
        what=asked.what,
        value=asked.value,
    )
    sql = f"SELECT {_COLUMNS} FROM account_request WHERE terminal_id = :terminal AND asked_id = :asked"  # noqa: S608 - names of our own
    row = one(connection, sql, terminal=sender.terminal_id, asked=asked.asked_id)
    if row is None:
        raise LookupError("a request that was just written is not there")
    return _request(row), row.taken_ms is not None


def waiting(connection: Connection, before_ms: int) -> Sequence[AccountRequest]:
    """What the core does not have, the oldest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM account_request WHERE taken_ms IS NULL AND at_ms < :before ORDER BY at_ms LIMIT :most"  # noqa: S608 - as above
    )
    return tuple(_request(row) for row in rows(connection, sql, before=before_ms, most=MOST_AT_ONCE))


def hand_over(
    database: Database, connector: AccountsConnector, requests: Iterable[AccountRequest], now_s: float
) -> int:
    """Tell the core, one by one; gives how many it took. What it did not take waits."""
    taken = 0
    for request in requests:
        try:
            connector.take_request(request)
        except CoreAwayError as error:
            log.warning("request %s waits for the core: %s", request.request_id, error)
            break
        database.write(lambda connection, done=request: _taken(connection, done, now_s))  # type: ignore[misc] # mypy knows no defaults of lambdas
        taken += 1
    return taken


def forget_old(connection: Connection, now_s: float) -> None:
    """Those that the core has had for long."""
    run(connection, "DELETE FROM account_request WHERE taken_ms < :before", before=int((now_s - FORGOTTEN_S) * 1000))


def masked(what: str, value: str) -> str:
    """As much as tells one from another: of a telephone number the last two digits, of an address its first letter."""
    if what == "phone":
        return f"…{value[-2:]}"
    return f"{value[:1]}…"


def _taken(connection: Connection, request: AccountRequest, now_s: float) -> None:
    run(
        connection,
        "UPDATE account_request SET taken_ms = :now, value = :masked WHERE request_id = :request AND taken_ms IS NULL",
        now=int(now_s * 1000),
        masked=masked(request.what, request.value),
        request=request.request_id,
    )


def _request(row: Row[Any]) -> AccountRequest:
    at = datetime.fromtimestamp(row.at_ms / 1000, UTC).isoformat(timespec="seconds")
    return AccountRequest(row.request_id, row.account_id, row.what, at, row.value)
