"""The whole terminal with its line to the real service: a sale arrives, staff approve from afar, a cut line shows to staff only."""

from __future__ import annotations

import json
import time
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from sync.central.commands import NewCommand, issue
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from sync.protocol.commands import CommandKind
from tests.e2e.central_ends import Central, change, held, told
from tests.e2e.shop_floor import ShopFloor, visit_to
from ui.tour.visit import BEER


def with_line(configuration: Configuration) -> Configuration:
    return configuration.model_copy(update={"sync": configuration.sync.model_copy(update={"enabled": True})})


def state(central: Central) -> dict[str, object]:
    ((body,),) = told(central, "SELECT state FROM terminal")
    return dict(json.loads(body)) if body else {}


def test_a_shopper_is_approved_from_afar_and_the_sale_arrives(
    qapp: QGuiApplication, tmp_path: Path, central: Central, line: FaultyLine
) -> None:
    enrol(tmp_path / "data", line.url, central.code("4"), "4")
    with visit_to(tmp_path, with_line) as floor:
        hands, visit = floor.visit.hands, floor.visit
        visit.scan_item(BEER)
        hands.press("action.pay")
        hands.wait_for_step("age-check")
        hands.wait(lambda: bool(state(central).get("approvals")), "the office to see the question", 20)
        asked = state(central)["approvals"][0]  # type: ignore[index]
        body = {"staff": "Kim", "role": "attendant", "request_id": asked["request_id"], "reason": ""}
        order = NewCommand("4", "S1", CommandKind.APPROVE, body, "kim", 30, bound_to=asked["basket_hash"])
        change(central.url, lambda c: issue(c, order, time.time()))
        hands.wait(lambda: visit.message == "insert-card", "the approval to lead to the card", 20)
        visit.tap_card("visa")
        hands.wait_for_step("receipt-choice")
        hands.wait(lambda: sold(central) == 1, "the sale to be at the centre", 20)
        cut_and_mended(floor, line)
        hands.wait(lambda: len(held(central)) == floor.kiosk.terminal.books.journal.head()[0], "the rest", 30)


def cut_and_mended(floor: ShopFloor, line: FaultyLine) -> None:
    """Staff see what waits and since when; the shopper sees a calm word and no error."""
    register, till = floor.kiosk.terminal.register, floor.kiosk.till
    line.cut()
    floor.visit.hands.press("action.no-receipt")
    floor.visit.hands.wait(lambda: bool(register.state.line.reason), "the cut line to be noticed", 20)
    assert register.state.line.pending > 0
    assert "error" not in str(till.property("terminalName")).lower()
    line.mend()
    floor.visit.hands.wait(lambda: register.state.line.pending == 0, "the queue to be empty", 30)


def sold(central: Central) -> int:
    return int(told(central, "SELECT count(*) FROM entry WHERE kind = 'sale.completed'")[0][0])


def test_a_terminal_that_is_not_enrolled_sells_and_says_so_to_staff(qapp: QGuiApplication, tmp_path: Path) -> None:
    with visit_to(tmp_path, with_line) as floor:
        register = floor.kiosk.terminal.register
        floor.visit.hands.wait(lambda: register.state.line.reason == "not-enrolled", "staff to be told", 20)
        floor.visit.scan_item(BEER)
        floor.visit.hands.wait_for_step("basket")


def test_a_terminal_enrolled_while_it_sells_needs_no_restart(
    qapp: QGuiApplication, tmp_path: Path, central: Central, line: FaultyLine
) -> None:
    with visit_to(tmp_path, with_line) as floor:
        register = floor.kiosk.terminal.register
        floor.visit.hands.wait(lambda: register.state.line.reason == "not-enrolled", "staff to be told", 20)
        enrol(tmp_path / "data", line.url, central.code("4"), "4")
        floor.visit.hands.wait(lambda: len(held(central)) > 0, "what was written before to be at the centre", 20)
        floor.visit.hands.wait(lambda: not register.state.line.reason, "staff to be told that it goes", 20)


def test_enrolment_is_one_command(central: Central, line: FaultyLine, tmp_path: Path) -> None:
    from ui.cli import main

    words = ["--data", str(tmp_path / "data"), "enrol", central.code("4"), "--central", line.url]
    assert main(words) == 0
    assert (tmp_path / "data" / "enrolment.json").exists()
    assert main(words) == 1  # the code is used up
    assert told(central, "SELECT count(*) FROM terminal")[0][0] == 1
