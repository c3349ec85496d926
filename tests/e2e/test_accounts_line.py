"""A terminal asks the real service about accounts over a line that fails: an answer within five seconds, whatever happens on the way."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.configuration import PROJECT_ROOT
from kiosk.domain.account import Holder, IdentifiedBy, Overview
from kiosk.ports import AccountRefused, Statement, Verified
from kiosk.storage.boot import Books
from sync.accounts import StoreAccounts
from sync.central.accounts.codes import code_at
from sync.central.accounts.demo_core import DemoCore
from sync.central.accounts.demo_file import read_accounts
from sync.central.accounts.marks import Marks
from sync.central.accounts.office import Accounts
from sync.faults.faulty import FAULTS, FaultyLine
from sync.identity import Identity
from sync.line import Line, ServiceClock
from tests.e2e.central_ends import Central, told

HOLDERS = read_accounts(PROJECT_ROOT / "assets" / "store" / "accounts.toml")
LENA, TOMASZ = HOLDERS[0], HOLDERS[1]
CARD = Holder(IdentifiedBy.CARD, LENA.cards[0], "tern-member")
AWAY = AccountRefused("away")


@pytest.fixture
def core(tmp_path: Path) -> DemoCore:
    return DemoCore(tmp_path / "core.db", HOLDERS, "EUR")


@pytest.fixture
def central(tmp_path: Path, core: DemoCore) -> Iterator[Central]:
    made = Central(tmp_path / "central", accounts=Accounts(core, Marks(bytes(32))))
    yield made
    made.stop()


@pytest.fixture
def office(identity: Identity) -> Iterator[StoreAccounts]:
    made = StoreAccounts(Line(identity, ServiceClock()))
    made.start()
    yield made
    made.stop()


def answer(ask: Callable[[Callable[[Any], None]], None]) -> Any:
    """What comes back, and within the five seconds of the port."""
    found: list[Any] = []
    came = threading.Event()
    begun_s = time.monotonic()

    def done(one: Any) -> None:
        found.append(one)
        came.set()

    ask(done)
    assert came.wait(20), "no answer ever came"
    assert time.monotonic() - begun_s < 5.0
    return found[0]


def let_in(office: StoreAccounts, holder: Holder = CARD, pin: str = LENA.pin) -> str:
    found = answer(lambda done: office.verify(holder, pin, done))
    assert isinstance(found, Verified), found
    return found.ticket


def test_a_whole_visit_over_the_line(office: StoreAccounts, core: DemoCore) -> None:
    assert answer(lambda done: office.verify(CARD, "0000", done)) == AccountRefused("no-match", 2)
    ticket = let_in(office)
    overview = answer(lambda done: office.overview(ticket, done))
    assert isinstance(overview, Overview) and overview.name == LENA.name
    statement = answer(lambda done: office.statement(ticket, 6, done))
    assert isinstance(statement, Statement) and len(statement.movements) > len(overview.movements)
    assert answer(lambda done: office.send_code(ticket, done)) == "app"
    assert answer(lambda done: office.step_up(ticket, "000000", done)).reason == "wrong-code"
    assert answer(lambda done: office.step_up(ticket, code_at(LENA.secret, time.time()), done)) is True
    number = answer(lambda done: office.request(ticket, "phone", "+49 170 1", done))
    assert [one.request_id for one in core.requests()] == [number]
    office.leave(ticket)
    assert answer(lambda done: office.overview(ticket, done)) == AccountRefused("ended")
    key = answer(office.snapshot_key)
    assert key == Marks(bytes(32)).store_key("S1")


def test_what_can_be_no_number_pin_or_code_is_not_sent_anywhere(office: StoreAccounts, line: FaultyLine) -> None:
    begun = line.happened.total()
    for pin in ("", "1" * 33, "47\n11", "４７１１"):
        assert answer(lambda done, pin=pin: office.verify(CARD, pin, done)) == AccountRefused("no-match")
    assert answer(lambda done: office.verify(Holder(IdentifiedBy.CARD, "x" * 65), "4711", done)).reason == "no-match"
    assert answer(lambda done: office.step_up("t" * 43, "12ab", done)) == AccountRefused("wrong-code")
    assert answer(lambda done: office.overview("no ticket", done)) == AccountRefused("ended")
    assert line.happened.total() == begun


@pytest.mark.parametrize("fault", ["silence", "cut", "gone"])
def test_a_line_that_is_lost_is_away_within_five_seconds(
    office: StoreAccounts, line: FaultyLine, central: Central, fault: str
) -> None:
    ticket = let_in(office)
    match fault:
        case "silence":
            line.hold()
        case "cut":
            line.cut()
        case _:
            central.stop()
    assert answer(lambda done: office.verify(CARD, LENA.pin, done)) == AWAY
    assert answer(lambda done: office.overview(ticket, done)) == AWAY


def test_a_bad_line_counts_no_try_twice_and_gives_nobody_anothers_account(
    office: StoreAccounts, line: FaultyLine, central: Central, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    other = Holder(IdentifiedBy.CARD, TOMASZ.cards[0])
    line.percent, line.faults = 60, tuple(set(FAULTS) - {"hang", "flood"})
    good = 0
    for _ in range(12):
        for holder, pin, name in ((CARD, LENA.pin, LENA.name), (other, TOMASZ.pin, TOMASZ.name)):
            found = answer(lambda done, holder=holder, pin=pin: office.verify(holder, pin, done))
            assert isinstance(found, Verified) or found == AWAY, found
            if isinstance(found, Verified):
                ticket = found.ticket
                seen = answer(lambda done, ticket=ticket: office.overview(ticket, done))
                assert seen in (AWAY, AccountRefused("ended")) or seen.name == name
                good += isinstance(seen, Overview)
    assert good > 3, line.happened
    line.mend()
    assert told(central, "SELECT max(wrong) FROM account_lock")[0][0] in (None, 1)
    assert LENA.pin not in caplog.text and LENA.cards[0] not in caplog.text


def test_who_waits_when_the_terminal_ends_is_told(identity: Identity, line: FaultyLine) -> None:
    office = StoreAccounts(Line(identity, ServiceClock()))
    office.start()
    line.hold()
    found: list[Any] = []
    for _ in range(3):
        office.verify(CARD, LENA.pin, found.append)
    office.stop()
    assert found == [AWAY] * 3


def test_the_books_know_nothing_of_it(books: Books, office: StoreAccounts) -> None:
    let_in(office)
    for path in (path for path in books.directory.rglob("*") if path.is_file()):
        assert LENA.cards[0].encode() not in path.read_bytes()
