"""Brings a journal file to today's schema: forward only, all steps in one transaction, never while a payment is unresolved."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.storage.errors import MigrationRefusedError, NewerSchemaError, StorageError
from kiosk.storage.schema import MIGRATIONS

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

Steps = Sequence[Sequence[str]]
_WITH_REFUNDS = 3  # the first schema that has them


def migrate(
    connection: Connection, path: Path, *, back_up: Callable[[], object], steps: Steps = MIGRATIONS
) -> tuple[int, int]:
    """Bring `path` to the last of `steps`; gives the version it had and has. A file that holds something is backed up before.

    Raises NewerSchemaError, MigrationRefusedError; the file then stays as it was.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise NewerSchemaError(
            f"{path} has schema {version}, this software knows {len(steps)}; install the newer software again"
        )
    if version == len(steps):
        return version, version
    if version:
        _refuse_while_unresolved(connection, path, version)
        back_up()
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in steps[version:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return version, len(steps)


def identify(connection: Connection, path: Path, terminal_id: str) -> None:
    """Name the terminal and the journal in a fresh file; in an older one, see that it is this terminal's. Raises StorageError."""
    named = dict(connection.execute("SELECT name, value FROM meta WHERE name = 'terminal_id'"))
    owner = named.get("terminal_id")
    if owner is None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('terminal_id', ?)", (terminal_id,))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('journal_id', ?)", (new_journal_id(),))
        connection.execute("COMMIT")
    elif owner != terminal_id:
        raise StorageError(f"{path} is the journal of terminal {owner}, not of {terminal_id}; check [terminal] id")


def new_journal_id() -> str:
    """16 random hex digits: one for each file begun and each restore, so that two branches are never taken for one journal."""
    return secrets.token_hex(8)


def _refuse_while_unresolved(connection: Connection, path: Path, version: int) -> None:
    unresolved = "SELECT ref FROM payment WHERE state IN ('intended', 'approved', 'unknown', 'reversing')"
    if version >= _WITH_REFUNDS:
        unresolved += " UNION ALL SELECT refund_id FROM refund WHERE state IN ('intended', 'approved', 'unknown')"
    row = connection.execute(f"{unresolved} LIMIT 1").fetchone()
    if row:
        raise MigrationRefusedError(
            f"{path} is not upgraded while payment {row[0]} is unresolved; start the former version, let it resolve, then upgrade"
        )
