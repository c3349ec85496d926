"""A refund above the customer's own ceiling: staff at the terminal and the office from afar, within their role, for this one alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain.facts import Kind
from kiosk.services.checkout.office import RemoteApproval
from kiosk.services.checkout.remote import asked_approval
from tests.e2e.refund_counter import MILK_MINOR, at_the_reason, bought, charged, clear, with_refunds
from tests.e2e.shop_floor import ShopFloor, visit_to
from ui.tour.visit import BADGE, PIN, Visit


@pytest.fixture(scope="module")
def strict_floor(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    with visit_to(tmp_path_factory.mktemp("strict"), with_refunds(0)) as opened:
        yield opened


@pytest.fixture
def strict(strict_floor: ShopFloor) -> Iterator[Visit]:
    clear(strict_floor)
    yield strict_floor.visit
    clear(strict_floor)


def at_the_approval(visit: Visit, count: int = 1) -> None:
    code = bought(visit, count)
    at_the_reason(visit, code)
    visit.hands.press("screen.refund-reason.damaged")
    visit.hands.wait_for_step("refund-approval")


def staff_comes(visit: Visit) -> None:
    visit.scan(BADGE, "]C0")
    visit.hands.wait_for_step("staff-login")
    visit.hands.type_digits(PIN)
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("staff-menu")


def test_a_member_of_staff_approves_with_badge_and_pin(strict: Visit, strict_floor: ShopFloor) -> None:
    before = charged(strict)
    at_the_approval(strict)
    assert charged(strict) == before + MILK_MINOR
    staff_comes(strict)
    strict.hands.press("action.approve")
    strict.hands.wait_for_step("refund-done")
    assert charged(strict) == before
    granted, body = strict_floor.body(Kind.APPROVAL_GRANTED), strict_floor.body(Kind.REFUND_COMPLETED)
    assert (granted["reason"], granted["role"]) == ("refund", "attendant")
    assert body["approval"]["bound_to"] == granted["bound_to"]


def test_a_refund_that_staff_refuse_changes_nothing(strict: Visit, strict_floor: ShopFloor) -> None:
    at_the_approval(strict)
    before, done = charged(strict), len(strict_floor.entries(Kind.REFUND_INTENDED))
    staff_comes(strict)
    strict.hands.press("action.refuse")
    strict.hands.wait_for_step("refund-problem")
    assert strict.session.refund is not None and strict.session.refund.problem == "refused"
    assert charged(strict) == before
    assert len(strict_floor.entries(Kind.REFUND_INTENDED)) == done


def test_a_role_approves_no_more_than_its_ceiling(strict: Visit) -> None:
    at_the_approval(strict, 2)
    staff_comes(strict)
    strict.hands.press("action.approve")
    strict.hands.wait(lambda: strict.session.notice is not None, "a word")
    assert strict.session.notice is not None and strict.session.notice.key == "problem.refund-role"
    strict.hands.press("action.back")
    strict.hands.wait_for_step("refund-approval")


def test_the_office_approves_from_afar_this_refund_and_no_other(strict: Visit, strict_floor: ShopFloor) -> None:
    answers: list[tuple[str, str]] = []
    register = strict_floor.kiosk.terminal.register
    register.on_remote(lambda answer: answers.append((answer.status, answer.reason)))
    before = charged(strict)
    at_the_approval(strict, 2)
    asked = asked_approval(strict.session)
    assert asked is not None and (asked.kind, asked.reason) == ("refund", "refund:258:EUR:damaged")
    for bound, role, kind in (
        ("b" * 64, "supervisor", "refund"),
        (asked.basket_hash, "attendant", "refund"),
        (asked.basket_hash, "supervisor", "age"),
    ):
        register.post(RemoteApproval("o1", granted=True, bound_to=bound, staff="Kim", role=role, kind=kind))
    strict.hands.wait(lambda: len(answers) == 3, "the answers")
    assert answers == [("refused", "basket-changed"), ("refused", "role"), ("refused", "not-supported")]
    assert strict.hands.step == "refund-approval"
    register.post(
        RemoteApproval("o2", granted=True, bound_to=asked.basket_hash, staff="Kim", role="supervisor", kind="refund")
    )
    strict.hands.wait_for_step("refund-done")
    assert answers[-1] == ("done", "")
    assert charged(strict) == before
    assert strict_floor.body(Kind.REFUND_COMPLETED)["approval"]["order"] == "o2"


def test_going_back_from_the_approval_takes_it_back(strict: Visit) -> None:
    at_the_approval(strict)
    strict.hands.press("action.back")
    strict.hands.wait_for_step("refund-reason")
    strict.hands.press("action.back")
    strict.hands.wait_for_step("refund-lines")
    assert strict.session.refund is not None and strict.session.refund.approval is None
