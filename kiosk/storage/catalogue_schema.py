"""The tables of cache.db: small ones with a slot column, and for each of the two slots a table of items and their search index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

CACHE_VERSION: Final = 6
SLOTS: Final = (0, 1)
REFERENCE_BASE: Final = (
    20_000_000_000  # GTIN-13 with prefix 020: restricted circulation (GS1 General Specifications, 1.4.4)
)

ITEM_COLUMNS: Final = (
    "number",
    "plu",
    "names",
    "category",
    "unit",
    "price_minor",
    "tax",
    "minimum_age",
    "deposit_minor",
    "picture",
    "member_price_minor",
)

SMALL_TABLES: Final = ("category", "promotion", "recall", "voucher", "staff", "policy", "content", "edition")

_SHARED: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta VALUES ('slot', '0')",
    """CREATE TABLE edition (slot INTEGER PRIMARY KEY, currency TEXT NOT NULL, price_version TEXT NOT NULL, source TEXT NOT NULL,
        languages TEXT NOT NULL) STRICT""",
    """CREATE TABLE category (slot INTEGER, code TEXT, names TEXT NOT NULL, picture TEXT NOT NULL, place INTEGER NOT NULL,
        touch INTEGER NOT NULL, PRIMARY KEY (slot, code)) STRICT, WITHOUT ROWID""",
    "CREATE TABLE promotion (slot INTEGER, id TEXT, body TEXT NOT NULL, PRIMARY KEY (slot, id)) STRICT, WITHOUT ROWID",
    """CREATE TABLE recall (slot INTEGER, number INTEGER, batch TEXT, reason TEXT NOT NULL, since TEXT NOT NULL,
        PRIMARY KEY (slot, number, batch)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE voucher (slot INTEGER, code TEXT, kind TEXT NOT NULL, amount_minor INTEGER NOT NULL,
        PRIMARY KEY (slot, code)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE staff (slot INTEGER, badge_hash TEXT, staff TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
        pin_hash TEXT NOT NULL, salt TEXT NOT NULL, PRIMARY KEY (slot, badge_hash)) STRICT, WITHOUT ROWID""",
    "CREATE TABLE policy (slot INTEGER, key TEXT, value TEXT NOT NULL, PRIMARY KEY (slot, key)) STRICT, WITHOUT ROWID",
    "CREATE TABLE content (slot INTEGER, key TEXT, texts TEXT NOT NULL, PRIMARY KEY (slot, key)) STRICT, WITHOUT ROWID",
    # Of the store, whatever its edition: `slot` is always 0, so that an account that is taken away is in no other slot.
    """CREATE TABLE account (slot INTEGER, account TEXT, numbers TEXT NOT NULL, sealed TEXT NOT NULL, pin_hash TEXT NOT NULL,
        key_name TEXT NOT NULL, PRIMARY KEY (slot, account)) STRICT, WITHOUT ROWID""",
    # What came from the central service. A generation holds the rows of one feed: all that are in use, or what is staged.
    """CREATE TABLE feed (name TEXT PRIMARY KEY, epoch TEXT NOT NULL, cursor INTEGER NOT NULL, version TEXT NOT NULL,
        generation INTEGER NOT NULL, live INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE feed_stage (name TEXT PRIMARY KEY, epoch TEXT NOT NULL, cursor INTEGER NOT NULL, version TEXT NOT NULL,
        generation INTEGER NOT NULL, whole INTEGER NOT NULL, ready INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE feed_row (generation INTEGER, key TEXT, body TEXT, PRIMARY KEY (generation, key)) STRICT, WITHOUT ROWID""",
)


def create_cache(connection: Connection) -> None:
    """Make the tables in a fresh file; an older schema is dropped, for everything here can be loaded anew."""
    if connection.execute("PRAGMA user_version").fetchone()[0] == CACHE_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    for (name,) in connection.execute(
        # A search index first: it takes its shadow tables along.
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC"
    ).fetchall():
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    for statement in _SHARED:
        connection.execute(statement)
    for slot in SLOTS:
        for statement in empty_slot(slot, ("en",)):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {CACHE_VERSION}")
    connection.execute("COMMIT")


def empty_slot(slot: int, languages: Sequence[str]) -> Iterator[str]:
    """The SQL that gives `slot` empty tables with a search column for each of `languages` (two or three ASCII letters each)."""
    if not all(language.isascii() and language.isalpha() and len(language) in (2, 3) for language in languages):
        raise ValueError(f"languages are two or three letters: {languages}")
    for table in SMALL_TABLES:
        yield f"DELETE FROM {table} WHERE slot = {slot}"  # noqa: S608 - names of our own
    yield f"DROP TABLE IF EXISTS item_{slot}"
    yield f"DROP TABLE IF EXISTS search_{slot}"
    yield f"""CREATE TABLE item_{slot} (number INTEGER PRIMARY KEY, plu INTEGER, reference INTEGER, names TEXT NOT NULL,
        category TEXT NOT NULL, unit TEXT NOT NULL, price_minor INTEGER NOT NULL, tax TEXT NOT NULL, minimum_age INTEGER NOT NULL,
        deposit_minor INTEGER NOT NULL, picture TEXT NOT NULL, member_price_minor INTEGER, rank INTEGER NOT NULL) STRICT"""
    yield f"CREATE UNIQUE INDEX item_{slot}_plu ON item_{slot} (plu) WHERE plu IS NOT NULL"
    yield f"CREATE UNIQUE INDEX item_{slot}_reference ON item_{slot} (reference) WHERE reference IS NOT NULL"
    yield f"CREATE INDEX item_{slot}_picker ON item_{slot} (category, rank, number) WHERE rank < 3"
    yield f"CREATE INDEX item_{slot}_popular ON item_{slot} (rank, number) WHERE rank < 3"
    columns = ", ".join(f"name_{language}" for language in languages)
    yield (
        f"CREATE VIRTUAL TABLE search_{slot} USING fts5 ({columns}, content='', columnsize=0, prefix='1 2',"
        ' tokenize="unicode61 remove_diacritics 2")'
    )
    # More words are gathered in memory before they are written: a load of a million articles takes a tenth less.
    yield f"INSERT INTO search_{slot} (search_{slot}, rank) VALUES ('hashsize', 16777216)"  # noqa: S608 - names of our own
