"""The stores' copies of accounts at the service, on both databases: made, made anew, taken away, each by one process."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bank import AMIRA, HOLDERS, KEY, LENA

from kiosk.domain.account import Holder, IdentifiedBy
from sync.central import feeds
from sync.central.accounts import enrolments
from sync.central.accounts.demo_core import DemoCore
from sync.central.accounts.enrolments import REFRESH_EVERY_S, Refreshing
from sync.central.accounts.marks import Marks
from sync.central.accounts.office import Accounts
from sync.central.database import Database
from sync.central.migrations import migrate
from sync.protocol.feed_rows import AccountRow
from sync.protocol.feeds import FeedName


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(DemoCore(tmp_path / "core.db", HOLDERS, "EUR"), Marks(KEY))


def enrol(database: Database, accounts: Accounts, number: str, pin: str) -> str:
    holder = Holder(IdentifiedBy.ACCOUNT, number)
    return enrolments.enrol(database, accounts, "S1", holder, pin, who="test", now_s=time.time())


def copies(database: Database) -> dict[str, str]:
    return database.read(lambda connection: feeds.bodies(connection, "S1", FeedName.ACCOUNTS))


def test_copies_are_made_anew_when_they_are_due_and_by_one_process_only(database: Database, accounts: Accounts) -> None:
    marks = {enrol(database, accounts, LENA.number, LENA.pin), enrol(database, accounts, AMIRA.number, AMIRA.pin)}
    now_s = time.time()
    both = [Refreshing(database, accounts, lambda: now_s) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(Refreshing.step, both)) == [False, False]
    first = copies(database)
    assert first.keys() == marks
    assert all(AccountRow.model_validate(json.loads(body)) for body in first.values())
    both[0].step()
    assert copies(database) == first, "not before they are due"
    now_s += REFRESH_EVERY_S + 1
    both[1].step()
    again = copies(database)
    assert again.keys() == marks and all(again[mark] != first[mark] for mark in marks)


def test_a_copy_that_is_withdrawn_is_told_to_the_store_as_gone(database: Database, accounts: Accounts) -> None:
    mark = enrol(database, accounts, LENA.number, LENA.pin)
    refreshing = Refreshing(database, accounts, time.time)
    refreshing.step()
    taken = database.write(lambda c: enrolments.withdraw(c, "S1", mark, who="test", now_s=time.time()))
    again = database.write(lambda c: enrolments.withdraw(c, "S1", mark, who="test", now_s=time.time()))
    assert (taken, again) == (True, False)
    page = database.read(lambda c: feeds.page(c, "S1", FeedName.ACCOUNTS, "", after=0, limit=10))
    assert [(row.key, row.body) for row in page.rows] == [(mark, None)]
    refreshing.step()
    assert copies(database) == {}


def test_enrolling_anew_takes_the_new_pin(database: Database, accounts: Accounts) -> None:
    mark = enrol(database, accounts, LENA.number, LENA.pin)
    refreshing = Refreshing(database, accounts, time.time)
    refreshing.step()
    before = json.loads(copies(database)[mark])["pin_hash"]
    assert enrol(database, accounts, LENA.number, LENA.pin) == mark
    refreshing.step()
    assert json.loads(copies(database)[mark])["pin_hash"] != before
    assert len(database.read(enrolments.everyone)) == 1
