"""A holder walks through the account look-up, at the window, with a bank in the test's own hands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from devices.virtual.printer import Fault as PrinterFault
from kiosk.configuration import Configuration
from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.facts import Kind
from kiosk.ports import AccountRefused, CardGone, CardRefused, CardShown, KeptAccount
from kiosk.services.account_lookup.events import CardSeen
from kiosk.services.checkout.events import TimerRang
from tests.e2e.account_bank import CARD, CODE, NUMBER, OVERVIEW, PHONE, PIN, TICKET, Bank, Copy
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from ui.tour.visit import MILK


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


def notice(hall: ShopFloor) -> str:
    said = hall.kiosk.terminal.register.state.notice
    return said.key if said else ""


def test_a_telephone_number_opens_the_account_too(hall: ShopFloor, bank: Bank) -> None:
    begin(hall)
    hall.visit.hands.press("screen.account-start.phone")
    hall.visit.hands.wait_for_step("account-number")
    hall.visit.hands.type_digits(PHONE)
    hall.visit.hands.press("action.continue")
    hall.visit.hands.wait_for_step("account-pin")
    type_pin(hall)
    hall.visit.hands.wait_for_step("account")
    assert bank.asked[0] == ("verify", "phone")


def test_back_from_the_pin_leads_to_the_first_question(hall: ShopFloor, bank: Bank) -> None:
    begin(hall)
    type_number(hall)
    hall.visit.hands.type_digits("25")
    hall.visit.hands.press("action.back")
    hall.visit.hands.wait_for_step("account-start")
    assert hall.kiosk.terminal.register.state.account.holder is None  # type: ignore[union-attr]
    hall.visit.hands.press("action.account-leave")
    hall.visit.hands.wait_for_step("attract")
    assert bank.asked == []


def test_a_chip_card_opens_the_account_and_closes_it_when_it_is_taken_out(hall: ShopFloor, bank: Bank) -> None:
    register = hall.kiosk.terminal.register
    register.post(CardSeen(CardShown(Holder(IdentifiedBy.CARD, CARD.removeprefix("ACC-"), "chip"), stays=True)))
    hall.visit.hands.wait_for_step("account-pin")
    type_pin(hall)
    hall.visit.hands.wait_for_step("account")
    register.post(CardSeen(CardGone()))
    hall.visit.hands.wait_for_step("attract")
    assert (bank.left, register.state.account) == ([TICKET], None)


@pytest.mark.parametrize("reason", ["payment-card", "unknown-card", "not-readable", "removed-early"])
def test_a_card_that_cannot_be_used_has_its_own_words_and_a_way_on(hall: ShopFloor, bank: Bank, reason: str) -> None:
    begin(hall)
    hall.kiosk.terminal.register.post(CardSeen(CardRefused(reason)))
    hall.visit.hands.wait_for_step("account-problem")
    account = hall.kiosk.till.account
    assert account.value("problemTitle") == hall.visit.hands.say(f"screen.account-problem.{reason}.title")
    hall.visit.hands.press("action.account-other-card")
    hall.visit.hands.wait_for_step("account-start")
    assert bank.asked == []


def test_a_wrong_pin_says_how_many_tries_are_left_and_then_locks(hall: ShopFloor, bank: Bank) -> None:
    desk = hall.kiosk.terminal.accounts
    assert desk is not None
    desk.copy = Copy(kept=KeptAccount("locked-one", OVERVIEW, "hash"))
    begin(hall)
    type_number(hall)
    for left in (4, 3, 2, 1):
        type_pin(hall, "0000")
        hall.visit.hands.wait_for_step("account-problem")
        assert str(left) in hall.kiosk.till.account.value("problemHint")
        hall.visit.hands.press("action.account-again")
        hall.visit.hands.wait_for_step("account-pin")
    type_pin(hall, "0000")
    hall.visit.hands.wait(lambda: hall.kiosk.till.account.value("problem") == "locked", "the lock")
    assert "15" in hall.kiosk.till.account.value("problemHint")
    assert not hall.visit.hands.can_press("action.account-again")
    hall.visit.hands.press("action.account-leave")
    hall.visit.hands.wait_for_step("attract")
    assert len(hall.entries(Kind.ACCOUNT_REFUSED)) == 5


def test_the_text_is_agreed_to_once_or_nothing_is_shown(hall: ShopFloor, bank: Bank) -> None:
    bank.consent = "2025-01"
    begin(hall)
    type_number(hall)
    type_pin(hall)
    hall.visit.hands.wait_for_step("account-consent")
    hall.visit.hands.press("action.account-disagree")
    hall.visit.hands.wait_for_step("attract")
    assert ("overview", TICKET) not in bank.asked
    begin(hall)
    type_number(hall)
    type_pin(hall)
    hall.visit.hands.wait_for_step("account-consent")
    hall.visit.hands.press("action.account-agree")
    hall.visit.hands.wait_for_step("account")
    assert hall.body(Kind.CONSENT_GIVEN) == {"version": "2026-11", "language": "en"}


def test_away_and_without_a_copy_the_way_is_to_come_back(hall: ShopFloor, bank: Bank) -> None:
    bank.away = True
    hall.kiosk.terminal.accounts.copy = Copy(kept=None)  # type: ignore[union-attr]
    begin(hall)
    type_number(hall)
    type_pin(hall)
    hall.visit.hands.wait_for_step("account-problem")
    assert hall.kiosk.till.account.value("problem") == "not-available"
    bank.away = False
    hall.visit.hands.press("action.try-again")
    hall.visit.hands.wait_for_step("account-pin")
    type_pin(hall)
    hall.visit.hands.wait_for_step("account")


def test_away_the_copy_is_shown_with_its_date_and_changes_nothing(hall: ShopFloor, bank: Bank) -> None:
    bank.away = True
    open_account(hall)
    assert "today's movements are missing" in hall.kiosk.till.account.value("asOf")
    assert hall.kiosk.till.account.value("isCopy")
    hall.visit.hands.press("action.account-change")
    hall.visit.hands.wait_for_step("account-problem")
    assert hall.kiosk.till.account.value("problem") == "needs-live"
    hall.visit.hands.press("action.account-overview")
    hall.visit.hands.wait_for_step("account")
    hall.visit.hands.press("action.account-movements")
    hall.visit.hands.wait_for_step("account-movements")
    hall.visit.hands.press("action.account-statement")
    hall.visit.hands.wait_for_step("account-statement")
    hall.visit.hands.press("action.show-qr")
    hall.visit.hands.wait_for_step("account-qr")
    assert bank.left == []


@pytest.mark.parametrize("reason", ["ended", "not-offered", "something-new"])
def test_whatever_the_office_says_has_words(hall: ShopFloor, bank: Bank, reason: str) -> None:
    bank.answers["overview"] = AccountRefused(reason)
    begin(hall)
    type_number(hall)
    type_pin(hall)
    hall.visit.hands.wait_for_step("account-problem")
    assert hall.kiosk.till.account.value("problem") == (reason if reason != "something-new" else "away")
    assert hall.kiosk.till.account.value("problemTitle")


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


def test_another_scan_waits_until_the_account_is_closed(hall: ShopFloor, bank: Bank) -> None:
    open_account(hall)
    hall.visit.scan(MILK, "]E0")
    hall.visit.hands.wait(lambda: notice(hall) == "notice.account-first", "a kind word")
    assert hall.visit.hands.step == "account"


def test_whoever_walks_away_is_warned_and_then_forgotten(hall: ShopFloor, bank: Bank) -> None:
    open_account(hall)
    hall.kiosk.terminal.register.post(TimerRang("idle"))
    hall.visit.hands.wait(lambda: hall.kiosk.till.value("countdownS") > 0, "the warning")
    hall.visit.hands.press("action.more-time")
    hall.visit.hands.wait(lambda: hall.kiosk.till.value("countdownS") < 0, "the warning to go")
    assert hall.visit.hands.step == "account"
    walk_away(hall.kiosk)
    hall.visit.hands.wait_for_step("attract")
    assert bank.left == [TICKET]
