"""Two whole terminals of a store and the real service: no number and no place of an appointment is given out twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.domain.facts import Kind
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from tests.e2e.central_ends import Central, told, until
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away

ONE_PLACE = "capacity = 1"


@dataclass
class Store:
    """Terminals 4 and 5, each with a line of its own; an appointment has one place."""

    central: Central
    floors: tuple[ShopFloor, ShopFloor]
    lines: tuple[FaultyLine, FaultyLine]


@pytest.fixture
def store(qapp: QGuiApplication, tmp_path: Path, central: Central) -> Iterator[Store]:
    shipped = (PROJECT_ROOT / "config" / "forms" / "appointment.toml").read_text("utf-8")
    one_place = tmp_path / "appointment.toml"
    one_place.write_text(shipped.replace("capacity = 2", ONE_PLACE), "utf-8")
    assert ONE_PLACE in one_place.read_text("utf-8")
    with ExitStack() as opened:
        floors, lines = [], []
        for number in ("4", "5"):
            line = FaultyLine(central.port)
            line.start()
            opened.callback(line.close)
            directory = tmp_path / f"terminal-{number}"
            enrol(directory / "data", line.url, central.code(number), number)
            floors.append(opened.enter_context(visit_to(directory, hall(number, one_place))))
            lines.append(line)
        for floor in floors:
            register = floor.kiosk.terminal.register
            floor.visit.hands.wait(lambda register=register: register.state.line.is_up, "the line", 20)  # type: ignore[misc]
        yield Store(central, (floors[0], floors[1]), (lines[0], lines[1]))


def hall(number: str, form: Path) -> Callable[[Configuration], Configuration]:
    def change(found: Configuration) -> Configuration:
        terminal = found.terminal.model_copy(update={"id": number, "profile": "bank"})
        forms = found.forms.model_copy(update={"files": ("config/forms/ticket.toml", str(form))})
        sync = found.sync.model_copy(update={"enabled": True})
        return found.model_copy(update={"terminal": terminal, "sync": sync, "forms": forms})

    return change


def view(floor: ShopFloor):
    return floor.visit.session.form


def takes_a_number(floor: ShopFloor) -> str:
    hands = floor.visit.hands
    hands.press("service.form-ticket")
    hands.wait_for_step("form")
    hands.press_label("Cash desk")
    hands.wait_for_step("form-done")
    number = view(floor).number
    hands.press("action.done")
    hands.wait_for_step("attract")
    return str(number)


def wants(floor: ShopFloor, slot: str = "") -> str:
    """Up to the answer about a time: `slot`, or the first that is offered; gives it."""
    hands = floor.visit.hands
    hands.press("service.form-appointment")
    hands.wait_for_step("form")
    hands.press_label("A loan")
    hands.wait(lambda: view(floor).free, "the times")
    slot = slot or view(floor).free[0]
    for label in (slot[:10], slot):
        hands.settle(150)
        floor.kiosk.till.form.answer(label)
    hands.wait(lambda: view(floor).slot or view(floor).problem, "an answer about the place")
    return str(slot)


def sends(floor: ShopFloor) -> str:
    """From the name to the number."""
    hands, form = floor.visit.hands, floor.kiosk.till.form
    for text in ("Ada Brandt", "030 123456"):
        hands.settle(100)
        form.answer(text)
    hands.wait_for_step("form-check")
    hands.press("action.continue")
    hands.wait_for_step("form-consent")
    hands.press("action.agree-and-send")
    hands.wait_for_step("form-done")
    number = view(floor).number
    hands.press("action.done")
    hands.wait_for_step("attract")
    return str(number)


def arrived(store: Store, count: int) -> None:
    until(lambda: told(store.central, "SELECT count(*) FROM form_submission")[0][0] == count)


def alerts(store: Store) -> list[tuple[object, ...]]:
    return told(store.central, "SELECT subject FROM alert WHERE kind = 'form-twice'")


def test_two_terminals_never_give_out_one_number_also_without_a_line(store: Store) -> None:
    numbers = [takes_a_number(floor) for floor in store.floors]
    for line in store.lines:
        line.cut()
    numbers += [takes_a_number(floor) for floor in store.floors]
    assert numbers == ["D001", "E001", "D002", "E002"]
    for line in store.lines:
        line.mend()
    arrived(store, 4)
    assert alerts(store) == []


def test_a_place_goes_to_one_of_two_customers(store: Store) -> None:
    first, second = store.floors
    slot = wants(first)
    wants(second, slot)
    assert view(second).problem == "form-slot-taken"
    assert slot not in view(second).free
    number = sends(first)
    arrived(store, 1)
    assert told(store.central, "SELECT number, slot, is_fixed FROM form_submission") == [(number, slot, 1)]
    walk_away(second.kiosk)
    second.visit.hands.wait_for_step("attract")
    wants(second, slot)
    assert view(second).problem == "form-slot-taken"  # the books of the store tell now, the claim has ended


def test_a_place_is_free_again_once_its_customer_has_left(store: Store) -> None:
    first, second = store.floors
    slot = wants(first)
    walk_away(first.kiosk)
    first.visit.hands.wait_for_step("attract")
    until(lambda: told(store.central, "SELECT count(*) FROM claim")[0][0] == 0)
    wants(second, slot)
    assert view(second).slot == slot


def test_without_a_line_a_time_is_a_wish_that_will_be_confirmed(store: Store) -> None:
    first, second = store.floors
    for line in store.lines:
        line.cut()
    slot = wants(first)
    assert not view(first).is_fixed
    sends(first)
    wants(second, slot)
    sends(second)
    bodies = [floor.body(Kind.FORM_SUBMITTED) for floor in store.floors]
    assert [(body["slot"], body["fixed"], body["place"]) for body in bodies] == [(slot, False, "")] * 2
    for line in store.lines:
        line.mend()
    arrived(store, 2)
    assert alerts(store) == []
