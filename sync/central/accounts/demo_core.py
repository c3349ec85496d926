"""A core to try things out with: demo holders in a small database of its own, behind the contract that a real core is connected by."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kiosk.domain.account import Balance, Coupon, DueBill, Holder, IdentifiedBy, Movement, Overview
from kiosk.domain.account_marks import plain_number
from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from sync.central.accounts.codes import code_at
from sync.central.accounts.connector import AccountRequest, AppCode, CoreAwayError, SentCode
from sync.central.accounts.demo_file import DemoAccount, bill_of
from sync.central.accounts.demo_movements import BEGINS, movements
from sync.central.errors import CentralError

LATEST: Final = 12  # movements in the overview
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's least (2025), some 30 ms
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS pin (account_id TEXT PRIMARY KEY, hash TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sent (account_id TEXT PRIMARY KEY, code TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS request (request_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, what TEXT NOT NULL,
        value TEXT NOT NULL, at TEXT NOT NULL)""",
)


class DemoCore:
    """`AccountsConnector` over the holders of a file. What changes (PINs, codes sent, requests) is in the database at `path`."""

    def __init__(
        self,
        path: Path,
        accounts: Sequence[DemoAccount],
        currency: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Make the database where there is none. Raises CentralError."""
        self._path = path
        self._currency = currency
        self._now = now
        self._writing = threading.Lock()
        self._accounts = {one.id: one for one in accounts}
        self._by_number = {number: one.id for one in accounts for number in map(_looked_up, _numbers(one))}
        self._bills = {one.id: tuple(self._bill(code) for code in one.bills) for one in accounts}
        path.touch(mode=0o600)
        with self._database() as database:
            for statement in _TABLES:
                database.execute(statement)
            for one in accounts:
                self._keep_pin(database, one)

    def find(self, holder: Holder) -> str | None:
        """As the contract."""
        return self._by_number.get(_looked_up(holder)) if plain_number(holder) else None

    def is_pin(self, account_id: str | None, pin: str) -> bool:
        """As the contract: a nobody's PIN is looked at under a hash that no PIN fits."""
        kept = self._pin_hash(account_id or "")
        try:
            return _HASHER.verify(kept or _NOBODYS, pin) and bool(kept)
        except (Argon2Error, InvalidHashError):
            return False

    def pin_mark(self, account_id: str) -> str:
        """As the contract."""
        kept = self._pin_hash(account_id)
        return hashlib.sha256(kept.encode()).hexdigest()[:16] if kept else ""

    def numbers(self, account_id: str) -> Sequence[Holder]:
        """As the contract."""
        return _numbers(self._account(account_id))

    def codes(self, account_id: str) -> AppCode | SentCode | None:
        """As the contract."""
        one = self._account(account_id)
        if one.totp:
            return AppCode(one.secret)
        return SentCode(f"… {one.phone[-2:]}") if one.sms else None

    def send_code(self, account_id: str, code: str) -> None:
        """As the contract; it goes no further than this core, where `last_code` shows it."""
        with self._database() as database:
            database.execute("INSERT OR REPLACE INTO sent VALUES (?, ?)", (account_id, code))

    def present_code(self, account_id: str) -> str:
        """The one-time code that the holder would type now: of their app, or the last that was sent; "" for none."""
        one = self._account(account_id)
        return code_at(one.secret, self._now().timestamp()) if one.totp else self.last_code(account_id)

    def last_code(self, account_id: str) -> str:
        """The code that the holder would find on their telephone, "" for none."""
        with self._database() as database:
            row = database.execute("SELECT code FROM sent WHERE account_id = ?", (account_id,)).fetchone()
        return str(row[0]) if row else ""

    def overview(self, account_id: str) -> Overview:
        """As the contract."""
        one, now = self._account(account_id), self._now()
        today = now.date()
        made = tuple(movements(one.id, one.kind, self._currency, BEGINS, today))
        return Overview(
            name=one.name,
            balances=tuple(self._balances(one, sum(each.amount.minor for each in made))),
            movements=tuple(reversed(made[-LATEST:])),
            due_bills=tuple(
                DueBill(bill, bill.due is not None and bill.due < today) for bill in self._bills[account_id]
            ),
            points=one.points,
            coupons=tuple(Coupon(each.code, each.text, each.until) for each in one.coupons),
            as_of=now.isoformat(timespec="seconds"),
            address=one.address,
            phone=one.phone,
        )

    def statement(self, account_id: str, months: int) -> Sequence[Movement]:
        """As the contract."""
        one, today = self._account(account_id), self._now().date()
        first = today - timedelta(days=round(months * 30.44))
        return tuple(movements(one.id, one.kind, self._currency, first, today))

    def take_request(self, request: AccountRequest) -> None:
        """As the contract."""
        with self._database() as database:
            values = (request.request_id, request.account_id, request.what, request.value, request.at)
            database.execute("INSERT OR IGNORE INTO request VALUES (?, ?, ?, ?, ?)", values)

    def requests(self) -> Sequence[AccountRequest]:
        """Every request that was taken, the oldest first."""
        sql = "SELECT request_id, account_id, what, at, value FROM request ORDER BY at, request_id"
        with self._database() as database:
            return tuple(AccountRequest(*row) for row in database.execute(sql).fetchall())

    def _balances(self, one: DemoAccount, moved_minor: int) -> Iterator[Balance]:
        for place, each in enumerate(one.balances):
            minor = each.opening_minor + (moved_minor if place == 0 else 0)
            available = None if each.limit_minor is None else Money(minor + each.limit_minor, self._currency)
            yield Balance(each.name, each.number, Money(minor, self._currency), available)

    def _account(self, account_id: str) -> DemoAccount:
        one = self._accounts.get(account_id)
        if one is None or one.is_closed:
            raise CoreAwayError("an account was closed while it was looked at")
        return one

    def _bill(self, code: str) -> Bill:
        return bill_of(code, self._currency, self._now().date())

    def _pin_hash(self, account_id: str) -> str:
        one = self._accounts.get(account_id)
        with self._database() as database:
            row = database.execute("SELECT hash FROM pin WHERE account_id = ?", (account_id,)).fetchone()
        return str(row[0]) if row and one is not None and not one.is_closed else ""

    def _keep_pin(self, database: sqlite3.Connection, one: DemoAccount) -> None:
        """Its hash, made anew only where the file says another: every hash has a salt of its own."""
        row = database.execute("SELECT hash FROM pin WHERE account_id = ?", (one.id,)).fetchone()
        with contextlib.suppress(Argon2Error, InvalidHashError):
            if row is not None and _HASHER.verify(row[0], one.pin):
                return
        database.execute("INSERT OR REPLACE INTO pin VALUES (?, ?)", (one.id, _HASHER.hash(one.pin)))

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """Committed at the end. Raises CoreAwayError."""
        with self._writing:
            try:
                with contextlib.closing(sqlite3.connect(self._path, timeout=1.0)) as database, database:
                    yield database
            except sqlite3.Error as error:
                raise CoreAwayError(f"the demo core's database cannot be used ({type(error).__name__})") from None


def opened(path: Path, accounts: Sequence[DemoAccount], currency: str) -> DemoCore:
    """The demo core with its database at `path`. Raises CentralError."""
    try:
        return DemoCore(path, accounts, currency)
    except (CoreAwayError, OSError) as error:
        raise CentralError(f"the demo core cannot be opened at {path} ({error})") from error


def _numbers(one: DemoAccount) -> tuple[Holder, ...]:
    if one.is_closed:
        return ()
    cards = tuple(Holder(IdentifiedBy.CARD, number) for number in one.cards)
    national = one.phone.replace("+49 ", "0")
    phones = tuple(Holder(IdentifiedBy.PHONE, number) for number in (one.phone, national, f"00{one.phone}"))
    return (*cards, Holder(IdentifiedBy.ACCOUNT, one.number), *phones)


def _looked_up(holder: Holder) -> tuple[IdentifiedBy, str]:
    """As it is compared: a card's bar code without the letters in front, a telephone number of this country with the country's own."""
    number = plain_number(holder)
    if holder.by is IdentifiedBy.CARD:
        number = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if holder.by is IdentifiedBy.PHONE and number.startswith("0") and not number.startswith("00"):
        number = f"49{number[1:]}"
    return holder.by, number.removeprefix("00") if holder.by is IdentifiedBy.PHONE else number


_NOBODYS: Final = _HASHER.hash("nobody has this PIN")
