"""The way through a form at the real window: from the home screen to the number, and every branch on it."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtGui import QGuiApplication

from devices.virtual.printer import Fault as PrinterFault
from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from kiosk.services.forms.view import FormView
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from tests.e2e.test_privacy import MARK, kept
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


def test_a_slip_that_cannot_be_printed_leaves_the_number_on_the_screen(customer: Customer) -> None:
    printer = customer.floor.far.printer
    assert printer is not None
    papers = len(printer.papers)
    printer.set_fault(PrinterFault.PAPER_OUT)
    customer.visit.hands.wait(lambda: not customer.visit.session.devices.can_print, "the paper to be out")
    customer.begins("form-ticket")
    customer.chooses("Account and card")
    customer.visit.hands.wait_for_step("form-done")
    form = customer.floor.kiosk.till.form
    assert "note the number" in form.property("note")
    assert form.property("number") == customer.view.number
    assert form.property("qrRows")
    assert len(printer.papers) == papers


def test_paper_that_ends_within_the_slip_is_said(customer: Customer) -> None:
    printer = customer.floor.far.printer
    assert printer is not None
    printer.ms_per_line = 30
    printer.paper_out_after(2)
    customer.begins("form-ticket")
    customer.chooses("Cash desk")
    customer.visit.hands.wait(lambda: customer.visit.session.form and customer.view.slip == "failed", "the slip")
    assert "note the number" in customer.floor.kiosk.till.form.property("note")


def test_a_fault_is_reported_with_the_receipt_scanned_and_the_consent_given(customer: Customer) -> None:
    hands = customer.visit.hands
    customer.begins("form-after-sales")
    customer.visit.scan("4006381333931")
    hands.wait(lambda: customer.view.problem == "form-code", "the kind word")
    assert "receipt" in customer.floor.kiosk.till.form.property("problemText")
    customer.visit.scan("RCP-4-000123", "]C0")
    customer.at_question("fault")
    customer.chooses("It is broken")
    customer.at_question("phone")
    customer.types("0301")
    hands.wait(lambda: customer.view.problem == "form-phone", "the kind word")
    hands.press("action.clear")
    customer.types("030123456")
    hands.wait_for_step("form-check")
    shown = [row.answer for row in customer.floor.kiosk.till.form.property("answers").rows]
    assert shown == ["RCP-4-000123", "It is broken", "••••••56"]
    hands.press("action.show")
    hands.wait(lambda: customer.view.revealed, "what was typed")
    hands.press("action.continue")
    hands.wait_for_step("form-consent")
    hands.press("action.agree-and-send")
    hands.wait_for_step("form-done")
    body = customer.floor.body(Kind.FORM_SUBMITTED)
    assert [one["value"] for one in body["answers"]] == ["RCP-4-000123", "broken", "030123456"]
    assert (body["consent"], body["end"], body["number"]) == ("2026-11", "request", customer.view.number)
    assert "030123456" not in customer.slip()


def test_a_number_of_a_device_is_typed_with_letters(customer: Customer) -> None:
    hands = customer.visit.hands
    customer.begins("form-after-sales")
    hands.press("action.letters")
    customer.types("sn77")
    customer.at_question("fault")
    assert customer.view.answers["code"] == "SN77"
    hands.press("action.back")
    customer.at_question("code")
    hands.press("action.back")
    hands.wait_for_step("attract")
    assert customer.visit.session.form is None


def test_an_appointment_from_its_day_to_its_slip(customer: Customer) -> None:
    hands = customer.visit.hands
    customer.begins("form-appointment")
    customer.chooses("A loan")
    customer.at_question("time")
    model = customer.floor.kiosk.till.form.property("choices")
    hands.wait(lambda: model.rows, "the days")
    customer.chooses(model.rows[0].name)
    hands.wait(lambda: customer.view.day, "the times")
    hands.settle(150)
    slot, label = model.rows[0].key, model.rows[0].name
    customer.chooses(label)
    customer.at_question("name")
    customer.types("ada lind")
    customer.at_question("phone")
    hands.press("action.leave-out")
    hands.wait_for_step("form-check")
    hands.press("action.continue")
    hands.wait_for_step("form-consent")
    hands.press("action.agree-and-send")
    hands.wait_for_step("form-done")
    body = customer.floor.body(Kind.FORM_SUBMITTED)
    assert (body["slot"], body["fixed"], body["place"]) == (slot, True, "")
    assert [one["value"] for one in body["answers"]] == ["loan", slot, "Ada Lind"]
    assert label in customer.slip()
    assert "Ada" not in customer.slip()


def test_a_time_is_full_once_its_places_are_gone(customer: Customer) -> None:
    """Without a central service the terminal's own books tell: two customers had the first time before."""
    books = customer.floor.kiosk.terminal.books.journal.ledger
    hands, form = customer.visit.hands, customer.floor.kiosk.till.form
    for _ in range(2):
        customer.begins("form-appointment")
        form.answer("loan")
        customer.at_question("time")
        slot = customer.view.free[0]
        for answer in (slot[:10], slot, "Ada Lind", ""):
            form.answer(answer)
            hands.settle(120)
        hands.wait_for_step("form-check")
        for step, key in (("form-consent", "action.continue"), ("form-done", "action.agree-and-send")):
            hands.press(key)
            hands.wait_for_step(step)
        hands.press("action.done")
        hands.wait_for_step("attract")
    full = [taken for taken, count in books.places_taken("appointment", "2026").items() if count >= 2]
    customer.begins("form-appointment")
    form.answer("loan")
    customer.at_question("time")
    assert full
    assert not set(full) & set(customer.view.free)


def test_who_walks_away_leaves_nothing_behind(customer: Customer) -> None:
    hands, form = customer.visit.hands, customer.floor.kiosk.till.form
    before = len(customer.floor.entries(Kind.FORM_SUBMITTED))
    customer.begins("form-after-sales")
    for answer in ("RCP-4-000123", "broken", "030987654"):
        form.answer(answer)
        hands.settle(100)
    hands.wait_for_step("form-check")
    walk_away(customer.floor.kiosk)
    hands.wait_for_step("attract")
    assert customer.visit.session.form is None
    assert form.property("answers").rows == ()
    assert form.property("label") == ""
    assert len(customer.floor.entries(Kind.FORM_SUBMITTED)) == before


def sends_it(customer: Customer) -> None:
    hands = customer.visit.hands
    hands.press("action.show")
    for step, key in (("form-consent", "action.continue"), ("form-done", "action.agree-and-send")):
        hands.press(key)
        hands.wait_for_step(step)
    assert MARK in str(customer.floor.body(Kind.FORM_SUBMITTED)), "the store needs it"
    hands.wait(lambda: customer.view.slip == "printed", "the slip")
    hands.press("action.done")


def goes_back_and_out(customer: Customer) -> None:
    hands = customer.visit.hands
    for _ in range(4):
        hands.press("action.back")
        hands.settle(100)


def goes_away(customer: Customer) -> None:
    walk_away(customer.floor.kiosk)


@pytest.mark.parametrize("leave", [sends_it, goes_back_and_out, goes_away])
def test_nothing_private_is_left_for_the_next_customer_however_a_form_ends(
    customer: Customer, leave: Callable[[Customer], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hands, form = customer.visit.hands, customer.floor.kiosk.till.form
    customer.begins("form-after-sales")
    for answer, name in ((f"{MARK}-1", "fault"), ("broken", "phone"), ("030777888", "")):
        form.answer(answer)
        hands.wait(lambda name=name: not name or customer.view.asked.name == name, f"the question {name}")  # type: ignore[misc]
    hands.wait_for_step("form-check")
    assert any(MARK in text for _, text in kept(customer.floor)), "the search finds nothing while they are here"
    leave(customer)
    hands.wait_for_step("attract")
    customer.floor.kiosk.terminal.settle()
    gc.collect()
    left = [where for where, text in kept(customer.floor) if MARK in text or "030777888" in text]
    assert left == []
    assert MARK not in caplog.text
    assert "030777888" not in caplog.text
