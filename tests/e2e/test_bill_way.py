"""A bill's way through the real window: shown or typed, into the basket and paid; and what is left of it when somebody goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain.facts import Kind
from kiosk.domain.money import Money
from kiosk.ports import BillStanding
from kiosk.services.checkout.office import ProfileChosen
from tests.e2e.bill_hall import (
    bill,
    bill_hall,
    nobody_at,
    pay,
    show,
    standing,
    told_by,
    with_rules,
)
from tests.e2e.biller_desk import OPEN, Told
from tests.e2e.shop_floor import ShopFloor, walk_away
from tests.unit.sample_bills import FINNISH, PIX, epc, swiss
from ui.tour.hands import rest
from ui.tour.visit import BADGE, MILK, Visit

BILL = epc({7: "EUR42.10"})


@pytest.fixture(scope="module")
def hall(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """One terminal that sells goods and takes bills."""
    with bill_hall(tmp_path_factory.mktemp("hall")) as floor:
        yield floor


@pytest.fixture
def billers(hall: ShopFloor) -> Told:
    """Who is asked about bills: everything is open."""
    return told_by(hall)


@pytest.fixture
def visit(hall: ShopFloor, billers: Told) -> Iterator[Visit]:
    """Nobody at the terminal; afterwards whoever is there is sent home."""
    with nobody_at(hall, billers) as made:
        yield made


def test_a_bill_is_shown_taken_and_paid(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    show(visit, BILL)
    bill = hall.kiosk.till.bill
    assert bill.property("payee") == "Franz Mustermänn"
    assert bill.property("amount") == "42.10\u00a0€"
    assert bill.property("standing") == visit.hands.say("screen.bill.open")
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    assert visit.session.priced is not None
    assert visit.session.priced.to_pay == Money(4_210, "EUR")
    pay(visit)
    paid = hall.body(Kind.BILL_PAID)
    assert paid["amount_minor"] == 4_210
    assert not billers.released


# --- showing and typing ---


def test_from_the_home_screen_a_bill_is_shown(visit: Visit) -> None:
    visit.hands.press("service.bills")
    visit.hands.wait_for_step("bill-start")
    show(visit, bill(1))
    visit.hands.press("action.not-this-bill")
    visit.hands.wait_for_step("attract")


def test_a_number_is_typed_and_each_field_is_checked_on_the_way(visit: Visit, hall: ShopFloor) -> None:
    visit.hands.press("service.bills")
    visit.hands.wait_for_step("bill-start")
    visit.hands.press("action.type-bill")
    visit.hands.wait_for_step("bill-typing")
    wrong = FINNISH[:16] + str((int(FINNISH[16]) + 1) % 10)
    visit.hands.type_digits(wrong)
    shown = hall.kiosk.till.bill
    assert [row.verdict for row in shown.property("fields").rows] == ["wrong"]
    assert shown.property("verdict") == visit.hands.say("problem.bill-account")
    visit.hands.press("action.delete")
    visit.hands.type_digits(FINNISH[16])
    assert [row.verdict for row in shown.property("fields").rows] == ["good"]
    visit.hands.press("action.continue")
    visit.hands.wait(lambda: visit.session.bill and visit.session.bill.not_read, "a word")
    assert visit.hands.step == "bill-typing"
    visit.hands.type_digits(FINNISH[17:])
    assert shown.property("verdictTone") == "saving"
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("bill-problem", "bill")


def test_what_is_no_bill_says_so_and_the_number_can_be_typed(visit: Visit) -> None:
    visit.hands.press("service.bills")
    visit.hands.wait_for_step("bill-start")
    visit.scan("XYZ-1", "]C0")
    visit.hands.wait_for_step("bill-problem")
    visit.hands.press("action.type-bill")
    visit.hands.wait_for_step("bill-typing")
    visit.hands.press("action.back")
    visit.hands.wait_for_step("bill-start")
    visit.hands.press("action.back")
    visit.hands.wait_for_step("attract")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (epc({6: "DE88370400440532013000"}), "bill-account"),
        (epc({9: "RF19539007547034"}), "bill-reference"),
        (epc({7: "EUR0.00"}), "bill-amount"),
        (epc({5: "A\u202eB"}), "bill-characters"),
        (PIX[:-1] + "E", "bill-checksum"),
    ],
)
def test_a_bill_that_is_not_valid_says_kindly_why(visit: Visit, hall: ShopFloor, code: str, problem: str) -> None:
    visit.scan(code, "]Q1")
    visit.hands.wait_for_step("bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == problem
    assert hall.kiosk.till.bill.property("problemText") == visit.hands.say(f"problem.{problem}")
    visit.hands.press("action.other-bill")
    visit.hands.wait_for_step("bill-start")


def test_a_bill_in_another_currency_is_not_asked_about(visit: Visit, billers: Told) -> None:
    show(visit, swiss({}), "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == "bill-currency"
    assert not billers.asked


# --- the basket ---


def test_the_same_bill_twice_is_said_and_not_doubled(visit: Visit) -> None:
    show(visit, bill(15))
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    visit.scan(bill(15), "]Q1")
    visit.hands.wait(lambda: visit.session.notice and visit.session.notice.key == "notice.bill-already", "a word")
    assert len(visit.session.basket.bills) == 1


def test_goods_and_several_bills_are_paid_at_once(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    visit.scan_item(MILK)
    for number in (16, 17):
        show(visit, bill(number))
        visit.hands.press("action.take-bill")
        visit.hands.wait_for_step("basket")
    rows = hall.kiosk.till.basket.lines.rows
    assert [row.section for row in rows] == [
        visit.hands.say(f"screen.basket.section-{one}") for one in ("goods", "bills")
    ]
    before = len(hall.entries(Kind.BILL_PAID))
    pay(visit)
    assert len(hall.entries(Kind.BILL_PAID)) == before + 2
    assert not billers.released


def test_a_bill_is_taken_out_brought_back_and_given_back_at_the_end(visit: Visit, billers: Told) -> None:
    visit.scan_item(MILK)
    show(visit, bill(18))
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    visit.kiosk.till.remove(visit.session.basket.bills[0].line_id)
    visit.hands.wait(lambda: not visit.session.basket.bills, "the bill to go")
    visit.hands.press("action.undo")
    visit.hands.wait(lambda: visit.session.basket.bills, "the bill to come back")
    visit.kiosk.till.remove(visit.session.basket.bills[0].line_id)
    visit.hands.wait(lambda: not visit.session.basket.bills, "the bill to go")
    pay(visit)
    assert len(billers.released) == 1


def test_where_goods_and_bills_do_not_mix_one_goes_first(visit: Visit, hall: ShopFloor) -> None:
    with_rules(hall, mixed=False)
    visit.scan_item(MILK)
    show(visit, bill(19), "bill-problem")
    assert not visit.hands.can_press("action.other-bill")
    visit.hands.press("action.back-to-basket")
    visit.hands.wait_for_step("basket")
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    show(visit, bill(19))
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    visit.scan(MILK)
    visit.hands.wait(lambda: visit.session.notice and visit.session.notice.key == "notice.bills-first", "a word")
    assert not visit.session.basket.lines
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    with_rules(hall)


def test_from_a_basket_a_bill_without_a_code_can_be_typed(visit: Visit) -> None:
    visit.scan_item(MILK)
    visit.hands.press("screen.basket.more")
    visit.hands.press("service.bills")
    visit.hands.wait_for_step("bill-start")
    visit.hands.press("action.back")
    visit.hands.wait_for_step("basket")
    assert len(visit.session.basket.lines) == 1


def test_another_code_has_to_wait_until_the_bill_is_decided(visit: Visit) -> None:
    show(visit, bill(20))
    visit.scan(MILK)
    visit.hands.wait(lambda: visit.session.notice and visit.session.notice.key == "notice.bill-first", "a word")
    assert visit.hands.step == "bill"


def test_a_badge_goes_before_a_bill_which_is_given_back(visit: Visit, billers: Told) -> None:
    show(visit, bill(21))
    visit.scan(BADGE, "]C0")
    visit.hands.wait_for_step("staff-login")
    assert visit.session.bill is None
    assert len(billers.released) == 1


# --- profiles, language, leaving ---


def test_in_a_banks_hall_the_basket_holds_bills_alone(visit: Visit, hall: ShopFloor) -> None:
    register = hall.kiosk.terminal.register
    register.post(ProfileChosen("bank"))
    visit.hands.wait(lambda: visit.session.profile == "bank", "the profile")
    show(visit, bill(22))
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    assert not visit.hands.can_press("action.produce")
    visit.hands.press("action.other-bill")
    visit.hands.wait_for_step("bill-start")
    visit.hands.press("action.back")
    visit.hands.wait_for_step("basket")
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    register.post(ProfileChosen("both"))
    visit.hands.wait(lambda: visit.session.profile == "both", "the profile")


def test_where_no_bills_are_taken_one_gets_a_kind_word(visit: Visit, hall: ShopFloor) -> None:
    register = hall.kiosk.terminal.register
    register.post(ProfileChosen("self-checkout"))
    visit.hands.wait(lambda: visit.session.profile == "self-checkout", "the profile")
    visit.scan(bill(23), "]Q1")
    visit.hands.wait_for_step("unknown-code")
    assert visit.session.problem == "bill-not-here"
    visit.hands.press("action.scan-again")
    visit.hands.wait_for_step("attract")
    register.post(ProfileChosen("both"))
    visit.hands.wait(lambda: visit.session.profile == "both", "the profile")


def test_another_language_in_the_middle_keeps_the_bill(visit: Visit, hall: ShopFloor) -> None:
    show(visit, bill(24))
    visit.hands.press("action.language")
    visit.hands.press_label("Deutsch")
    visit.hands.wait(lambda: visit.session.language == "de", "German")
    assert visit.hands.step == "bill"
    shown = hall.kiosk.till.bill
    assert shown.property("amount") == "12,30\u00a0€"
    assert shown.property("standing") == visit.hands.say("screen.bill.open")
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")


@pytest.mark.parametrize("step", ["bill-start", "bill-typing", "bill-asking", "bill", "bill-amount", "bill-problem"])
def test_who_walks_away_leaves_no_bill_behind(visit: Visit, hall: ShopFloor, billers: Told, step: str) -> None:
    reach(visit, billers, step)
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    assert visit.session.bill is None
    billers.say(OPEN)
    rest(50)
    kept = len(billers.asked) if step in ("bill-asking", "bill", "bill-amount") else 0
    assert len(billers.released) == kept
    left = repr(hall.kiosk.till.bill._values) + repr(hall.kiosk.till.basket._values)
    rows = [*hall.kiosk.till.bill.facts.rows, *hall.kiosk.till.bill.sums.rows, *hall.kiosk.till.bill.fields.rows]
    assert not rows
    assert not hall.kiosk.till.basket.lines.rows
    assert "MARKER" not in left


def reach(visit: Visit, billers: Told, step: str) -> None:
    """Stand at a step of a bill, with something of one's own on the screen."""
    marked = epc({5: "MARKER GmbH", 7: "" if step == "bill-amount" else "EUR5.00", 9: "", 10: "MARKER"})
    if step in ("bill-start", "bill-typing"):
        visit.hands.press("service.bills")
        visit.hands.wait_for_step("bill-start")
        if step == "bill-typing":
            visit.hands.press("action.type-bill")
            visit.hands.wait_for_step("bill-typing")
            visit.hands.type_digits("2379338128")
        return
    billers.answer = None if step == "bill-asking" else OPEN
    if step == "bill-problem":
        billers.answer = standing(BillStanding.CLOSED)
    show(visit, marked, step)
