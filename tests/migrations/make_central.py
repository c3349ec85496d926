"""Makes central-N.sqlite.sql and central-N.postgresql.sql: a small store of the central service as schema N keeps it.

Run once for each schema, when it is released; the files then never change:

    python tests/migrations/make_central.py N
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "console")]

from back_shop import Centre, Till, until  # noqa: E402 - found by the line above

from sync.central import alerts, commands, feeds, migrations  # noqa: E402
from sync.central.backoffice import tokens  # noqa: E402
from sync.central.console import people  # noqa: E402
from sync.central.database import Database  # noqa: E402
from sync.protocol.commands import CommandKind  # noqa: E402
from sync.protocol.feed_rows import PriceRow, feed_row  # noqa: E402
from sync.protocol.feeds import FeedName  # noqa: E402
from tests.central.postgres_server import PROGRAMS, PostgresServer  # noqa: E402

HERE = Path(__file__).parent
Rows = dict[str, list[dict[str, Any]]]
ALEMBIC = "alembic_version"
OTHERWISE = {
    "terminal_id": "T1",
    "store_id": "S1",
    "currency": "EUR",
    "day": "2026-11-21",
    "at": "2026-11-21T10:00:00+01:00",
}


def main() -> None:
    version = int(sys.argv[1])
    kept = what_a_store_keeps()
    with tempfile.TemporaryDirectory() as directory:
        database = Database(f"sqlite:///{directory}/central.db")
        database.write(lambda connection: fill(connection, version, kept))
        database.close()
        with contextlib.closing(sqlite3.connect(f"{directory}/central.db")) as closed:
            lines = list(closed.iterdump())
    (HERE / f"central-{version}.sqlite.sql").write_text("\n".join([*lines, ""]), "utf-8")
    server = PostgresServer()
    try:
        server.start()
        url = server.new_database()
        database = Database(url)
        database.write(lambda connection: fill(connection, version, kept))
        database.close()
        dump = [str(PROGRAMS[0] / "pg_dump"), "--no-owner", "--no-privileges", "--inserts", url]
        told = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    finally:
        server.stop()
    # Statements alone: no comments, none of psql's own words, no settings of the session that dumped.
    lines = [
        line
        for line in told.splitlines()
        if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_config"))
    ]
    (HERE / f"central-{version}.postgresql.sql").write_text("\n".join([*lines, ""]), "utf-8")


def what_a_store_keeps() -> Rows:
    """A little of everything, as the service itself writes it."""
    with tempfile.TemporaryDirectory() as directory:
        centre = Centre(f"sqlite:///{directory}/central.db")
        try:
            till = Till(centre)
            till.sell("Butter", 199)
            voided = till.sell("Käse", 450)
            till.write("sale.voided", voided, {"sale_id": voided})
            till.write("basket.held", "basket:H1", {"code": "H1", "basket": {"lines": []}})
            till.write(
                "voucher.redeemed", "v", {"code": "DEP-1", "amount_minor": 25, "currency": "EUR", "sale_id": "T1-3"}
            )
            till.tell()
            centre.person("kim", people.Role.SUPERVISOR)
            centre.put(write_by_hand)
            until(lambda: centre.count("SELECT count(*) FROM sale_export") == 2)
            until(lambda: not centre.count("SELECT count(*) FROM journal WHERE projected_seq < seq"))
            tables = centre.database.read(lambda connection: inspect(connection).get_table_names())
            return {
                table: [dict(row._mapping) for row in centre.rows(f"SELECT * FROM {table}")]  # noqa: S608 - of the database
                for table in tables
                if table not in {ALEMBIC, "sale_change"}
            }
        finally:
            centre.stop()


def write_by_hand(connection: Connection) -> None:
    prices = [feed_row(PriceRow(number=4012345678901, price_minor=199))]
    feeds.publish(connection, "S1", FeedName.PRICES, prices, version="v1", whole=True)
    alerts.raise_alert(connection, "T1", alerts.FORK, "j-T1", "another entry 7", store_id="S1", now_s=1e9)
    tokens.add(connection, "office", frozenset(tokens.Scope), store_id="S1", now_s=1.0)
    asked = commands.NewCommand("T1", "S1", CommandKind.MESSAGE, {"text": "hello"}, "kim", 3600.0, "")
    commands.issue(connection, asked, 1e9)


def fill(connection: Connection, version: int, kept: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """The schema of `version`, and in each of its tables what is kept, or a row for the sake of the table."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, f"{version:04d}")
    looked = inspect(connection)
    parts = {name for name in looked.get_table_names() if name[-3:-2] == "_" and name[-2:].isdigit()}
    for table in sorted(set(looked.get_table_names()) - parts - {ALEMBIC, "sale_change"}):
        columns = looked.get_columns(table)
        names = [column["name"] for column in columns]
        rows = list(kept.get(table, ())) or [{column["name"]: sample(table, column) for column in columns}]
        insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) ON CONFLICT DO NOTHING"  # noqa: S608 - of the schema
        for row in rows:
            connection.execute(text(insert), {name: row[name] for name in names})


def sample(table: str, column: Mapping[str, Any]) -> Any:
    is_text = column["type"].python_type is str
    return OTHERWISE.get(column["name"], f"{column['name']} of {table}") if is_text else 1


if __name__ == "__main__":
    main()
