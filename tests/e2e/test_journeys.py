"""The shopper's way through the real window: every branch that a shopper may meet, pressed and scanned on real wires."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage

from devices.virtual.payment_cards import CARDS, CUSTOMERS, Entry
from devices.virtual.payment_settings import Fault
from devices.virtual.printer import Fault as PrinterFault
from kiosk.configuration import Configuration
from kiosk.domain.facts import Kind
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from ui.tour.visit import BADGE, BEER, BREAD, MILK, PIN, Visit

MEMBER_MILK = "9526001040032"


def at_the_card(visit: Visit, code: str = MILK) -> None:
    """One article, and the payment terminal asks for a card."""
    visit.scan_item(code)
    visit.hands.press("action.pay")
    visit.hands.wait(lambda: visit.message == "insert-card", "the payment terminal to ask for a card")


def pay(visit: Visit) -> None:
    """A card that the bank likes, held to the reader."""
    visit.hands.press("action.pay")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")


@pytest.mark.parametrize(
    ("customer", "problem"),
    [
        ("declined", "declined"),
        ("expired", "declined"),
        ("unreadable", "card-not-readable"),
        ("wrong-pin", "wrong-pin"),
        ("cancelled", "cancelled"),
        ("cancelled-at-pin", "cancelled"),
    ],
)
def test_a_card_that_pays_nothing_says_so_and_the_next_one_pays(
    visit: Visit, shop_floor: ShopFloor, customer: str, problem: str
) -> None:
    sold = len(shop_floor.entries(Kind.SALE_COMPLETED))
    hurried = replace(CUSTOMERS[customer], card_after_ms=50, key_after_ms=50, removes_after_ms=50)
    visit.payment.expect(hurried)
    visit.scan_item(MILK)
    visit.hands.press("action.pay")
    visit.hands.wait_for_step("pay-problem")
    assert visit.session.problem == problem
    assert shop_floor.kiosk.till.property("problemTitle")
    assert len(visit.session.basket.lines) == 1
    visit.payment.expect(None)
    visit.hands.press("action.other-card" if problem == "declined" else "action.try-again")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")
    assert len(shop_floor.entries(Kind.SALE_COMPLETED)) == sold + 1


def test_a_card_left_in_is_asked_to_be_taken_and_the_sale_stands(visit: Visit, shop_floor: ShopFloor) -> None:
    at_the_card(visit)
    visit.payment.present_card(CARDS["girocard"], Entry.INSERTED)
    visit.hands.wait(lambda: visit.message == "enter-pin", "the PIN to be asked for")
    visit.payment.enter_pin("1234")
    visit.hands.wait(lambda: visit.message == "remove-card", "the card to be given back")
    assert visit.hands.step == "pay"
    visit.hands.wait_for_step("receipt-choice")
    assert shop_floor.body(Kind.SALE_COMPLETED)["total_minor"] == 129


def test_back_stops_the_payment_and_the_basket_is_there_again(visit: Visit, shop_floor: ShopFloor) -> None:
    charged = visit.payment.ledger.charged_minor()
    at_the_card(visit)
    visit.hands.press("action.back-to-basket")
    visit.hands.wait_for_step("basket")
    assert len(visit.session.basket.lines) == 1
    assert visit.payment.ledger.charged_minor() == charged


def test_a_payment_terminal_that_forgot_everything_has_charged_nothing(visit: Visit) -> None:
    charged = visit.payment.ledger.charged_minor()
    at_the_card(visit)
    visit.payment.arm(Fault.POWER_CYCLE)
    visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
    # The screen that asks for patience may come and go between two looks; "not charged" is said only behind it.
    visit.hands.wait(lambda: visit.hands.step == "pay-problem", "the payment to be cleared up", 60)
    assert visit.session.problem == "not-charged"
    assert visit.payment.ledger.charged_minor() == charged


def test_a_badge_while_a_card_is_under_way_does_not_part_the_charge_from_its_sale(
    visit: Visit, shop_floor: ShopFloor
) -> None:
    sold = len(shop_floor.entries(Kind.SALE_COMPLETED))
    at_the_card(visit)
    visit.scan(BADGE, "]C0")
    visit.hands.wait(lambda: visit.session.notice is not None, "a word about the badge")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")
    assert len(shop_floor.entries(Kind.SALE_COMPLETED)) == sold + 1


def test_a_receipt_that_nobody_can_prove_is_offered_again_and_says_copy(visit: Visit, shop_floor: ShopFloor) -> None:
    printer = shop_floor.far.printer
    assert printer is not None
    visit.scan_item(MILK)
    pay(visit)
    printer.ms_per_line = 30
    printer.paper_out_after(4)
    visit.hands.press("action.print")
    visit.hands.wait(lambda: visit.hands.step == "receipt-choice", "the receipt to be offered again")
    assert visit.session.receipt is not None
    assert visit.session.receipt.is_copy
    printer.ms_per_line = 0
    printer.set_fault(PrinterFault.PAPER_OUT, on=False)
    visit.hands.wait(lambda: visit.session.devices.can_print, "paper")
    papers = len(printer.papers)
    visit.hands.press("action.print")
    visit.hands.wait_for_step("thanks")
    visit.hands.wait(lambda: len(printer.papers) > papers, "the receipt")
    assert "COPY" in printer.papers[-1].text


def test_a_code_that_nobody_knows_is_typed_instead(visit: Visit) -> None:
    visit.scan("9526001999996")
    visit.hands.wait_for_step("unknown-code")
    visit.hands.press("action.keypad")
    visit.hands.wait_for_step("keypad")
    visit.hands.type_digits(MILK)
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("basket")
    assert [line.item.gtin[-13:] for line in visit.session.basket.lines] == [MILK]


def test_staff_refuse_the_beer_and_the_bread_stays(visit: Visit, shop_floor: ShopFloor) -> None:
    visit.scan_item(BREAD)
    visit.scan_item(BEER)
    visit.hands.press("action.pay")
    visit.hands.wait_for_step("age-check")
    visit.scan(BADGE, "]C0")
    visit.hands.wait_for_step("staff-login")
    visit.hands.type_digits(PIN)
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("staff-menu")
    visit.hands.press("action.refuse")
    visit.hands.wait_for_step("basket")
    assert [line.item.gtin[-13:] for line in visit.session.basket.lines] == [BREAD]
    assert shop_floor.body(Kind.APPROVAL_REFUSED)["staff"] == "Ada Brandt"
    assert not any(BADGE in entry.fact.subject for entry in shop_floor.entries()), (
        "whoever reads the journal has no badge"
    )


def test_a_member_pays_the_members_price_and_it_is_said(visit: Visit, shop_floor: ShopFloor) -> None:
    visit.scan_item(MEMBER_MILK)
    assert visit.session.priced is not None
    assert visit.session.priced.total.minor == 159
    visit.scan("MBR-20418837", "]C0")
    visit.hands.wait(lambda: visit.session.basket.member, "the member's card")
    assert visit.session.priced.total.minor == 145
    pay(visit)
    (line,) = shop_floor.body(Kind.SALE_COMPLETED)["lines"]
    assert line["savings"][0]["amount_minor"] == 14


def test_a_coupon_counts_once_it_is_reached(visit: Visit) -> None:
    visit.scan("CPN-WELCOME10", "]C0")
    visit.hands.wait(lambda: visit.session.basket.coupons, "the coupon")
    for _ in range(10):
        visit.scan_item(BREAD)
    priced = visit.session.priced
    assert priced is not None
    assert [use.code for use in priced.unused_coupons] == []
    assert priced.total.minor < sum(line.gross.minor for line in priced.lines)


def test_a_basket_on_hold_is_taken_up_again_once(visit: Visit) -> None:
    visit.scan_item(MILK)
    visit.hands.press("screen.basket.more")
    visit.hands.press("action.hold")
    visit.hands.wait_for_step("held")
    code = visit.session.held_code
    visit.hands.press("action.done")
    visit.hands.wait_for_step("attract")
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("basket")
    assert len(visit.session.basket.lines) == 1
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    visit.scan(code, "]C0")
    visit.hands.wait(lambda: visit.session.notice is not None, "a word")
    assert visit.session.basket.is_empty


def test_who_walks_away_leaves_nothing_and_the_books_say_so(visit: Visit, shop_floor: ShopFloor) -> None:
    visit.scan_item(MILK)
    sale_id = visit.session.sale_id
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    voided = shop_floor.body(Kind.SALE_VOIDED)
    assert (voided["sale_id"], voided["reason"]) == (sale_id, "timeout")


def test_another_language_keeps_the_basket_and_the_next_shopper_starts_in_the_first(visit: Visit) -> None:
    visit.scan_item(MILK)
    visit.hands.press("action.language")
    visit.hands.press_label("Deutsch")
    visit.hands.wait(lambda: visit.session.language == "de", "German")
    assert visit.session.basket.item_count == 1
    assert visit.hands.can_press("action.pay")
    assert visit.hands.say("action.pay") == "Bezahlen"
    walk_away(visit.kiosk)
    visit.hands.wait(lambda: visit.session.language == "en", "the next shopper's language")


def test_the_receipt_as_a_code_is_read_off_the_screen(visit: Visit, tmp_path: Path) -> None:
    visit.scan_item(MILK)
    pay(visit)
    visit.hands.press("action.show-qr")
    visit.hands.wait_for_step("receipt-qr")
    assert visit.session.receipt is not None
    file = tmp_path / "screen.png"
    grabbed: QImage = visit.kiosk.grab()
    assert grabbed.save(str(file))
    with Image.open(file) as picture:
        read = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    assert [one.text for one in read] == [visit.session.receipt.qr_text]
    assert "Whole milk" in read[0].text


def test_a_locked_badge_stays_locked_and_a_used_slip_used_when_the_terminal_starts_again(
    qapp: QGuiApplication, tmp_path: Path
) -> None:
    def two_tries(found: Configuration) -> Configuration:
        return found.model_copy(update={"limits": found.limits.model_copy(update={"pin_attempts": 2})})

    with visit_to(tmp_path, two_tries) as floor:
        floor.clear()
        visit = floor.visit
        visit.scan_item(MILK)
        visit.scan("DEP-7K2M9Q4T", "]C0")
        visit.hands.wait(lambda: visit.session.basket.vouchers, "the slip")
        visit.hands.press("action.pay")
        visit.hands.wait_for_step("receipt-choice")
        visit.hands.press("action.no-receipt")
        visit.hands.wait_for_step("thanks")
        visit.hands.press("action.done")
        for _ in range(2):
            log_in(visit, "1111")
            visit.hands.wait(lambda: visit.session.staff and visit.session.staff.refusal, "a refusal")
    with visit_to(tmp_path, two_tries) as floor:
        floor.clear()
        visit = floor.visit
        log_in(visit, PIN)
        visit.hands.wait(lambda: visit.session.staff and visit.session.staff.refusal, "a refusal")
        assert visit.session.staff is not None
        assert visit.session.staff.refusal == "locked"
        visit.hands.press("action.back")
        visit.scan_item(MILK)
        visit.scan("DEP-7K2M9Q4T", "]C0")
        visit.hands.wait(lambda: visit.session.notice is not None, "a word about the slip")
        assert not visit.session.basket.vouchers
        assert visit.session.notice is not None
        assert visit.session.notice.key == "problem.voucher-used"


def log_in(visit: Visit, pin: str) -> None:
    """Badge and PIN."""
    if visit.hands.step != "staff-login":
        visit.scan(BADGE, "]C0")
        visit.hands.wait_for_step("staff-login")
    visit.hands.type_digits(pin)
    visit.hands.press("action.continue")
    visit.hands.wait(lambda: visit.session.staff and not visit.session.staff.checking, "the PIN to be checked")
