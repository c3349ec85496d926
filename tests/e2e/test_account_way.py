"""A holder walks through the account look-up, at the window, with a bank in the test's own hands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from tests.e2e.account_bank import CARD, NUMBER, PIN, TICKET, Bank, Copy
from tests.e2e.shop_floor import ShopFloor, visit_to


def a_bank_s(found: Configuration) -> Configuration:
    terminal = found.terminal.model_copy(update={"profile": "bank"})
    return found.model_copy(update={"terminal": terminal})


@pytest.fixture(scope="module")
def hall(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """A terminal in a bank's hall."""
    with visit_to(tmp_path_factory.mktemp("bank"), a_bank_s) as floor:
        floor.visit.hands.wait(lambda: floor.kiosk.terminal.register.state.profile == "bank", "the profile")
        yield floor


@pytest.fixture
def bank(hall: ShopFloor) -> Iterator[Bank]:
    """The bank, as that terminal asks it; afterwards whoever is there leaves."""
    made = Bank()
    desk = hall.kiosk.terminal.accounts
    assert desk is not None
    desk.office, desk.copy = made, Copy()
    yield made
    if hall.visit.hands.step != "attract":
        hall.kiosk.till.account.leave()
        hall.visit.hands.wait_for_step("attract")


def begin(hall: ShopFloor) -> None:
    hall.kiosk.till.serve("account")
    hall.visit.hands.wait_for_step("account-start")


def type_number(hall: ShopFloor, number: str = NUMBER) -> None:
    hands = hall.visit.hands
    hands.press("screen.account-start.number")
    hands.wait_for_step("account-number")
    hands.type_digits(number)
    hands.press("action.continue")
    hands.wait_for_step("account-pin")


def type_pin(hall: ShopFloor, pin: str = PIN) -> None:
    hall.visit.hands.type_digits(pin)
    hall.visit.hands.press("action.continue")


def open_account(hall: ShopFloor) -> None:
    begin(hall)
    type_number(hall)
    type_pin(hall)
    hall.visit.hands.wait_for_step("account")


def test_a_number_and_a_pin_open_the_account_and_end_closes_it(hall: ShopFloor, bank: Bank) -> None:
    open_account(hall)
    rows = [row.amount for row in hall.kiosk.till.account.rows.rows]
    assert set(rows) == {"••••"}
    hall.visit.hands.press("action.account-show")
    hall.visit.hands.wait(lambda: any("1,234.56" in row.amount for row in hall.kiosk.till.account.rows.rows), "amounts")
    hall.visit.hands.press("action.account-leave")
    hall.visit.hands.wait_for_step("attract")
    assert bank.left == [TICKET]
    assert hall.kiosk.terminal.register.state.account is None
    assert hall.body(Kind.ACCOUNT_VERIFIED) == {"by": "account", "mark": "mark-1", "live": True}


def test_the_code_of_a_card_opens_the_account(hall: ShopFloor, bank: Bank) -> None:
    hall.visit.scan(CARD, "]C0")
    hall.visit.hands.wait_for_step("account-pin")
    type_pin(hall)
    hall.visit.hands.wait_for_step("account")
    assert bank.asked[0] == ("verify", "card")
