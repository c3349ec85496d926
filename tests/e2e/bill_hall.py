"""A hall where goods are sold and bills are taken, a biller's office in the test's own hands, and what customers do there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import stdnum.iso7064.mod_97_10

from kiosk.configuration import Configuration
from kiosk.domain.money import Money
from kiosk.ports import BillAnswer, BillStanding
from kiosk.services.bill_payment.rules import BillPayRules
from tests.e2e.biller_desk import AWAY, Told
from tests.e2e.shop_floor import ShopFloor, visit_to
from tests.unit.sample_bills import epc
from ui.tour.visit import Visit


@contextmanager
def bill_hall(directory: Path) -> Iterator[ShopFloor]:
    """One terminal that sells goods and takes bills."""
    with visit_to(directory, lambda found: serving("both", found)) as floor:
        yield floor


def told_by(hall: ShopFloor) -> Told:
    """Who is asked about bills there from now on: everything is open."""
    office = Told()
    assert hall.kiosk.terminal.bills is not None
    hall.kiosk.terminal.bills.billers = office
    return office


@contextmanager
def nobody_at(hall: ShopFloor, billers: Told) -> Iterator[Visit]:
    """The terminal with nobody at it; afterwards whoever is there is sent home."""
    hall.clear()
    yield hall.visit
    billers.answer = AWAY
    billers.say(AWAY)
    hall.clear()


def serving(profile: str, found: Configuration) -> Configuration:
    """The terminal with another profile."""
    return found.model_copy(update={"terminal": found.terminal.model_copy(update={"profile": profile})})


def show(visit: Visit, code: str, step: str = "bill") -> None:
    """Hold a bill before the scanner."""
    visit.scan(code, "]Q1")
    visit.hands.wait_for_step(step)


def pay(visit: Visit) -> None:
    visit.hands.press("action.pay")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")


def with_rules(hall: ShopFloor, **change: object) -> None:
    """The site decides otherwise about bills, from the next customer on."""
    register = hall.kiosk.terminal.register
    register.use(replace(register.rules, bills=replace(BillPayRules(), **change)))  # type: ignore[arg-type] # the test's own


def standing(kind: BillStanding, **more: object) -> BillAnswer:
    return BillAnswer(kind, **more)  # type: ignore[arg-type] # the test's own


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def bill(number: int, amount: str = "EUR12.30") -> str:
    """A bill that no other test has paid."""
    rest = f"539007547{number:03}"
    reference = f"RF{stdnum.iso7064.mod_97_10.calc_check_digits(rest + 'RF')}{rest}"
    return epc({7: amount, 9: reference})


def open_bill(number: int) -> str:
    return bill(number, "")
