"""What people have to look at: one row for each thing that is wrong, counted, closed by a person."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from sync.central.database import run

FORK: Final = "fork"
SET_ASIDE: Final = "set-aside"
PROJECTION: Final = "projection"
JOURNAL: Final = "new-journal"
REFUSED: Final = "refused"
CLOCK: Final = "clock-skew"
TWICE: Final = "used-twice"
RECONCILIATION: Final = "reconciliation"
OTHER_AUTHORITY: Final = "other-authority"
REFUND_CASE: Final = "refund-case"
BILLER_AWAY: Final = "biller-away"
BILLER_KEEPS: Final = "biller-keeps"
FORM_TWICE: Final = "form-twice"
REFUNDED_TWICE: Final = "refunded-twice"

_LONGEST: Final = 500


def raise_alert(
    connection: Connection, terminal_id: str, kind: str, subject: str, detail: str, *, store_id: str, now_s: float
) -> None:
    """Say it, or count it once more; one that was closed opens again."""
    run(
        connection,
        "INSERT INTO alert VALUES (:terminal, :kind, :subject, :store, :detail, :now, :now, 1, NULL, NULL)"
        " ON CONFLICT (terminal_id, kind, subject) DO UPDATE SET detail = excluded.detail, last_ms = excluded.last_ms,"
        " count = alert.count + 1, closed_ms = NULL, closed_by = NULL",
        terminal=terminal_id,
        kind=kind,
        subject=subject[:_LONGEST],
        store=store_id,
        detail=detail[:_LONGEST],
        now=int(now_s * 1000),
    )


def close_alert(connection: Connection, terminal_id: str, kind: str, subject: str, *, who: str, now_s: float) -> None:
    """A person has seen to it."""
    run(
        connection,
        "UPDATE alert SET closed_ms = :now, closed_by = :who WHERE terminal_id = :terminal AND kind = :kind AND subject = :subject",
        terminal=terminal_id,
        kind=kind,
        subject=subject,
        who=who,
        now=int(now_s * 1000),
    )
