"""What terminals tell besides their books: the state they are in, and telemetry within a quota."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from sync.central import commands
from sync.central.database import changed, one, run
from sync.central.heads import Sender
from sync.protocol.reports import Accepted, StateAnswer, TelemetryBatch, TerminalState

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
