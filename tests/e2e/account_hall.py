"""A terminal in a bank's hall, and hands for a holder who looks up an account there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devices.virtual.card_reader import VirtualCardReader
from kiosk.configuration import Configuration
from tests.e2e.account_bank import CARD, NUMBER, PIN, Bank, Copy
from tests.e2e.shop_floor import ShopFloor, visit_to

MEMBER = {2: f"{CARD.removeprefix('ACC-')}=2912"}


@contextmanager
def hall_in(directory: Path, profile: str = "bank") -> Iterator[ShopFloor]:
    """A terminal of `profile` on books in `directory`, open."""

    def changed(found: Configuration) -> Configuration:
        return found.model_copy(update={"terminal": found.terminal.model_copy(update={"profile": profile})})

    with visit_to(directory, changed) as floor:
        floor.visit.hands.wait(lambda: floor.kiosk.terminal.register.state.profile == profile, "the profile")
        yield floor


@contextmanager
def asking(hall: ShopFloor) -> Iterator[Bank]:
    """A bank that the terminal asks; afterwards whoever is there leaves."""
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


def notice(hall: ShopFloor) -> str:
    said = hall.kiosk.terminal.register.state.notice
    return said.key if said else ""


def reader(hall: ShopFloor) -> VirtualCardReader:
    assert hall.far.card is not None
    return hall.far.card
