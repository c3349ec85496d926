"""Two whole terminals, the real service, the real demo biller: a bill is paid once; paid twice offline, one is posted, the other a case."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from kiosk.services.checkout.session import Session
from sync.central.billers.configured import Billers, Serves
from sync.central.billers.demo_biller import DemoBiller
from sync.central.billers.http_connector import HttpConnector
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from tests.e2e.central_ends import Central, told, until
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from ui.bench.bills import sheaf


@dataclass
class Company:
    """Terminals 4 and 5, each with a line of its own, and a biller behind the service."""

    central: Central
    biller: DemoBiller
    floors: tuple[ShopFloor, ShopFloor]
    lines: tuple[FaultyLine, FaultyLine]


@pytest.fixture
def company(qapp: QGuiApplication, tmp_path: Path) -> Iterator[Company]:
    with ExitStack() as opened:
        biller = DemoBiller()
        biller.start()
        opened.callback(biller.stop)
        served = Billers([Serves(HttpConnector("demo", biller.url, within_s=2.0), ("*",))])
        central = Central(tmp_path / "central", billers=served)
        opened.callback(central.stop)
        floors, lines = [], []
        for number in ("4", "5"):
            line = FaultyLine(central.port)
            line.start()
            opened.callback(line.close)
            directory = tmp_path / f"terminal-{number}"
            enrol(directory / "data", line.url, central.code(number), number)
            floors.append(opened.enter_context(visit_to(directory, serving(number))))
            lines.append(line)
        for floor in floors:
            up(floor)
        yield Company(central, biller, (floors[0], floors[1]), (lines[0], lines[1]))


class serving:  # noqa: N801 - reads as the function that it is
    """The terminal with this number, for goods and bills, with a line."""

    def __init__(self, terminal_id: str) -> None:
        self._changed = {"id": terminal_id, "profile": "both"}

    def __call__(self, found: Configuration) -> Configuration:
        terminal = found.terminal.model_copy(update=self._changed)
        return found.model_copy(update={"terminal": terminal, "sync": found.sync.model_copy(update={"enabled": True})})


def up(floor: ShopFloor) -> None:
    register = floor.kiosk.terminal.register
    floor.visit.hands.wait(lambda: register.state.line.is_up, "the line", 20)


def session(floor: ShopFloor) -> Session:
    return floor.kiosk.terminal.register.state


def bill(name: str) -> str:
    """A bill of the bench's sheaf, as nobody has paid it before."""
    return next(each.data.decode() for each in sheaf(date.today(), secrets.randbelow(10**10)) if each.id == name)  # noqa: DTZ011 - the bench's own


def show(floor: ShopFloor, code: str, step: str) -> None:
    floor.visit.scan(code, "]Q1")
    floor.visit.hands.wait_for_step(step)


def pay(floor: ShopFloor) -> None:
    floor.visit.hands.press("action.take-bill")
    floor.visit.hands.wait_for_step("basket")
    floor.visit.hands.press("action.pay")
    floor.visit.hands.wait_for_step("pay")
    floor.visit.tap_card("visa")
    floor.visit.hands.wait_for_step("receipt-choice")


def postings(company: Company) -> list[tuple[object, ...]]:
    return told(company.central, "SELECT terminal_id, state FROM bill_posting ORDER BY heard_ms, terminal_id")


def test_a_bill_is_one_customers_at_a_time_and_paid_once(company: Company) -> None:
    first, second = company.floors
    code = bill("emv-mpm")
    show(first, code, "bill")
    show(second, code, "bill-problem")
    assert session(second).bill.problem == "bill-being-paid"  # type: ignore[union-attr] # that step has one
    pay(first)
    until(lambda: postings(company) == [("4", "posted")])
    (receipt,) = company.biller.payments.values()
    assert receipt.amount_minor == 2_440
    assert first.body(Kind.BILL_PAID)["is_confirmed"] is True
    walk_away(second.kiosk)
    second.visit.hands.wait_for_step("attract", "home")
    show(second, code, "bill-problem")
    assert session(second).bill.problem in {"bill-paid", "bill-paid-on"}  # type: ignore[union-attr] # as above


def test_a_bill_that_is_not_paid_after_all_is_another_customers(company: Company) -> None:
    first, second = company.floors
    code = bill("emv-mpm")
    show(first, code, "bill")
    walk_away(first.kiosk)
    first.visit.hands.wait_for_step("attract", "home")
    until(lambda: not told(company.central, "SELECT 1 FROM claim"))
    show(second, code, "bill")


def test_a_bill_that_was_looked_at_while_its_biller_was_away_is_free_again(company: Company) -> None:
    first, second = company.floors
    code = bill("emv-mpm")
    company.biller.fail("500", 2)
    show(first, code, "bill")
    until(lambda: told(company.central, "SELECT 1 FROM claim"))
    company.biller.mend()
    walk_away(first.kiosk)
    first.visit.hands.wait_for_step("attract", "home")
    until(lambda: not told(company.central, "SELECT 1 FROM claim"))
    show(second, code, "bill")


def test_what_both_paid_without_a_line_is_posted_once_and_the_other_has_a_case(company: Company) -> None:
    code = bill("emv-mpm")
    for line in company.lines:
        line.cut()
    for floor in company.floors:
        show(floor, code, "bill")
        pay(floor)
        assert floor.body(Kind.BILL_PAID)["is_confirmed"] is False
    for line in company.lines:
        line.mend()
    until(lambda: sorted(state for _, state in postings(company)) == ["double", "posted"], 60)
    assert len(company.biller.payments) == 1
    ((terminal_id, why, detail),) = told(company.central, "SELECT terminal_id, why, detail FROM refund_case")
    assert why == "double"
    assert str(detail).partition("/")[0] != terminal_id
    assert told(company.central, "SELECT kind FROM alert WHERE closed_ms IS NULL") == [("refund-case",)]
