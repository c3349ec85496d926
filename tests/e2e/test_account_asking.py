"""What a holder takes along and asks for once the account is open: statements, changes, bills, coupons; at the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from devices.virtual.printer import Fault as PrinterFault
from kiosk.domain.facts import Kind
from tests.e2e.account_bank import CARD, CODE, OVERVIEW, TICKET, Bank
from tests.e2e.account_hall import asking, hall_in, notice, open_account, type_pin
from tests.e2e.shop_floor import ShopFloor, walk_away
from ui.tour.visit import MILK


@pytest.fixture(scope="module")
def hall(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """A terminal in a bank's hall."""
    with hall_in(tmp_path_factory.mktemp("bank")) as floor:
        yield floor


@pytest.fixture
def bank(hall: ShopFloor) -> Iterator[Bank]:
    """The bank, as that terminal asks it."""
    with asking(hall) as made:
        yield made


def test_a_statement_comes_out_on_paper(hall: ShopFloor, bank: Bank) -> None:
    printer = hall.far.printer
    assert printer is not None
    papers = len(printer.papers)
    open_account(hall)
    hall.visit.hands.press("action.account-movements")
    hall.visit.hands.wait_for_step("account-movements")
    hall.visit.hands.press("action.account-statement")
    hall.visit.hands.wait_for_step("account-statement")
    hall.visit.hands.press_label("3 months")
    hall.visit.hands.press("action.print")
    hall.visit.hands.wait_for_step("account")
    assert len(printer.papers) == papers + 1
    assert ("statement", TICKET, "3") in bank.asked
    assert hall.body(Kind.STATEMENT_PRINTED)["movements"] == 36


def test_a_statement_that_nobody_saw_come_out_says_so(hall: ShopFloor, bank: Bank) -> None:
    printer = hall.far.printer
    assert printer is not None
    open_account(hall)
    hall.kiosk.till.account.openPart("statement")
    hall.visit.hands.wait_for_step("account-statement")
    printer.ms_per_line = 200
    hall.visit.hands.press("action.print")
    hall.visit.hands.wait(lambda: hall.kiosk.till.account.value("busy"), "the printing to begin")
    hall.visit.hands.settle()
    printer.set_fault(PrinterFault.DEAF)
    hall.visit.hands.wait(lambda: notice(hall).startswith("notice.account-"), "what became of it", 60)
    printer.set_fault(PrinterFault.DEAF, on=False)
    printer.ms_per_line = 0
    assert notice(hall) == "notice.account-print-unknown"
    assert hall.visit.hands.step == "account-statement"
    hall.visit.hands.wait(lambda: hall.kiosk.terminal.register.state.devices.can_print, "the printer", 60)


def test_a_long_statement_is_several_codes(hall: ShopFloor, bank: Bank) -> None:
    open_account(hall)
    hall.kiosk.till.account.openPart("statement")
    hall.visit.hands.wait_for_step("account-statement")
    hall.visit.hands.press_label("6 months")
    hall.visit.hands.press("action.show-qr")
    hall.visit.hands.wait_for_step("account-qr")
    assert "72" in hall.kiosk.till.account.value("codeText")
    first = hall.kiosk.till.account.value("qrRows")
    hall.visit.hands.press("action.account-next-code")
    hall.visit.hands.wait(lambda: hall.kiosk.till.account.value("qrRows") != first, "the next code")
    hall.visit.hands.press("action.previous")
    hall.visit.hands.wait(lambda: hall.kiosk.till.account.value("qrRows") == first, "the first code again")


def test_another_address_is_asked_for_with_a_code_and_looked_at_before_it_is_sent(hall: ShopFloor, bank: Bank) -> None:
    hands = hall.visit.hands
    open_account(hall)
    hands.press("action.account-change")
    hands.wait_for_step("account-change")
    hands.press("screen.account-change.address")
    hands.wait_for_step("account-code")
    hands.wait(lambda: "78" in hall.kiosk.till.account.value("codeHint"), "where the code went")
    hands.type_digits("000000")
    hands.press("action.continue")
    hands.wait(lambda: hall.kiosk.till.account.value("codeWarning"), "a kind word")
    hands.press("action.account-send-again")
    hands.wait(lambda: bank.asked.count(("send_code", TICKET)) == 2, "another code")
    hands.type_digits(CODE)
    hands.press("action.continue")
    hands.wait_for_step("account-change-entry")
    for letter in "WEG 12 BERLIN":
        hands.press("action.space") if letter == " " else hands.press_label(letter.lower())
    hands.press("action.continue")
    hands.wait_for_step("account-change-check")
    assert hall.kiosk.till.account.value("wanted") == "WEG 12 BERLIN"
    hands.press("action.account-send")
    hands.wait_for_step("account")
    assert bank.asked[-1] == ("request", TICKET, "address", "WEG 12 BERLIN")
    assert notice(hall) == "notice.account-asked"
    assert hall.body(Kind.ACCOUNT_REQUESTED) == {"what": "address", "request": "R-1"}


def test_a_due_bill_is_taken_to_the_till_and_the_account_closes(hall: ShopFloor, bank: Bank) -> None:
    hands = hall.visit.hands
    open_account(hall)
    assert not hands.can_press("action.pay")
    hands.press("action.account-show")
    hands.press("action.pay")
    hands.wait(lambda: hands.step.startswith("bill"), "the bill")
    hands.wait(lambda: hands.step not in ("bill-asking",), "its answer", 60)
    session = hall.kiosk.terminal.register.state
    assert (session.account, bank.left) == (None, [TICKET])
    assert session.bill is not None
    assert session.bill.bill == OVERVIEW.due_bills[0].bill
    walk_away(hall.kiosk)
    hands.wait_for_step("attract")


def test_an_account_that_gets_no_codes_is_sent_to_the_counter(hall: ShopFloor, bank: Bank) -> None:
    bank.steps_up = False
    open_account(hall)
    hall.visit.hands.press("action.account-change")
    hall.visit.hands.wait_for_step("account-problem")
    assert hall.kiosk.till.account.value("problem") == "no-code"
    hall.visit.hands.press("action.account-overview")
    hall.visit.hands.wait_for_step("account")


def test_another_telephone_number_is_typed_with_digits(hall: ShopFloor, bank: Bank) -> None:
    hands = hall.visit.hands
    open_account(hall)
    hands.press("action.account-change")
    hands.wait_for_step("account-change")
    hands.press("screen.account-change.phone")
    hands.wait_for_step("account-code")
    hands.type_digits(CODE)
    hands.press("action.continue")
    hands.wait_for_step("account-change-entry")
    hands.type_digits("12")
    hands.press("action.continue")
    hands.wait(lambda: notice(hall) == "notice.account-phone", "a kind word")
    hands.type_digits("0301234567")
    hands.press("action.continue")
    hands.wait_for_step("account-change-check")
    hands.press("action.account-edit")
    hands.wait_for_step("account-change-entry")


def test_where_goods_are_sold_a_coupon_goes_from_the_account_into_the_basket(
    qapp: QGuiApplication, tmp_path: Path
) -> None:
    with hall_in(tmp_path, "both") as shop:
        hands, register = shop.visit.hands, shop.kiosk.terminal.register
        coupon = replace(OVERVIEW.coupons[0], code="CPN-WELCOME10")
        desk = shop.kiosk.terminal.accounts
        assert desk is not None
        desk.office = bank = Bank(overview_now=replace(OVERVIEW, coupons=(coupon,), due_bills=()))
        shop.visit.scan_item(MILK)
        shop.visit.scan(CARD, "]C0")
        hands.wait_for_step("account-pin")
        type_pin(shop)
        hands.wait_for_step("account")
        hands.press("action.account-show")
        hands.settle()
        shop.kiosk.till.account.choose("coupon", 0)
        hands.wait(lambda: register.state.basket.coupons == ("CPN-WELCOME10",), "the coupon")
        hands.press("action.account-leave")
        hands.wait_for_step("basket")
        assert (register.state.account, bank.left) == (None, [TICKET])
        assert register.state.basket.item_count == 1
