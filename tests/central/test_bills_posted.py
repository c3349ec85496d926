"""What was paid reaches the biller once, and what cannot reach him becomes a refund case: the real service and the real demo biller."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from bill_ends import DONATION, POWER, bill_of, billers, pay, stands
from service import Service, Terminal, until

from kiosk.domain.bills.identity import bill_key
from sync.central.billers import cases
from sync.central.billers.configured import Billers, Serves
from sync.central.billers.demo_biller import DemoBiller
from sync.central.billers.http_connector import HttpConnector
from sync.central.billers.posting import LEASE_S, Posting
from sync.central.projecting import Projector


@pytest.fixture
def biller() -> Iterator[DemoBiller]:
    made = DemoBiller()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def service(url: str, biller: DemoBiller) -> Iterator[Service]:
    """With no billers of its own: each test says who tells them, and when."""
    running = Service(url)
    yield running
    running.stop()


def posting(service: Service, served: Billers) -> Posting:
    return Posting(service.database, served, service.settings.now_s)


def work(service: Service, biller: DemoBiller) -> None:
    """Tell whatever is due now."""
    at_it = posting(service, billers(biller))
    while at_it.step():
        pass


def case(service: Service, ref: str, terminal_id: str = "T1", store_id: str = "S1") -> Any:
    return service.database.read(lambda connection: cases.find(connection, store_id, terminal_id, ref))


def void(terminal: Terminal, ref: str) -> None:
    key = bill_key(POWER)
    terminal.write(
        "bill.voided", f"bill:{key}", key=key, payment_ref=ref, sale_id=f"T1-{ref}", reason="reversed-by-terminal"
    )
    assert terminal.send().status == 200
    terminal.service.project()


def test_a_paid_bill_is_posted_with_the_billers_own_receipt(url: str, biller: DemoBiller) -> None:
    service = Service(url, billers=billers(biller))  # the service's own thread this time
    try:
        pay(Terminal(service).known(), POWER, "r1")
        until(lambda: stands(service) == [("T1", "r1", "posted")])
        receipt = biller.payments["r1"]
        assert (receipt.account, receipt.reference, receipt.amount_minor) == (POWER.account, POWER.reference, 19_975)
        assert service.rows("SELECT receipt_id, posted_at, biller FROM bill_posting") == [
            (receipt.receipt_id, receipt.at, "stadtwerke")
        ]
        assert not service.alerts()
    finally:
        service.stop()


def test_a_service_that_ends_after_the_biller_took_it_posts_it_once(url: str, biller: DemoBiller) -> None:
    biller.slow_s = 1.5
    biller.fail("slow")
    first = Service(url, billers=billers(biller, within_s=3.0))
    pay(Terminal(first).known(), POWER, "r1")
    until(lambda: "r1" in biller.payments)
    first.stop()  # he has it, and nobody has heard his answer
    second = Service(url, billers=billers(biller))
    try:
        assert stands(second) == [("T1", "r1", "pending")]
        second.offset_s = LEASE_S + 1
        until(lambda: stands(second) == [("T1", "r1", "posted")])
        assert (biller.told["r1"], len(biller.payments)) == (2, 1)
        assert second.rows("SELECT receipt_id FROM bill_posting") == [(biller.payments["r1"].receipt_id,)]
    finally:
        second.stop()


@pytest.mark.parametrize("fault", ["cut", "garbage", "slow", "500", "drop"])
def test_whatever_becomes_of_the_billers_answer_it_is_posted_once(
    service: Service, terminal: Terminal, biller: DemoBiller, fault: str
) -> None:
    biller.fail(fault, 4)
    pay(terminal, POWER, "r1")
    service.project()
    for _ in range(8):
        work(service, biller)
        service.offset_s += 1_000
    assert stands(service) == [("T1", "r1", "posted")]
    assert len(biller.payments) == 1
    assert service.rows("SELECT failures, reason FROM bill_posting") == [(0, "")]


def test_of_several_processes_one_tells_each_payment(service: Service, terminal: Terminal, biller: DemoBiller) -> None:
    for number in range(12):
        pay(terminal, bill_of(1_000 + 100 * number, f"R{number}"), f"r{number}")
    service.project()
    threads = [threading.Thread(target=work, args=(service, biller)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: {state for _, _, state in stands(service)} == {"posted"})
    assert set(biller.told.values()) == {1}
    assert len(biller.told) == 12


def test_a_bill_paid_at_two_terminals_is_posted_once_and_the_other_is_a_refund_case(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    other = Terminal(service, "T2", "S2").known()
    pay(terminal, POWER, "r1")
    service.project()
    pay(other, POWER, "r2")
    service.project()
    work(service, biller)
    assert stands(service) == [("T1", "r1", "posted"), ("T2", "r2", "double")]
    assert set(biller.told) == {"r1"}
    found = case(service, "r2", "T2", "S2")
    assert (found.why, found.detail, found.amount_minor, found.currency) == ("double", "T1/r1", 19_975, "CHF")
    assert (found.card_last4, found.trace, found.receipt_no, found.payment_terminal) == ("4321", 77, 12, "ZVT-1")
    assert (found.sale_id, found.receipt_number, found.done_ms) == ("T2-r2", "000007", 0)
    assert service.alerts() == ["refund-case"]


def test_what_is_heard_first_stands_whatever_the_clocks_say(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    early = Terminal(service, "T2").known()
    pay(terminal, POWER, "r1")
    service.project()
    early.write("sale.voided", "x", at="2020-01-01T00:00:00.000+01:00", sale_id="x")
    pay(early, POWER, "r2")
    service.project()
    for terminal_id in ("T2", "T1", "T2"):  # made anew, in any order: nothing is turned round, nothing is told again
        Projector(service.database, service.settings.now_s).rebuild(terminal_id)
    work(service, biller)
    assert stands(service) == [("T1", "r1", "posted"), ("T2", "r2", "double")]
    assert service.count("refund_case") == 1


def test_open_amounts_are_no_doubles(service: Service, terminal: Terminal, biller: DemoBiller) -> None:
    other = Terminal(service, "T2").known()
    pay(terminal, DONATION, "r1", minor=500)
    pay(other, DONATION, "r2", minor=500)
    service.project()
    work(service, biller)
    assert {state for _, _, state in stands(service)} == {"posted"}
    third = Terminal(service, "T3").known()
    pay(third, DONATION, "r1", minor=500)  # the same payment from another terminal is one
    service.project()
    assert ("T3", "r1", "double") in stands(service)


def test_what_the_biller_will_not_have_is_a_refund_case(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    pay(terminal, bill_of(10_011, "R1"), "r1")  # paid at another counter
    pay(terminal, bill_of(10_033, "R2"), "r2")
    service.project()
    work(service, biller)
    assert {state for _, _, state in stands(service)} == {"refused"}
    assert [case(service, ref).detail for ref in ("r1", "r2")] == ["already-paid", "closed"]
    assert service.alerts() == ["refund-case", "refund-case"]
    work(service, biller)
    assert biller.told["r1"] == 1, "he has answered"


def test_a_biller_who_is_away_is_told_for_ever_and_people_after_a_day(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    biller.fail("500", 1_000)
    pay(terminal, POWER, "r1")
    service.project()
    at_it = posting(service, billers(biller))
    pauses, before = [], service.settings.now_s()
    for _ in range(8):
        while at_it.step():
            pass
        ((next_ms, state),) = service.rows("SELECT next_ms, state FROM bill_posting")
        assert state == "pending"
        pauses.append(next_ms / 1000 - service.settings.now_s())
        assert not at_it.step(), "not before its pause is over"
        service.offset_s += pauses[-1] + 0.1
    assert [round(pause / 5) * 5 for pause in pauses[2:]] == [15, 60, 300, 900, 900, 900]
    assert not service.alerts()
    service.offset_s += 86_400
    assert at_it.step()
    assert service.alerts() == ["biller-away"]
    assert service.settings.now_s() - before > 86_400
    biller.mend()
    service.offset_s += 901
    assert at_it.step()
    assert stands(service) == [("T1", "r1", "posted")]
    assert not service.alerts()


def test_a_biller_who_is_away_holds_up_no_other(service: Service, terminal: Terminal, biller: DemoBiller) -> None:
    gone = HttpConnector("gone", "http://127.0.0.1:9", within_s=0.5)
    served = Billers([Serves(gone, ("GONE*",)), *billers(biller)._served])
    for number in range(5):
        pay(terminal, bill_of(1_000, f"G{number}"), f"g{number}", account=f"GONE-{number}")
    pay(terminal, POWER, "r1")
    service.project()
    at_it = posting(service, served)
    steps = 0
    while at_it.step():
        steps += 1
    assert ("T1", "r1", "posted") in stands(service)
    assert service.rows("SELECT sum(attempts) FROM bill_posting WHERE account LIKE 'GONE%'") == [(1,)], (
        "asked once, not five times"
    )


def test_a_bill_that_no_connector_serves_waits(service: Service, terminal: Terminal, biller: DemoBiller) -> None:
    pay(terminal, POWER, "r1")
    service.project()
    assert posting(service, billers(biller, accounts="DE*")).step()
    assert stands(service) == [("T1", "r1", "pending")]
    assert "no connector serves" in service.rows("SELECT reason FROM bill_posting")[0][0]
    service.offset_s += 10
    work(service, biller)
    assert stands(service) == [("T1", "r1", "posted")]


def test_a_bill_whose_sale_has_no_money_never_reaches_the_biller(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    pay(terminal, POWER, "r1")
    service.project()
    void(terminal, "r1")
    work(service, biller)
    assert (stands(service), dict(biller.told)) == ([("T1", "r1", "voided")], {})
    pay(terminal, POWER, "r2")  # and it can be paid again
    service.project()
    work(service, biller)
    assert ("T1", "r2", "posted") in stands(service)


def test_what_was_posted_and_has_no_money_is_taken_back(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    pay(terminal, POWER, "r1")
    service.project()
    work(service, biller)
    void(terminal, "r1")
    service.offset_s += LEASE_S + 1
    work(service, biller)
    assert stands(service) == [("T1", "r1", "undone")]
    assert biller.payments["r1"].is_undone


def test_what_nobody_knows_to_be_posted_is_taken_back_too(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    biller.fail("cut", 2)
    pay(terminal, POWER, "r1")
    service.project()
    assert posting(service, billers(biller)).step(), "he has it, and we do not know"
    void(terminal, "r1")
    service.offset_s += LEASE_S + 1
    work(service, biller)
    assert stands(service) == [("T1", "r1", "undone")]
    biller.fail("drop", 2)
    pay(terminal, bill_of(700, "R7"), "r7")
    service.project()
    assert posting(service, billers(biller)).step(), "he has it not, and we do not know"
    terminal.write(
        "bill.voided", "bill", key=bill_key(bill_of(700, "R7")), payment_ref="r7", sale_id="T1-r7", reason="x"
    )
    terminal.send()
    service.project()
    service.offset_s += LEASE_S + 1
    work(service, biller)
    assert ("T1", "r7", "voided") in stands(service)


def test_a_double_whose_sale_has_no_money_needs_no_refund(
    service: Service, terminal: Terminal, biller: DemoBiller
) -> None:
    pay(Terminal(service, "T2").known(), POWER, "r0")
    service.project()
    pay(terminal, POWER, "r1")
    service.project()
    assert service.alerts() == ["refund-case"]
    void(terminal, "r1")
    assert stands(service) == [("T2", "r0", "pending"), ("T1", "r1", "voided")]
    assert case(service, "r1").done_by == "bill.voided"
    assert not service.alerts()


def test_an_entry_that_is_no_bill_is_set_aside_and_stops_nothing(service: Service, terminal: Terminal) -> None:
    terminal.write("bill.paid", "bill:x", key="x", payment_ref="r0", account="A")
    pay(terminal, POWER, "r9", due="someday")
    pay(terminal, POWER, "r1")
    service.project()
    assert stands(service) == [("T1", "r1", "pending")]
    assert service.count("projection_failure") == 2
