"""A PostgreSQL server of the tests' own: private directory and socket, a free port, an ordinary user even where the tests run as root."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
ORDINARY_USER = "nobody"
STANDBY = "standby1"
_PREFIX = "tern-postgres-"
_FORGOTTEN_S = 600  # a directory whose server never came up


class PostgresServer:
    """Started by `start`; `new_database` gives the URL of an empty database."""

    def __init__(self) -> None:
        _sweep()
        self._programs = PROGRAMS[0]
        self._directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self._data = self._directory / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def start(self) -> None:
        self._own()
        initdb = ["initdb", "-D", str(self._data), "-U", "tern", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(self._as_ordinary(initdb), check=True, capture_output=True, cwd="/")
        self._serve()

    def standby(self) -> PostgresServer:
        """Another server that follows this one; from now on nothing is committed before it is there too. Read-only until `promote`."""
        other = PostgresServer()
        other._own()
        address = f"host=127.0.0.1 port={self.port} user=tern application_name={STANDBY}"
        copy = ["pg_basebackup", "-D", str(other._data), "-d", address, "-X", "stream", "-c", "fast", "-R", "--no-sync"]
        subprocess.run(other._as_ordinary(copy), check=True, capture_output=True, cwd="/")
        other._serve()
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ({STANDBY})'")
            connection.execute("SELECT pg_reload_conf()")
            _until(lambda: self._asked("SELECT sync_state FROM pg_stat_replication") == [("sync",)])
        return other

    def promote(self) -> None:
        """This standby is the server that is written to from now on."""
        assert self._asked("SELECT pg_promote(true, 30)") == [(True,)]

    def is_caught_up(self) -> bool:
        """Whether all that this standby was sent can be read here."""
        return self._asked("SELECT pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()") == [(True,)]

    def new_database(self) -> str:
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def kill(self) -> None:
        """As a power cut: every process of it at once, nothing finished, nobody told."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # fast: does not wait for who is connected
            self._process.wait(30)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _own(self) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(ORDINARY_USER)
            os.chown(self._directory, user.pw_uid, user.pw_gid)

    def _serve(self) -> None:
        settings = {
            "fsync": "off",
            "listen_addresses": "127.0.0.1",
            "max_connections": "60",
            "logging_collector": "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = ["postgres", "-D", str(self._data), "-p", str(self.port), "-k", str(self._directory), *options]
        # Tests that are killed stop nothing: the server then ends by itself.
        ends_with_us = [shutil.which("setpriv") or "setpriv", "--pdeathsig", "INT"]
        whole = self._as_ordinary(command)
        whole = [*ends_with_us, *(whole[1:] if os.geteuid() == 0 else whole)]
        with (self._directory / "log").open("wb") as log:
            self._process = subprocess.Popen(whole, stdout=log, stderr=log, cwd="/", start_new_session=True)
        self._wait()

    def _address(self, database: str) -> str:
        return f"postgresql://tern@127.0.0.1:{self.port}/{database}"

    def _asked(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self._address("postgres")).close()
                return
            except psycopg.OperationalError:
                assert self._process is not None
                assert self._process.poll() is None, (self._directory / "log").read_text()
                time.sleep(0.1)
        raise AssertionError("PostgreSQL did not start")

    def _as_ordinary(self, command: list[str]) -> list[str]:
        """PostgreSQL refuses to run as root."""
        whole = [str(self._programs / command[0]), *command[1:]]
        return (
            ["setpriv", f"--reuid={ORDINARY_USER}", "--regid=nogroup", "--clear-groups", *whole]
            if os.geteuid() == 0
            else whole
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until(is_so: object, most_s: float = 30.0) -> None:
    end = time.monotonic() + most_s
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def _sweep() -> None:
    """Remove what tests that were killed left behind; their servers have ended with them."""
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            owner = directory.name.removeprefix(_PREFIX).partition("-")[0]
            server = directory / "data" / "postmaster.pid"
            is_used = (owner.isdigit() and _lives(int(owner))) or (
                server.exists() and _lives(int(server.read_text("ascii").split()[0]))
            )
            if not is_used and time.time() - directory.stat().st_mtime > _FORGOTTEN_S:
                shutil.rmtree(directory, ignore_errors=True)


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
