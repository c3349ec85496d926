"""Tickets: what opens one account for one visit at one terminal. Random, kept as their hash, void after a while and when the visit ends."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from sqlalchemy import Connection

from kiosk.domain.records import dataclass
from sync.central.database import changed, one_locked, run
from sync.central.heads import Sender

LIFE_S: Final = 600.0
CODE_LIFE_S: Final = 300.0
MOST_CODES: Final = 3  # sent for one ticket


@dataclass(frozen=True, slots=True)
class Opened:
    """The account that a ticket opens. `step_mark` is of the try that was right, "" before the step-up."""

    account_id: str
    mark: str
    codes_sent: int
    step_mark: str


def give(connection: Connection, sender: Sender, account_id: str, mark: str) -> str:
    """A new ticket; those before at this terminal are void, for one visit is there at a time."""
    run(connection, "DELETE FROM account_ticket WHERE terminal_id = :terminal", terminal=sender.terminal_id)
    ticket = secrets.token_urlsafe(32)
    run(
        connection,
        "INSERT INTO account_ticket VALUES (:terminal, :hash, :account, :mark, :until, '', 0, 0, '')",
        terminal=sender.terminal_id,
        hash=_hash(ticket),
        account=account_id,
        mark=mark,
        until=int((sender.now_s + LIFE_S) * 1000),
    )
    run(
        connection,
        "INSERT INTO account_holder VALUES (:mark, :account) ON CONFLICT (mark) DO NOTHING",
        mark=mark,
        account=account_id,
    )
    return ticket


def opened(connection: Connection, sender: Sender, ticket: str) -> Opened | None:
    """What the ticket opens at this terminal now; None where it is another's, too old, void, or none."""
    row = one_locked(
        connection,
        "SELECT account_id, mark, codes_sent, step_mark FROM account_ticket"
        " WHERE terminal_id = :terminal AND ticket_sha256 = :hash AND until_ms > :now",
        terminal=sender.terminal_id,
        hash=_hash(ticket),
        now=sender.now_ms,
    )
    if row is None:
        return None
    return Opened(row.account_id, row.mark, row.codes_sent, row.step_mark)


def keep_code(connection: Connection, sender: Sender, ticket: str, code_mark: str) -> None:
    """A one-time code is about to be sent for the ticket. The one before does not hold any more."""
    run(
        connection,
        "UPDATE account_ticket SET code_mark = :code, code_until_ms = :until, codes_sent = codes_sent + 1"
        " WHERE terminal_id = :terminal AND ticket_sha256 = :hash",
        code=code_mark,
        until=int((sender.now_s + CODE_LIFE_S) * 1000),
        terminal=sender.terminal_id,
        hash=_hash(ticket),
    )


def use_code(connection: Connection, sender: Sender, ticket: str, code_mark: str) -> bool:
    """Use the code that was sent; False where it is another one, too old, or used. It holds once."""
    sql = (
        "UPDATE account_ticket SET code_mark = '' WHERE terminal_id = :terminal AND ticket_sha256 = :hash AND code_mark = :code"
        " AND code_until_ms > :now"
    )
    values = {"terminal": sender.terminal_id, "hash": _hash(ticket), "code": code_mark, "now": sender.now_ms}
    return changed(connection, sql, **values) > 0


def stepped_up(connection: Connection, sender: Sender, ticket: str, step_mark: str) -> None:
    """From now on the ticket opens what is sensitive."""
    run(
        connection,
        "UPDATE account_ticket SET step_mark = :step WHERE terminal_id = :terminal AND ticket_sha256 = :hash",
        step=step_mark,
        terminal=sender.terminal_id,
        hash=_hash(ticket),
    )


def void(connection: Connection, sender: Sender, ticket: str) -> bool:
    """The visit is over."""
    sql = "DELETE FROM account_ticket WHERE terminal_id = :terminal AND ticket_sha256 = :hash"
    return changed(connection, sql, terminal=sender.terminal_id, hash=_hash(ticket)) > 0


def forget_old(connection: Connection, now_s: float) -> None:
    """Those that open nothing any more."""
    run(connection, "DELETE FROM account_ticket WHERE until_ms < :now", now=int(now_s * 1000))


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
