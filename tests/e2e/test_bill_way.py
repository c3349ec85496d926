"""A bill's way through the real window: shown or typed, asked about, into the basket and paid; and every way in which it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import stdnum.iso7064.mod_97_10
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from kiosk.domain.bills.offline_policy import OfflineRules
from kiosk.domain.facts import Kind
from kiosk.domain.money import Money
from kiosk.ports import BillAnswer, BillStanding
from kiosk.services.bill_payment.rules import BillPayRules
from kiosk.services.checkout.office import ProfileChosen
from tests.e2e.biller_desk import AWAY, OPEN, Told
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from tests.unit.sample_bills import FINNISH, PIX, epc, swiss
from ui.tour.hands import rest
from ui.tour.visit import BADGE, MILK, Visit

BILL = epc({7: "EUR42.10"})


def serving(profile: str, found: Configuration) -> Configuration:
    """The terminal with another profile."""
    return found.model_copy(update={"terminal": found.terminal.model_copy(update={"profile": profile})})


@pytest.fixture(scope="module")
def hall(qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFloor]:
    """One terminal that sells goods and takes bills."""
    with visit_to(tmp_path_factory.mktemp("hall"), lambda found: serving("both", found)) as floor:
        yield floor


@pytest.fixture
def billers(hall: ShopFloor) -> Told:
    """Who is asked about bills: everything is open."""
    office = Told()
    assert hall.kiosk.terminal.bills is not None
    hall.kiosk.terminal.bills.billers = office
    return office


@pytest.fixture
def visit(hall: ShopFloor, billers: Told) -> Iterator[Visit]:
    """Nobody at the terminal; afterwards whoever is there is sent home."""
    hall.clear()
    yield hall.visit
    billers.answer = AWAY
    billers.say(AWAY)
    hall.clear()


def show(visit: Visit, code: str, step: str = "bill") -> None:
    """Hold a bill before the scanner."""
    visit.scan(code, "]Q1")
    visit.hands.wait_for_step(step)


def pay(visit: Visit) -> None:
    visit.hands.press("action.pay")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")


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


def with_rules(hall: ShopFloor, **change: object) -> None:
    """The site decides otherwise about bills, from the next customer on."""
    register = hall.kiosk.terminal.register
    register.use(replace(register.rules, bills=replace(BillPayRules(), **change)))  # type: ignore[arg-type] # the test's own


def standing(kind: BillStanding, **more: object) -> BillAnswer:
    return BillAnswer(kind, **more)  # type: ignore[arg-type] # the test's own


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def bill(number: int, amount: str = "EUR12.30") -> str:
    """A bill that no other test has paid."""
    rest = f"539007547{number:03}"
    reference = f"RF{stdnum.iso7064.mod_97_10.calc_check_digits(rest + 'RF')}{rest}"
    return epc({7: amount, 9: reference})


def open_bill(number: int) -> str:
    return bill(number, "")


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


# --- what the biller says ---


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (standing(BillStanding.PAID), "bill-paid"),
        (standing(BillStanding.PAID, paid_on=date(2026, 11, 2)), "bill-paid-on"),
        (standing(BillStanding.OPEN, amount=euro(0)), "bill-paid"),
        (standing(BillStanding.BEING_PAID), "bill-being-paid"),
        (standing(BillStanding.CLOSED), "bill-closed"),
        (standing(BillStanding.UNKNOWN), "bill-unknown"),
        (standing(BillStanding.OPEN, amount=euro(100_001)), "bill-limit"),
        (standing(BillStanding.OPEN, amount=Money(5, "CHF")), "bill-currency"),
    ],
)
def test_what_cannot_be_paid_is_told_with_one_way_on(
    visit: Visit, hall: ShopFloor, billers: Told, answer: BillAnswer, problem: str
) -> None:
    billers.answer = answer
    show(visit, bill(2), "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == problem
    assert hall.kiosk.till.bill.property("problemTitle")
    visit.hands.press("action.call-staff")
    visit.hands.wait(lambda: visit.session.help_called, "staff")
    visit.hands.press("action.back")
    visit.hands.wait_for_step("attract")
    assert len(billers.released) == (answer.standing is BillStanding.OPEN)


def test_an_overdue_bill_costs_more_where_its_biller_says_so(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    billers.answer = standing(BillStanding.OPEN, amount=euro(1_480), due=date(2026, 1, 2))
    show(visit, bill(3), "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == "bill-overdue-late"
    assert "2.50" in hall.kiosk.till.bill.property("problemText")
    visit.hands.press("action.pay-anyway")
    visit.hands.wait_for_step("bill")
    assert hall.kiosk.till.bill.property("amount") == "14.80\u00a0€"
    assert [row.key for row in hall.kiosk.till.bill.property("sums").rows] == ["late"]


def test_an_overdue_bill_that_nobody_was_asked_about_is_taken_with_a_warning(visit: Visit, billers: Told) -> None:
    billers.answer = AWAY
    show(visit, f"{FINNISH[:17]}00001230{FINNISH[25:48]}260102", "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == "bill-overdue"
    visit.hands.press("action.not-this-bill")
    visit.hands.wait_for_step("attract")


def test_nobody_can_be_asked_and_the_bill_will_be_confirmed(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    billers.answer = AWAY
    show(visit, bill(5))
    assert hall.kiosk.till.bill.property("standing") == visit.hands.say("screen.bill.unconfirmed")
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    assert hall.kiosk.till.basket.property("newestDetail").endswith(visit.hands.say("screen.bill.unconfirmed"))
    pay(visit)
    assert hall.body(Kind.BILL_PAID)["is_confirmed"] is False


def test_no_answer_in_five_seconds_is_none(visit: Visit, billers: Told) -> None:
    billers.answer = None
    visit.scan(bill(6), "]Q1")
    visit.hands.wait_for_step("bill-asking")
    visit.hands.wait_for_step("bill")
    assert visit.session.bill is not None
    assert visit.session.bill.offer is not None
    assert not visit.session.bill.offer.is_confirmed
    billers.say(OPEN)
    visit.hands.wait(lambda: billers.released, "what came too late to be given back")


def test_who_does_not_wait_for_the_answer_keeps_nothing(visit: Visit, billers: Told) -> None:
    billers.answer = None
    visit.scan(bill(7), "]Q1")
    visit.hands.wait_for_step("bill-asking")
    visit.hands.press("action.cancel")
    visit.hands.wait_for_step("attract")
    assert not billers.released
    billers.say(OPEN)
    visit.hands.wait(lambda: len(billers.released) == 1, "the bill to be given back once")
    assert visit.hands.step == "attract"


BEYOND: dict[str, dict[str, Any]] = {
    "off": {"enabled": False},
    "standard": {"standards": frozenset({"boleto"})},
    "biller": {"never": frozenset({"DE89370400440532013000"})},
    "amount": {"biller_amounts_minor": {"DE89370400440532013000": 1}},
    "count": {"count": 0},
    "total": {"total_minor": 1},
    "open-amount": {"open_amounts": False},
}


@pytest.mark.parametrize("reason", BEYOND)
def test_beyond_the_sites_policy_a_bill_waits_for_the_line(
    visit: Visit, hall: ShopFloor, billers: Told, reason: str
) -> None:
    with_rules(hall, offline=replace(OfflineRules(), **BEYOND[reason]))
    billers.answer = AWAY
    show(visit, open_bill(8) if reason == "open-amount" else bill(8), "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == f"bill-offline-{reason}"
    visit.hands.press("action.back")
    visit.hands.wait_for_step("attract")
    with_rules(hall)


# --- amounts ---


def test_an_open_amount_is_entered_between_its_bounds(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    billers.answer = standing(BillStanding.OPEN, minimum=euro(500), maximum=euro(3_000))
    show(visit, open_bill(9), "bill-amount")
    for digits, refused in (("499", "low"), ("3001", "high")):
        visit.hands.press("action.clear")
        visit.hands.type_digits(digits)
        visit.hands.press("action.continue")
        visit.hands.wait(lambda refused=refused: visit.session.bill.refused_amount == refused, "a word")
        assert hall.kiosk.till.bill.property("amountRefused")
    visit.hands.press("action.clear")
    visit.hands.type_digits("1500")
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("bill")
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    pay(visit)
    assert hall.body(Kind.BILL_PAID)["amount_minor"] == 1_500


def test_an_amount_is_changed_where_the_biller_allows_it(visit: Visit, billers: Told) -> None:
    billers.answer = standing(BillStanding.OPEN, may_change=True)
    show(visit, bill(10))
    visit.hands.press("action.change-amount")
    visit.hands.wait_for_step("bill-amount")
    visit.hands.press("action.back")
    visit.hands.wait_for_step("bill")
    visit.hands.press("action.change-amount")
    visit.hands.type_digits("700")
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("bill")
    assert visit.session.bill is not None
    assert visit.session.bill.amount == euro(700)


def test_an_open_amount_can_be_left_alone(visit: Visit, billers: Told) -> None:
    show(visit, open_bill(11), "bill-amount")
    visit.hands.press("action.back")
    visit.hands.wait_for_step("attract")
    assert len(billers.released) == 1


def test_the_fee_is_said_before_the_bill_is_taken(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    with_rules(hall, fee_minor=50, fees_minor={"epc": 75})
    billers.answer = standing(BillStanding.OPEN, fee=euro(100))
    show(visit, bill(12))
    rows = {row.key: row.text for row in hall.kiosk.till.bill.property("sums").rows}
    assert rows == {"fee": "1.75\u00a0€", "total": "14.05\u00a0€"}
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    assert visit.session.priced is not None
    assert visit.session.priced.to_pay == euro(1_405)
    with_rules(hall)


# --- paid before ---


def take_and_pay(visit: Visit, code: str) -> None:
    visit.scan(code, "]Q1")
    visit.hands.wait_for_step("bill", "bill-amount")
    if visit.hands.step == "bill-amount":
        visit.hands.type_digits("900")
        visit.hands.press("action.continue")
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    pay(visit)
    visit.hands.press("action.no-receipt")
    visit.hands.wait_for_step("thanks")
    visit.hands.press("action.done")
    visit.hands.wait_for_step("attract")


def test_a_bill_that_was_paid_here_is_not_paid_again(visit: Visit, billers: Told) -> None:
    take_and_pay(visit, bill(13))
    asked = len(billers.asked)
    show(visit, bill(13), "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == "bill-paid-here"
    assert len(billers.asked) == asked, "nobody has to keep what is not going to be paid"
    assert not visit.hands.can_press("action.pay-anyway")
    visit.hands.press("action.other-bill")
    visit.hands.wait_for_step("bill-start")


@pytest.mark.parametrize("code", [open_bill(14), epc({7: "EUR9.99", 9: "", 10: "Members' fee"})])
def test_what_may_be_owed_twice_is_asked_about(visit: Visit, code: str) -> None:
    take_and_pay(visit, code)
    show(visit, code, "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == "bill-paid-before"
    visit.hands.press("action.pay-anyway")
    visit.hands.wait_for_step("bill-amount", "bill")


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
