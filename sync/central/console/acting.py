"""What people do at the console. Each is `(connection, visit) -> where to go next`, in one transaction with its audit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection

from sync.central import alerts, audit, commands
from sync.central.console import terminals
from sync.central.console.people import May
from sync.central.console.seeing import may_answer
from sync.central.console.visits import Ended, Visit
from sync.central.database import one, one_locked
from sync.protocol.commands import CommandKind

ANSWER_WITHIN_S: Final = 180.0  # a shopper stands there
COMMAND_WITHIN_S: Final = 3600.0
_ANSWERS: Final = {"approve": CommandKind.APPROVE, "refuse": CommandKind.REFUSE}
_NEEDS: Final = {
    CommandKind.MESSAGE: May.MESSAGE,
    CommandKind.SELF_TEST: May.COMMAND,
    CommandKind.REPRINT: May.COMMAND,
    CommandKind.FUNCTION_PROFILE: May.COMMAND,
    CommandKind.CONFIGURATION: May.CONFIGURE,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    kind: CommandKind
    body: dict[str, Any]
    within_s: float
    bound_to: str = ""


def answer(connection: Connection, visit: Visit) -> str:
    """Approve or refuse what a terminal asks; bound to the basket that the person saw."""
    store_id, terminal_id = visit.store_id, visit.field("terminal")
    # The terminal's row is kept, so that of two people who answer at once one is told that it was answered.
    one_locked(connection, "SELECT state FROM terminal WHERE terminal_id = :terminal", terminal=terminal_id)
    wanted = (terminal_id, visit.field("request"), visit.field("basket", 500))
    found = next(
        (
            asked
            for asked in terminals.asked(connection, store_id, visit.now_s)
            if (asked.terminal_id, asked.request.request_id, asked.request.basket_hash) == wanted
        ),
        None,
    )
    kind = _ANSWERS.get(visit.field("answer"))
    if kind is None:
        raise Ended(400, "console.error.form")
    if found is None or not found.is_current:
        raise Ended(409, "console.error.basket-changed")
    if found.answer:
        raise Ended(409, "console.error.answered")
    if not may_answer(visit, found.request.kind):
        raise Ended(403, "console.error.forbidden")
    body = {
        "kind": found.request.kind,
        "request_id": found.request.request_id,
        "staff": visit.person.name,
        "role": visit.person.role.value,
        "reason": visit.field("reason"),
    }
    _issue(connection, visit, terminal_id, _Asked(kind, body, ANSWER_WITHIN_S, found.request.basket_hash))
    return _to(store_id, "approvals")


def command(connection: Connection, visit: Visit) -> str:
    """Ask something of a terminal."""
    store_id, terminal_id = visit.store_id, visit.field("terminal")
    try:
        kind = CommandKind(visit.field("kind"))
        needed = _NEEDS[kind]
    except (ValueError, KeyError):
        raise Ended(400, "console.error.form") from None
    visit.needs(needed)
    known = one(
        connection,
        "SELECT 1 FROM terminal WHERE terminal_id = :terminal AND store_id = :store AND revoked_ms IS NULL",
        terminal=terminal_id,
        store=store_id,
    )
    if known is None:
        raise Ended(404, "console.error.not-found")
    _issue(connection, visit, terminal_id, _Asked(kind, _body(kind, visit), COMMAND_WITHIN_S))
    return _to(store_id, "commands")


def close_alert(connection: Connection, visit: Visit) -> str:
    """Someone has seen to an alert."""
    visit.needs(May.CLOSE_ALERTS)
    terminal_id, kind, subject = visit.field("terminal"), visit.field("kind"), visit.field("subject", 500)
    found = one(
        connection,
        "SELECT 1 FROM alert WHERE terminal_id = :terminal AND kind = :kind AND subject = :subject AND store_id IN (:store, '*')",
        terminal=terminal_id,
        kind=kind,
        subject=subject,
        store=visit.store_id,
    )
    if found is None:
        raise Ended(404, "console.error.not-found")
    alerts.close_alert(connection, terminal_id, kind, subject, who=visit.person.name, now_s=visit.now_s)
    act = audit.Act(visit.store_id, visit.person.name, "alert.closed", terminal_id, f"{kind} {subject}")
    audit.write(connection, act, visit.now_s)
    return _to(visit.store_id, "alerts")


def _issue(connection: Connection, visit: Visit, terminal_id: str, asked: _Asked) -> None:
    new = commands.NewCommand(
        terminal_id, visit.store_id, asked.kind, asked.body, visit.person.name, asked.within_s, asked.bound_to
    )
    commands.issue(connection, new, visit.now_s)


def _body(kind: CommandKind, visit: Visit) -> dict[str, Any]:
    value = visit.field("value", 500)
    if kind is CommandKind.SELF_TEST:
        return {"devices": value.split()}
    if not value:
        raise Ended(400, "console.error.value-missing")
    if kind is CommandKind.MESSAGE:
        return {"text": value}
    if kind is CommandKind.REPRINT:
        return {"sale_id": value}
    if kind is CommandKind.FUNCTION_PROFILE:
        return {"profile": value}
    name, found, setting = value.partition("=")
    if not found or not name.strip():
        raise Ended(400, "console.error.setting")
    return {"settings": {name.strip(): _plain(setting.strip()) if setting.strip() else None}}


def _plain(text: str) -> bool | int | str | list[str]:
    """A setting as it is meant: a whole number, yes or no, a list of words in brackets, else text."""
    if text.startswith("[") and text.endswith("]"):
        return [word.strip().strip('"') for word in text[1:-1].split(",") if word.strip()]
    if text in {"true", "false"}:
        return text == "true"
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int) else text


def _to(store_id: str, page: str) -> str:
    return f"/console/stores/{quote(store_id, safe='')}/{page}"
