"""Reads the central store with nothing but the standard library, and holds it to what must be true. No code of the service is used.

Read is always a copy, made while no process has the store open, so that the proof itself changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ui.simulation.children import BrokenError

# What a terminal that did nothing wrong must never be told of: people would look for a thief.
_NEVER: Final = ("fork", "set-aside", "projection", "new-journal", "used-twice")
_MOST_ALERTS: Final = 20
_MOST_STORE_BYTES: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it was written at the terminal."""

    journal_id: str
    seq: int
    at: str
    clock_ms: int
    kind: str
    subject: str
    body: str
    prev: str
    hash: str


@contextmanager
def opened(store: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the store with what is in its log, to be read."""
    with tempfile.TemporaryDirectory(dir=store.parent) as scratch:
        for suffix in ("", "-wal"):
            source = Path(f"{store}{suffix}")
            if source.exists():
                shutil.copyfile(source, Path(scratch) / source.name)
        with closing(sqlite3.connect(Path(scratch) / store.name)) as connection:
            if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise BrokenError(f"{store.name} is damaged")
            yield connection


def keeps_its_word(connection: sqlite3.Connection, promised: Mapping[str, tuple[int, str]]) -> None:
    """Every acknowledged entry is there. Raises BrokenError."""
    for journal_id, (seq, hash_) in promised.items():
        sql = "SELECT count(*), max(seq), max(CASE WHEN seq = ? THEN hash END) FROM entry WHERE journal_id = ? AND seq <= ?"
        count, last, held = connection.execute(sql, (seq, journal_id, seq)).fetchone()
        if (count, last, held) != (seq, seq, hash_):
            raise BrokenError(
                f"{seq} entries of {journal_id} were acknowledged, and {count} are in the store up to {last}"
            )


def holds_all(connection: sqlite3.Connection, terminal_id: str, written: Sequence[Row]) -> None:
    """What the terminal wrote is there exactly once, in order, letter for letter, and its chain is whole. Raises BrokenError."""
    sql = "SELECT journal_id, seq, at, clock_ms, kind, subject, body, prev, hash FROM entry ORDER BY terminal_id, seq, journal_id"
    held = [Row(*row) for row in connection.execute(sql)]
    for ours, theirs in zip(written, held, strict=False):
        if ours != theirs:
            raise BrokenError(f"entry {ours.seq} is another one in the store: {theirs.seq} of {theirs.journal_id}")
    if len(written) != len(held):
        raise BrokenError(f"the terminal wrote {len(written)} entries, and {len(held)} are in the store")
    prev = ""
    for number, row in enumerate(held, 1):
        prev = prev or _sha256(_json({"journal_id": row.journal_id, "terminal_id": terminal_id}))
        if row.seq != number or row.prev != prev or row.hash != _digest(row):
            raise BrokenError(f"the chain breaks at entry {row.seq} of {row.journal_id}")
        prev = row.hash
    heads = connection.execute("SELECT terminal_id, seq, hash, projected_seq FROM journal").fetchall()
    if heads != [(terminal_id, len(held), prev, len(held))]:
        raise BrokenError(f"the head is {heads}, and the last entry is {len(held)} {prev}")


def projects_each_once(connection: sqlite3.Connection, written: Sequence[Row]) -> None:
    """The sales of the store are those of the journal. Raises BrokenError."""
    sales = sum(json.loads(row.body)["total_minor"] for row in written if row.kind == "sale.completed")
    count = sum(row.kind == "sale.completed" for row in written)
    found = connection.execute("SELECT count(*), coalesce(sum(total_minor), 0) FROM sale").fetchone()
    if found != (count, sales):
        raise BrokenError(f"{count} sales of {sales} were made, and the store counts {found[0]} of {found[1]}")


def is_quiet_and_small(connection: sqlite3.Connection, store: Path, requests: int) -> None:
    """Nobody is alarmed for nothing, and nothing grows but by the requests that were made. Raises BrokenError."""
    alerts = connection.execute("SELECT kind, detail FROM alert").fetchall()
    wrong = [alert for alert in alerts if alert[0] in _NEVER]
    if wrong or len(alerts) > _MOST_ALERTS:
        raise BrokenError(f"people are told of what did not happen: {(wrong or alerts)[:3]}")
    nonces = connection.execute("SELECT count(*) FROM nonce").fetchone()[0]
    if nonces > requests:
        raise BrokenError(f"{nonces} nonces are kept of {requests} requests")
    size = sum(path.stat().st_size for path in store.parent.glob(f"{store.name}*"))
    if size > _MOST_STORE_BYTES:
        raise BrokenError(f"the store takes {size} bytes")


def keeps_to_its_quota(queue: Path, quota_bytes: int) -> None:
    """The terminal's telemetry, once the terminal has ended. Raises BrokenError."""
    with opened(queue) as connection:
        size = connection.execute("SELECT coalesce(sum(size), 0) FROM event").fetchone()[0]
    if size > quota_bytes or queue.stat().st_size > 3 * quota_bytes:
        raise BrokenError(f"{size} bytes of telemetry wait in {queue.stat().st_size}, and the quota is {quota_bytes}")


def orders_done_once(connection: sqlite3.Connection, written: Sequence[Row], done: Sequence[str]) -> None:
    """Each order was done at most once, journalled once, and its answer is the one that the journal has. Raises BrokenError."""
    if len(set(done)) != len(done):
        raise BrokenError("an order was done twice")
    for kind in ("command.received", "command.answered"):
        told = [row.subject for row in written if row.kind == kind]
        if len(set(told)) != len(told):
            raise BrokenError(f"an order is journalled twice as {kind}")
    answered = {row.subject: json.loads(row.body)["status"] for row in written if row.kind == "command.answered"}
    for command_id, status in connection.execute("SELECT command_id, status FROM command"):
        if answered.get(f"command:{command_id}") != status:
            raise BrokenError(f"order {command_id} is {status}, and the journal says {answered.get(command_id)}")
        if status not in ("done", "failed") or (status == "done" and command_id not in done):
            raise BrokenError(f"order {command_id} is said to be {status} and was not")


def _digest(row: Row) -> str:
    entry = {
        "at": row.at,
        "body": json.loads(row.body),
        "clock_ms": row.clock_ms,
        "journal_id": row.journal_id,
        "kind": row.kind,
        "seq": row.seq,
        "subject": row.subject,
    }
    return _sha256(row.prev + _json(entry))


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
