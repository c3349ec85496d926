"""An account over the real wire: a terminal in a bank's hall, the central service with its demo core, and a line that is cut."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.facts import Kind
from kiosk.storage.accounts import SqliteAccounts
from sync.central.accounts import codes, enrolments
from sync.central.accounts.demo_core import DemoCore
from sync.central.accounts.demo_file import read_accounts
from sync.central.accounts.marks import Marks
from sync.central.accounts.office import Accounts
from sync.central.database import Database
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from tests.e2e.account_remains import leave_out_what_is_there, left_alive
from tests.e2e.central_ends import Central, told
from tests.e2e.shop_floor import ShopFloor, visit_to
from tests.e2e.test_privacy import kept

LENA = read_accounts(PROJECT_ROOT / "assets" / "store" / "accounts.toml")[0]
CARD = Holder(IdentifiedBy.CARD, LENA.cards[0], "bar-code")
WRONG = "0000"


@dataclass
class Hall:
    """Both ends of the line, and the line."""

    floor: ShopFloor
    central: Central
    line: FaultyLine
    core: DemoCore
    accounts: Accounts


def in_a_bank(found: Configuration) -> Configuration:
    terminal = found.terminal.model_copy(update={"profile": "bank", "store": "S1"})
    sync = found.sync.model_copy(update={"enabled": True, "feeds_every_s": 1})
    return found.model_copy(update={"terminal": terminal, "sync": sync})


@pytest.fixture
def hall(qapp: QGuiApplication, tmp_path: Path) -> Iterator[Hall]:
    leave_out_what_is_there()
    core = DemoCore(tmp_path / "core.db", (LENA,), "EUR")
    accounts = Accounts(core, Marks(bytes(range(32))))
    central = Central(tmp_path / "central", accounts=accounts)
    line = FaultyLine(central.port)
    line.start()
    enrol(tmp_path / "data", line.url, central.code("4"), "4")
    try:
        with visit_to(tmp_path, in_a_bank) as floor:
            register = floor.kiosk.terminal.register
            floor.visit.hands.wait(lambda: register.state.line.is_up, "the line", 30)
            yield Hall(floor, central, line, core, accounts)
    finally:
        line.close()
        central.stop()


def show_card_and_type(hall: Hall, pin: str) -> None:
    hall.floor.visit.scan(f"ACC-{CARD.number}", "]C0")
    hall.floor.visit.hands.wait_for_step("account-pin")
    hall.floor.visit.hands.type_digits(pin)
    hall.floor.visit.hands.press("action.continue")


def change_the_address(hall: Hall) -> None:
    hands, account = hall.floor.visit.hands, hall.floor.kiosk.till.account
    hands.press("action.account-change")
    hands.wait_for_step("account-change")
    hands.press("screen.account-change.address")
    hands.wait_for_step("account-code")
    hands.wait(lambda: account.value("codeHint"), "word of the code")
    hands.type_digits(codes.code_at(base64.b32decode(LENA.totp), time.time()))
    hands.press("action.continue")
    hands.wait_for_step("account-change-entry")
    account.enterChange("Neuer Weg 5 65719 Hofheim")
    hands.wait_for_step("account-change-check")
    hands.press("action.account-send")
    hands.wait_for_step("account")


def test_a_holder_signs_in_live_changes_something_and_leaves_nothing(hall: Hall) -> None:
    hands, account = hall.floor.visit.hands, hall.floor.kiosk.till.account
    show_card_and_type(hall, LENA.pin)
    hands.wait_for_step("account-consent")
    hands.press("action.account-agree")
    hands.wait_for_step("account")
    hands.press("action.account-show")
    hands.wait(lambda: account.value("name") == LENA.name, "the name")
    assert not account.value("isCopy")
    change_the_address(hall)
    assert [(one.what, one.value) for one in hall.core.requests()] == [("address", "Neuer Weg 5 65719 Hofheim")]
    hands.press("action.account-leave")
    hands.wait_for_step("attract")
    hands.wait(
        lambda: told(hall.central, "SELECT count(*) FROM account_ticket")[0][0] == 0, "the ticket to be given back"
    )
    hall.floor.kiosk.terminal.settle()
    hands.settle()
    private = (LENA.name, LENA.number, "Neuer Weg")
    assert [(where, one) for where, text in kept(hall.floor) for one in private if one in text] == []
    assert left_alive() == []
    written = "".join(str(entry.fact.body) for entry in hall.floor.entries(*Kind))
    assert not [one for one in (*private, LENA.cards[0]) if one in written]


def test_who_agreed_is_known_the_next_time_and_a_wrong_pin_is_counted_there(hall: Hall) -> None:
    hands, account = hall.floor.visit.hands, hall.floor.kiosk.till.account
    show_card_and_type(hall, LENA.pin)
    hands.wait_for_step("account-consent")
    hands.press("action.account-agree")
    hands.wait_for_step("account")
    hands.press("action.account-leave")
    hands.wait_for_step("attract")
    show_card_and_type(hall, WRONG)
    hands.wait_for_step("account-problem")
    assert account.value("problem") == "no-match"
    assert account.value("problemHint")
    hands.press("action.account-again")
    hands.wait_for_step("account-pin")
    hands.type_digits(LENA.pin)
    hands.press("action.continue")
    hands.wait_for_step("account")


def test_with_the_line_cut_the_store_s_copy_opens_and_says_how_old_it_is(hall: Hall) -> None:
    hands, account = hall.floor.visit.hands, hall.floor.kiosk.till.account
    desk = hall.floor.kiosk.terminal.accounts
    assert desk is not None
    assert isinstance(desk.copy, SqliteAccounts)
    copy = desk.copy
    database = Database(hall.central.url)
    try:
        enrolments.enrol(database, hall.accounts, "S1", CARD, LENA.pin, who="test", now_s=time.time())
    finally:
        database.close()
    hands.wait(lambda: copy.find(CARD) is not None, "the copy", 60)
    hall.line.cut()
    show_card_and_type(hall, WRONG)
    hands.wait(lambda: hands.step == "account-problem", "the copy's answer", 30)
    assert account.value("problem") == "no-match"
    hands.press("action.account-again")
    hands.wait_for_step("account-pin")
    hands.type_digits(LENA.pin)
    hands.press("action.continue")
    hands.wait(lambda: hands.step == "account-consent", "the text", 30)
    hands.press("action.account-agree")
    hands.wait_for_step("account")
    assert account.value("isCopy")
    assert "today's movements are missing" in account.value("asOf")
    hands.press("action.account-leave")
    hands.wait_for_step("attract")
    verified = hall.floor.body(Kind.ACCOUNT_VERIFIED)
    assert (verified["live"], verified["by"]) == (False, "card")
