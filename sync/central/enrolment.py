"""Enrolment: pairing codes made by staff, keys put in by terminals, each code once and for a quarter of an hour."""

from __future__ import annotations

import base64
import hmac
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Row

from sync.central import alerts, audit
from sync.central.database import one, one_locked, rows, run
from sync.central.errors import CentralError, problem
from sync.protocol.enrolment import (
    EnrolmentAnswer,
    EnrolmentRequest,
    answer_proof,
    ca_fingerprint,
    code_key,
    key_id_of,
    new_code,
    request_proof,
    split_code,
)
from sync.protocol.problems import Problem, ProblemType

CODE_LIFE_S: Final = 15 * 60
MOST_TRIES: Final = 5


def make_code(connection: Connection, terminal_id: str, store_id: str, *, who: str, now_s: float) -> str:
    """A pairing code for one terminal; the ones before it are no good any more. Raises CentralError for a terminal of another store."""
    known = one(connection, "SELECT store_id FROM terminal WHERE terminal_id = :terminal", terminal=terminal_id)
    if known is not None and known.store_id != store_id:
        raise CentralError(
            f"terminal {terminal_id} belongs to store {known.store_id}; its books are kept under that store: give the terminal another id"
        )
    run(
        connection,
        "DELETE FROM pairing WHERE terminal_id = :terminal OR expires_ms < :now",
        terminal=terminal_id,
        now=int(now_s * 1000),
    )
    code = new_code()
    while one(connection, "SELECT 1 FROM pairing WHERE lookup = :lookup", lookup=split_code(code)[0]) is not None:
        code = new_code()
    lookup, secret = split_code(code)
    run(
        connection,
        "INSERT INTO pairing VALUES (:terminal, :store, :lookup, :key, :expires, 0, NULL)",
        terminal=terminal_id,
        store=store_id,
        lookup=lookup,
        key=code_key(lookup, secret).hex(),
        expires=int((now_s + CODE_LIFE_S) * 1000),
    )
    audit.write(connection, audit.Act(store_id, who, "pairing-code.made", terminal_id), now_s)
    return code


def enrol(connection: Connection, asked: EnrolmentRequest, ca_pem: str, now_s: float) -> EnrolmentAnswer | Problem:
    """Take a terminal's key in. A Problem (PAIRING) has used up one try of the code: commit it too."""
    pairing = one_locked(connection, "SELECT * FROM pairing WHERE lookup = :lookup", lookup=asked.lookup)
    key = bytes.fromhex(pairing.secret_key) if pairing else bytes(32)
    proof = request_proof(key, asked.lookup, asked.terminal_id, asked.public_key, asked.ca_sha256)
    is_proven = hmac.compare_digest(proof, asked.proof)
    if (
        pairing is None
        or pairing.used_ms is not None
        or pairing.expires_ms < now_s * 1000
        or pairing.tries >= MOST_TRIES
    ):
        return problem(ProblemType.PAIRING, "the code is wrong, used up or too old; make a new one")
    if not is_proven:
        run(connection, "UPDATE pairing SET tries = tries + 1 WHERE lookup = :lookup", lookup=asked.lookup)
        return problem(ProblemType.PAIRING, "the code is wrong, used up or too old; make a new one")
    if asked.terminal_id != pairing.terminal_id:
        words = f"the code is for terminal {pairing.terminal_id}; this one calls itself {asked.terminal_id}"
        return problem(ProblemType.PAIRING, words)
    if asked.ca_sha256 != ca_fingerprint(ca_pem):
        words = "the terminal was shown another certificate authority than this service's: someone stands between them"
        _alert(connection, pairing, words, now_s)
        run(connection, "UPDATE pairing SET tries = :most WHERE lookup = :lookup", most=MOST_TRIES, lookup=asked.lookup)
        return problem(ProblemType.PAIRING, words)
    return _enrolled(connection, asked, pairing, ca_pem, now_s)


def terminals(connection: Connection) -> list[Row[object]]:
    """Every terminal that ever enrolled: id, store, when enrolled, seen, revoked, and what waits to be projected."""
    return list(
        rows(
            connection,
            "SELECT t.terminal_id, t.store_id, t.enrolled_ms, t.seen_ms, t.revoked_ms, t.skew_ms,"
            " (SELECT coalesce(sum(seq - first_seq + 1), 0) FROM journal j WHERE j.terminal_id = t.terminal_id) AS entries"
            " FROM terminal t ORDER BY t.store_id, t.terminal_id",
        )
    )


def _enrolled(
    connection: Connection, asked: EnrolmentRequest, pairing: Row[object], ca_pem: str, now_s: float
) -> EnrolmentAnswer:
    public_key = base64.b64decode(asked.public_key)
    Ed25519PublicKey.from_public_bytes(public_key)
    key_id, now_ms = key_id_of(public_key), int(now_s * 1000)
    terminal_id, store_id = str(pairing.terminal_id), str(pairing.store_id)
    run(
        connection,
        "INSERT INTO terminal VALUES (:terminal, :store, :now, NULL, NULL, NULL, NULL, NULL)"
        " ON CONFLICT (terminal_id) DO UPDATE SET enrolled_ms = excluded.enrolled_ms, revoked_ms = NULL",
        terminal=terminal_id,
        store=store_id,
        now=now_ms,
    )
    # One terminal, one key: the one before is of a machine that was replaced.
    sql = "UPDATE terminal_key SET revoked_ms = :now WHERE terminal_id = :terminal AND revoked_ms IS NULL"
    run(connection, sql, terminal=terminal_id, now=now_ms)
    run(
        connection,
        "INSERT INTO terminal_key VALUES (:terminal, :key, :public, :now, NULL)"
        " ON CONFLICT (terminal_id, key_id) DO UPDATE SET revoked_ms = NULL",
        terminal=terminal_id,
        key=key_id,
        public=asked.public_key,
        now=now_ms,
    )
    run(connection, "UPDATE pairing SET used_ms = :now WHERE lookup = :lookup", now=now_ms, lookup=asked.lookup)
    audit.write(connection, audit.Act(store_id, terminal_id, "terminal.enrolled", terminal_id, key_id), now_s)
    proof = answer_proof(bytes.fromhex(str(pairing.secret_key)), terminal_id, store_id, key_id, ca_pem)
    return EnrolmentAnswer(terminal_id=terminal_id, store_id=store_id, key_id=key_id, ca_pem=ca_pem, proof=proof)


def _alert(connection: Connection, pairing: Row[object], words: str, now_s: float) -> None:
    alerts.raise_alert(
        connection,
        str(pairing.terminal_id),
        alerts.OTHER_AUTHORITY,
        "",
        words,
        store_id=str(pairing.store_id),
        now_s=now_s,
    )
