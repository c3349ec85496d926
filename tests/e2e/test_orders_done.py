"""What the office sets and asks of a whole terminal at the real service: settings, the profile it serves, and questions it does not ask."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain.facts import Kind
from sync.central.commands import NewCommand, issue
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from sync.protocol.commands import CommandKind
from tests.e2e.central_ends import Central, change, told
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from tests.e2e.test_terminal_line import state, with_line
from ui.tour.visit import MILK


@pytest.fixture
def data(tmp_path: Path, central: Central, line: FaultyLine) -> Path:
    enrol(tmp_path / "data", line.url, central.code("4"), "4")
    return tmp_path


@pytest.fixture
def floor(qapp: QGuiApplication, data: Path) -> Iterator[ShopFloor]:
    with visit_to(data, with_line) as opened:
        yield opened


def order(central: Central, floor: ShopFloor, kind: CommandKind, /, bound_to: str = "", **body: Any) -> dict[str, Any]:
    """What the terminal answers, as the service keeps it."""
    new = NewCommand("4", "S1", kind, body, "kim", 60, bound_to=bound_to)
    command = change(central.url, lambda c: issue(c, new, time.time()))
    sql = f"SELECT result FROM command WHERE command_id = '{command}' AND result IS NOT NULL"  # noqa: S608 - of the test
    floor.visit.hands.wait(lambda: told(central, sql), f"the answer to {kind}", 30)
    found: dict[str, Any] = json.loads(told(central, sql)[0][0])
    return found


def test_settings_of_the_office_hold_from_the_next_shopper_on_and_after_a_restart(
    qapp: QGuiApplication, data: Path, central: Central
) -> None:
    with visit_to(data, with_line) as floor:
        visit = floor.visit
        visit.scan_item(MILK)
        settings = {"limits.line_count": 2, "limits.pin_attempts": 3}
        answer = order(central, floor, CommandKind.CONFIGURATION, settings=settings)
        assert (answer["status"], answer["reason"]) == ("done", "at-next-start")
        assert answer["body"] == {"at_next_start": ["limits.pin_attempts"]}
        changed = floor.body(Kind.CONFIG_CHANGED)
        assert (changed["by"], changed["settings"]) == ("kim", settings)
        visit.scan_item(MILK)
        visit.scan_item(MILK)  # who began before keeps the rules of before
        walk_away(floor.kiosk)
        visit.hands.wait_for_step("attract")
        too_many(floor)
    with visit_to(data, with_line) as floor:
        assert floor.kiosk.terminal.configuration.limits.pin_attempts == 3
        too_many(floor)
        back = order(central, floor, CommandKind.CONFIGURATION, settings={"limits.line_count": None})
        assert back["status"] == "done"
        assert floor.kiosk.terminal.configuration.limits.line_count == 99


def too_many(floor: ShopFloor) -> None:
    """Two pieces are fine, the third is not."""
    for _ in range(2):
        floor.visit.scan_item(MILK)
    floor.visit.scan(MILK)
    floor.visit.hands.wait(
        lambda: (n := floor.visit.session.notice) is not None and n.key == "problem.count-limit", "the limit"
    )
    walk_away(floor.kiosk)
    floor.visit.hands.wait_for_step("attract")


WRONG: tuple[dict[str, Any], ...] = (
    {"limits.line_count": 100_000},
    {"limits.line_count": "2"},
    {"data.directory": "/tmp"},  # noqa: S108 - refused
    {"devices.printer.transport": "tcp:10.0.0.1:9100", "limits.line_count": 2},
    {"limits.line_count": 2, "timeouts.countdown_s": 1},
    {"sync.url": "https://elsewhere.example"},
)


def test_settings_that_are_wrong_or_not_the_offices_change_nothing(
    floor: ShopFloor, central: Central, data: Path
) -> None:
    before = floor.kiosk.terminal.configuration
    for settings in WRONG:
        answer = order(central, floor, CommandKind.CONFIGURATION, settings=settings)
        assert (answer["status"], answer["reason"]) == ("refused", "invalid")
        assert answer["body"]["problems"][0].startswith("the central service: ")
    assert floor.kiosk.terminal.configuration == before
    assert not (data / "data" / "policy.json").exists()
    assert floor.entries(Kind.CONFIG_CHANGED) == []


def test_a_lane_is_closed_and_opened_from_afar_but_never_under_a_shoppers_hands(
    qapp: QGuiApplication, data: Path, central: Central
) -> None:
    with visit_to(data, with_line) as floor:
        floor.visit.scan_item(MILK)
        answer = order(central, floor, CommandKind.FUNCTION_PROFILE, profile="closed")
        assert (answer["status"], answer["reason"]) == ("refused", "busy")
        walk_away(floor.kiosk)
        floor.visit.hands.wait_for_step("attract")
        unknown = order(central, floor, CommandKind.FUNCTION_PROFILE, profile="petrol")
        assert (unknown["status"], unknown["reason"]) == ("refused", "unknown-profile")
        assert order(central, floor, CommandKind.FUNCTION_PROFILE, profile="closed")["status"] == "done"
        floor.visit.hands.wait_for_step("out-of-service")
        floor.visit.hands.wait(lambda: state(central).get("mode") == "closed", "the office to see it", 20)
        assert floor.body(Kind.CONFIG_CHANGED)["settings"] == {"terminal.profile": "closed"}
    with visit_to(data, with_line) as floor:
        floor.visit.hands.wait_for_step("out-of-service")
        assert order(central, floor, CommandKind.FUNCTION_PROFILE, profile="self-checkout")["status"] == "done"
        floor.visit.hands.wait_for_step("attract")
        floor.visit.scan_item(MILK)


def test_a_refund_that_nobody_waits_for_is_not_approved(floor: ShopFloor, central: Central) -> None:
    body = {"kind": "refund", "request_id": "r1", "staff": "Kim", "role": "supervisor", "reason": ""}
    answer = order(central, floor, CommandKind.APPROVE, bound_to="b" * 64, **body)
    assert (answer["status"], answer["reason"]) == ("refused", "not-waiting")


def test_a_price_from_the_shelf_is_granted_from_afar_for_that_basket_and_within_the_role(
    floor: ShopFloor, central: Central
) -> None:
    hands, visit = floor.visit.hands, floor.visit
    visit.scan_item(MILK)
    price = visit.session.basket.lines[0].item.price.minor
    hands.press("screen.basket.more")
    hands.press("action.other-price")
    hands.wait_for_step("price")
    hands.type_digits(str(price - 20))
    hands.press("action.continue")
    hands.wait_for_step("price-check")
    hands.wait(lambda: bool(state(central).get("approvals")), "the office to see the question", 20)
    asked: dict[str, Any] = state(central)["approvals"][0]  # type: ignore[index]
    assert (asked["kind"], asked["reason"]) == ("price", f"price:{price}:{price - 20}:EUR")
    body = {"kind": "price", "request_id": asked["request_id"], "staff": "Kim", "reason": "seen it"}
    other = order(central, floor, CommandKind.APPROVE, bound_to="b" * 64, role="supervisor", **body)
    assert (other["status"], other["reason"]) == ("refused", "basket-changed")
    bound = asked["basket_hash"]
    nobody = order(central, floor, CommandKind.APPROVE, bound_to=bound, role="auditor", **body)
    assert (nobody["status"], nobody["reason"]) == ("refused", "role")
    granted = order(central, floor, CommandKind.APPROVE, bound_to=bound, role="supervisor", **body)
    assert granted["status"] == "done"
    hands.wait_for_step("basket")
    assert visit.session.basket.lines[0].item.price.minor == price - 20
    assert floor.body(Kind.APPROVAL_GRANTED)["to_minor"] == price - 20
