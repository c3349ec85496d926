"""Cards at the window: swiped and put in over their real wires, by whoever stands before the terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from devices.virtual.chip_card import VirtualChipCard, payment_card, tern_card
from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from kiosk.ports import HealthState
from tests.contract.pcscd import READER, serving, why_not
from tests.e2e.account_bank import PIN, Bank, Copy
from tests.e2e.shop_floor import ShopFloor, visit_to

CARD = "9276100000014"
PAYMENT = {1: "B4111111111111111^DOE/JOHN^29122010000000000000", 2: "4111111111111111=29122010000000000000"}


def with_reader(found: Configuration, driver: str, transport: str) -> Configuration:
    card = found.devices.card.model_copy(update={"driver": driver, "transport": transport})
    return found.model_copy(
        update={
            "terminal": found.terminal.model_copy(update={"profile": "bank"}),
            "devices": found.devices.model_copy(update={"card": card}),
        }
    )


@contextmanager
def hall_with(folder: Path, driver: str, transport: str) -> Iterator[ShopFloor]:
    with visit_to(folder, lambda found: with_reader(found, driver, transport)) as floor:
        state = floor.kiosk.terminal.register
        floor.visit.hands.wait(lambda: state.state.devices.card.state is HealthState.READY, "the card reader")
        yield floor


@pytest.fixture(scope="module")
def striped(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """A bank's hall with a magnetic-stripe reader."""
    with hall_with(tmp_path_factory.mktemp("striped"), "serial-magstripe", "virtual:") as floor:
        yield floor


@contextmanager
def a_bank_for(hall: ShopFloor) -> Iterator[Bank]:
    made = Bank()
    desk = hall.kiosk.terminal.accounts
    assert desk is not None
    desk.office, desk.copy = made, Copy()
    yield made
    if hall.visit.hands.step != "attract":
        hall.kiosk.till.account.leave()
        hall.visit.hands.wait_for_step("attract")


def notice(hall: ShopFloor) -> str:
    said = hall.kiosk.terminal.register.state.notice
    return said.key if said else ""


def test_a_swipe_and_a_pin_open_the_account(striped: ShopFloor) -> None:
    assert striped.far.card is not None
    with a_bank_for(striped) as bank:
        striped.far.card.swipe({2: f"{CARD}=2912"})
        striped.visit.hands.wait_for_step("account-pin")
        striped.visit.hands.type_digits(PIN)
        striped.visit.hands.press("action.continue")
        striped.visit.hands.wait_for_step("account")
        assert bank.asked[0] == ("verify", "card")


def test_a_payment_card_is_put_off_with_a_word_and_its_number_is_nowhere(
    striped: ShopFloor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert striped.far.card is not None
    with a_bank_for(striped) as bank:
        striped.far.card.swipe(PAYMENT)
        striped.visit.hands.wait(lambda: notice(striped) == "notice.account-payment-card", "a word")
        assert striped.visit.hands.step in {"attract", "account-start"}
        assert bank.asked == []
    session = repr(striped.kiosk.terminal.register.state)
    assert "411111" not in caplog.text + session
    assert "411111" not in repr(striped.entries(*Kind))


def test_half_a_swipe_asks_for_another(striped: ShopFloor) -> None:
    assert striped.far.card is not None
    with a_bank_for(striped):
        striped.kiosk.till.serve("account")
        striped.visit.hands.wait_for_step("account-start")
        striped.far.card.half_swipe({2: f"{CARD}=2912"})
        striped.visit.hands.wait_for_step("account-problem")
        striped.far.card.swipe({2: f"{CARD}=2912"})
        striped.visit.hands.wait_for_step("account-pin")


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_a_chip_opens_the_account_and_closes_it_when_it_is_taken_out(qapp: QGuiApplication, tmp_path: Path) -> None:
    with (
        serving() as service,
        hall_with(tmp_path, "pcsc", f"pcsc:{READER} 00 00") as hall,
        a_bank_for(hall),
        VirtualChipCard(service.port()) as hand,
    ):
        hand.insert(tern_card(CARD))
        hall.visit.hands.wait_for_step("account-pin")
        hall.visit.hands.type_digits(PIN)
        hall.visit.hands.press("action.continue")
        hall.visit.hands.wait_for_step("account")
        hand.remove()
        hall.visit.hands.wait_for_step("attract")
        hand.insert(payment_card())
        hall.visit.hands.wait(lambda: notice(hall) == "notice.account-payment-card", "a word")
