"""The way through a form at the real window: from the home screen to the number, and every branch on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from kiosk.services.forms.view import FormView
from tests.e2e.shop_floor import ShopFloor, visit_to
from ui.tour.visit import Visit


def both(configuration: Configuration) -> Configuration:
    """A terminal that serves everything."""
    terminal = configuration.terminal.model_copy(update={"profile": "both"})
    return configuration.model_copy(update={"terminal": terminal})


@dataclass
class Customer:
    """Somebody who fills in a form."""

    floor: ShopFloor

    @property
    def visit(self) -> Visit:
        return self.floor.visit

    @property
    def view(self) -> FormView:
        form = self.visit.session.form
        assert form is not None
        return form

    def begins(self, service: str) -> None:
        self.visit.hands.press(f"service.{service}")
        self.visit.hands.wait_for_step("form")

    def chooses(self, label: str) -> None:
        self.visit.hands.press_label(label)

    def types(self, text: str) -> None:
        for letter in text:
            self.visit.hands.press_label(letter if letter != " " else self.visit.hands.say("action.space"))
        self.visit.hands.press("action.continue")

    def at_question(self, name: str) -> None:
        self.visit.hands.wait(
            lambda: self.visit.session.form and self.view.asked.name == name and not self.view.waiting,
            f"the question {name}",
        )
        self.visit.hands.settle(150)

    def slip(self) -> str:
        """What came out of the printer last."""
        printer = self.floor.far.printer
        assert printer is not None
        self.visit.hands.wait(lambda: self.view.slip in ("printed", "failed"), "the slip")
        return printer.papers[-1].text


@pytest.fixture(scope="module")
def floor(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    with visit_to(tmp_path_factory.mktemp("hall"), both) as made:
        made.visit.hands.wait(lambda: made.visit.session.profile == "both", "the profile")
        yield made


@pytest.fixture
def customer(floor: ShopFloor) -> Iterator[Customer]:
    floor.clear()
    yield Customer(floor)
    floor.clear()


def test_one_touch_gives_a_ticket_with_its_number_on_paper(customer: Customer) -> None:
    before = len(customer.floor.entries(Kind.FORM_SUBMITTED))
    customer.begins("form-ticket")
    customer.chooses("Cash desk")
    customer.visit.hands.wait_for_step("form-done")
    number = customer.view.number
    assert number.startswith("D")
    assert number in customer.slip()
    assert "Cash desk" in customer.slip()
    body = customer.floor.body(Kind.FORM_SUBMITTED)
    assert (body["form"], body["number"], len(customer.floor.entries(Kind.FORM_SUBMITTED))) == (
        "ticket",
        number,
        before + 1,
    )
    customer.visit.hands.press("action.done")
    customer.visit.hands.wait_for_step("attract")
    assert customer.visit.session.form is None
