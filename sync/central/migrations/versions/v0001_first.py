"""The first schema. Never changed once released. Every key begins with terminal_id or store_id, so that tables can be spread by it."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTITIONS: Final = 16
# These grow with every sale; on PostgreSQL each is partitioned by hash of its first key.
PARTITIONED: Final = ("entry", "sale", "payment", "receipt", "telemetry")

TABLES: Final[dict[str, str]] = {
    "terminal": """terminal_id TEXT PRIMARY KEY, store_id TEXT NOT NULL, enrolled_ms BIGINT NOT NULL, revoked_ms BIGINT,
        seen_ms BIGINT, skew_ms BIGINT, state TEXT, state_ms BIGINT""",
    "terminal_key": """terminal_id TEXT NOT NULL, key_id TEXT NOT NULL, public_key TEXT NOT NULL, made_ms BIGINT NOT NULL,
        revoked_ms BIGINT, PRIMARY KEY (terminal_id, key_id)""",
    "pairing": """terminal_id TEXT NOT NULL, store_id TEXT NOT NULL, lookup TEXT NOT NULL, secret_key TEXT NOT NULL,
        expires_ms BIGINT NOT NULL, tries INTEGER NOT NULL, used_ms BIGINT, PRIMARY KEY (terminal_id, lookup)""",
    "nonce": "terminal_id TEXT NOT NULL, nonce TEXT NOT NULL, until_s BIGINT NOT NULL, PRIMARY KEY (terminal_id, nonce)",
    "journal": """terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, first_seq BIGINT NOT NULL, seq BIGINT NOT NULL,
        hash TEXT NOT NULL, continues TEXT, begun_ms BIGINT NOT NULL, heard_ms BIGINT NOT NULL, projected_seq BIGINT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id)""",
    "entry": """terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL, clock_ms BIGINT NOT NULL,
        kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, seq)""",
    "fork_entry": """terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL,
        clock_ms BIGINT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, seq, hash)""",
    "set_aside": """terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL,
        to_hash TEXT NOT NULL, problem TEXT NOT NULL, body TEXT NOT NULL, kept_ms BIGINT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, from_seq)""",
    "alert": """terminal_id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, store_id TEXT NOT NULL, detail TEXT NOT NULL,
        first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, count BIGINT NOT NULL, closed_ms BIGINT, closed_by TEXT,
        PRIMARY KEY (terminal_id, kind, subject)""",
    "audit": """store_id TEXT NOT NULL, audit_id TEXT NOT NULL, at_ms BIGINT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        subject TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (store_id, audit_id)""",
    "projection": "terminal_id TEXT PRIMARY KEY, store_id TEXT NOT NULL",
    "projection_failure": """terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL,
        reason TEXT NOT NULL, at_ms BIGINT NOT NULL, PRIMARY KEY (terminal_id, journal_id, seq)""",
    "sale": """terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, store_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL,
        at TEXT NOT NULL, day TEXT NOT NULL, total_minor BIGINT NOT NULL, to_pay_minor BIGINT NOT NULL, currency TEXT NOT NULL,
        items INTEGER NOT NULL, receipt_number TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (terminal_id, sale_id)""",
    "payment": """terminal_id TEXT NOT NULL, ref TEXT NOT NULL, store_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL,
        at TEXT NOT NULL, day TEXT NOT NULL, state TEXT NOT NULL, is_charged INTEGER NOT NULL, sale_id TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, trace BIGINT, receipt_no BIGINT, payment_terminal TEXT NOT NULL,
        card_name TEXT NOT NULL, card_last4 TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (terminal_id, ref)""",
    "receipt": """terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, store_id TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL,
        copies INTEGER NOT NULL, PRIMARY KEY (terminal_id, sale_id)""",
    "approval": """terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL, store_id TEXT NOT NULL, at TEXT NOT NULL,
        subject TEXT NOT NULL, granted INTEGER NOT NULL, staff TEXT NOT NULL, role TEXT NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (terminal_id, journal_id, seq)""",
    "held_basket": """store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (store_id, code)""",
    "basket_use": """store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (store_id, code, terminal_id, sale_id)""",
    "voucher_use": """store_id TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, at TEXT NOT NULL,
        amount_minor BIGINT NOT NULL, currency TEXT NOT NULL, PRIMARY KEY (store_id, code, terminal_id, sale_id)""",
    "claim": """store_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL,
        at_ms BIGINT NOT NULL, PRIMARY KEY (store_id, kind, code)""",
    "ledger_total": """store_id TEXT NOT NULL, day TEXT NOT NULL, payment_terminal TEXT NOT NULL, currency TEXT NOT NULL,
        payments BIGINT NOT NULL, total_minor BIGINT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (store_id, day, payment_terminal, currency)""",
    "feed": """store_id TEXT NOT NULL, name TEXT NOT NULL, format INTEGER NOT NULL, epoch TEXT NOT NULL, last_change BIGINT NOT NULL,
        live_rows BIGINT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (store_id, name)""",
    "feed_row": """store_id TEXT NOT NULL, name TEXT NOT NULL, row_key TEXT NOT NULL, change BIGINT NOT NULL, body TEXT,
        PRIMARY KEY (store_id, name, row_key)""",
    "command": """terminal_id TEXT NOT NULL, command_id TEXT NOT NULL, store_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
        bound_to TEXT NOT NULL, issued_by TEXT NOT NULL, issued_ms BIGINT NOT NULL, deadline_ms BIGINT NOT NULL, given_ms BIGINT,
        status TEXT NOT NULL, result TEXT, result_ms BIGINT, PRIMARY KEY (terminal_id, command_id)""",
    "telemetry": """terminal_id TEXT NOT NULL, batch_id TEXT NOT NULL, received_ms BIGINT NOT NULL, events INTEGER NOT NULL,
        dropped BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (terminal_id, batch_id)""",
}

INDEXES: Final = (
    "CREATE INDEX pairing_lookup ON pairing (lookup)",
    "CREATE INDEX nonce_until ON nonce (until_s)",
    "CREATE INDEX journal_unprojected ON journal (terminal_id) WHERE projected_seq < seq",
    "CREATE INDEX fork_entry_hash ON fork_entry (terminal_id, journal_id, hash)",
    "CREATE INDEX sale_store_day ON sale (store_id, day)",
    "CREATE INDEX payment_store_day ON payment (store_id, day)",
    "CREATE INDEX payment_sale ON payment (terminal_id, sale_id)",
    "CREATE INDEX alert_open ON alert (store_id, last_ms) WHERE closed_ms IS NULL",
    "CREATE INDEX audit_at ON audit (store_id, at_ms)",
    "CREATE INDEX command_open ON command (issued_ms) WHERE status = 'open'",
    "CREATE UNIQUE INDEX feed_row_change ON feed_row (store_id, name, change)",
    "CREATE INDEX telemetry_age ON telemetry (terminal_id, received_ms)",
)


def upgrade() -> None:
    """Make every table."""
    is_postgresql = op.get_context().dialect.name == "postgresql"
    for name, columns in TABLES.items():
        is_spread = is_postgresql and name in PARTITIONED
        op.execute(f"CREATE TABLE {name} ({columns}){' PARTITION BY HASH (terminal_id)' if is_spread else ''}")
        for part in range(PARTITIONS if is_spread else 0):
            op.execute(
                f"CREATE TABLE {name}_{part:02d} PARTITION OF {name} FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
            )
    for statement in INDEXES:
        op.execute(statement)
