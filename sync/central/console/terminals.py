"""What the console shows of a store's terminals: what each is, does, has not sent; and never "well" for one that is silent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, Row

from sync.central.database import rows
from sync.central.feeds import EVERY_STORE
from sync.central.reports import STATE_EVERY_S
from sync.protocol.reports import AS_IT_SHOULD, ApprovalRequest, TerminalState

SILENT_AFTER_S: Final = 3 * STATE_EVERY_S  # two of its words may be lost


class Light(StrEnum):
    """How a terminal stands, at a glance."""

    WELL = "well"
    CARE = "care"
    UNKNOWN = "unknown"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class TerminalView:
    """One terminal. `silent_s` seconds since anything was heard of it, None where nothing ever was; `state` its last word."""

    terminal_id: str
    store_id: str
    light: Light
    silent_s: int | None
    seen_ms: int | None
    skew_ms: int | None
    open_alerts: int
    state: TerminalState | None

    @property
    def troubled_devices(self) -> tuple[tuple[str, str, str], ...]:
        """Device, health and reason of those that are not ready."""
        devices = self.state.devices if self.state else ()
        return tuple((d.device, d.health, d.reason) for d in devices if d.health not in {"ready", "absent"})


@dataclass(frozen=True, slots=True)
class StoreView:
    """One store of the list."""

    store_id: str
    terminals: int
    silent: int
    open_alerts: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a terminal wants approved, and what was answered already ("" where nothing was)."""

    terminal_id: str
    request: ApprovalRequest
    is_current: bool
    answer: str


def terminals(connection: Connection, store_id: str, now_s: float) -> tuple[TerminalView, ...]:
    """Every terminal of a store that was ever enrolled, by name."""
    found = rows(
        connection,
        "SELECT t.*, (SELECT count(*) FROM alert a WHERE a.terminal_id = t.terminal_id AND a.closed_ms IS NULL) AS open_alerts"
        " FROM terminal t WHERE t.store_id = :store ORDER BY t.terminal_id",
        store=store_id,
    )
    return tuple(_view(row, now_s) for row in found)


def stores(connection: Connection, only: str, now_s: float) -> tuple[StoreView, ...]:
    """Every store with a terminal, or `only` that one."""
    found = rows(
        connection,
        "SELECT store_id, count(*) AS terminals, sum(CASE WHEN coalesce(state_ms, 0) < :since THEN 1 ELSE 0 END) AS silent,"
        " (SELECT count(*) FROM alert a WHERE a.store_id = t.store_id AND a.closed_ms IS NULL) AS open_alerts"
        " FROM terminal t WHERE :only IN (:every, store_id) AND revoked_ms IS NULL GROUP BY store_id ORDER BY store_id",
        since=int((now_s - SILENT_AFTER_S) * 1000),
        only=only,
        every=EVERY_STORE,
    )
    return tuple(StoreView(row.store_id, row.terminals, row.silent, row.open_alerts) for row in found)


def asked(connection: Connection, store_id: str, now_s: float) -> tuple[Asked, ...]:
    """What the terminals of a store want approved, the longest waiting first."""
    found = []
    for view in terminals(connection, store_id, now_s):
        requests = view.state.approvals if view.state and view.light is not Light.REVOKED else ()
        if requests:
            answers = _answers(connection, view.terminal_id, now_s)
            is_current = view.light is not Light.UNKNOWN
            found += [
                Asked(view.terminal_id, request, is_current, answers.get((request.request_id, request.basket_hash), ""))
                for request in requests
            ]
    return tuple(sorted(found, key=lambda one: (one.request.since, one.terminal_id)))


def _view(row: Row[Any], now_s: float) -> TerminalView:
    state = _state(row.state)
    heard_ms = max(row.seen_ms or 0, row.state_ms or 0) or None
    silent_s = None if heard_ms is None else max(0, int(now_s - heard_ms / 1000))
    told_s = None if row.state_ms is None else now_s - row.state_ms / 1000
    return TerminalView(
        terminal_id=row.terminal_id,
        store_id=row.store_id,
        light=_light(row, state, told_s),
        silent_s=silent_s,
        seen_ms=heard_ms,
        skew_ms=row.skew_ms,
        open_alerts=row.open_alerts,
        state=state,
    )


def _light(row: Row[Any], state: TerminalState | None, told_s: float | None) -> Light:
    """By its last word about itself: entries alone that trickle in do not say that it is well."""
    if row.revoked_ms is not None:
        return Light.REVOKED
    if state is None or told_s is None or told_s > SILENT_AFTER_S:
        return Light.UNKNOWN
    is_troubled = any(device.health not in {"ready", "absent"} for device in state.devices)
    if (
        state.mode not in AS_IT_SHOULD
        or is_troubled
        or state.unsent.set_aside
        or state.unsent.reason
        or row.open_alerts
    ):
        return Light.CARE
    return Light.WELL


def _state(kept: str | None) -> TerminalState | None:
    try:
        return TerminalState.model_validate_json(kept) if kept else None
    except ValidationError:  # told to a service of another version
        return None


def _answers(connection: Connection, terminal_id: str, now_s: float) -> dict[tuple[str, str], str]:
    """(request, basket's hash) -> what was answered and may still arrive, or has."""
    found = rows(
        connection,
        "SELECT kind, body, bound_to FROM command WHERE terminal_id = :terminal AND kind IN ('approve', 'refuse')"
        " AND issued_ms > :since AND status IN ('open', 'done') AND (status = 'done' OR deadline_ms > :now) ORDER BY issued_ms",
        terminal=terminal_id,
        since=int((now_s - 3600) * 1000),
        now=int(now_s * 1000),
    )
    return {(request_of(row.body), row.bound_to): row.kind for row in found}


def request_of(body: str) -> str:
    """The request that an answering command speaks of."""
    return str(json.loads(body).get("request_id", ""))
