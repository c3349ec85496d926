"""What is kept of accounts beside their core: tries, tickets, one-time codes, consent, requests, and which store keeps a copy of which."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES: Final[dict[str, str]] = {
    # Counted for a holder wherever they are: small tables, whole on every node. A subject is a keyed mark, never a number.
    "account_lock": """subject TEXT PRIMARY KEY, wrong INTEGER NOT NULL, locked_until_ms BIGINT NOT NULL, tried_ms BIGINT NOT NULL,
        try_mark TEXT NOT NULL""",
    "account_pace": "terminal_id TEXT PRIMARY KEY, since_ms BIGINT NOT NULL, tries INTEGER NOT NULL",
    "account_ticket": """terminal_id TEXT NOT NULL, ticket_sha256 TEXT NOT NULL, account_id TEXT NOT NULL, mark TEXT NOT NULL,
        until_ms BIGINT NOT NULL, code_mark TEXT NOT NULL, code_until_ms BIGINT NOT NULL, codes_sent INTEGER NOT NULL,
        step_mark TEXT NOT NULL, PRIMARY KEY (terminal_id, ticket_sha256)""",
    "account_code_used": "mark TEXT PRIMARY KEY, last_step BIGINT NOT NULL",
    "account_holder": "mark TEXT PRIMARY KEY, account_id TEXT NOT NULL",
    "account_consent": """terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, store_id TEXT NOT NULL,
        at TEXT NOT NULL, mark TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (terminal_id, journal_id, seq)""",
    # `value` is private: it is there until the core has it, and masked from then on.
    "account_request": """terminal_id TEXT NOT NULL, asked_id TEXT NOT NULL, store_id TEXT NOT NULL, request_id TEXT NOT NULL,
        at_ms BIGINT NOT NULL, account_id TEXT NOT NULL, mark TEXT NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL, taken_ms BIGINT,
        PRIMARY KEY (terminal_id, asked_id)""",
    "account_enrolment": """store_id TEXT NOT NULL, mark TEXT NOT NULL, account_id TEXT NOT NULL, pin_mark TEXT NOT NULL,
        pin_hash TEXT NOT NULL, refreshed_ms BIGINT NOT NULL, PRIMARY KEY (store_id, mark)""",
}

INDEXES: Final = (
    "CREATE INDEX account_consent_mark ON account_consent (mark, at)",
    "CREATE INDEX account_ticket_age ON account_ticket (until_ms)",
    "CREATE UNIQUE INDEX account_request_number ON account_request (request_id)",
    "CREATE INDEX account_request_age ON account_request (store_id, at_ms)",
    "CREATE INDEX account_enrolment_age ON account_enrolment (refreshed_ms)",
)


def upgrade() -> None:
    """Make the tables."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for statement in INDEXES:
        op.execute(statement)
