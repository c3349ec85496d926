"""Opens the encrypted files with the settings each needs, and tells a wrong key from damage."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from sqlcipher3 import dbapi2

from kiosk.storage.errors import DamagedError, LibraryTooOldError, StorageError

if TYPE_CHECKING:
    import sqlite3

    Connection = sqlite3.Connection  # sqlcipher3 is sqlite3's own code with a cipher: same types, no stubs of its own

# 3.7.0 to 3.51.2 are reported to corrupt a WAL that is reset while another connection writes.
LAST_UNSAFE_SQLITE = (3, 51, 2)

# Pages that a connection keeps. At SQLite's own 2 MB, one a thread and a file, a terminal grew by 7 MB in 250 baskets; a look-up
# among a million articles touches four pages, and a sale a dozen. Loading a catalogue gains by more.
CACHE_KIB = 512
LOADING_CACHE_KIB = 2_000

DatabaseError: type[Exception] = dbapi2.DatabaseError
SQLITE_IOERR = 10
SQLITE_CORRUPT = 11
SQLITE_FULL = 13
SQLITE_CANTOPEN = 14
SQLITE_NOTADB = 26


class Durability(Enum):
    """What a commit promises. MONEY: survives a power cut. REBUILDABLE: may lose the last commits, never its shape."""

    MONEY = "FULL"
    REBUILDABLE = "NORMAL"


def check_library() -> None:
    """Raise LibraryTooOldError unless the SQLite in use is one that does not lose data."""
    if dbapi2.sqlite_version_info <= LAST_UNSAFE_SQLITE:
        raise LibraryTooOldError(
            f"sqlcipher3 brings SQLite {dbapi2.sqlite_version}, which can lose data in WAL mode; "
            f"install one newer than {'.'.join(map(str, LAST_UNSAFE_SQLITE))}"
        )


def open_writer(path: Path, key: bytes, durability: Durability) -> Connection:
    """The one connection that writes `path`; makes the file where there is none. It never checkpoints by itself: its writer does.

    Raises DamagedError, StorageError.
    """
    connection = _open(path, key, "rwc")
    try:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise StorageError(f"{path} cannot be opened in WAL mode (it is in {mode}); move it to a local file system")
        connection.execute(f"PRAGMA synchronous = {durability.value}")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        if durability is Durability.REBUILDABLE:
            connection.execute(f"PRAGMA cache_size = -{LOADING_CACHE_KIB}")
        connection.execute("PRAGMA recursive_triggers = ON")  # REPLACE is a deletion: the trigger must see it
    except DatabaseError as error:
        connection.close()
        raise _judged(path, error) from error
    except StorageError:
        connection.close()
        raise
    return connection


def open_reader(path: Path, key: bytes) -> Connection:
    """A connection that cannot write. Raises DamagedError, StorageError."""
    connection = _open(path, key, "ro")
    connection.execute("PRAGMA query_only = ON")
    return connection


def copy_into(path: Path, key: bytes, target: Path) -> None:
    """Write a whole, tidy copy of `path`, as it is at this moment, under the same key; its writer goes on meanwhile.

    Raises StorageError.
    """
    connection = _open(path, key, "ro")
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    except DatabaseError as error:
        raise _judged(path, error) from error
    finally:
        connection.close()


def error_code(error: BaseException) -> int:
    """SQLite's primary result code of an error, 0 where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def extended_error_code(error: BaseException) -> int:
    """SQLite's extended result code of an error, 0 where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0))


def is_damage(error: BaseException) -> bool:
    """Whether an error says that the file's content is not what was written."""
    return error_code(error) in (SQLITE_CORRUPT, SQLITE_NOTADB)


def quick_check(connection: Connection, path: Path) -> None:
    """Read every page: its seal (HMAC) and its structure. Raises DamagedError at the first that is wrong."""
    # Not `cipher_integrity_check`: it reads the file past the log, and takes a checkpoint that a power cut tore for damage.
    try:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except DatabaseError as error:
        raise _judged(path, error) from error
    if verdict != "ok":
        raise DamagedError(path, str(verdict))


class Readers:
    """Reading connections to one file, one a thread, so that their prepared statements stay warm."""

    def __init__(self, open_one: Callable[[], Connection]) -> None:
        self._open_one = open_one
        self._local = threading.local()
        self._all: list[Connection] = []
        self._lock = threading.Lock()

    def get(self) -> Connection:
        """This thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._open_one()
            self._local.connection = connection
            with self._lock:
                self._all.append(connection)
        return connection

    def close(self) -> None:
        """Close the connections of all threads; none of them may be reading."""
        with self._lock:
            while self._all:
                self._all.pop().close()
        self._local = threading.local()


def _open(path: Path, key: bytes, mode: str) -> Connection:
    try:
        connection = cast(
            "Connection",
            dbapi2.connect(
                f"file:{quote(str(path.absolute()))}?mode={mode}",
                uri=True,
                timeout=5.0,
                isolation_level=None,  # transactions are begun and ended by hand, by the writer
                check_same_thread=False,  # each is used by one thread at a time, and closed by whoever closes the books
                cached_statements=256,
            ),
        )
    except DatabaseError as error:
        raise StorageError(f"{path} cannot be opened ({error}); check that the directory exists and is ours") from error
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # else SQLCipher writes to standard error
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DatabaseError as error:
        connection.close()
        raise _judged(path, error) from error
    return connection


def _judged(path: Path, error: Exception) -> StorageError:
    if is_damage(error):
        return DamagedError(path, str(error))
    return StorageError(f"{path} cannot be used ({error}); check the disk and the rights on it")
