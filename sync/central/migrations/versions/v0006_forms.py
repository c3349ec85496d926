"""Forms that customers sent: each with its number, and how far the store's people are with it."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES: Final[dict[str, str]] = {
    "form_submission": """store_id TEXT NOT NULL, submission_id TEXT NOT NULL, terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL,
        seq BIGINT NOT NULL, at TEXT NOT NULL, form TEXT NOT NULL, ending TEXT NOT NULL, title TEXT NOT NULL, day TEXT NOT NULL,
        number TEXT NOT NULL, running BIGINT NOT NULL, slot TEXT NOT NULL, place TEXT NOT NULL, is_fixed INTEGER NOT NULL,
        language TEXT NOT NULL, consent TEXT NOT NULL, answers TEXT NOT NULL, PRIMARY KEY (store_id, submission_id)""",
    # Outlive a rebuild of the projections: what people did was done, and a number that a cursor went past stays.
    "form_state": """store_id TEXT NOT NULL, submission_id TEXT NOT NULL, state TEXT NOT NULL, who TEXT NOT NULL, at_ms BIGINT NOT NULL,
        number BIGINT NOT NULL, PRIMARY KEY (store_id, submission_id)""",
    "form_counter": "store_id TEXT PRIMARY KEY, last_number BIGINT NOT NULL",
}

INDEXES: Final = (
    "CREATE INDEX form_submission_day ON form_submission (store_id, form, day)",
    "CREATE INDEX form_submission_number ON form_submission (store_id, day, number)",
    "CREATE INDEX form_submission_place ON form_submission (store_id, place)",
    "CREATE INDEX form_state_number ON form_state (store_id, number)",
    "CREATE INDEX form_state_open ON form_state (store_id, state)",
)


def upgrade() -> None:
    """Make the tables."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for statement in INDEXES:
        op.execute(statement)
