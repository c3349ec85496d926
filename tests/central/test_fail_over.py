"""A primary with a synchronous standby, killed under load: what was acknowledged is on the standby, and terminals go on by themselves.

Two processes of the real service stand behind a line that gives each request to the next of them; real terminals ship through it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres_server import PostgresServer, free_port
from service import Service, Terminal, until

from kiosk.domain.chain import digest, genesis
from kiosk.domain.facts import Fact, Kind
from kiosk.storage.boot import Books, open_books
from sync.central.authority import tls_files
from sync.central.database import Database, one, run
from sync.central.enrolment import make_code
from sync.central.errors import DatabaseAwayError
from sync.central.migrations import migrate
from sync.faults.faulty import FaultyLine
from sync.faults.message import Message
from sync.identity import enrol
from sync.line import Line, ServiceClock
from sync.uplink import Uplink
from ui.simulation.witness import Witness

PROJECT = Path(__file__).resolve().parents[2]
TERMINALS = ("T1", "T2", "T3")


class Balancer(FaultyLine):
    """Gives every request to the next of `ports`."""

    def __init__(self, ports: list[int], witness: Witness) -> None:
        super().__init__(ports[0], watcher=witness.watch)
        self._ports = ports
        self._next = 0

    def _forward(self, request: Message) -> Message | None:
        with self._state:
            self._next += 1
            self.target = ("127.0.0.1", self._ports[self._next % len(self._ports)])
        return super()._forward(request)


class Seller:
    """A terminal that journals without rest, and ships."""

    def __init__(self, directory: Path, url: str, code: str, terminal_id: str) -> None:
        self.terminal_id = terminal_id
        self.books: Books = open_books(directory, terminal_id)
        self.uplink = Uplink(self.books.journal, Line(enrol(directory, url, code, terminal_id), ServiceClock()))
        self._rests = threading.Event()
        self._thread = threading.Thread(target=self._sell)

    def start(self) -> None:
        self.uplink.start()
        self._thread.start()

    def rest(self) -> None:
        self._rests.set()
        self._thread.join()

    def close(self) -> None:
        self.rest()
        self.uplink.stop()
        self.books.close()

    def is_empty(self) -> bool:
        return self.books.journal.mark().seq == self.books.journal.head()[0]

    def written(self) -> list[tuple[int, str]]:
        return [(entry.seq, entry.digest) for entry in self.books.journal.stored(after_seq=0, limit=1_000_000)]

    def _sell(self) -> None:
        number = 0
        while not self._rests.wait(0.02):
            at = datetime.now().astimezone().isoformat(timespec="milliseconds")
            facts = []
            for _ in range(5):
                number += 1
                body = {"sale_id": f"{self.terminal_id}-{number}", "total_minor": number, "currency": "EUR"}
                facts.append(Fact(Kind.SALE_COMPLETED, str(body["sale_id"]), body, at, number))
            self.books.journal.commit(facts)


@contextlib.contextmanager
def serving(url: str, directory: Path) -> Iterator[int]:
    """A process of the service behind a balancer that has a certificate of its own; its port."""
    port, authority = free_port(), tls_files(directory / "tls", ["127.0.0.1"], datetime.now(UTC)).ca
    command = [sys.executable, "-m", "ui.cli", "central", "serve", "--no-tls", "--ca", str(authority)]
    command += ["--db", url, "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with (directory / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(30)


def test_a_primary_that_dies_under_load_takes_nothing_with_it_that_was_acknowledged(tmp_path: Path) -> None:
    witness, sellers = Witness(), []
    with contextlib.ExitStack() as opened:
        primary = PostgresServer()
        opened.callback(primary.stop)
        primary.start()
        name = primary.new_database().rpartition("/")[2]
        standby = primary.standby()
        opened.callback(standby.stop)
        url = f"postgresql://tern@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/{name}"
        codes = codes_for(url)
        ports = [opened.enter_context(serving(url, tmp_path)) for _ in range(2)]
        line = Balancer(ports, witness)
        opened.callback(line.close)
        until(lambda: all(is_listening(port) for port in ports))
        line.start()
        for terminal_id in TERMINALS:
            sellers.append(Seller(tmp_path / terminal_id, line.url, codes[terminal_id], terminal_id))
            opened.callback(sellers[-1].close)
        for seller in sellers:
            seller.start()
        until(lambda: acknowledged(witness) > 300)

        primary.kill()
        promised = witness.promised
        until(standby.is_caught_up)
        for journal_id, (seq, hash_) in promised.items():
            found = asked(standby, name, "SELECT count(*), max(seq) FROM entry WHERE journal_id = %s", journal_id)
            assert found[0][0] == found[0][1] >= seq, "what was acknowledged is not on the standby"
            sql = "SELECT hash FROM entry WHERE journal_id = %s AND seq = %s"
            assert asked(standby, name, sql, journal_id, seq) == [(hash_,)]

        standby.promote()
        promoted_s = time.monotonic()
        before = acknowledged(witness)
        until(lambda: acknowledged(witness) > before, 30)
        for seller in sellers:
            seller.rest()
        until(lambda: all(seller.is_empty() for seller in sellers), 30)
        assert time.monotonic() - promoted_s < 30
        for seller in sellers:
            assert chain_of(standby, name, seller.terminal_id) == seller.written()
        assert witness.taken_twice == 0
        assert asked(standby, name, "SELECT kind FROM alert WHERE kind <> 'refused'") == []
        until(lambda: asked(standby, name, "SELECT 1 FROM journal WHERE projected_seq < seq") == [])
        assert "Traceback" not in (tmp_path / "log.txt").read_text(), "a database that is away is said in a line"
        made = sum(len(seller.written()) for seller in sellers)
        assert asked(standby, name, "SELECT count(*) FROM sale") == [(made,)]


def codes_for(url: str) -> dict[str, str]:
    database = Database(url)
    try:
        migrate(database)
        return {
            terminal_id: database.write(lambda c, t=terminal_id: make_code(c, t, "S1", who="test", now_s=time.time()))
            for terminal_id in TERMINALS
        }
    finally:
        database.close()


def acknowledged(witness: Witness) -> int:
    return sum(seq for seq, _ in witness.promised.values())


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def asked(server: PostgresServer, name: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(f"postgresql://tern@127.0.0.1:{server.port}/{name}", autocommit=True) as connection:
        return connection.execute(sql, values).fetchall()


def chain_of(server: PostgresServer, name: str, terminal_id: str) -> list[tuple[int, str]]:
    """What the store holds of a terminal, its chain proven."""
    sql = "SELECT journal_id, seq, at, clock_ms, kind, subject, body, prev, hash FROM entry WHERE terminal_id = %s ORDER BY seq"
    prev, chain = "", []
    for journal_id, seq, at, clock_ms, kind, subject, body, before, hash_ in asked(server, name, sql, terminal_id):
        assert before == (prev or genesis(terminal_id, journal_id))
        prev = digest(
            before, journal_id=journal_id, seq=seq, kind=kind, subject=subject, body=body, at=at, clock_ms=clock_ms
        )
        assert hash_ == prev
        chain.append((seq, hash_))
    return chain


# --- what the service does where a connection breaks


def test_a_database_that_is_away_is_said_once_however_many_ask(
    postgres: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(postgres.new_database())
    terminal = Terminal(service).known()
    terminal.sell(1)
    name = service.settings.database_url.rpartition("/")[2]
    with psycopg.connect(postgres.new_database(), autocommit=True) as connection:
        for outage in (1, 2):
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            assert [terminal.send().status for _ in range(4)] == [503] * 4
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            assert terminal.send().status == 200
            assert sum(record.name == "sync.central.desk" for record in caplog.records) == outage
    service.stop()


@pytest.fixture
def counted(postgres: PostgresServer) -> Iterator[Database]:
    database = Database(postgres.new_database())
    database.write(lambda connection: run(connection, "CREATE TABLE counted (n BIGINT)"))
    yield database
    database.close()


def count_of(database: Database) -> int:
    row = database.read(lambda connection: one(connection, "SELECT count(*) AS n FROM counted"))
    assert row is not None
    return int(row.n)


def test_a_connection_that_breaks_in_the_middle_is_nobodys_matter(counted: Database, postgres: PostgresServer) -> None:
    attempts: list[int] = []

    def work(connection: Any) -> None:
        attempts.append(1)
        run(connection, "INSERT INTO counted VALUES (1)")
        if len(attempts) == 1:
            run(connection, "SELECT pg_terminate_backend(pg_backend_pid())")

    counted.write(work)
    assert (len(attempts), count_of(counted)) == (2, 1)

    def reading(connection: Any) -> int:
        attempts.append(1)
        if len(attempts) == 3:
            run(connection, "SELECT pg_terminate_backend(pg_backend_pid())")
        return 7

    assert (counted.read(reading), len(attempts)) == (7, 4)


def test_a_connection_that_breaks_at_the_commit_is_told_for_nobody_knows_what_became_of_it(counted: Database) -> None:
    """Were it tried again, what an order or a person asked for once could be done twice."""
    for statement in (
        "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON counted DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION breaks()",
    ):
        counted.write(lambda connection, sql=statement: run(connection, sql))
    attempts: list[int] = []

    def work(connection: Any) -> None:
        attempts.append(1)
        run(connection, "INSERT INTO counted VALUES (1)")

    with pytest.raises(DatabaseAwayError):
        counted.write(work)
    assert len(attempts) == 1


def test_a_connection_to_what_is_no_primary_any_more_is_let_go(counted: Database) -> None:
    attempts: list[int] = []

    def work(connection: Any) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            run(connection, "SET TRANSACTION READ ONLY")
        run(connection, "INSERT INTO counted VALUES (1)")

    counted.write(work)
    assert (len(attempts), count_of(counted)) == (2, 1)


def test_a_store_that_loses_every_other_race_takes_in_all_the_same(postgres: PostgresServer) -> None:
    """As CockroachDB is, and YugabyteDB may be: everything is serializable."""
    url = postgres.new_database()
    name = url.rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    service = Service(url)
    try:
        terminals = [Terminal(service, f"T{number}").known() for number in range(4)]
        threads = [threading.Thread(target=send_all, args=(terminal,)) for terminal in terminals]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert service.count("entry") == 4 * 20
        until(lambda: service.count("sale") == 4 * 20)
    finally:
        service.stop()


def send_all(terminal: Terminal) -> None:
    terminal.sell(20)
    for start in range(0, 20, 4):
        assert terminal.send(terminal.entries[start : start + 4]).status == 200
