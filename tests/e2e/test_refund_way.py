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
from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from kiosk.services.checkout.office import RemoteApproval
from kiosk.services.checkout.remote import asked_approval
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from ui.tour.hands import Hands
from ui.tour.visit import BADGE, MILK, PIN, Visit

MILK_MINOR = 129
SUPERVISOR = "STF-1002-4HMD"


def with_refunds(customer_minor: int = 10_000) -> object:
    """A shop whose customers may take so much back without a member of staff."""

    def changed(configuration: Configuration) -> Configuration:
        refunds = configuration.refunds.model_copy(
            update={"ceilings_minor": {"customer": customer_minor, "attendant": 200, "supervisor": 50_000}}
        )
        terminal = configuration.terminal.model_copy(update={"profile": "shop"})
        return configuration.model_copy(update={"refunds": refunds, "terminal": terminal})

    return changed


@pytest.fixture(scope="module")
def floor(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    with visit_to(tmp_path_factory.mktemp("refunds"), with_refunds()) as opened:  # type: ignore[arg-type]
        yield opened


@pytest.fixture(scope="module")
def strict_floor(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    with visit_to(tmp_path_factory.mktemp("strict"), with_refunds(0)) as opened:  # type: ignore[arg-type]
        yield opened


@pytest.fixture
def visit(floor: ShopFloor) -> Iterator[Visit]:
    clear(floor)
    yield floor.visit
    clear(floor)


@pytest.fixture
def strict(strict_floor: ShopFloor) -> Iterator[Visit]:
    clear(strict_floor)
    yield strict_floor.visit
    clear(strict_floor)


def clear(floor: ShopFloor) -> None:
    """Nobody at the terminal, everything mended."""
    hands = floor.visit.hands
    assert floor.far.printer is not None
    for fault in PrinterFault:
        floor.far.printer.set_fault(fault, on=False)
    floor.visit.payment.disarm(*Fault)
    floor.visit.payment.expect(None)
    register = floor.kiosk.terminal.register

    def is_free() -> bool:
        if hands.step == "refund-money":
            floor.visit.payment.cancel_key()
        elif hands.step != "attract":
            walk_away(floor.kiosk)
        devices = register.state.devices
        return hands.step == "attract" and devices.can_print and devices.can_charge

    hands.wait(is_free, "everybody to leave", 60)


def bought(visit: Visit, count: int = 1) -> str:
    """So many milks, paid; gives the receipt's code."""
    for _ in range(count):
        visit.scan_item(MILK)
    visit.hands.press("action.pay")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")
    assert visit.session.receipt is not None
    number = visit.session.receipt.receipt_number
    visit.hands.press("action.no-receipt")
    visit.hands.wait_for_step("thanks")
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    return f"RCP-4-{int(number):06d}"


def at_the_reason(visit: Visit, code: str, *, pieces: int = 0) -> None:
    """The receipt is scanned, and all of it or so many pieces are chosen."""
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-lines")
    if pieces:
        for _ in range(pieces):
            visit.hands.press_label(more(visit.hands, visit))
    else:
        visit.hands.press("action.all-of-it")
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("refund-reason")


def more(hands: Hands, visit: Visit) -> str:
    """What the plus beside the only line is called."""
    assert visit.session.refund is not None and visit.session.refund.sale is not None
    words = hands.kiosk.terminal.words
    return words("name.more", item=visit.session.refund.sale.lines[0].name)


def at_the_card(visit: Visit) -> None:
    """The reason is given, and the payment terminal asks for a card."""
    visit.hands.press("screen.refund-reason.damaged")
    wait_for_word(visit, "insert-card")


def wait_for_word(visit: Visit, word: str) -> None:
    visit.hands.wait(
        lambda: visit.session.refund is not None and visit.session.refund.message == word,
        f"the payment terminal to say {word}",
    )


def charged(visit: Visit) -> int:
    return visit.payment.ledger.charged_minor()


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
    visit.hands.wait(lambda: visit.session.refund is not None and visit.session.refund.qr_text, "the code")
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
    visit.hands.wait(lambda: visit.session.refund is not None and visit.session.refund.qr_text, "the code")


# --- above the customer's own ceiling ---


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


def test_the_books_of_a_refund_stand_after_a_restart(qapp: QGuiApplication, tmp_path: Path) -> None:
    with visit_to(tmp_path, with_refunds()) as first:  # type: ignore[arg-type]
        clear(first)
        code = bought(first.visit, 2)
        at_the_reason(first.visit, code, pieces=1)
        at_the_card(first.visit)
        first.visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
        first.visit.hands.wait_for_step("refund-done")
    with visit_to(tmp_path, with_refunds()) as second:  # type: ignore[arg-type]
        clear(second)
        second.visit.scan(code, "]C0")
        second.visit.hands.wait_for_step("refund-lines")
        assert second.visit.session.refund is not None
        assert dict(second.visit.session.refund.given_back) == {1: 1}
