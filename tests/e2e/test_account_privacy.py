"""The next customer sees nothing of an account: a mark on everything that is private, searched everywhere after every way to leave."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.facts import Kind
from kiosk.ports import CardGone, CardShown, Health, HealthState
from kiosk.services.account_lookup import events
from kiosk.services.checkout.events import BooksFailed, BooksMended, DeviceChanged
from kiosk.services.checkout.office import ProfileChosen
from tests.e2e.account_bank import BILL, CODE, MOVEMENTS, OVERVIEW, PIN, TICKET, Bank, Copy
from tests.e2e.account_hall import hall_in
from tests.e2e.account_remains import leave_out_what_is_there, left_alive
from tests.e2e.shop_floor import ShopFloor, walk_away
from tests.e2e.test_privacy import kept
from ui.tour.visit import BADGE

MARK = "QXMARKQX"
NUMBER, SECRET = "7391586420", "86421357"
PRIVATE = (MARK, MARK.lower(), NUMBER, SECRET, PIN, TICKET)
OF_MARK = replace(
    OVERVIEW,
    name=f"{MARK} Muster",
    balances=tuple(replace(one, number=f"{NUMBER}{at}", name=MARK) for at, one in enumerate(OVERVIEW.balances)),
    movements=tuple(replace(one, text=f"{MARK} {one.text}") for one in MOVEMENTS),
    due_bills=tuple(replace(one, bill=replace(BILL, payee=MARK)) for one in OVERVIEW.due_bills),
    coupons=tuple(replace(one, text=MARK) for one in OVERVIEW.coupons),
    address=MARK,
    phone=MARK,
)


class BankOfMark(Bank):
    """A bank that tells of one holder, anew each time: what is left of it here is not what it told."""

    def verify(self, holder: Holder, pin: str, done: Callable[[object], None]) -> None:
        self.overview_now = copy.deepcopy(OF_MARK)
        super().verify(Holder(holder.by, "40012345" if holder.number == NUMBER else holder.number), pin, done)


@pytest.fixture(scope="module")
def hall(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """A terminal in a bank's hall."""
    leave_out_what_is_there()
    with hall_in(tmp_path_factory.mktemp("bank")) as floor:
        yield floor


@pytest.fixture
def bank(hall: ShopFloor) -> Bank:
    """The bank, as that terminal asks it."""
    desk = hall.kiosk.terminal.accounts
    assert desk is not None
    made = BankOfMark()
    desk.office, desk.copy = made, Copy(kept=None)
    return made


# --- how far the holder goes ---


def at_pin(hall: ShopFloor) -> None:
    """A number typed, and half a PIN."""
    hall.visit.hands.type_digits("2580")


def at_overview(hall: ShopFloor) -> None:
    hands = hall.visit.hands
    hands.type_digits(PIN)
    hands.press("action.continue")
    hands.wait_for_step("account")
    hands.press("action.account-show")
    hands.wait(lambda: MARK in hall.kiosk.till.account.value("name"), "the name")


def at_movements(hall: ShopFloor) -> None:
    at_overview(hall)
    hall.visit.hands.press("action.account-movements")
    hall.visit.hands.wait_for_step("account-movements")


def at_codes(hall: ShopFloor) -> None:
    at_movements(hall)
    hall.visit.hands.press("action.account-statement")
    hall.visit.hands.wait_for_step("account-statement")
    hall.visit.hands.press("action.print")
    hall.visit.hands.wait_for_step("account")
    hall.kiosk.till.account.openPart("statement")
    hall.visit.hands.wait_for_step("account-statement")
    hall.visit.hands.press("action.show-qr")
    hall.visit.hands.wait_for_step("account-qr")


def at_change(hall: ShopFloor) -> None:
    hands, account = hall.visit.hands, hall.kiosk.till.account
    at_overview(hall)
    hands.press("action.account-change")
    hands.wait_for_step("account-change")
    hands.press("screen.account-change.address")
    hands.wait_for_step("account-code")
    hands.wait(lambda: account.value("codeHint"), "the code")
    hands.type_digits(CODE)
    hands.press("action.continue")
    hands.wait_for_step("account-change-entry")
    account.enterChange(f"{MARK} Weg 12")
    hands.wait_for_step("account-change-check")


# --- how the visit ends ---


def ends(hall: ShopFloor) -> None:
    hall.visit.hands.press("action.account-leave")


def walks_away(hall: ShopFloor) -> None:
    walk_away(hall.kiosk)


def takes_the_card(hall: ShopFloor) -> None:
    hall.kiosk.terminal.register.post(events.CardSeen(CardGone()))


def loses_the_reader(hall: ShopFloor) -> None:
    hall.kiosk.terminal.register.post(DeviceChanged("card", Health(HealthState.FAULT, "line-lost")))


def meets_a_badge(hall: ShopFloor) -> None:
    hall.visit.scan(BADGE, "]C0")
    hall.visit.hands.wait_for_step("staff-login")
    assert [where for where, text in kept(hall) if MARK in text] == [], "staff see nothing of it"
    hall.visit.hands.press("action.back")


def meets_full_books(hall: ShopFloor) -> None:
    hall.kiosk.terminal.register.post(BooksFailed("books"))
    hall.visit.hands.wait_for_step("out-of-service")
    assert [where for where, text in kept(hall) if MARK in text] == [], "nothing stays behind the closed screen"
    hall.kiosk.terminal.register.post(BooksMended())


def is_closed_by_the_office(hall: ShopFloor) -> None:
    """The office may not close a terminal under a customer; once they have gone, it may."""
    register = hall.kiosk.terminal.register
    register.post(ProfileChosen("closed"))
    hall.visit.hands.settle()
    assert register.state.account is not None
    ends(hall)
    hall.visit.hands.wait_for_step("attract")
    register.post(ProfileChosen("closed"))
    hall.visit.hands.wait_for_step("out-of-service")
    register.post(ProfileChosen("bank"))


STAGES = (at_pin, at_movements, at_codes, at_change)
ENDS = (ends, walks_away, takes_the_card, loses_the_reader, meets_a_badge, meets_full_books, is_closed_by_the_office)


@pytest.mark.parametrize("leave", ENDS)
def test_nothing_of_an_account_is_left_however_it_ends(
    hall: ShopFloor, bank: Bank, leave: Callable[[ShopFloor], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for stage in STAGES:
        begin(hall)
        stage(hall)
        if stage is not at_pin:
            assert any(MARK in text for _, text in kept(hall)), "the search finds nothing while they are here"
        assert hall.kiosk.terminal.books.drafts.load() is None, "a power cut now would leave it on the disk"
        leave(hall)
        hall.visit.hands.wait_for_step("attract")
        assert_nothing_is_left(hall, stage.__name__)
    assert not [private for private in PRIVATE if private in caplog.text]
    if stage is not at_pin:
        assert bank.left


def begin(hall: ShopFloor) -> None:
    """A chip card is put in."""
    shown = CardShown(Holder(IdentifiedBy.ACCOUNT, NUMBER, "chip"), stays=True)
    hall.kiosk.terminal.register.post(events.CardSeen(shown))
    hall.visit.hands.wait_for_step("account-pin")


def assert_nothing_is_left(hall: ShopFloor, after: str) -> None:
    hall.kiosk.terminal.settle()
    hall.visit.hands.settle()
    assert [(after, where) for where, text in kept(hall) for one in (MARK, NUMBER, TICKET) if one in text] == []
    # The objects themselves, wherever they hide: in a thread's frame, in a callback that waits.
    assert (after, left_alive()) == (after, [])
    assert hall.kiosk.terminal.books.drafts.load() is None
    assert MARK not in QGuiApplication.clipboard().text()
    written = "".join(str((entry.fact.subject, entry.fact.body)) for entry in hall.entries(*Kind))
    assert not [one for one in (MARK, NUMBER, TICKET) if one in written]
    assert not [entry for entry in hall.entries(*Kind) for value in entry.fact.body.values() if value == PIN]
