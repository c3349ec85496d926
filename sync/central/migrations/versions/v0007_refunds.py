"""Refunds of goods: what went back to customers, and the pieces that came back to the store for it."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES: Final[dict[str, str]] = {
    "refund": """terminal_id TEXT NOT NULL, refund_id TEXT NOT NULL, store_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL,
        at TEXT NOT NULL, day TEXT NOT NULL, sale_id TEXT NOT NULL, receipt_code TEXT NOT NULL, number BIGINT NOT NULL,
        amount_minor BIGINT NOT NULL, card_minor BIGINT NOT NULL, voucher_minor BIGINT NOT NULL, currency TEXT NOT NULL,
        reason TEXT NOT NULL, method TEXT NOT NULL, staff TEXT NOT NULL, PRIMARY KEY (terminal_id, refund_id)""",
    "refund_piece": """terminal_id TEXT NOT NULL, refund_id TEXT NOT NULL, line_id BIGINT NOT NULL, store_id TEXT NOT NULL,
        sale_id TEXT NOT NULL, first BIGINT NOT NULL, pieces BIGINT NOT NULL, gtin TEXT NOT NULL, plu TEXT NOT NULL, name TEXT NOT NULL,
        quantity BIGINT NOT NULL, weight_g BIGINT NOT NULL, total_minor BIGINT NOT NULL, PRIMARY KEY (terminal_id, refund_id, line_id)""",
}

INDEXES: Final = (
    "CREATE INDEX refund_day ON refund (store_id, day)",
    "CREATE INDEX refund_sale ON refund (store_id, sale_id)",
    "CREATE INDEX refund_piece_sale ON refund_piece (store_id, sale_id, line_id)",
)


def upgrade() -> None:
    """Make the tables."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for statement in INDEXES:
        op.execute(statement)
