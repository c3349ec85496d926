"""Who a request is from: keys, their revocation, nonces that were seen, clocks that differ."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from sync.central import alerts
from sync.central.database import changed, one, run
from sync.central.errors import Refusal
from sync.central.heads import Sender
from sync.protocol.problems import ProblemType
from sync.signing import WINDOW_S, Parts, SignatureError, Signed, read, verify

SKEW_TOLD_MS: Final = 60_000
SEEN_EVERY_MS: Final = 10_000


def authenticate(connection: Connection, parts: Parts, now_s: float) -> tuple[Signed, Sender]:
    """Who signed `parts`. Raises Refusal."""
    try:
        claimed = read(parts.headers)
        row = one(
            connection,
            "SELECT t.store_id, k.public_key, k.revoked_ms AS key_revoked_ms, t.revoked_ms FROM terminal_key k"
            " JOIN terminal t ON t.terminal_id = k.terminal_id WHERE k.terminal_id = :terminal AND k.key_id = :key",
            terminal=claimed.terminal_id,
            key=claimed.key_id,
        )
        if row is None:
            raise Refusal(
                ProblemType.UNKNOWN_KEY, f"key {claimed.key_id} of terminal {claimed.terminal_id} is not known"
            )
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(row.public_key))
        signed = verify(parts, key, now_s=now_s)
    except SignatureError as error:
        service_time = iso(now_s) if error.problem is ProblemType.CLOCK else None
        raise Refusal(error.problem, str(error), service_time=service_time) from None
    if row.revoked_ms is not None or row.key_revoked_ms is not None:
        raise Refusal(ProblemType.REVOKED, f"key {signed.key_id} of terminal {signed.terminal_id} was revoked")
    return signed, Sender(signed.terminal_id, row.store_id, now_s)


def use_once(connection: Connection, signed: Signed) -> None:
    """Remember the nonce for as long as the request could be made again. Raises Refusal (REPLAY)."""
    made = changed(
        connection,
        "INSERT INTO nonce VALUES (:terminal, :nonce, :until) ON CONFLICT DO NOTHING",
        terminal=signed.terminal_id,
        nonce=signed.nonce,
        until=signed.expires_s + WINDOW_S,
    )
    if not made:
        raise Refusal(ProblemType.REPLAY, "a request with this nonce was made before; sign it again with a new one")


def forget_old_nonces(connection: Connection, now_s: float) -> None:
    """Those that no valid signature can carry any more."""
    run(connection, "DELETE FROM nonce WHERE until_s < :now", now=int(now_s))


def note_seen(connection: Connection, sender: Sender, clock: str | None) -> None:
    """The terminal is alive, and how far its clock is off: flagged, never a reason to refuse."""
    skew_ms = _skew_ms(clock, sender.now_s)
    noted = changed(
        connection,
        "UPDATE terminal SET seen_ms = :now, skew_ms = coalesce(:skew, skew_ms)"
        " WHERE terminal_id = :terminal AND (seen_ms IS NULL OR seen_ms < :before)",
        terminal=sender.terminal_id,
        now=sender.now_ms,
        skew=skew_ms,
        before=sender.now_ms - SEEN_EVERY_MS,
    )
    if noted and skew_ms is not None and abs(skew_ms) > SKEW_TOLD_MS:
        words = f"the terminal's clock is {skew_ms // 1000} s {'ahead' if skew_ms > 0 else 'behind'}"
        alerts.raise_alert(
            connection, sender.terminal_id, alerts.CLOCK, "", words, store_id=sender.store_id, now_s=sender.now_s
        )


def revoke(connection: Connection, terminal_id: str, now_s: float) -> bool:
    """Nothing that this terminal signs is accepted from now on; it may be enrolled anew. False where there is no such terminal."""
    now_ms = int(now_s * 1000)
    run(
        connection,
        "UPDATE terminal_key SET revoked_ms = :now WHERE terminal_id = :terminal AND revoked_ms IS NULL",
        terminal=terminal_id,
        now=now_ms,
    )
    sql = "UPDATE terminal SET revoked_ms = :now WHERE terminal_id = :terminal"
    return changed(connection, sql, terminal=terminal_id, now=now_ms) > 0


def iso(now_s: float) -> str:
    """ISO 8601, UTC, milliseconds."""
    return datetime.fromtimestamp(now_s, UTC).isoformat(timespec="milliseconds")


def _skew_ms(clock: str | None, now_s: float) -> int | None:
    if not clock or len(clock) > 64:
        return None
    try:
        told = datetime.fromisoformat(clock)
    except ValueError:
        return None
    return None if told.tzinfo is None else int((told.timestamp() - now_s) * 1000)
