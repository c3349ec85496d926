"""The service on its databases: many at once, races, a database that goes away, the schema."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres_server import PostgresServer
from service import Service, Terminal, sqlite_url, until

from sync.central import migrations
from sync.central.database import ATTEMPTS, Database, one, rows, run
from sync.central.errors import CentralError, DatabaseAwayError
from sync.central.migrations import migrate

PROJECT = Path(__file__).resolve().parents[2]
VERSIONS = Path(migrations.__file__).parent / "versions"


def test_many_terminals_at_once_lose_and_double_nothing(service: Service) -> None:
    """Each sends every batch twice, at the same time as all the others: as a proxy that doubles requests would have it."""
    terminals = [Terminal(service, f"T{number}").known() for number in range(6)]
    for terminal in terminals:
        terminal.sell(12)
    with ThreadPoolExecutor(12) as pool:
        for start in range(0, 12, 3):
            wanted = [terminal for terminal in terminals for _ in range(2)]
            replies = pool.map(lambda terminal, at=start: terminal.send(terminal.entries[at : at + 3]), wanted)
            assert {reply.status for reply in replies} == {200}
    for terminal in terminals:
        held = service.rows("SELECT hash FROM entry WHERE terminal_id = :id ORDER BY seq", id=terminal.terminal_id)
        assert [hash_ for (hash_,) in held] == [entry.hash for entry in terminal.entries]
    assert service.alerts() == []


def test_two_processes_on_one_database_are_one_service(url: str) -> None:
    one_process, other = Service(url), Service(url)
    try:
        terminal = Terminal(one_process).known()
        terminal.sell(6)
        for start in range(6):
            terminal.service = (one_process, other)[start % 2]
            assert terminal.send(terminal.entries[start : start + 1]).status == 200
        until(lambda: one_process.count("sale") == 6)
        assert one_process.rows("SELECT sum(total_minor) FROM sale")[0][0] == sum(range(199, 205))
        assert one_process.alerts() == []
    finally:
        one_process.stop()
        other.stop()


def test_processes_that_start_at_once_migrate_once(url: str) -> None:
    command = [sys.executable, "-m", "ui.cli", "central", "terminals", "--json", "--db", url]
    starts = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    assert [start.communicate(timeout=60) for start in starts] == [(b"[]\n", b"")] * 4
    database = Database(url)
    versions = database.read(lambda connection: rows(connection, "SELECT version_num FROM alembic_version"))
    database.close()
    newest = max(path.name[1:5] for path in VERSIONS.glob("v*.py"))
    assert [tuple(row) for row in versions] == [(newest,)]


def test_a_lost_race_is_run_again(postgres: PostgresServer) -> None:
    """PostgreSQL says serialization_failure to one of two that wrote what the other had read."""
    database = Database(postgres.new_database())
    database.write(lambda connection: run(connection, "CREATE TABLE counter (n BIGINT)"))
    database.write(lambda connection: run(connection, "INSERT INTO counter VALUES (0)"))
    both = threading.Barrier(2, timeout=20)
    attempts: list[int] = []

    def count(_: int) -> None:
        def work(connection: Any) -> None:
            run(connection, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            attempts.append(1)
            row = one(connection, "SELECT n FROM counter")
            assert row is not None
            if len(attempts) <= 2:
                both.wait()
            run(connection, "UPDATE counter SET n = :n", n=row.n + 1)

        database.write(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, range(2)))
    row = database.read(lambda connection: one(connection, "SELECT n FROM counter"))
    assert row is not None
    assert (row.n, len(attempts)) == (2, 3)
    database.close()


def test_a_race_that_is_never_won_is_given_up_in_words(postgres: PostgresServer) -> None:
    database = Database(postgres.new_database())
    attempts: list[int] = []

    def work(connection: Any) -> None:
        attempts.append(1)
        run(connection, "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

    with pytest.raises(DatabaseAwayError, match="too busy"):
        database.write(work)
    assert len(attempts) == ATTEMPTS
    database.close()


def test_a_database_that_goes_away_is_told_and_found_again(postgres: PostgresServer) -> None:
    service = Service(postgres.new_database())
    terminal = Terminal(service).known()
    terminal.sell(2)
    assert terminal.send(terminal.entries[:1]).status == 200
    name = service.settings.database_url.rpartition("/")[2]
    with psycopg.connect(postgres.new_database(), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        reply = terminal.send(terminal.entries[1:])
        assert (reply.status, reply.problem) == (503, "unavailable")
        assert (reply.headers["retry-after"], reply.json["retry_after_ms"]) == ("5", 5_000)
        assert service.ask("GET", "/v1/health").status == 503
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert service.ask("GET", "/v1/health").json == {"status": "ok"}
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    # As after a fail-over: every connection that is kept is dead, and nobody has to notice.
    assert terminal.send(terminal.entries[1:]).status == 200
    assert service.ask("GET", "/v1/health").json == {"status": "ok"}
    service.stop()


def test_what_grows_with_every_sale_is_spread_by_terminal(postgres: PostgresServer) -> None:
    service = Service(postgres.new_database())
    for number in range(40):
        terminal = Terminal(service, f"T{number}").known()
        terminal.sell(1)
        assert terminal.send().status == 200
    spread = service.rows("SELECT tableoid::regclass::text, count(*) FROM entry GROUP BY 1")
    assert len(spread) > 8
    plan = service.rows("EXPLAIN SELECT * FROM entry WHERE terminal_id = 'T1' AND journal_id = 'x' AND seq > 1")
    assert sum("entry_" in line and "Index Scan" in line for (line,) in plan) == 1
    service.stop()


def test_books_of_the_centre_are_nobody_elses_to_read(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    migrate(database)
    database.close()
    assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {"central.db": 0}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://a/b", "no url", ""])
def test_a_database_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(CentralError):
        Database(url)


def test_a_place_where_nothing_can_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(DatabaseAwayError):
        migrate(Database(f"sqlite:///{tmp_path}/nowhere/central.db"))
