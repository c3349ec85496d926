"""A refund at a whole terminal and the real service: its receipt claimed, approved by the office, and what went back in the books there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from devices.virtual.payment_cards import CARDS, Entry
from kiosk.configuration import Configuration
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from sync.protocol.commands import CommandKind
from tests.e2e.central_ends import Central, told
from tests.e2e.refund_counter import MILK_MINOR, at_the_reason, bought, charged, with_refunds
from tests.e2e.shop_floor import ShopFloor, visit_to
from tests.e2e.test_orders_done import order
from tests.e2e.test_terminal_line import state, with_line


@pytest.fixture
def floor(qapp: QGuiApplication, tmp_path: Path, central: Central, line: FaultyLine) -> Iterator[ShopFloor]:
    enrol(tmp_path / "data", line.url, central.code("4"), "4")

    def changed(found: Configuration) -> Configuration:
        return with_line(with_refunds(0)(found))

    with visit_to(tmp_path, changed) as opened:
        yield opened


def test_the_office_approves_a_refund_and_sees_what_went_back(floor: ShopFloor, central: Central) -> None:
    hands, visit = floor.visit.hands, floor.visit
    hands.wait(lambda: visit.session.line.is_up, "the line", 30)
    code = bought(visit, 2)
    at_the_reason(visit, code, pieces=1)
    assert told(central, "SELECT kind, code FROM claim") == [("receipt", code)]
    hands.press("screen.refund-reason.damaged")
    hands.wait_for_step("refund-approval")
    hands.wait(lambda: bool(state(central).get("approvals")), "the office to see the question", 20)
    asked: dict[str, Any] = state(central)["approvals"][0]  # type: ignore[index]
    assert (asked["kind"], asked["reason"]) == ("refund", f"refund:{MILK_MINOR}:EUR:damaged")
    body = {"kind": "refund", "request_id": asked["request_id"], "staff": "Kim", "role": "supervisor", "reason": "seen"}
    granted = order(central, floor, CommandKind.APPROVE, bound_to=asked["basket_hash"], **body)
    assert granted["status"] == "done"
    hands.wait(
        lambda: visit.session.refund and visit.session.refund.message == "insert-card", "the card to be asked for"
    )
    before = charged(visit)
    visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
    hands.wait_for_step("refund-done")
    assert charged(visit) == before - MILK_MINOR
    sql = "SELECT amount_minor, reason, staff, method FROM refund"
    hands.wait(lambda: told(central, sql) == [(MILK_MINOR, "damaged", "Kim", "refund")], "the refund in its books", 30)
    hands.wait(lambda: told(central, "SELECT kind FROM claim") == [], "the receipt to be free again", 10)
