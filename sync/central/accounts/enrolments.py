"""Which store keeps a copy of which account, and the copies: sealed under the store's key, made anew every so often, taken away at once."""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from argon2.low_level import Type, hash_secret
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Row

from kiosk.domain.account import Holder
from kiosk.domain.account_body import overview_body
from kiosk.domain.account_marks import key_name, number_mark, pin_input, sealed_for, sealing_key
from kiosk.domain.chain import canonical
from sync.central import audit, feeds
from sync.central.accounts import consents
from sync.central.accounts.connector import CoreAwayError
from sync.central.accounts.due import still_due
from sync.central.accounts.office import Accounts
from sync.central.database import Database, changed, rows, run
from sync.central.errors import CentralError
from sync.protocol.feed_rows import AccountRow, feed_row
from sync.protocol.feeds import FeedName, FeedRow

log = logging.getLogger(__name__)

REFRESH_EVERY_S: Final = 1_800.0
AGAIN_S: Final = 60.0  # where the core was away
MOST_AT_ONCE: Final = 50
_NONCE_BYTES: Final = 12
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A store's copy of an account. `refreshed_ms` is when it was made last, 0 for never."""

    store_id: str
    mark: str
    account_id: str
    pin_mark: str
    pin_hash: str
    refreshed_ms: int


def enrol(
    database: Database, accounts: Accounts, store_id: str, holder: Holder, pin: str, *, who: str, now_s: float
) -> str:
    """Let a store keep a copy; gives the account's mark. The PIN is needed here, once, for nobody can make its hash later.

    Raises CentralError where number and PIN do not belong together, CoreAwayError.
    """
    core = accounts.connector
    account_id = core.find(holder)
    if not core.is_pin(account_id, pin) or account_id is None:
        raise CentralError("number and PIN do not belong together; nothing was enrolled")
    mark = accounts.marks.of_account(account_id)
    pin_hash = _pin_hash(accounts.marks.store_key(store_id), mark, pin)

    def keep(connection: Connection) -> None:
        run(
            connection,
            "DELETE FROM account_enrolment WHERE store_id = :store AND mark = :mark",
            store=store_id,
            mark=mark,
        )
        run(
            connection,
            "INSERT INTO account_enrolment VALUES (:store, :mark, :account, :pin_mark, :pin_hash, 0)",
            store=store_id,
            mark=mark,
            account=account_id,
            pin_mark=core.pin_mark(account_id),
            pin_hash=pin_hash,
        )
        audit.write(connection, audit.Act(store_id, who, "account.enrolled", mark[:12]), now_s)

    database.write(keep)
    return mark


def withdraw(connection: Connection, store_id: str, mark: str, *, who: str, now_s: float) -> bool:
    """Take a copy away from a store, which it hears with its next look. False where it had none."""
    sql = "DELETE FROM account_enrolment WHERE store_id = :store AND mark = :mark"
    if not changed(connection, sql, store=store_id, mark=mark):
        return False
    _publish(connection, store_id, [FeedRow(key=mark, body=None)], now_s)
    audit.write(connection, audit.Act(store_id, who, "account.withdrawn", mark[:12]), now_s)
    return True


def everyone(connection: Connection) -> Sequence[Enrolment]:
    """Every copy of every store."""
    return tuple(map(_enrolment, rows(connection, "SELECT * FROM account_enrolment ORDER BY store_id, mark")))


class Refreshing:
    """Makes copies anew that are due. Several processes may each have one: whoever takes a copy on, takes it from the others."""

    def __init__(self, database: Database, accounts: Accounts, now_s: Callable[[], float]) -> None:
        self._database = database
        self._accounts = accounts
        self._now_s = now_s

    def step(self) -> bool:
        """The next few that are due; whether there may be more. Raises DatabaseAwayError."""
        now_s = self._now_s()
        due = self._database.write(lambda connection: _take_on(connection, now_s))
        by_store: dict[str, list[FeedRow]] = {}
        for enrolment in due:
            row = self._made(enrolment, now_s)
            if row is not None:
                by_store.setdefault(enrolment.store_id, []).append(row)
        for store_id, made in by_store.items():
            self._database.write(lambda connection, to=store_id, what=made: _publish(connection, to, what, now_s))  # type: ignore[misc] # mypy knows no defaults of lambdas
        return len(due) == MOST_AT_ONCE

    def _made(self, enrolment: Enrolment, now_s: float) -> FeedRow | None:
        """The copy as a row of the feed; None where the core is away, and the copy that there is grows old."""
        core = self._accounts.connector
        try:
            if core.pin_mark(enrolment.account_id) != enrolment.pin_mark:
                self._withdraw(enrolment, now_s)
                return None
            overview = replace(core.overview(enrolment.account_id), address="", phone="")
            numbers = core.numbers(enrolment.account_id)
        except CoreAwayError as error:
            log.warning("the copies of store %s are not made anew: %s", enrolment.store_id, error)
            self._database.write(lambda connection: _later(connection, enrolment, now_s))
            return None
        consent = self._database.read(lambda connection: consents.last(connection, enrolment.mark))
        overview = self._database.read(lambda connection: still_due(connection, overview))
        key = self._accounts.marks.store_key(enrolment.store_id)
        plain = canonical({"overview": overview_body(overview), "consent": consent}).encode()
        row = AccountRow(
            account=enrolment.mark,
            numbers=tuple(dict.fromkeys(number_mark(key, holder) for holder in numbers)),
            sealed=_sealed(key, plain, sealed_for(enrolment.store_id, enrolment.mark)),
            pin_hash=enrolment.pin_hash,
            key_name=key_name(key),
        )
        return feed_row(row)

    def _withdraw(self, enrolment: Enrolment, now_s: float) -> None:
        """Its PIN was changed, or the account closed: who knew the old one learns nothing any more."""
        store_id, mark = enrolment.store_id, enrolment.mark
        self._database.write(lambda connection: withdraw(connection, store_id, mark, who="the core", now_s=now_s))


def _take_on(connection: Connection, now_s: float) -> Sequence[Enrolment]:
    skip = " FOR UPDATE SKIP LOCKED" if connection.dialect.name == "postgresql" else ""
    sql = f"SELECT * FROM account_enrolment WHERE refreshed_ms < :due ORDER BY refreshed_ms LIMIT :most{skip}"  # noqa: S608 - words of our own
    due = tuple(map(_enrolment, rows(connection, sql, due=int((now_s - REFRESH_EVERY_S) * 1000), most=MOST_AT_ONCE)))
    for enrolment in due:
        _at(connection, enrolment, now_s)
    return due


def _later(connection: Connection, enrolment: Enrolment, now_s: float) -> None:
    _at(connection, enrolment, now_s - REFRESH_EVERY_S + AGAIN_S)


def _at(connection: Connection, enrolment: Enrolment, at_s: float) -> None:
    run(
        connection,
        "UPDATE account_enrolment SET refreshed_ms = :at WHERE store_id = :store AND mark = :mark",
        at=int(at_s * 1000),
        store=enrolment.store_id,
        mark=enrolment.mark,
    )


def _publish(connection: Connection, store_id: str, changes: Sequence[FeedRow], now_s: float) -> None:
    """Copies that were withdrawn since are left out: `account_enrolment` says what the store has."""
    kept = {
        row.mark
        for row in rows(connection, "SELECT mark FROM account_enrolment WHERE store_id = :store", store=store_id)
    }
    sent = [row for row in changes if row.body is None or row.key in kept]
    version = datetime.fromtimestamp(now_s, UTC).isoformat(timespec="seconds")
    feeds.publish(connection, store_id, FeedName.ACCOUNTS, sent, version=version, whole=False)


def _pin_hash(key: bytes, mark: str, pin: str) -> str:
    """argon2id with OWASP's least parameters (2025), as a terminal's badges have: some 30 ms there."""
    salt = secrets.token_bytes(_SALT_BYTES)
    made = hash_secret(
        pin_input(key, mark, pin), salt, time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
    )
    return made.decode("ascii")


def _sealed(key: bytes, plain: bytes, bound_to: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(sealing_key(key)).encrypt(nonce, plain, bound_to)).decode("ascii")


def _enrolment(row: Row[Any]) -> Enrolment:
    return Enrolment(row.store_id, row.mark, row.account_id, row.pin_mark, row.pin_hash, row.refreshed_ms)
