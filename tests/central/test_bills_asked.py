"""A terminal asks about a bill: the real service, the real demo biller, and lines that fail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from bill_ends import DONATION, POWER, answer, asking, bill_of, billers, pay
from service import Service, Terminal, until

from kiosk.domain.money import Money
from kiosk.ports.billing import BillAnswer, BillStanding
from sync.central.billers.configured import Billers
from sync.central.billers.demo_biller import DemoBiller
from sync.protocol.bills import BillAsk


@pytest.fixture
def biller() -> Iterator[DemoBiller]:
    made = DemoBiller()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def service(url: str, biller: DemoBiller) -> Iterator[Service]:
    running = Service(url, billers=billers(biller))
    yield running
    running.stop()


def test_the_biller_says_how_a_bill_stands(terminal: Terminal, biller: DemoBiller) -> None:
    late, owed = bill_of(10_022), Money(10_522, "CHF")
    biller.standings[POWER.account, "RF18"] = BillAnswer(BillStanding.OPEN, payee="Stadtwerke", fee=Money(50, "CHF"))
    with asking(terminal) as (bills, _):
        assert answer(bills, POWER) == BillAnswer(BillStanding.OPEN)
        assert answer(bills, bill_of(10_011)).standing is BillStanding.PAID
        assert answer(bills, bill_of(10_033)).standing is BillStanding.CLOSED
        assert answer(bills, bill_of(10_044)).standing is BillStanding.UNKNOWN
        overdue = answer(bills, late)
        assert (overdue.standing, overdue.amount, overdue.due) == (BillStanding.OPEN, owed, late.due)
        change = answer(bills, bill_of(10_055))
        assert (change.may_change, change.minimum, change.maximum) == (True, Money(100, "CHF"), Money(20_110, "CHF"))
        named = answer(bills, bill_of(500, "RF18"))
        assert (named.payee, named.fee) == ("Stadtwerke", Money(50, "CHF"))


def test_a_bill_that_another_sale_has_is_being_paid_until_it_is_given_back(
    service: Service, terminal: Terminal
) -> None:
    other = Terminal(service, "T2", "S2").known()  # another store, too: a bill is the company's
    with asking(terminal) as (bills, _), asking(other) as (theirs, _):
        assert answer(bills, POWER, "a").standing is BillStanding.OPEN
        assert answer(bills, POWER, "a").standing is BillStanding.OPEN, "the same question has the same answer"
        assert answer(theirs, POWER, "b").standing is BillStanding.BEING_PAID
        theirs.release(POWER, "b")
        assert answer(theirs, POWER, "b").standing is BillStanding.BEING_PAID, "not theirs to give back"
        bills.release(POWER, "a")
        until(lambda: not service.count("claim"))
        assert answer(theirs, POWER, "b").standing is BillStanding.OPEN


def test_a_sale_that_never_ends_keeps_a_bill_for_a_quarter_of_an_hour(service: Service, terminal: Terminal) -> None:
    other = Terminal(service, "T2").known()
    with asking(terminal) as (bills, _):
        assert answer(bills, POWER, "a").standing is BillStanding.OPEN
    service.offset_s = 901
    with asking(other) as (theirs, _):
        assert answer(theirs, POWER, "b").standing is BillStanding.OPEN


def test_a_slip_with_an_open_amount_is_kept_for_nobody(service: Service, terminal: Terminal) -> None:
    with asking(terminal) as (bills, _):
        assert answer(bills, DONATION, "a").standing is BillStanding.OPEN
        assert answer(bills, DONATION, "b").standing is BillStanding.OPEN
    pay(terminal, DONATION, "r1", minor=500)
    service.project()
    with asking(terminal) as (bills, _):
        assert answer(bills, DONATION, "c").standing is BillStanding.OPEN
    assert not service.count("claim")


def test_what_was_paid_at_any_terminal_of_the_company_is_paid(service: Service, biller: DemoBiller) -> None:
    here, there = Terminal(service, "T1", "S1").known(), Terminal(service, "T2", "S2").known()
    with asking(there) as (bills, _):
        pay(here, POWER, "r1")
        service.project()
        asked = biller.asked
        found = answer(bills, POWER, "b")
        assert (found.standing, found.paid_on) == (BillStanding.PAID, date(2026, 11, 21))
        assert biller.asked == asked, "the books say it, nobody else is asked"


def test_a_bill_that_the_biller_will_not_have_is_not_kept(service: Service, terminal: Terminal) -> None:
    with asking(terminal) as (bills, _):
        assert answer(bills, bill_of(10_033)).standing is BillStanding.CLOSED
    assert not service.count("claim")


@pytest.mark.parametrize("fault", ["500", "drop", "cut", "garbage", "slow"])
def test_a_biller_that_fails_is_away_and_the_bill_is_kept(
    service: Service, terminal: Terminal, biller: DemoBiller, fault: str
) -> None:
    biller.fail(fault, 5)
    with asking(terminal) as (bills, _):
        begun_s = time.monotonic()
        assert answer(bills, POWER, "a").standing is BillStanding.AWAY
        assert time.monotonic() - begun_s < 5, "the port promises it"
        assert service.count("claim") == 1, "it may be paid offline now: nobody else should at the same time"
        biller.mend()
        assert answer(bills, POWER, "a").standing is BillStanding.OPEN


def test_a_slow_biller_holds_up_nobody_else(service: Service, terminal: Terminal, biller: DemoBiller) -> None:
    biller.slow_s = 3.0
    biller.fail("slow", 20)
    terminals = [Terminal(service, f"W{number}").known() for number in range(8)]
    ends = [asking(one) for one in terminals]
    try:
        for number, end in enumerate(ends):
            bills, _ = end.__enter__()
            bills.ask(bill_of(1_000 + number, str(number)), f"s{number}", lambda _: None)
        until(lambda: service.count("claim") == 8)
        begun_s = time.monotonic()
        terminal.sell(3)
        assert terminal.send().status == 200
        assert time.monotonic() - begun_s < 1.0, "all of the door's places would be taken if it waited for the biller"
    finally:
        for end in ends:
            end.__exit__(None, None, None)


@pytest.mark.parametrize(
    "fault", ["drop", "deafen", "500", "503", "garbage", "portal", "stale", "cut-answer", "hang", "twice", "delay"]
)
def test_whatever_the_line_does_an_answer_is_true_or_away(terminal: Terminal, fault: str) -> None:
    with asking(terminal) as (bills, line):
        assert answer(bills, bill_of(10_033), "a").standing is BillStanding.CLOSED
        line.percent, line.faults = 100, (fault,)
        begun_s = time.monotonic()
        assert answer(bills, POWER, "a").standing in {BillStanding.OPEN, BillStanding.AWAY}
        assert time.monotonic() - begun_s < 6
        line.mend()
        assert answer(bills, POWER, "a").standing is BillStanding.OPEN


def test_a_line_that_is_cut_says_away_at_once(terminal: Terminal) -> None:
    with asking(terminal) as (bills, line):
        line.cut()
        assert answer(bills, POWER).standing is BillStanding.AWAY


def test_nobody_to_ask_is_said_as_such(url: str) -> None:
    running = Service(url, billers=Billers())
    try:
        terminal = Terminal(running).known()
        other = Terminal(running, "T2").known()
        with asking(terminal) as (bills, _), asking(other) as (theirs, _):
            assert answer(bills, POWER, "a").standing is BillStanding.ALONE
            assert answer(theirs, POWER, "b").standing is BillStanding.BEING_PAID, (
                "the company still knows its own sales"
            )
    finally:
        running.stop()


def test_a_key_that_is_not_the_bills_is_refused(service: Service, terminal: Terminal) -> None:
    asked = BillAsk.of(POWER, "a").model_copy(update={"key": "0" * 32})
    reply = terminal.post("/v1/bills/ask", asked.model_dump_json().encode())
    assert (reply.status, reply.problem) == (400, "malformed")
    assert not service.count("claim")


def test_a_bill_that_no_wire_takes_is_away_and_breaks_nothing(terminal: Terminal) -> None:
    with asking(terminal) as (bills, _):
        assert answer(bills, replace(POWER, message="a\x00b")).standing is BillStanding.AWAY
        assert answer(bills, POWER).standing is BillStanding.OPEN
