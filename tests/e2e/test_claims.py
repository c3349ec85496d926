"""Two whole terminals of a store and the real service: what is held at one is taken up at the other, and a voucher pays once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from kiosk.services.checkout.session import Session
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from tests.e2e.central_ends import Central, told, until
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from ui.tour.visit import BREAD, MILK

GIFT, LARGER = "VCH-4TQ7ZC8P", "VCH-8MH3KW6R"  # 10.00 and 25.00 of the demo store


@dataclass
class Store:
    """Terminals 4 and 5, each with a line of its own."""

    central: Central
    floors: tuple[ShopFloor, ShopFloor]
    lines: tuple[FaultyLine, FaultyLine]

    def cut(self) -> None:
        for line in self.lines:
            line.cut()


@pytest.fixture
def store(qapp: QGuiApplication, tmp_path: Path, central: Central) -> Iterator[Store]:
    with ExitStack() as opened:
        floors, lines = [], []
        for number in (4, 5):
            line = FaultyLine(central.port)
            line.start()
            opened.callback(line.close)
            directory = tmp_path / f"terminal-{number}"
            enrol(directory / "data", line.url, central.code(str(number)), str(number))
            floors.append(opened.enter_context(visit_to(directory, named(str(number)))))
            lines.append(line)
        for floor in floors:
            register = floor.kiosk.terminal.register
            floor.visit.hands.wait(lambda register=register: register.state.line.is_up, "the line", 20)  # type: ignore[misc]
        yield Store(central, (floors[0], floors[1]), (lines[0], lines[1]))


def named(terminal_id: str) -> Callable[[Configuration], Configuration]:
    def change(found: Configuration) -> Configuration:
        terminal = found.terminal.model_copy(update={"id": terminal_id})
        return found.model_copy(update={"terminal": terminal, "sync": found.sync.model_copy(update={"enabled": True})})

    return change


def session(floor: ShopFloor) -> Session:
    return floor.kiosk.terminal.register.state


def notice(floor: ShopFloor, key: str) -> None:
    """Wait for a word in passing."""
    floor.visit.hands.wait(lambda: (n := session(floor).notice) is not None and n.key == key, f"the notice {key}")


def hold(floor: ShopFloor) -> str:
    """Two articles and a voucher put aside; gives the code."""
    floor.visit.scan_item(MILK)
    floor.visit.scan_item(BREAD)
    floor.visit.scan(GIFT, "]C0")
    notice(floor, "notice.voucher-added")
    floor.visit.hands.press("screen.basket.more")
    floor.visit.hands.press("action.hold")
    floor.visit.hands.wait_for_step("held")
    return session(floor).held_code


def pay(floor: ShopFloor) -> None:
    floor.visit.hands.press("action.pay")
    floor.visit.hands.wait_for_step("pay", "receipt-choice")
    if session(floor).step == "pay" and session(floor).payment and session(floor).payment.amount_minor:  # type: ignore[union-attr]
        floor.visit.tap_card("visa")
    floor.visit.hands.wait_for_step("receipt-choice")


def arrived(store: Store, kind: Kind, count: int) -> None:
    until(lambda: told(store.central, f"SELECT count(*) FROM entry WHERE kind = '{kind}'")[0][0] == count)  # noqa: S608


def cases(store: Store) -> list[tuple[object, ...]]:
    return told(store.central, "SELECT kind, terminal_id, amount_minor, currency, stands_terminal FROM settlement_case")


def test_a_basket_held_at_one_terminal_is_taken_up_and_paid_at_another_once(store: Store) -> None:
    first, second = store.floors
    code = hold(first)
    until(lambda: told(store.central, "SELECT count(*) FROM held_basket")[0][0] == 1)
    second.visit.scan(code, "]C0")
    second.visit.hands.wait(lambda: session(second).basket.vouchers, "the basket with its voucher")
    assert [line.item.gtin for line in session(second).basket.lines] == [f"0{MILK}", f"0{BREAD}"]
    first.visit.hands.press("action.done")
    first.visit.hands.wait_for_step("attract")
    first.visit.scan(code, "]C0")
    notice(first, "problem.held-taken")
    pay(second)
    assert second.body(Kind.VOUCHER_REDEEMED)["code"] == GIFT
    first.visit.scan_item(MILK)
    first.visit.scan(GIFT, "]C0")
    notice(first, "problem.voucher-used")
    assert cases(store) == []


def test_a_voucher_is_free_again_once_its_shopper_has_left(store: Store) -> None:
    first, second = store.floors
    for floor in store.floors:
        floor.visit.scan_item(BREAD)
    first.visit.scan(GIFT, "]C0")
    notice(first, "notice.voucher-added")
    second.visit.scan(GIFT, "]C0")
    notice(second, "problem.voucher-used")
    walk_away(first.kiosk)
    first.visit.hands.wait_for_step("attract")
    until(lambda: not told(store.central, "SELECT 1 FROM claim"))
    second.visit.scan(GIFT, "]C0")
    notice(second, "notice.voucher-added")


def test_without_a_line_the_site_decides_and_what_was_used_twice_is_a_case(store: Store) -> None:
    first, second = store.floors
    code = hold(first)
    first.visit.hands.press("action.done")
    until(lambda: told(store.central, "SELECT count(*) FROM held_basket")[0][0] == 1)
    store.cut()
    second.visit.scan(code, "]C0")
    notice(second, "problem.held-offline")
    for floor in store.floors:
        floor.visit.scan_item(BREAD)
        floor.visit.scan(LARGER, "]C0")
        notice(floor, "problem.voucher-offline")
        floor.visit.scan(GIFT, "]C0")
        notice(floor, "notice.voucher-added")
        pay(floor)
    store.lines[1].mend()
    arrived(store, Kind.VOUCHER_REDEEMED, 1)
    store.lines[0].mend()
    arrived(store, Kind.VOUCHER_REDEEMED, 2)
    until(lambda: bool(cases(store)))
    used = first.body(Kind.VOUCHER_REDEEMED)["amount_minor"]
    assert cases(store) == [("voucher", "4", used, "EUR", "5")]


def test_a_shopper_never_waits_long_for_a_line_that_swallows_everything(store: Store) -> None:
    _, second = store.floors
    second.visit.scan_item(BREAD)
    store.lines[1].hold()
    second.visit.scan(GIFT, "]C0")
    second.visit.scan_item(MILK)  # the screen goes on living
    notice(second, "notice.voucher-added")
