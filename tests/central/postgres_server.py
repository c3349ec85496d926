"""A PostgreSQL server of the tests' own: private directory and socket, a free port, an ordinary user even where the tests run as root."""

from __future__ import annotations

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


class PostgresServer:
    """Started by `start`; `new_database` gives the URL of an empty database."""

    def __init__(self) -> None:
        self._programs = PROGRAMS[0]
        self._directory = Path(tempfile.mkdtemp(prefix="tern-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def start(self) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(ORDINARY_USER)
            os.chown(self._directory, user.pw_uid, user.pw_gid)
        data = self._directory / "data"
        initdb = ["initdb", "-D", str(data), "-U", "tern", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(self._as_ordinary(initdb), check=True, capture_output=True, cwd="/")
        settings = {
            "fsync": "off",
            "listen_addresses": "127.0.0.1",
            "max_connections": "60",
            "logging_collector": "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = ["postgres", "-D", str(data), "-p", str(self.port), "-k", str(self._directory), *options]
        with (self._directory / "log").open("wb") as log:
            self._process = subprocess.Popen(self._as_ordinary(command), stdout=log, stderr=log, cwd="/")
        self._wait()

    def new_database(self) -> str:
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # fast: does not wait for who is connected
            self._process.wait(30)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _address(self, database: str) -> str:
        return f"postgresql://tern@127.0.0.1:{self.port}/{database}"

    def _wait(self) -> None:
        assert self._process is not None
        for _ in range(200):
            try:
                psycopg.connect(self._address("postgres")).close()
                return
            except psycopg.OperationalError:
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
