"""The tables of journal.db, as migrations from an empty file: each step is a version, and never changes once released."""

from __future__ import annotations

from typing import Final

PROJECTIONS: Final = (
    "sale",
    "payment",
    "receipt",
    "voucher_use",
    "held_basket",
    "approval",
    "bill_payment",
    "refund",
    "refund_line",
    "form_submission",
)

# A WITHOUT ROWID table is one tree; each tree a commit touches is a page to encrypt and to sync.
_VERSION_1: Final = (
    """CREATE TABLE entry (
        seq INTEGER PRIMARY KEY CHECK (seq > 0), journal_id TEXT NOT NULL, at TEXT NOT NULL, clock INTEGER NOT NULL,
        kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL) STRICT""",
    "CREATE INDEX entry_subject ON entry (subject)",
    """CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: an entry is never changed'); END""",
    """CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: an entry is never deleted'); END""",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE anchor (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, at TEXT NOT NULL) STRICT",
    "CREATE TABLE draft (slot INTEGER PRIMARY KEY CHECK (slot = 1), body TEXT NOT NULL) STRICT",
    """CREATE TABLE sale (
        sale_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, at TEXT NOT NULL, day TEXT NOT NULL, total_minor INTEGER NOT NULL,
        currency TEXT NOT NULL, items INTEGER NOT NULL, receipt_number TEXT NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX sale_seq ON sale (seq)",
    """CREATE TABLE payment (
        ref TEXT PRIMARY KEY, seq INTEGER NOT NULL, intended_seq INTEGER NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL,
        amount_minor INTEGER NOT NULL, currency TEXT NOT NULL, last_trace INTEGER, trace INTEGER, receipt_no INTEGER,
        reason TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX payment_open ON payment (ref) WHERE state IN ('intended', 'approved', 'unknown', 'reversing')",
    """CREATE TABLE receipt (
        sale_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL, copies INTEGER NOT NULL)
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE voucher_use (
        code TEXT PRIMARY KEY, seq INTEGER NOT NULL, sale_id TEXT NOT NULL, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL)
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE held_basket (
        code TEXT PRIMARY KEY, seq INTEGER NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, taken INTEGER NOT NULL)
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE approval (
        seq INTEGER PRIMARY KEY, at TEXT NOT NULL, subject TEXT NOT NULL, granted INTEGER NOT NULL, staff TEXT NOT NULL,
        role TEXT NOT NULL, reason TEXT NOT NULL) STRICT""",
)

# What the central service gave back of an older journal, after a restore: `behind` is the entry of ours that it follows.
_VERSION_2: Final = (
    """CREATE TABLE given_back (
        id INTEGER PRIMARY KEY, behind INTEGER NOT NULL, seq INTEGER NOT NULL, journal_id TEXT NOT NULL, at TEXT NOT NULL,
        clock INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
        UNIQUE (journal_id, seq)) STRICT""",
    "CREATE INDEX given_back_subject ON given_back (subject)",
    """CREATE TRIGGER given_back_is_not_changed BEFORE UPDATE ON given_back
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: an entry is never changed'); END""",
    """CREATE TRIGGER given_back_is_not_deleted BEFORE DELETE ON given_back
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: an entry is never deleted'); END""",
)

# `seq` is the bill's own entry: what the central service has not acknowledged yet is a range of it.
_VERSION_3: Final = (
    """CREATE TABLE bill_payment (
        seq INTEGER PRIMARY KEY, key TEXT NOT NULL, payment_ref TEXT NOT NULL, sale_id TEXT NOT NULL, at TEXT NOT NULL,
        account TEXT NOT NULL, amount_minor INTEGER NOT NULL, fee_minor INTEGER NOT NULL, currency TEXT NOT NULL,
        is_confirmed INTEGER NOT NULL, state TEXT NOT NULL) STRICT""",
    "CREATE INDEX bill_payment_key ON bill_payment (key)",
    """CREATE TABLE refund (
        refund_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, intended_seq INTEGER, at TEXT NOT NULL, state TEXT NOT NULL,
        sale_id TEXT NOT NULL, number INTEGER NOT NULL, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL, trace INTEGER,
        reason TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX refund_open ON refund (refund_id) WHERE state IN ('intended', 'approved', 'unknown')",
    # The pieces of a line are given back in order: `first` is how many were before, so that no two refunds can have the same piece.
    """CREATE TABLE refund_line (
        sale_id TEXT NOT NULL, line_id INTEGER NOT NULL, first INTEGER NOT NULL, pieces INTEGER NOT NULL, refund_id TEXT NOT NULL,
        PRIMARY KEY (sale_id, line_id, first)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX refund_line_refund ON refund_line (refund_id)",
    """CREATE TABLE form_submission (
        submission_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, at TEXT NOT NULL, form TEXT NOT NULL, day TEXT NOT NULL,
        prefix TEXT NOT NULL, running INTEGER NOT NULL, slot TEXT NOT NULL, fixed INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX form_submission_number ON form_submission (day, prefix, running)",
    "CREATE INDEX form_submission_slot ON form_submission (form, slot) WHERE slot <> ''",
)

# Version n is MIGRATIONS[n - 1].
MIGRATIONS: Final = (_VERSION_1, _VERSION_2, _VERSION_3)
