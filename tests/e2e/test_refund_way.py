"""The way of a refund through the real window: every branch that a customer or a member of staff may meet, on real wires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from devices.virtual.payment_cards import CARDS, CUSTOMERS, Entry
from devices.virtual.payment_ledger import Kind as LedgerKind
from devices.virtual.payment_settings import Fault
from devices.virtual.printer import Fault as PrinterFault
from kiosk.domain.facts import Kind
from tests.e2e.refund_counter import (
    MILK_MINOR,
    at_the_card,
    at_the_reason,
    bought,
    charged,
    clear,
    with_refunds,
)
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from ui.tour.visit import MILK, Visit


@pytest.fixture(scope="module")
def floor(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    with visit_to(tmp_path_factory.mktemp("refunds"), with_refunds()) as opened:
        yield opened


@pytest.fixture
def visit(floor: ShopFloor) -> Iterator[Visit]:
    clear(floor)
    yield floor.visit
    clear(floor)


def test_a_whole_receipt_of_today_is_reversed_without_a_card_and_can_be_had_on_paper(
    visit: Visit, floor: ShopFloor
) -> None:
    before = charged(visit)
    code = bought(visit, 2)
    printer = floor.far.printer
    assert printer is not None
    at_the_reason(visit, code)
    visit.hands.press("screen.refund-reason.changed-mind")
    visit.hands.wait_for_step("refund-done")
    assert charged(visit) == before
    assert visit.payment.ledger.entries[-1].kind is LedgerKind.REVERSAL
    body = floor.body(Kind.REFUND_COMPLETED)
    assert (body["amount_minor"], body["card_minor"], body["voucher_minor"]) == (2 * MILK_MINOR, 2 * MILK_MINOR, 0)
    assert (body["reason"], body["tender"]["method"], body["receipt_code"]) == ("changed-mind", "reversal", code)
    assert [(one["count"], one["gtin"][-13:]) for one in body["stock"]] == [(2, MILK)]
    papers = len(printer.papers)
    visit.hands.press("action.print")
    visit.hands.wait_for_step("thanks")
    visit.hands.wait(lambda: len(printer.papers) > papers, "the receipt")
    text = printer.papers[-1].text
    assert "Refund" in text and "2.58" in text and f"R{body['number']}" in text
    kinds = [entry.fact.kind for entry in floor.entries() if entry.fact.subject == body["refund_id"]]
    assert kinds == [Kind.REFUND_INTENDED, Kind.REFUND_COMPLETED, Kind.RECEIPT_PRINTED]


def test_a_part_goes_back_to_the_card_that_paid_and_the_rest_another_day(visit: Visit, floor: ShopFloor) -> None:
    before = charged(visit)
    code = bought(visit, 3)
    for left in (2, 1):
        at_the_reason(visit, code, pieces=1)
        at_the_card(visit)
        visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
        visit.hands.wait_for_step("refund-done")
        assert charged(visit) == before + left * MILK_MINOR
        visit.hands.press("action.no-receipt")
        walk_away(visit.kiosk)
        visit.hands.wait_for_step("attract")
    at_the_reason(visit, code)
    at_the_card(visit)
    visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
    visit.hands.wait_for_step("refund-done")
    assert charged(visit) == before
    visit.hands.press("action.show-qr")
    visit.hands.wait_for_step("refund-qr")
    assert floor.kiosk.till.property("refund").property("qrRows")
    visit.hands.press("action.done")
    visit.hands.wait_for_step("attract")
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == "already"


def test_another_card_gets_nothing_and_the_right_one_may_be_tried_again(visit: Visit) -> None:
    before = charged(visit) + 2 * MILK_MINOR
    code = bought(visit, 2)
    at_the_reason(visit, code, pieces=1)
    at_the_card(visit)
    visit.payment.present_card(CARDS["mastercard"], Entry.TAPPED)
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == "other-card"
    assert charged(visit) == before
    visit.hands.press("action.try-again")
    visit.hands.wait_for_step("refund-lines")
    visit.hands.press("action.all-of-it")
    visit.hands.press("action.continue")
    visit.hands.press("screen.refund-reason.damaged")
    # The whole payment, but no longer the terminal's last: it refuses to reverse, and asks for the card.
    visit.hands.wait(lambda: visit.hands.step == "refund-done" or waits_for_a_card(visit), "the money")
    if visit.hands.step != "refund-done":
        visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
    visit.hands.wait_for_step("refund-done")
    assert charged(visit) == before - 2 * MILK_MINOR


def waits_for_a_card(visit: Visit) -> bool:
    return visit.session.refund is not None and visit.session.refund.message == "insert-card"


def test_a_card_that_the_bank_does_not_like_says_so(visit: Visit) -> None:
    code = bought(visit, 2)
    before = charged(visit)
    at_the_reason(visit, code, pieces=1)
    visit.payment.expect(replace(CUSTOMERS["declined"], card_after_ms=50))
    visit.hands.press("screen.refund-reason.damaged")
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == "declined"
    assert charged(visit) == before
    visit.payment.expect(None)
    assert visit.kiosk.terminal.books.journal.ledger.given_back(visit.session.refund.sale.sale_id) == {}  # type: ignore[union-attr]


def test_a_refund_can_be_stopped_at_the_card_and_its_lines_are_there_again(visit: Visit) -> None:
    code = bought(visit, 2)
    before = charged(visit)
    at_the_reason(visit, code, pieces=1)
    at_the_card(visit)
    visit.hands.press("action.cancel-refund")
    visit.hands.wait_for_step("refund-lines")
    assert visit.session.refund is not None and sum(visit.session.refund.chosen.values()) == 1
    assert charged(visit) == before
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("refund-reason")
    at_the_card(visit)
    visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
    visit.hands.wait_for_step("refund-done")
    assert charged(visit) == before - MILK_MINOR


@pytest.mark.parametrize("fault", [Fault.APPROVAL_LOST, Fault.ACK_LOST, Fault.COMPLETION_LOST])
def test_a_line_lost_in_the_middle_is_cleared_up_and_the_money_goes_back_once(visit: Visit, fault: Fault) -> None:
    code = bought(visit, 2)
    before = charged(visit)
    at_the_reason(visit, code, pieces=1)
    at_the_card(visit)
    visit.payment.arm(fault)
    visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
    visit.hands.wait(lambda: visit.hands.step in ("refund-done", "refund-problem"), "the refund to be cleared up", 60)
    given = before - charged(visit)
    assert given in (0, MILK_MINOR)
    assert (visit.hands.step == "refund-done") == bool(given)
    assert not visit.session.payment_unresolved


def test_a_payment_terminal_that_is_busy_gives_nothing_back(visit: Visit) -> None:
    code = bought(visit, 2)
    before = charged(visit)
    at_the_reason(visit, code, pieces=1)
    visit.payment.arm(Fault.BUSY)
    visit.hands.press("screen.refund-reason.damaged")
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == "busy"
    assert charged(visit) == before


def test_the_receipts_number_may_be_typed_from_the_home_screen(visit: Visit) -> None:
    code = bought(visit)
    visit.hands.press("service.refund")
    visit.hands.wait_for_step("refund-start")
    visit.hands.type_digits(str(int(code.rpartition("-")[2])))
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("refund-lines")
    visit.hands.press("action.to-start")
    visit.hands.wait_for_step("attract")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("RCP-4-999999", "unknown"),
        ("RCP-4-R12", "refund-receipt"),
        ("RCP-12-000007", "elsewhere"),
        ("RCP-nonsense", "unknown"),
    ],
)
def test_a_receipt_that_leads_nowhere_here_says_where(visit: Visit, code: str, problem: str) -> None:
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == problem
    title = visit.kiosk.till.property("refund").property("problemTitle")
    assert title and ("12" in title) == (problem == "elsewhere")
    visit.hands.press("action.other-receipt")
    visit.hands.wait_for_step("refund-start")
    visit.hands.press("action.to-start")
    visit.hands.wait_for_step("attract")


def test_goods_in_the_basket_come_first(visit: Visit) -> None:
    code = bought(visit)
    visit.scan_item(MILK)
    visit.scan(code, "]C0")
    visit.hands.wait(lambda: visit.session.notice is not None, "a word")
    assert visit.session.notice is not None and visit.session.notice.key == "notice.refund-basket"
    assert visit.hands.step == "basket"


def test_what_is_no_receipt_is_put_off_kindly(visit: Visit) -> None:
    visit.hands.press("service.refund")
    visit.hands.wait_for_step("refund-start")
    visit.scan(MILK)
    visit.hands.wait(lambda: visit.session.notice is not None, "a word")
    assert visit.session.notice is not None and visit.session.notice.key == "notice.refund-scan-receipt"


def test_nobody_goes_on_without_choosing_and_an_absent_customer_leaves_nothing(visit: Visit) -> None:
    code = bought(visit)
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-lines")
    assert not visit.hands.can_press("action.continue")
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    assert visit.session.refund is None
    refund = visit.kiosk.till.property("refund")
    assert refund.property("total") == "" and not refund.property("lines").rows


def test_a_receipt_of_last_year_is_too_old(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    code = bought(visit)
    later = visit.kiosk.terminal.loop.wall() + timedelta(days=400)
    monkeypatch.setattr(visit.kiosk.terminal.register._loop, "wall", lambda: later)
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-problem")
    assert visit.session.refund is not None and visit.session.refund.problem == "too-old"
    assert isinstance(later, datetime)


def test_without_paper_the_code_is_offered(visit: Visit, floor: ShopFloor) -> None:
    code = bought(visit)
    assert floor.far.printer is not None
    floor.far.printer.set_fault(PrinterFault.PAPER_OUT, on=True)
    visit.hands.wait(lambda: not visit.session.devices.can_print, "the printer to be out of paper")
    at_the_reason(visit, code)
    visit.hands.press("screen.refund-reason.expired")
    visit.hands.wait_for_step("refund-done")
    visit.hands.press("action.show-qr")
    visit.hands.wait_for_step("refund-qr")


def test_the_books_of_a_refund_stand_after_a_restart(qapp: QGuiApplication, tmp_path: Path) -> None:
    with visit_to(tmp_path, with_refunds()) as first:
        clear(first)
        code = bought(first.visit, 2)
        at_the_reason(first.visit, code, pieces=1)
        at_the_card(first.visit)
        first.visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
        first.visit.hands.wait_for_step("refund-done")
    with visit_to(tmp_path, with_refunds()) as second:
        clear(second)
        second.visit.scan(code, "]C0")
        second.visit.hands.wait_for_step("refund-lines")
        assert second.visit.session.refund is not None
        assert dict(second.visit.session.refund.given_back) == {1: 1}
