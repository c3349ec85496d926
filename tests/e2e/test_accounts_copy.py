"""A store's copy of its accounts: comes down sealed, opens with a key that is elsewhere, grows too old, and leaves nothing when it goes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import PROJECT_ROOT
from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.account_marks import key_name, number_mark, pin_input
from kiosk.storage.accounts import KEY_NAME, SqliteAccounts
from kiosk.storage.boot import Books, open_books
from kiosk.storage.errors import KeyFileError
from kiosk.storage.feeds import SqliteFeeds
from sync.central.accounts import enrolments
from sync.central.accounts.connector import CoreAwayError
from sync.central.accounts.demo_core import DemoCore
from sync.central.accounts.demo_file import read_accounts
from sync.central.accounts.marks import Marks
from sync.central.accounts.office import Accounts
from sync.central.database import Database
from sync.central.errors import CentralError
from sync.faults.faulty import FaultyLine
from sync.feeds import Feeds, FeedSite
from sync.identity import Identity, enrol
from sync.line import Line, ServiceClock
from tests.e2e.central_ends import Central, change, until
from tests.e2e.shop_floor import visit_to
from tests.e2e.test_claims import named

HOLDERS = read_accounts(PROJECT_ROOT / "assets" / "store" / "accounts.toml")
LENA, TOMASZ, AMIRA, _ = HOLDERS
MARKS = Marks(bytes(range(32)))
STORE_KEY = MARKS.store_key("S1")
CARD = Holder(IdentifiedBy.CARD, LENA.cards[0], "tern-member")
DAY = timedelta(hours=24)


class SlowCore(DemoCore):
    """A core that can be away, and whose PINs can be changed."""

    is_away = False
    pin_changes = 0

    def pin_mark(self, account_id: str) -> str:
        if self.is_away:
            raise CoreAwayError("it is away for the test")
        return f"{super().pin_mark(account_id)}{self.pin_changes}"


@pytest.fixture
def core(tmp_path: Path) -> SlowCore:
    return SlowCore(tmp_path / "core.db", HOLDERS, "EUR")


@pytest.fixture
def accounts(core: SlowCore) -> Accounts:
    return Accounts(core, MARKS)


@pytest.fixture
def central(tmp_path: Path, accounts: Accounts) -> Iterator[Central]:
    made = Central(tmp_path / "central", accounts=accounts)
    yield made
    made.stop()


@pytest.fixture
def following(books: Books, identity: Identity) -> Iterator[list[str]]:
    """The feeds, followed; the names of those that were shown."""
    shown: list[str] = []
    site = FeedSite(identity.store_id, "EUR", frozenset())
    feeds = Feeds(
        Line(identity, ServiceClock()), SqliteFeeds(books.catalogue), site, watcher=shown.append, every_s=0.05
    )
    feeds.start()
    yield shown
    feeds.stop()


def let_keep(
    central: Central, accounts: Accounts, holder: Holder = CARD, pin: str = LENA.pin, store: str = "S1"
) -> str:
    database = Database(central.url)
    try:
        return enrolments.enrol(database, accounts, store, holder, pin, who="test", now_s=time.time())
    finally:
        database.close()


def copy_in(
    books: Books, *, later: timedelta = timedelta(), max_age: timedelta = DAY, **more: datetime
) -> SqliteAccounts:
    return SqliteAccounts(
        books.catalogue,
        books.directory / KEY_NAME,
        "S1",
        max_age=max_age,
        wall=lambda: datetime.now(UTC) + later,
        **more,
    )


def came(books: Books) -> SqliteAccounts:
    """The copy, once it is there, with its key."""
    copy = copy_in(books)
    until(copy.needs_key)
    copy.keep_key(STORE_KEY)
    return copy


def test_an_enrolled_account_is_found_by_whatever_its_holder_shows(
    books: Books, central: Central, accounts: Accounts, core: SlowCore, following: list[str]
) -> None:
    mark = let_keep(central, accounts)
    copy = came(books)
    for by, number in (
        (IdentifiedBy.CARD, LENA.cards[0]),
        (IdentifiedBy.ACCOUNT, LENA.number),
        (IdentifiedBy.PHONE, "+49 170 5550123"),
        (IdentifiedBy.PHONE, "01705550123"),
    ):
        kept = copy.find(Holder(by, number))
        assert kept is not None and kept.mark == mark
    assert kept.overview.balances == core.overview("lena").balances
    assert (kept.overview.address, kept.overview.phone) == ("", ""), "nothing that is not shown offline"
    assert copy.is_pin(kept, LENA.pin) and not copy.is_pin(kept, "0000")
    assert copy.find(Holder(IdentifiedBy.CARD, TOMASZ.cards[0])) is None
    assert not copy.needs_key()
    assert following == ["accounts"]


def test_another_stores_accounts_do_not_come_here_and_its_key_opens_nothing(
    books: Books, central: Central, accounts: Accounts, following: list[str]
) -> None:
    let_keep(central, accounts, Holder(IdentifiedBy.CARD, TOMASZ.cards[0]), TOMASZ.pin, "S2")
    let_keep(central, accounts)
    copy = came(books)
    assert copy.find(Holder(IdentifiedBy.CARD, TOMASZ.cards[0])) is None
    copy.keep_key(MARKS.store_key("S2"))
    assert copy.find(CARD) is None and copy.needs_key()


def test_a_stolen_database_alone_shows_nothing_and_verifies_no_pin(
    books: Books, central: Central, accounts: Accounts, following: list[str], tmp_path: Path
) -> None:
    let_keep(central, accounts)
    copy = came(books)
    kept = copy.find(CARD)
    assert kept is not None
    key_file = books.directory / KEY_NAME
    assert key_file.stat().st_mode & 0o777 == 0o600
    for path in (path for path in books.directory.rglob("*") if path.is_file() and path != key_file):
        assert STORE_KEY not in path.read_bytes() and STORE_KEY.hex().encode() not in path.read_bytes(), path
    # All of it, and the key of the books as well: everything but the one file.
    stolen = tmp_path / "stolen"
    shutil.copytree(books.directory, stolen, ignore=shutil.ignore_patterns(KEY_NAME, "lock"))
    thief = open_books(stolen, "T1")
    try:
        rows = thief.catalogue.readers.get().execute("SELECT * FROM account").fetchall()
        whole = repr(rows)
        assert len(rows) == 1 and kept.pin_hash in whole
        assert not any(known in whole for known in (LENA.name, LENA.cards[0], LENA.number, "Stadtwerke", LENA.pin))
        copied = copy_in(thief)
        assert copied.find(CARD) is None and copied.needs_key()
        assert not copied.is_pin(kept, LENA.pin), "the right PIN, and no key"
        for tried in (
            LENA.pin.encode(),
            pin_input(bytes(32), kept.mark, LENA.pin),
            pin_input(thief.key, kept.mark, LENA.pin),
        ):
            with pytest.raises(VerifyMismatchError):
                PasswordHasher().verify(kept.pin_hash, tried)
    finally:
        thief.close()
    PasswordHasher().verify(kept.pin_hash, pin_input(STORE_KEY, kept.mark, LENA.pin))


def test_the_services_database_alone_shows_no_copy_either(central: Central, accounts: Accounts) -> None:
    let_keep(central, accounts)
    until(lambda: (Path(central.directory) / "central.db-wal").stat().st_size > 0)

    def bodies() -> list[str]:
        sql = "SELECT body FROM feed_row WHERE name = 'accounts' AND body IS NOT NULL"
        return [row[0] for row in change(central.url, lambda c: c.exec_driver_sql(sql).fetchall())]

    until(lambda: len(bodies()) == 1)
    whole = b"".join(path.read_bytes() for path in central.directory.glob("central.db*"))
    for known in (LENA.name, LENA.cards[0], LENA.pin, STORE_KEY.hex(), "Stadtwerke Hofheim"):
        assert known.encode() not in whole, known
    assert key_name(STORE_KEY).encode() in whole


def test_what_is_too_old_is_not_shown_and_a_clock_that_was_set_back_makes_nothing_younger(
    books: Books, central: Central, accounts: Accounts, following: list[str]
) -> None:
    let_keep(central, accounts)
    assert came(books).find(CARD) is not None
    assert copy_in(books, later=timedelta(hours=23)).find(CARD) is not None
    assert copy_in(books, later=timedelta(hours=25)).find(CARD) is None
    assert copy_in(books, max_age=timedelta()).find(CARD) is None
    assert copy_in(books, later=-DAY).find(CARD) is None, "it would be of tomorrow"
    known = datetime.now(UTC) + timedelta(hours=30)
    assert copy_in(books, not_before=known).find(CARD) is None, (
        "the journal was written later than the clock says it is"
    )


def test_an_account_that_is_withdrawn_is_gone_from_the_disk(
    books: Books, central: Central, accounts: Accounts, following: list[str]
) -> None:
    mark = let_keep(central, accounts)
    let_keep(central, accounts, Holder(IdentifiedBy.CARD, AMIRA.cards[0]), AMIRA.pin)
    copy = came(books)
    until(lambda: copy.find(CARD) is not None and copy.find(Holder(IdentifiedBy.CARD, AMIRA.cards[0])) is not None)
    sealed = books.catalogue.accounts(number_mark(STORE_KEY, CARD))[0][1].encode()
    pieces = [sealed[at : at + 32] for at in range(0, len(sealed) - 32, 32)]  # a row goes over several pages
    whole = pages(books)
    assert sum(piece in whole for piece in pieces) > len(pieces) // 2, "else the test could not find it either"
    change(central.url, lambda c: enrolments.withdraw(c, "S1", mark, who="test", now_s=time.time()))
    until(lambda: copy.find(CARD) is None)
    assert copy.find(Holder(IdentifiedBy.CARD, AMIRA.cards[0])) is not None
    left = pages(books)
    assert not any(piece in left for piece in pieces) and mark.encode() not in left


def test_who_changes_the_pin_is_found_by_the_old_one_no_more(
    books: Books, central: Central, accounts: Accounts, core: SlowCore, following: list[str]
) -> None:
    let_keep(central, accounts)
    copy = came(books)
    until(lambda: copy.find(CARD) is not None)
    core.pin_changes += 1
    due(central)
    until(lambda: copy.find(CARD) is None)
    assert change(central.url, enrolments.everyone) == ()


def test_a_core_that_is_away_takes_no_copy_away(
    books: Books, central: Central, accounts: Accounts, core: SlowCore, following: list[str]
) -> None:
    let_keep(central, accounts)
    copy = came(books)
    until(lambda: copy.find(CARD) is not None)
    first = copy.find(CARD)
    core.is_away = True
    due(central)
    until(lambda: change(central.url, enrolments.everyone)[0].refreshed_ms > 0)
    assert copy.find(CARD) == first
    core.is_away = False
    due(central)
    until(
        lambda: (
            (again := copy.find(CARD)) is not None and first is not None and again.overview.as_of > first.overview.as_of
        )
    )


def test_nobody_is_enrolled_with_a_wrong_pin_and_no_key_but_a_key_is_kept(
    books: Books, central: Central, accounts: Accounts
) -> None:
    with pytest.raises(CentralError, match="do not belong together"):
        let_keep(central, accounts, pin="0000")
    with pytest.raises(KeyFileError):
        copy_in(books).keep_key(b"short")


def test_a_whole_terminal_fetches_the_key_and_opens_the_account_with_the_line_cut(
    qapp: QGuiApplication, tmp_path: Path, central: Central, accounts: Accounts
) -> None:
    line = FaultyLine(central.port)
    line.start()
    directory = tmp_path / "terminal-4"
    enrol(directory / "data", line.url, central.code("4"), "4")
    try:
        with visit_to(directory, named("4")) as floor:
            terminal = floor.kiosk.terminal
            assert terminal.accounts is not None
            copy = terminal.accounts.copy
            assert isinstance(copy, SqliteAccounts)
            store = terminal.configuration.terminal.store
            let_keep(central, accounts, store=store)
            floor.visit.hands.wait(lambda: terminal.register.state.line.is_up, "the line", 20)
            assert store == "S1" or copy.find(CARD) is None
            if store == "S1":
                floor.visit.hands.wait(lambda: copy.find(CARD) is not None, "the account", 60)
                line.cut()
                kept = copy.find(CARD)
                assert kept is not None and copy.is_pin(kept, LENA.pin)
    finally:
        line.close()


def due(central: Central) -> None:
    """Every copy is to be made anew now."""
    change(central.url, lambda c: c.exec_driver_sql("UPDATE account_enrolment SET refreshed_ms = 0"))


def pages(books: Books) -> bytes:
    """Every page of cache.db in the clear, those that are free as well, after all of its log is in it.

    SQLCipher 4: AES-256-CBC a page, of whose last 80 bytes the first 16 are its IV; the first 16 bytes of the file are the salt.
    """
    books.catalogue.writer.call(
        lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone(), in_transaction=False
    )
    raw = (books.directory / "cache.db").read_bytes()
    found = b""
    for at in range(0, len(raw), 4096):
        page = raw[at : at + 4096]
        cipher = Cipher(algorithms.AES(books.key), modes.CBC(page[-80:-64])).decryptor()
        found += cipher.update(page[16 if at == 0 else 0 : -80]) + cipher.finalize()
    return found
