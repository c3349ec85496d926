"""A bill's way through the real window: shown or typed, asked about, into the basket and paid; and every way in which it cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from kiosk.domain.money import Money
from tests.e2e.biller_desk import AWAY, Told
from tests.e2e.shop_floor import ShopFloor, visit_to
from tests.unit.sample_bills import epc
from ui.tour.visit import Visit

BILL = epc({7: "EUR42.10"})


def serving(profile: str, found: Configuration) -> Configuration:
    """The terminal with another profile."""
    return found.model_copy(update={"terminal": found.terminal.model_copy(update={"profile": profile})})


@pytest.fixture(scope="module")
def hall(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """One terminal that sells goods and takes bills."""
    with visit_to(tmp_path_factory.mktemp("hall"), lambda found: serving("both", found)) as floor:
        yield floor


@pytest.fixture
def billers(hall: ShopFloor) -> Told:
    """Who is asked about bills: everything is open."""
    office = Told()
    assert hall.kiosk.terminal.bills is not None
    hall.kiosk.terminal.bills.billers = office
    return office


@pytest.fixture
def visit(hall: ShopFloor, billers: Told) -> Iterator[Visit]:
    """Nobody at the terminal; afterwards whoever is there is sent home."""
    hall.clear()
    yield hall.visit
    billers.answer = AWAY
    billers.say(AWAY)
    hall.clear()


def show(visit: Visit, code: str, step: str = "bill") -> None:
    """Hold a bill before the scanner."""
    visit.scan(code, "]Q1")
    visit.hands.wait_for_step(step)


def pay(visit: Visit) -> None:
    visit.hands.press("action.pay")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")


def test_a_bill_is_shown_taken_and_paid(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    show(visit, BILL)
    bill = hall.kiosk.till.bill
    assert bill.property("payee") == "Franz Mustermänn"
    assert bill.property("amount") == "42.10\u00a0€"
    assert bill.property("standing") == visit.hands.say("screen.bill.open")
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    assert visit.session.priced is not None
    assert visit.session.priced.to_pay == Money(4_210, "EUR")
    pay(visit)
    paid = hall.body(Kind.BILL_PAID)
    assert paid["amount_minor"] == 4_210
    assert not billers.released
