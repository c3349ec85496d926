"""Who did what at the centre: written with the act, in its transaction, and never changed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from sync.central.database import run


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person or a terminal did. `subject` is whom it concerns; `detail` plain text."""

    store_id: str
    who: str
    what: str
    subject: str
    detail: str = ""


def write(connection: Connection, act: Act, now_s: float) -> None:
    """Keep it for ever."""
    run(
        connection,
        "INSERT INTO audit VALUES (:store, :id, :now, :who, :what, :subject, :detail)",
        store=act.store_id,
        id=f"{int(now_s * 1000):013d}-{secrets.token_hex(6)}",
        now=int(now_s * 1000),
        who=act.who,
        what=act.what,
        subject=act.subject,
        detail=act.detail,
    )
