"""What is settled across a store: which use of a voucher or a basket stands, and what has to be given back or asked for."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES: Final[dict[str, str]] = {
    # Outlives a rebuild of the projections: what came first came first.
    "first_use": """store_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL,
        PRIMARY KEY (store_id, kind, code)""",
    "settlement_case": """store_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, ref TEXT NOT NULL,
        sale_id TEXT NOT NULL, at TEXT NOT NULL, amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, stands_terminal TEXT NOT NULL,
        stands_sale TEXT NOT NULL, stands_ref TEXT NOT NULL, PRIMARY KEY (store_id, kind, code, terminal_id, ref)""",
}

INDEXES: Final = (
    "CREATE INDEX payment_store_ref ON payment (store_id, ref)",
    "CREATE INDEX claim_age ON claim (at_ms)",
)


def upgrade() -> None:
    """Make the tables; of what was used before, the earlier by the terminals' clocks is taken to have come first."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for statement in INDEXES:
        op.execute(statement)
    for kind, table in (("voucher", "voucher_use"), ("basket", "basket_use")):
        op.execute(
            f"INSERT INTO first_use SELECT store_id, '{kind}', code, terminal_id, sale_id FROM {table} WHERE true"  # noqa: S608 - names of our own
            " ORDER BY at ON CONFLICT DO NOTHING"
        )
