"""Stores of every released schema of the central service, brought to today's on both databases: all that was kept is still there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlcipher3.dbapi2
from sqlalchemy import Connection, inspect

from sync.central import ingest, migrations
from sync.central.backoffice.tokens import Scope, add
from sync.central.database import Database, one, rows, run
from sync.central.heads import Sender
from sync.central.migrations import migrate
from sync.protocol.journal import JournalBatch
from tests.central.postgres_server import PostgresServer
from tests.central.service import Service, chained, until
from tests.e2e.command import kiosk, one_plain_line

HERE = Path(__file__).parent
NEWEST = max(int(path.name[1:5]) for path in (Path(migrations.__file__).parent / "versions").glob("v*.py"))
KEPT = [int(path.name.split("-")[1].split(".")[0]) for path in sorted(HERE.glob("central-*.sqlite.sql"))]
# What the steps themselves write: the version, and what is to be numbered.
WRITTEN_BY_STEPS = {"alembic_version", "sale_change"}
State = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/central.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def columns_of_a_new_store(request: pytest.FixtureRequest, empty: str, tmp_path: Path) -> dict[str, list[str]]:
    """Of the same kind of database."""
    is_sqlite = empty.startswith("sqlite")
    database = Database(
        f"sqlite:///{tmp_path}/new.db" if is_sqlite else request.getfixturevalue("postgres").new_database()
    )
    migrate(database)
    found = database.read(columns_of)
    database.close()
    return found


def test_every_schema_before_todays_has_its_stores_here() -> None:
    assert set(KEPT) >= set(range(1, NEWEST)), "make them with the software of that version: make_central.py"
    assert all((HERE / f"central-{version}.postgresql.sql").is_file() for version in KEPT)


@pytest.mark.parametrize("version", KEPT)
def test_a_store_of_an_older_schema_is_brought_to_todays_with_all_that_it_keeps(
    empty: str, version: int, columns_of_a_new_store: dict[str, list[str]]
) -> None:
    load(empty, version)
    database = Database(empty)
    try:
        columns = database.read(columns_of)
        before = database.read(lambda connection: state(connection, columns))
        assert len(before) > 20 and all(before.values()), "a table without a row proves nothing"
        migrate(database)
        assert database.read(lambda connection: state(connection, columns)) == before
        today = database.read(columns_of)
        migrate(database)
        assert database.read(columns_of) == today
        assert database.read(lambda connection: state(connection, columns)) == before
    finally:
        database.close()
    assert today == columns_of_a_new_store
    goes_on(empty)


def goes_on(url: str) -> None:
    """The service shows what was sold, and the terminal's journal continues where it was."""
    service = Service(url)
    try:
        token = service.database.write(lambda c: add(c, "office", frozenset({Scope.SALES}), store_id="S1", now_s=1.0))
        headers = {"authorization": f"Bearer {token}"}

        def sold() -> list[tuple[str, int, str]]:
            page = service.ask("GET", "/api/v1/stores/S1/sales", headers).json
            return [(sale["lines"][0]["name"], sale["total_minor"], sale["state"]) for sale in page["sales"]]

        until(lambda: sorted(sold()) == [("Butter", 199, "completed"), ("Käse", 450, "voided")])
        service.database.write(sell_one_more)
        until(lambda: service.rows("SELECT 1 FROM sale WHERE sale_id = 'T1-10' AND total_minor = 75"))
    finally:
        service.stop()


def sell_one_more(connection: Connection) -> None:
    head = one(connection, "SELECT seq, hash FROM journal WHERE terminal_id = 'T1' AND journal_id = 'j-T1'")
    assert head is not None
    body = '{"currency":"EUR","item_count":1,"sale_id":"T1-10","to_pay_minor":75,"total_minor":75}'
    at = "2026-11-22T10:00:00.000+01:00"
    entry = chained("j-T1", head.seq + 1, head.hash, "sale.completed", "T1-10", at, body)
    batch = JournalBatch(terminal_id="T1", journal_id="j-T1", entries=(entry,))
    ingest.take_in(connection, Sender("T1", "S1", 1.8e9), batch)


def test_a_store_of_a_newer_schema_than_the_service_knows_is_refused_in_one_line(empty: str, tmp_path: Path) -> None:
    database = Database(empty)
    migrate(database)
    database.write(lambda connection: run(connection, "UPDATE alembic_version SET version_num = '9999'"))
    told = one_plain_line(kiosk("central", "serve", "--no-tls", "--port", "0", "--db", empty, "--data", tmp_path))
    assert "schema 9999" in told
    assert f"up to {NEWEST:04d}" in told
    versions = database.read(lambda connection: rows(connection, "SELECT version_num FROM alembic_version"))
    assert [tuple(row) for row in versions] == [("9999",)]
    database.close()


def load(url: str, version: int) -> None:
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    dump = (HERE / f"central-{version}.{kind}.sql").read_text("utf-8")
    if kind == "sqlite":
        opened = sqlcipher3.dbapi2.connect(url.removeprefix("sqlite:///"))
        opened.executescript(dump)
        opened.close()
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(dump.encode())


def columns_of(connection: Connection) -> dict[str, list[str]]:
    """Table -> its columns, in the order of their names. A partition is its table's."""
    looked = inspect(connection)
    tables = [name for name in looked.get_table_names() if not re.search("_[0-9]{2}$", name)]
    return {table: sorted(column["name"] for column in looked.get_columns(table)) for table in tables}


def state(connection: Connection, columns: dict[str, list[str]]) -> State:
    return {
        table: sorted((tuple(row) for row in rows(connection, f"SELECT {', '.join(names)} FROM {table}")), key=repr)  # noqa: S608 - of the schema
        for table, names in columns.items()
        if table not in WRITTEN_BY_STEPS
    }
