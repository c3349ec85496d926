"""What holders agreed to, and where: projected from the journals, every time it was given."""

from __future__ import annotations

from sqlalchemy import Connection

from sync.central.database import one


def last(connection: Connection, mark: str) -> str:
    """The version of the text that the holder agreed to last, "" for none."""
    row = one(connection, "SELECT version FROM account_consent WHERE mark = :mark ORDER BY at DESC LIMIT 1", mark=mark)
    return str(row.version) if row else ""
