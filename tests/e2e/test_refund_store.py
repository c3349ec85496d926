"""A refund in a store of several terminals, and one that nobody knows the end of: claimed first, limited without a line, taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication

from devices.virtual.payment_cards import CARDS, Entry
from devices.virtual.payment_settings import Fault
from kiosk.domain.facts import Kind
from kiosk.ports import ClaimAnswer, ClaimKind, Verdict
from tests.e2e.refund_counter import (
    MILK_MINOR,
    at_the_card,
    at_the_reason,
    bought,
    charged,
    clear,
    with_refunds,
)
from tests.e2e.shop_floor import ShopFloor, visit_to
from ui.tour.visit import BADGE, PIN, Visit


class Store:
    """Answers for a whole store; implements `kiosk.ports.Claims`."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.claimed: list[tuple[ClaimKind, str]] = []
        self.released: list[tuple[ClaimKind, str]] = []

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:
        self.claimed.append((kind, code))
        done(ClaimAnswer(self.verdict))

    def release(self, kind: ClaimKind, code: str, sale_id: str) -> None:
        self.released.append((kind, code))


@pytest.fixture(scope="module")
def floor(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    with visit_to(tmp_path_factory.mktemp("refunds"), with_refunds()) as opened:
        yield opened


@pytest.fixture
def visit(floor: ShopFloor) -> Iterator[Visit]:
    claims = floor.kiosk.terminal.register.claims
    kept = claims.claims
    clear(floor)
    yield floor.visit
    clear(floor)
    claims.claims = kept


def store(floor: ShopFloor, verdict: Verdict) -> Store:
    made = Store(verdict)
    floor.kiosk.terminal.register.claims.claims = made
    return made


def test_a_receipt_is_claimed_while_its_refund_is_under_way_and_left_afterwards(visit: Visit, floor: ShopFloor) -> None:
    code = bought(visit)
    asked = store(floor, Verdict.GRANTED)
    at_the_reason(visit, code)
    assert (asked.claimed, asked.released) == ([(ClaimKind.RECEIPT, code)], [])
    visit.hands.press("screen.refund-reason.damaged")
    visit.hands.wait_for_step("refund-done")
    assert asked.released == [(ClaimKind.RECEIPT, code)]


def test_a_receipt_that_another_terminal_refunds_is_not_touched_here(visit: Visit, floor: ShopFloor) -> None:
    code = bought(visit)
    store(floor, Verdict.TAKEN)
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == "taken"


def test_without_a_line_only_a_little_goes_back(visit: Visit, floor: ShopFloor) -> None:
    code = bought(visit, 16)
    store(floor, Verdict.AWAY)
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-lines")
    visit.hands.press("action.all-of-it")
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == "offline"
    visit.hands.press("action.try-again")
    visit.hands.wait_for_step("refund-lines")
    visit.hands.press("action.to-start")
    visit.hands.wait_for_step("attract")
    at_the_reason(visit, code, pieces=1)


def test_staff_take_a_refund_over_that_nobody_knows_the_end_of_and_it_is_cleared_up(
    visit: Visit, floor: ShopFloor
) -> None:
    code = bought(visit, 2)
    before, done = charged(visit), len(floor.entries(Kind.REFUND_COMPLETED))
    core = visit.payment._core
    kept, core.settings = core.settings, replace(core.settings, removal_timeout_ms=60_000)
    at_the_reason(visit, code, pieces=1)
    at_the_card(visit)
    visit.payment.arm(Fault.ACK_LOST)
    visit.payment.present_card(CARDS["visa"], Entry.INSERTED)
    visit.hands.wait(
        lambda: visit.session.refund is not None and visit.session.refund.message == "enter-pin", "the PIN"
    )
    visit.payment.enter_pin("1234")
    # The card is left in: the payment terminal says that it is busy, and nobody knows yet.
    visit.hands.wait(lambda: visit.session.refund is not None and visit.session.refund.is_unclear, "nobody to know")
    assert visit.session.help_called and not visit.hands.can_press("action.cancel-refund")
    visit.scan(BADGE, "]C0")
    visit.hands.wait_for_step("staff-login")
    visit.hands.type_digits(PIN)
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("staff-menu")
    visit.hands.press("action.take-over")
    visit.hands.wait_for_step("out-of-service")
    assert visit.session.refund is None
    visit.payment.remove_card()
    visit.hands.wait(lambda: visit.hands.step == "attract", "the refund to be cleared up", 60)
    core.settings = kept
    assert charged(visit) == before - MILK_MINOR
    assert len(floor.entries(Kind.REFUND_COMPLETED)) == done + 1
