"""Who may log in: names, roles, what each role may do, passwords (argon2id), and the lock-out after wrong ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection

from sync.central import audit
from sync.central.database import Database, changed, one, rows, run
from sync.central.errors import CentralError
from sync.central.feeds import EVERY_STORE

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 256  # bytes; more is only work for the hash
FREE_TRIES: Final = 5
FIRST_LOCK_S: Final = 30
LONGEST_LOCK_S: Final = 3600
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_STORE: Final = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
HASHER: Final = PasswordHasher()  # RFC 9106, second recommended option: 64 MiB, 3 passes


class Role(StrEnum):
    """What someone is."""

    ATTENDANT = "attendant"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class May(StrEnum):
    """What someone may do."""

    SEE = "see"
    APPROVE_AGE = "approve-age"
    APPROVE_MONEY = "approve-money"
    READ_JOURNAL = "read-journal"
    READ_AUDIT = "read-audit"
    MESSAGE = "message"
    COMMAND = "command"
    CONFIGURE = "configure"
    CLOSE_ALERTS = "close-alerts"
    READ_ACCOUNTS = "read-accounts"  # what account holders asked for: private
    SERVE = "serve"  # who comes with a number, an appointment, a request


_MAY: Final[dict[Role, frozenset[May]]] = {
    Role.ATTENDANT: frozenset({May.SEE, May.APPROVE_AGE, May.MESSAGE, May.SERVE}),
    Role.SUPERVISOR: frozenset(set(May) - {May.CONFIGURE}),
    Role.AUDITOR: frozenset({May.SEE, May.READ_JOURNAL, May.READ_AUDIT}),
    Role.ADMINISTRATOR: frozenset(May),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may log in. `store_id` "*" is every store; sessions older than `sessions_from_ms` have ended."""

    name: str
    store_id: str
    role: Role
    sessions_from_ms: int

    def may(self, what: May) -> bool:
        """Whether the role allows it."""
        return what in _MAY[self.role]

    def works_in(self, store_id: str) -> bool:
        """Whether this person may see that store."""
        return self.store_id in (EVERY_STORE, store_id)


def add(connection: Connection, name: str, role: Role, password: str, *, store_id: str, now_s: float) -> None:
    """Someone new, or a new role and password for someone known, whose sessions end. Raises CentralError."""
    if not _NAME.fullmatch(name):
        raise CentralError(f"{name[:64]!r} cannot be a name; use a to z, digits, dot, dash, at most 64")
    if not _STORE.fullmatch(store_id):
        raise CentralError(f"{store_id[:64]!r} cannot be a store; name one, or * for every store")
    if len(password) < SHORTEST_PASSWORD or len(password.encode()) > LONGEST_PASSWORD:
        raise CentralError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} letters; choose another")
    run(
        connection,
        "INSERT INTO console_user VALUES (:name, :store, :role, :password, :now, NULL, 0, 0, :now) ON CONFLICT (name) DO UPDATE SET"
        " store_id = excluded.store_id, role = excluded.role, password = excluded.password, ended_ms = NULL, wrong = 0,"
        " locked_until_ms = 0, sessions_from_ms = excluded.sessions_from_ms",
        name=name,
        store=store_id,
        role=role.value,
        password=HASHER.hash(password),
        now=int(now_s * 1000),
    )
    audit.write(connection, audit.Act(store_id, "command-line", "person.added", name, role.value), now_s)


def end(connection: Connection, name: str, now_s: float) -> None:
    """This person may not log in any more. Raises CentralError."""
    sql = "UPDATE console_user SET ended_ms = :now WHERE name = :name"
    if not changed(connection, sql, name=name, now=int(now_s * 1000)):
        raise CentralError(f"there is nobody called {name[:64]!r}; `kiosk central user list` shows who there is")
    audit.write(connection, audit.Act(EVERY_STORE, "command-line", "person.ended", name), now_s)


def everyone(connection: Connection) -> tuple[Person, ...]:
    """Everyone who may log in, by name."""
    sql = "SELECT name, store_id, role, sessions_from_ms FROM console_user WHERE ended_ms IS NULL ORDER BY name"
    return tuple(Person(row.name, row.store_id, Role(row.role), row.sessions_from_ms) for row in rows(connection, sql))


def find(connection: Connection, name: str) -> Person | None:
    """Someone who may log in, by name."""
    sql = "SELECT name, store_id, role, sessions_from_ms FROM console_user WHERE name = :name AND ended_ms IS NULL"
    row = one(connection, sql, name=name)
    return Person(row.name, row.store_id, Role(row.role), row.sessions_from_ms) if row else None


def log_in(database: Database, name: str, password: str, now_s: float) -> Person | None:
    """The person, where the password is right and the name not locked. The slow hash holds no transaction up."""
    sql = "SELECT password, locked_until_ms FROM console_user WHERE name = :name AND ended_ms IS NULL"
    known = database.read(lambda connection: one(connection, sql, name=name))
    is_right = _is_right(known.password if known else _NOBODYS, password)
    if known is None:
        return None
    if known.locked_until_ms > now_s * 1000:
        return None
    return database.write(lambda connection: _settle(connection, name, is_right=is_right, now_s=now_s))


def log_out(connection: Connection, name: str, now_s: float) -> None:
    """Every session of this person ends, also one that someone else copied."""
    sql = "UPDATE console_user SET sessions_from_ms = :now WHERE name = :name"
    run(connection, sql, name=name, now=int(now_s * 1000) + 1)


def _settle(connection: Connection, name: str, *, is_right: bool, now_s: float) -> Person | None:
    person = find(connection, name)
    if person is None:
        return None
    if is_right:
        run(connection, "UPDATE console_user SET wrong = 0, locked_until_ms = 0 WHERE name = :name", name=name)
    else:
        run(connection, "UPDATE console_user SET wrong = wrong + 1 WHERE name = :name", name=name)
        row = one(connection, "SELECT wrong FROM console_user WHERE name = :name", name=name)
        beyond = (row.wrong if row else 0) - FREE_TRIES
        lock_s = min(LONGEST_LOCK_S, FIRST_LOCK_S * 2 ** min(beyond, 10)) if beyond >= 0 else 0
        sql = "UPDATE console_user SET locked_until_ms = :until WHERE name = :name"
        run(connection, sql, name=name, until=int((now_s + lock_s) * 1000) if lock_s else 0)
    what = "console.log-in" if is_right else "console.log-in-refused"
    audit.write(connection, audit.Act(person.store_id, name, what, name), now_s)
    return person if is_right else None


def _is_right(kept: str, password: str) -> bool:
    if len(password.encode()) > LONGEST_PASSWORD:
        return False
    try:
        return HASHER.verify(kept, password)
    except (Argon2Error, InvalidHashError):
        return False


# For a name that nobody has, the same work is done, so that the time taken does not tell who there is.
_NOBODYS: Final = HASHER.hash("nobody has this password")
