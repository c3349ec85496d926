"""What terminals tell besides their books: the state they are in, telemetry within a quota, and what they claim first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from sync.central import commands
from sync.central.database import changed, one, one_locked, run
from sync.central.errors import Refusal
from sync.central.heads import Sender
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted, Claim, ClaimAnswer, ClaimKind, StateAnswer, TelemetryBatch, TerminalState

STATE_EVERY_S: Final = 20.0
TELEMETRY_KEPT_S: Final = 30 * 86_400
TELEMETRY_MOST_BATCHES: Final = 5_000  # of one terminal; the oldest go first


def keep_state(connection: Connection, sender: Sender, state: TerminalState) -> StateAnswer:
    """The last word of a terminal about itself."""
    run(
        connection,
        "UPDATE terminal SET state = :state, state_ms = :now, seen_ms = :now WHERE terminal_id = :terminal",
        state=state.model_dump_json(),
        now=sender.now_ms,
        terminal=sender.terminal_id,
    )
    wait = bool(commands.waiting(connection, [sender.terminal_id], sender.now_s))
    return StateAnswer(next_in_s=STATE_EVERY_S, commands_wait=wait)


def keep_telemetry(connection: Connection, sender: Sender, batch: TelemetryBatch) -> Accepted:
    """A batch, once; beyond the terminal's quota the oldest go."""
    made = changed(
        connection,
        "INSERT INTO telemetry VALUES (:terminal, :batch, :now, :events, :dropped, :body) ON CONFLICT DO NOTHING",
        terminal=sender.terminal_id,
        batch=batch.batch_id,
        now=sender.now_ms,
        events=len(batch.events),
        dropped=batch.dropped,
        body=batch.model_dump_json(),
    )
    oldest = one(
        connection,
        "SELECT received_ms FROM telemetry WHERE terminal_id = :terminal ORDER BY received_ms DESC LIMIT 1 OFFSET :most",
        terminal=sender.terminal_id,
        most=TELEMETRY_MOST_BATCHES,
    )
    before_ms = max(sender.now_ms - TELEMETRY_KEPT_S * 1000, oldest.received_ms if oldest else 0)
    run(
        connection,
        "DELETE FROM telemetry WHERE terminal_id = :terminal AND received_ms <= :before",
        terminal=sender.terminal_id,
        before=before_ms,
    )
    return Accepted(new=len(batch.events) if made else 0)


def claim(connection: Connection, sender: Sender, asked: Claim) -> ClaimAnswer:
    """A voucher or a held basket for one sale, unless another sale of the store has it. Raises Refusal (TAKEN)."""
    values = {"store": sender.store_id, "kind": asked.kind.value, "code": asked.code}
    holder = _used_by(connection, sender.store_id, asked)
    if holder is None:
        run(
            connection,
            "INSERT INTO claim VALUES (:store, :kind, :code, :terminal, :sale, :now) ON CONFLICT DO NOTHING",
            terminal=sender.terminal_id,
            sale=asked.sale_id,
            now=sender.now_ms,
            **values,
        )
        sql = "SELECT sale_id FROM claim WHERE store_id = :store AND kind = :kind AND code = :code"
        row = one_locked(connection, sql, **values)
        holder = row.sale_id if row else None
    if holder != asked.sale_id:
        raise Refusal(ProblemType.TAKEN, f"{asked.kind} {asked.code} is in sale {holder}", holder=holder)
    body = None
    if asked.kind is ClaimKind.BASKET:
        sql = "SELECT body FROM held_basket WHERE store_id = :store AND code = :code"
        held = one(connection, sql, store=sender.store_id, code=asked.code)
        body = held.body if held else None
    return ClaimAnswer(kind=asked.kind, code=asked.code, sale_id=asked.sale_id, body=body)


def release(connection: Connection, sender: Sender, asked: Claim) -> Accepted:
    """The sale did not come about: another may have it."""
    gone = changed(
        connection,
        "DELETE FROM claim WHERE store_id = :store AND kind = :kind AND code = :code AND sale_id = :sale",
        store=sender.store_id,
        kind=asked.kind.value,
        code=asked.code,
        sale=asked.sale_id,
    )
    return Accepted(new=gone)


def _used_by(connection: Connection, store_id: str, asked: Claim) -> str | None:
    """The other sale that the books of the store show it in."""
    table = "voucher_use" if asked.kind is ClaimKind.VOUCHER else "basket_use"
    used = one(
        connection,
        f"SELECT sale_id FROM {table} WHERE store_id = :store AND code = :code ORDER BY sale_id = :sale DESC",  # noqa: S608 - one of two names
        store=store_id,
        code=asked.code,
        sale=asked.sale_id,
    )
    return str(used.sale_id) if used else None
