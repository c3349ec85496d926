"""Bills: each payment on its way to its biller, which of several came first, and what has to be given back to customers."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES: Final[dict[str, str]] = {
    # Outlives a rebuild of the projections: what was posted was posted.
    "bill_posting": """terminal_id TEXT NOT NULL, payment_ref TEXT NOT NULL, store_id TEXT NOT NULL, journal_id TEXT NOT NULL,
        seq BIGINT NOT NULL, key TEXT NOT NULL, sale_id TEXT NOT NULL, receipt_number TEXT NOT NULL, at TEXT NOT NULL, day TEXT NOT NULL,
        standard TEXT NOT NULL, payee TEXT NOT NULL, account TEXT NOT NULL, reference TEXT NOT NULL, amount_minor BIGINT NOT NULL,
        fee_minor BIGINT NOT NULL, currency TEXT NOT NULL, is_confirmed INTEGER NOT NULL, is_open_amount INTEGER NOT NULL,
        heard_ms BIGINT NOT NULL, state TEXT NOT NULL, attempts BIGINT NOT NULL, failures BIGINT NOT NULL, next_ms BIGINT NOT NULL,
        biller TEXT NOT NULL, receipt_id TEXT NOT NULL, posted_at TEXT NOT NULL, reason TEXT NOT NULL, changed_ms BIGINT NOT NULL,
        number BIGINT NOT NULL, PRIMARY KEY (terminal_id, payment_ref)""",
    # A bill is paid once in the whole company: every row is of store "*".
    "bill_first": """store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, payment_ref TEXT NOT NULL,
        PRIMARY KEY (store_id, code)""",
    "bill_counter": "store_id TEXT PRIMARY KEY, last_number BIGINT NOT NULL",
    "refund_case": """store_id TEXT NOT NULL, terminal_id TEXT NOT NULL, payment_ref TEXT NOT NULL, why TEXT NOT NULL, detail TEXT NOT NULL,
        opened_ms BIGINT NOT NULL, done_ms BIGINT NOT NULL, done_by TEXT NOT NULL, note TEXT NOT NULL, number BIGINT NOT NULL,
        PRIMARY KEY (store_id, terminal_id, payment_ref)""",
}

INDEXES: Final = (
    "CREATE INDEX bill_posting_key ON bill_posting (key)",
    "CREATE INDEX bill_posting_day ON bill_posting (store_id, day)",
    "CREATE INDEX bill_posting_number ON bill_posting (store_id, number)",
    "CREATE INDEX bill_posting_waits ON bill_posting (next_ms) WHERE state IN ('pending', 'undoing')",
    "CREATE INDEX refund_case_number ON refund_case (store_id, number)",
)


def upgrade() -> None:
    """Make the tables. A webhook tells of sales, unless it is made for something else."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for statement in INDEXES:
        op.execute(statement)
    op.execute("ALTER TABLE webhook ADD COLUMN tells TEXT NOT NULL DEFAULT 'sales'")
