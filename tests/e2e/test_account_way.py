"""A holder walks through the account look-up, at the window, with a bank in the test's own hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.facts import Kind
from kiosk.ports import AccountRefused, CardGone, CardRefused, CardShown, KeptAccount
from kiosk.services.account_lookup.events import CardSeen
from kiosk.services.checkout.events import TimerRang
from tests.e2e.account_bank import CARD, OVERVIEW, PHONE, TICKET, Bank, Copy
from tests.e2e.account_hall import MEMBER, asking, begin, hall_in, notice, open_account, reader, type_number, type_pin
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


def test_a_swiped_card_opens_the_account(hall: ShopFloor, bank: Bank) -> None:
    reader(hall).swipe(MEMBER)
    hall.visit.hands.wait_for_step("account-pin")
    type_pin(hall)
    hall.visit.hands.wait_for_step("account")
    assert bank.asked[0] == ("verify", "card")


CARDS: dict[str, Callable[[ShopFloor], None]] = {
    "payment-card": lambda hall: reader(hall).swipe({2: "4111111111111111=2912"}),
    "unknown-card": lambda hall: reader(hall).swipe({2: "98012345678=1"}),
    "not-readable": lambda hall: reader(hall).unreadable(1, 2, 3),
    "removed-early": lambda hall: hall.kiosk.terminal.register.post(CardSeen(CardRefused("removed-early"))),
}


@pytest.mark.parametrize("reason", CARDS)
def test_a_card_that_cannot_be_used_has_its_own_words_and_a_way_on(hall: ShopFloor, bank: Bank, reason: str) -> None:
    begin(hall)
    CARDS[reason](hall)
    hall.visit.hands.wait_for_step("account-problem")
    account = hall.kiosk.till.account
    assert account.value("problemTitle") == hall.visit.hands.say(f"screen.account-problem.{reason}.title")
    hall.visit.hands.press("action.account-other-card")
    hall.visit.hands.wait_for_step("account-start")
    assert bank.asked == []


def test_a_payment_card_at_the_home_screen_is_sent_to_the_card_terminal(hall: ShopFloor, bank: Bank) -> None:
    CARDS["payment-card"](hall)
    hall.visit.hands.wait(lambda: notice(hall) == "notice.account-payment-card", "a kind word")
    assert hall.visit.hands.step == "attract"


def test_a_checkout_without_accounts_has_a_kind_word_for_a_card(
    qapp: QGuiApplication, tmp_path: Path, hall: ShopFloor
) -> None:
    with hall_in(tmp_path, "self-checkout") as shop:
        for show in (lambda: shop.visit.scan(CARD, "]C0"), lambda: reader(shop).swipe(MEMBER)):
            show()
            shop.visit.hands.wait(lambda: notice(shop) == "notice.account-not-here", "a kind word")
            assert (shop.visit.hands.step, shop.kiosk.terminal.register.state.account) == ("attract", None)
            shop.kiosk.terminal.register.post(TimerRang("notice"))
            shop.visit.hands.wait(lambda: notice(shop) == "", "it to pass")


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


def test_a_lock_of_the_office_that_only_people_end_says_so(hall: ShopFloor, bank: Bank) -> None:
    bank.answers["verify"] = AccountRefused("locked", 0)
    begin(hall)
    type_number(hall, "40099999")
    type_pin(hall)
    hall.visit.hands.wait_for_step("account-problem")
    assert hall.kiosk.till.account.value("problemHint") == hall.visit.hands.say("account.locked-by-people")
    assert not hall.visit.hands.can_press("action.try-again")


def test_an_answer_that_never_comes_leaves_every_way_open(hall: ShopFloor, bank: Bank) -> None:
    bank.silent = {"verify"}
    begin(hall)
    type_number(hall)
    type_pin(hall)
    hall.visit.hands.wait(lambda: bank.held, "the question")
    hall.visit.hands.press("action.account-leave")
    hall.visit.hands.wait_for_step("attract")
    bank.held.pop()()
    hall.visit.hands.wait(lambda: bank.left == [TICKET], "the ticket to be given back")
    assert hall.kiosk.terminal.register.state.account is None
