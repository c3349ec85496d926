"""The schema can be spread over machines: every key begins with what it is spread by, and what grows with every sale is partitioned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import PostgresServer

from sync.central.database import Database, rows
from sync.central.migrations import migrate

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operators" / "central-service.md"
# Small, the same for everyone, and asked by name alone; the queue of the export; Alembic's own.
WHOLE = {"console_user", "console_key", "api_token"}
OTHER = {"sale_change", "alembic_version"}
# An account is the company's, wherever its holder stands: its rows are spread by a mark of its own.
ACCOUNT = {"account_code_used", "account_holder", "account_lock"}


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Database]:
    made = Database(postgres.new_database())
    migrate(made)
    yield made
    made.close()


def first_keys(database: Database) -> dict[str, str]:
    """Table -> the first column of its primary key; partitions left out."""
    sql = (
        "SELECT c.relname AS name, a.attname AS key FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
        " WHERE i.indisprimary AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
    )
    return {row.name: row.key for row in database.read(lambda connection: rows(connection, sql))}


def test_every_key_begins_with_what_it_is_spread_by(database: Database) -> None:
    keys = first_keys(database)
    others = {name for name, key in keys.items() if key not in ("terminal_id", "store_id")}
    assert others == WHOLE | OTHER | ACCOUNT
    sql = "SELECT count(*) AS n FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace"
    assert [row.n for row in database.read(lambda connection: rows(connection, sql))] == [len(keys)], "one has no key"


def test_what_grows_with_every_sale_is_partitioned_by_terminal(database: Database) -> None:
    sql = "SELECT c.relname AS name, pg_get_partkeydef(c.oid) AS key FROM pg_class c WHERE c.relkind = 'p'"
    spread = {row.name: row.key for row in database.read(lambda connection: rows(connection, sql))}
    assert spread == dict.fromkeys(("entry", "sale", "payment", "receipt", "telemetry"), "HASH (terminal_id)")


def test_the_page_for_operators_names_every_table_where_it_belongs(database: Database) -> None:
    page = PAGE.read_text("utf-8")
    told = {
        key: set(line.split("|")[2].replace("`", " ").split())
        for line in page.splitlines()
        for key in ("terminal_id", "store_id")
        if line.startswith(f"| `{key}` |")
    }
    keys = first_keys(database)
    for key, names in told.items():
        assert names == {name for name, first in keys.items() if first == key}
