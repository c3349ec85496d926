"""How the database is reached: which URLs there are, and what each connection is set to."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final

import sqlalchemy
import sqlcipher3.dbapi2
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from sync.central.errors import CentralError

# libpq's: a machine that is gone without a word is found out within these, and not after the quarter of an hour that TCP would wait.
_PATIENCE: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def parsed_url(url: str) -> URL:
    """`url` with its driver. Raises CentralError."""
    try:
        parsed = make_url(_hosts_told_apart(url))
    except SQLAlchemyError as error:
        raise CentralError(f"{url.partition('@')[2] or url!r} is no database URL: {error}") from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise CentralError("the database is sqlite:///PATH or postgresql://USER@HOST/NAME; nothing else is supported")


def make_engine(url: URL, connections: int) -> Engine:
    """Nothing is opened yet."""
    if url.get_backend_name() == "postgresql":
        # A connection is tried before it is used: after a fail-over the old ones are dead.
        patience = {name: value for name, value in _PATIENCE.items() if name not in url.query}
        return sqlalchemy.create_engine(
            url,
            pool_size=connections,
            max_overflow=4,
            pool_pre_ping=True,
            pool_timeout=5,
            connect_args=patience,
            hide_parameters=True,  # an error that is written down tells nobody's address
        )
    # The system's SQLite may be one that loses a WAL (facts: 3.7.0 to 3.51.2); this one comes with the wheel. No key is set: a plain file.
    with contextlib.suppress(OSError):  # what is wrong with the place, SQLite says itself
        Path(str(url.database)).touch(mode=0o600)  # sales and staff are in it
    engine = sqlalchemy.create_engine(
        url, module=sqlcipher3.dbapi2, pool_size=connections, max_overflow=4, pool_timeout=5, hide_parameters=True
    )
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _hosts_told_apart(url: str) -> str:
    """`postgresql://u@a:5432,b:5432/name`, as libpq writes it, the way SQLAlchemy does. Of several, the one to write to is wanted."""
    scheme, _, rest = url.partition("://")
    authority, _, tail = rest.partition("/")
    user, at, hosts = authority.rpartition("@")
    if "," not in hosts:
        return url
    name, _, query = tail.partition("?")
    settings = [setting for setting in query.split("&") if setting]
    if "target_session_attrs" not in query:
        settings.append("target_session_attrs=read-write")
    return f"{scheme}://{user}{at}/{name}?{'&'.join([*(f'host={host}' for host in hosts.split(',')), *settings])}"


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, never by the driver's guess
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    # 16 MB: a backlog's batch is 1 MB, and at every checkpoint a request waits for two more syncs than its own.
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("tern_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
