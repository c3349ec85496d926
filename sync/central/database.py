"""The database: SQLite file or PostgreSQL, through the same SQLAlchemy Core; transactions that are tried again when they lose a race."""

from __future__ import annotations

import contextlib
import functools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
import sqlalchemy
import sqlcipher3.dbapi2
from sqlalchemy import Connection, Row, TextClause, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from sync.central.errors import CentralError, DatabaseAwayError

T = TypeVar("T")
ATTEMPTS: Final = 6
CLOSE_WAIT_S: Final = 5.0
# serialization_failure, deadlock_detected: PostgreSQL Appendix A; CockroachDB and YugabyteDB answer the first under load.
_TRY_AGAIN: Final = ("40001", "40P01")


class Database:
    """Connections to one database. Thread-safe."""

    def __init__(self, url: str, *, connections: int = 8) -> None:
        """Nothing is opened yet. Raises CentralError for a URL that is neither SQLite file nor PostgreSQL."""
        parsed = _parsed(url)
        self.is_postgresql = parsed.get_backend_name() == "postgresql"
        self.engine: Engine = _engine(parsed, connections, is_postgresql=self.is_postgresql)
        # SQLite has one writer; threads that poll its lock starve each other, so they queue here instead.
        self._one_writer: contextlib.AbstractContextManager[Any] = (
            contextlib.nullcontext() if self.is_postgresql else threading.Lock()
        )

    def read(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction of its own that writes nothing. Raises DatabaseAwayError."""
        with _away(), self.engine.connect() as connection:
            if self.is_postgresql:  # so that two questions see the same, as they do in SQLite
                connection.execution_options(isolation_level="REPEATABLE READ")
            return work(connection.execution_options(tern_reads=True))

    def write(self, work: Callable[[Connection], T]) -> T:
        """`work` in one transaction, committed when it returns; run again where the database says so. Raises DatabaseAwayError."""
        for attempt in range(ATTEMPTS):
            try:
                with _away(), self._one_writer, self.engine.begin() as connection:
                    return work(connection)
            except _LostRace as error:
                if attempt == ATTEMPTS - 1:
                    raise DatabaseAwayError(f"the database is too busy ({error}); try again later") from error
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close every connection, waiting a moment for those that threads still work with: given back later, they would stay open."""
        end_s = time.monotonic() + CLOSE_WAIT_S
        while self._in_use() and time.monotonic() < end_s:
            time.sleep(0.01)
        self.engine.dispose()

    def _in_use(self) -> int:
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0


@functools.lru_cache(maxsize=1_000)
def text(sql: str) -> TextClause:
    """SQL with `:name` parameters, read but once: to look for the names takes as long as to run a small statement."""
    return sqlalchemy.text(sql)


def run(connection: Connection, sql: str, **values: Any) -> None:
    """One statement with `:name` parameters."""
    connection.execute(text(sql), values)


def changed(connection: Connection, sql: str, **values: Any) -> int:
    """One statement; how many rows it made or changed."""
    return int(connection.execute(text(sql), values).rowcount)


def one(connection: Connection, sql: str, **values: Any) -> Row[Any] | None:
    """The first row, or None."""
    return connection.execute(text(sql), values).first()


def rows(connection: Connection, sql: str, **values: Any) -> Sequence[Row[Any]]:
    """Every row."""
    return connection.execute(text(sql), values).all()


def many(connection: Connection, sql: str, values: Sequence[Mapping[str, Any]]) -> None:
    """One statement for each of `values`."""
    if values:
        connection.execute(text(sql), list(values))


def among(connection: Connection, column: str, values: Sequence[str], name: str) -> tuple[str, Mapping[str, Any]]:
    """`column IN values` with one parameter called `name`, however many values there are: the SQL, and its parameter."""
    if connection.dialect.name == "postgresql":
        return f"{column} = ANY(:{name})", {name: list(values)}
    return f"{column} IN (SELECT value FROM json_each(:{name}))", {name: json.dumps(values)}  # noqa: S608 - names of our own


@contextlib.contextmanager
def copying(connection: Connection, table: str) -> Iterator[psycopg.Copy]:
    """PostgreSQL's COPY into `table`, the fastest way in. Its errors come as those of every other statement do."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            yield copy
    except psycopg.Error as error:
        raise DBAPIError.instance(
            f"COPY {table}", None, error, psycopg.Error, connection_invalidated=bool(driver.closed)
        ) from error


def one_locked(connection: Connection, sql: str, **values: Any) -> Row[Any] | None:
    """As `one`, keeping the row for this transaction. SQLite's one writer has the whole file already."""
    return one(connection, f"{sql} FOR UPDATE" if connection.dialect.name == "postgresql" else sql, **values)


class _LostRace(Exception):  # noqa: N818 - caught here, never seen elsewhere
    pass


@contextlib.contextmanager
def _away() -> Any:
    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state in _TRY_AGAIN or "database is locked" in str(error.orig):
            raise _LostRace(str(error.orig)) from error
        if error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError)):
            raise DatabaseAwayError(f"the database cannot be used ({' '.join(str(error.orig).split())})") from error
        raise
    except sqlalchemy.exc.TimeoutError as error:
        raise DatabaseAwayError("every connection to the database is in use") from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise CentralError(f"{url.partition('@')[2] or url!r} is no database URL: {error}") from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise CentralError("the database is sqlite:///PATH or postgresql://USER@HOST/NAME; nothing else is supported")


def _engine(url: URL, connections: int, *, is_postgresql: bool) -> Engine:
    if is_postgresql:
        # A connection is tried before it is used: after a fail-over the old ones are dead.
        return sqlalchemy.create_engine(url, pool_size=connections, max_overflow=4, pool_pre_ping=True, pool_timeout=5)
    # The system's SQLite may be one that loses a WAL (facts: 3.7.0 to 3.51.2); this one comes with the wheel. No key is set: a plain file.
    with contextlib.suppress(OSError):  # what is wrong with the place, SQLite says itself
        Path(str(url.database)).touch(mode=0o600)  # sales and staff are in it
    engine = sqlalchemy.create_engine(
        url, module=sqlcipher3.dbapi2, pool_size=connections, max_overflow=4, pool_timeout=5
    )
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, never by the driver's guess
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("tern_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
