"""Commands: queued for one terminal, given until they are answered, audited."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, text

from kiosk.domain.chain import canonical
from sync.central import audit
from sync.central.database import one_locked, rows, run
from sync.central.errors import Refusal
from sync.central.heads import Sender
from sync.central.keys import iso
from sync.protocol.commands import Command, CommandKind, CommandList, CommandResult
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted

OPEN = "open"
MOST_GIVEN = 50


@dataclass(frozen=True, slots=True)
class NewCommand:
    """What to ask of a terminal. `within_s`: how long it makes sense; `bound_to` as in `sync.protocol.commands.Command`."""

    terminal_id: str
    store_id: str
    kind: CommandKind
    body: Mapping[str, Any]
    issued_by: str
    within_s: float
    bound_to: str = ""


def issue(connection: Connection, new: NewCommand, now_s: float) -> str:
    """Queue a command, and write down who did; gives its id."""
    command_id = f"c-{secrets.token_hex(12)}"
    now_ms = int(now_s * 1000)
    run(
        connection,
        "INSERT INTO command VALUES (:terminal, :id, :store, :kind, :body, :bound, :by, :now, :deadline, NULL, 'open', NULL, NULL)",
        terminal=new.terminal_id,
        id=command_id,
        store=new.store_id,
        kind=new.kind.value,
        body=canonical(new.body),
        bound=new.bound_to,
        by=new.issued_by,
        now=now_ms,
        deadline=now_ms + int(new.within_s * 1000),
    )
    detail = f"{command_id} {canonical(new.body)}"
    entry = audit.Act(new.store_id, new.issued_by, f"command.{new.kind}", new.terminal_id, detail)
    audit.write(connection, entry, now_s)
    return command_id


def open_for(connection: Connection, terminal_id: str, now_s: float) -> CommandList:
    """What this terminal has not answered and is not too late for, the oldest first."""
    now_ms = int(now_s * 1000)
    found = rows(
        connection,
        "SELECT * FROM command WHERE terminal_id = :terminal AND status = 'open' AND deadline_ms > :now"
        " ORDER BY issued_ms, command_id LIMIT :most",
        terminal=terminal_id,
        now=now_ms,
        most=MOST_GIVEN,
    )
    return CommandList(commands=tuple(_command(row, now_ms) for row in found))


def waiting(connection: Connection, terminal_ids: Iterable[str], now_s: float) -> frozenset[str]:
    """Those of `terminal_ids` that something is open for: one question for every long poll of a process."""
    wanted = list(terminal_ids)
    if not wanted:
        return frozenset()
    sql = text(
        "SELECT DISTINCT terminal_id FROM command WHERE status = 'open' AND deadline_ms > :now AND terminal_id IN :wanted"
    ).bindparams(bindparam("wanted", expanding=True))
    return frozenset(row.terminal_id for row in connection.execute(sql, {"now": int(now_s * 1000), "wanted": wanted}))


def answer(connection: Connection, sender: Sender, command_id: str, result: CommandResult) -> Accepted:
    """Keep what became of a command. Raises Refusal (UNKNOWN, ANSWERED)."""
    row = one_locked(
        connection,
        "SELECT status, result, kind, store_id FROM command WHERE terminal_id = :terminal AND command_id = :id",
        terminal=sender.terminal_id,
        id=command_id,
    )
    if row is None:
        raise Refusal(ProblemType.UNKNOWN, f"terminal {sender.terminal_id} was given no command {command_id}")
    told = result.model_dump_json()
    if row.status != OPEN:
        if row.result == told:
            return Accepted(new=0)
        raise Refusal(ProblemType.ANSWERED, f"command {command_id} is {row.status} already")
    run(
        connection,
        "UPDATE command SET status = :status, result = :told, result_ms = :now WHERE terminal_id = :terminal AND command_id = :id",
        status=result.status.value,
        told=told,
        now=sender.now_ms,
        terminal=sender.terminal_id,
        id=command_id,
    )
    act = audit.Act(
        row.store_id, sender.terminal_id, f"answer.{row.kind}", sender.terminal_id, f"{command_id} {result.status}"
    )
    audit.write(connection, act, sender.now_s)
    return Accepted(new=1)


def _command(row: Row[Any], now_ms: int) -> Command:
    return Command(
        id=row.command_id,
        kind=row.kind,
        body=json.loads(row.body),
        bound_to=row.bound_to,
        issued_by=row.issued_by,
        issued_at=iso(row.issued_ms / 1000),
        deadline=iso(row.deadline_ms / 1000),
        expires_in_ms=row.deadline_ms - now_ms,
    )
