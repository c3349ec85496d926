"""The database: SQLite file or PostgreSQL, through the same SQLAlchemy Core; transactions that are tried again when they lose a race."""

from __future__ import annotations

import contextlib
import functools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import psycopg
import sqlalchemy
from sqlalchemy import Connection, Row, TextClause
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

from sync.central.engines import make_engine, parsed_url
from sync.central.errors import DatabaseAwayError

T = TypeVar("T")
ATTEMPTS: Final = 6
CLOSE_WAIT_S: Final = 5.0
# serialization_failure, deadlock_detected: PostgreSQL Appendix A; CockroachDB and YugabyteDB answer the first under load.
_TRY_AGAIN: Final = ("40001", "40P01")
_READ_ONLY: Final = "25006"


class Database:
    """Connections to one database. Thread-safe."""

    def __init__(self, url: str, *, connections: int = 8) -> None:
        """Nothing is opened yet. Several hosts may stand in the URL, as libpq has it: the one that can be written to is used.

        Raises CentralError for a URL that is neither SQLite file nor PostgreSQL.
        """
        parsed = parsed_url(url)
        self.is_postgresql = parsed.get_backend_name() == "postgresql"
        self.engine: Engine = make_engine(parsed, connections)
        # SQLite has one writer; threads that poll its lock starve each other, so they queue here instead.
        self._one_writer: contextlib.AbstractContextManager[Any] = (
            contextlib.nullcontext() if self.is_postgresql else threading.Lock()
        )

    def read(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction of its own that writes nothing; run again as `write` does. Raises DatabaseAwayError."""

        def once(_: _Attempt) -> T:
            with self.engine.connect() as connection:
                if self.is_postgresql:  # so that two questions see the same, as they do in SQLite
                    connection.execution_options(isolation_level="REPEATABLE READ")
                return work(connection.execution_options(tern_reads=True))

        return self._persistently(once)

    def write(self, work: Callable[[Connection], T]) -> T:
        """`work` in one transaction, committed when it returns. Raises DatabaseAwayError.

        Run again where the database says so, and where the connection broke before the commit was sent: `work` must do nothing that
        a rollback does not undo. Where it broke later nobody knows what was committed; whoever asked has to ask again.
        """

        def once(attempt: _Attempt) -> T:
            with self._one_writer, self.engine.begin() as connection:
                found = work(connection)
                attempt.is_commit_sent = True
            return found

        return self._persistently(once)

    def _persistently(self, once: Callable[[_Attempt], T]) -> T:
        for number in range(ATTEMPTS):
            attempt = _Attempt()
            try:
                return once(attempt)
            except sqlalchemy.exc.TimeoutError as error:
                raise DatabaseAwayError("every connection to the database is in use") from error
            except DBAPIError as error:
                if not self._is_worth_another(error, attempt):
                    if _is_the_databases(error):
                        raise DatabaseAwayError(f"the database cannot be used ({_words(error)})") from error
                    raise
                if number == ATTEMPTS - 1:
                    raise DatabaseAwayError(f"the database is too busy ({_words(error)}); try again later") from error
            time.sleep(random.uniform(0, 0.01 * 2**number))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def _is_worth_another(self, error: DBAPIError, attempt: _Attempt) -> bool:
        """Whether nothing was committed, and it may go better at once."""
        state = getattr(error.orig, "sqlstate", None)
        if state == _READ_ONLY:  # what was the primary before a fail-over: no connection to it is of use any more
            self.engine.dispose()
            return True
        if state in _TRY_AGAIN or "database is locked" in str(error.orig):
            return True
        return error.connection_invalidated and not attempt.is_commit_sent

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


@dataclass(slots=True)
class _Attempt:
    is_commit_sent: bool = False


def _is_the_databases(error: DBAPIError) -> bool:
    """Whether the database is to blame, and not what was asked of it."""
    return error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))


def _words(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())
