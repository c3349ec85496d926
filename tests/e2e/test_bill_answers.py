"""What a biller says of a bill, or nobody can say, at the real window: each has its own clear way on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain.bills.offline_policy import OfflineRules
from kiosk.domain.facts import Kind
from kiosk.domain.money import Money
from kiosk.ports import BillAnswer, BillStanding
from tests.e2e.bill_hall import (
    bill,
    bill_hall,
    euro,
    nobody_at,
    open_bill,
    pay,
    show,
    standing,
    told_by,
    with_rules,
)
from tests.e2e.biller_desk import AWAY, OPEN, Told
from tests.e2e.shop_floor import ShopFloor
from tests.unit.sample_bills import FINNISH, epc
from ui.tour.visit import Visit


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


def test_once_what_waits_is_too_old_no_bill_is_taken_unasked(visit: Visit, hall: ShopFloor, billers: Told) -> None:
    billers.answer = AWAY
    show(visit, bill(40))
    visit.hands.press("action.take-bill")
    visit.hands.wait_for_step("basket")
    pay(visit)
    hall.clear()
    with_rules(hall, offline=replace(OfflineRules(), oldest=timedelta(0)))
    show(visit, bill(41), "bill-problem")
    assert visit.session.bill is not None
    assert visit.session.bill.problem == "bill-offline-age"
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
