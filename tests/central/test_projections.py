"""What the store knows from its terminals' journals: made behind ingest, the same when made anew, never stopped by one bad entry."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from service import Service, Terminal, until

from sync.central import settlement
from sync.central.database import run
from sync.central.projecting import Projector
from sync.central.settlement import DayTotal, Difference, LedgerTotal

TABLES = ("sale", "payment", "receipt", "approval", "held_basket", "basket_use", "voucher_use")


def sell(terminal: Terminal, number: int, amount: int = 250, ref: str = "", **sale: Any) -> None:
    """A whole card sale, with the entries that a terminal writes for one."""
    sale_id, ref = f"{terminal.terminal_id}-s{number}", ref or f"{terminal.terminal_id}-p{number}"
    body = {
        "sale_id": sale_id,
        "total_minor": amount,
        "to_pay_minor": amount,
        "currency": "EUR",
        "item_count": 2,
        "receipt_number": f"{number:06d}",
        **sale,
    }
    paid = {"ref": ref, "amount_minor": amount, "currency": "EUR"}
    terminal.write("payment.intended", ref, **paid, last_trace=1, sale=body)
    terminal.write(
        "payment.approved", ref, **paid, trace=number, terminal_id="ZVT-1", card_name="girocard", card_last4="1234"
    )
    terminal.write("sale.completed", sale_id, **body)
    terminal.write("receipt.pending", sale_id, sale_id=sale_id, receipt_number=f"{number:06d}")
    terminal.write("payment.settled", ref, ref=ref)
    terminal.write("receipt.printed", sale_id, sale_id=sale_id)


def test_a_sale_is_in_the_stores_books_a_moment_later(service: Service, terminal: Terminal) -> None:
    sell(terminal, 1)
    assert terminal.send().status == 200
    service.project()
    assert service.rows("SELECT sale_id, store_id, day, total_minor, items, state FROM sale") == [
        ("T1-s1", "S1", "2026-11-21", 250, 2, "completed")
    ]
    assert service.rows(
        "SELECT state, is_charged, amount_minor, trace, payment_terminal, card_last4, sale_id FROM payment"
    ) == [("settled", 1, 250, 1, "ZVT-1", "1234", "T1-s1")]
    assert service.rows("SELECT number, state, copies FROM receipt") == [("000001", "printed", 1)]


def test_a_reversed_or_declined_payment_is_no_money(service: Service, terminal: Terminal) -> None:
    for number, ends in enumerate((["payment.declined"], ["payment.unknown", "payment.reversing", "payment.reversed"])):
        ref = f"p{number}"
        terminal.write("payment.intended", ref, ref=ref, amount_minor=500, currency="EUR", sale={"sale_id": "x"})
        for kind in ends:
            terminal.write(kind, ref, ref=ref, reason="because")
    terminal.send()
    service.project()
    assert service.rows("SELECT state, is_charged, reason FROM payment ORDER BY ref") == [
        ("declined", 0, "because"),
        ("reversed", 0, "because"),
    ]


def test_an_entry_that_cannot_be_followed_is_set_aside_and_stops_nothing(service: Service, terminal: Terminal) -> None:
    terminal.write("sale.completed", "bad", total_minor="much")
    terminal.write("sale.completed", "huge", total_minor=10**30, currency="EUR")
    terminal.write("sale.completed", "nul", total_minor=1, currency="E\0R", sale_id="\ud800")
    sell(terminal, 1)
    assert terminal.send().json["seq"] == 9
    service.project()
    assert [row[0] for row in service.rows("SELECT sale_id FROM sale WHERE currency = 'EUR'")] == ["T1-s1"]
    failures = [seq for (seq,) in service.rows("SELECT seq FROM projection_failure ORDER BY seq")]
    assert failures[:2] == [1, 2]
    assert set(service.alerts()) == {"projection"}


def test_projections_made_anew_are_the_same(service: Service, terminal: Terminal) -> None:
    for number in range(1, 6):
        sell(terminal, number)
    terminal.write("basket.held", "b", code="HLD-1", basket={"lines": []})
    terminal.write("approval.granted", "T1-s1", staff="anna", role="attendant", reason="age")
    terminal.write("voucher.redeemed", "T1-s1", code="VCH-1", sale_id="T1-s1", amount_minor=100, currency="EUR")
    terminal.write("sale.voided", "T1-s2", sale_id="T1-s2")
    terminal.send()
    service.project()
    before = all_of(service)
    assert all(before[table] for table in TABLES if table != "basket_use")
    assert Projector(service.database, service.settings.now_s).rebuild("T1") == len(terminal.entries)
    assert all_of(service) == before


def all_of(service: Service) -> dict[str, list[Any]]:
    return {table: sorted(service.rows(f"SELECT * FROM {table}")) for table in TABLES}  # noqa: S608 - the test's own words


def test_a_restored_journal_is_followed_behind_the_one_it_continues(url: str) -> None:
    service = Service(url, projects=False)
    terminal = Terminal(service).known()
    terminal.write("payment.intended", "p", ref="p", amount_minor=5, currency="EUR", sale={"sale_id": "s"})
    terminal.send()
    terminal.journal_id = "restored"
    terminal.write("payment.approved", "p", ref="p", trace=9)
    assert terminal.send(terminal.entries[1:]).status == 200
    service.project()
    assert service.rows("SELECT state, journal_id, trace FROM payment") == [("approved", "restored", 9)]
    service.stop()


def test_what_was_used_twice_in_a_store_is_told(service: Service, terminal: Terminal) -> None:
    other = Terminal(service, "T2").known()
    elsewhere = Terminal(service, "T3", "S2").known()
    for one in (terminal, other, elsewhere):
        one.write("voucher.redeemed", "x", code="VCH-1", sale_id=f"{one.terminal_id}-s", amount_minor=5, currency="EUR")
        assert one.send().status == 200
    service.project()
    assert service.rows("SELECT kind, subject, store_id FROM alert") == [("used-twice", "voucher:VCH-1:T2-s", "S1")]
    case = "SELECT kind, code, terminal_id, amount_minor, currency, stands_terminal, stands_sale FROM settlement_case"
    assert service.rows(case) == [("voucher", "VCH-1", "T2", 5, "EUR", "T1", "T1-s")]
    service.database.write(lambda connection: run(connection, "UPDATE alert SET closed_ms = 1"))
    for one in (terminal, other):
        Projector(service.database, time.time).rebuild(one.terminal_id)
    assert len(service.rows(case)) == 1
    assert service.rows("SELECT closed_ms FROM alert") == [(1,)], "a rebuild opens nothing again"


def test_a_sale_that_was_paid_twice_is_told(service: Service, terminal: Terminal) -> None:
    sell(terminal, 1)
    sell(terminal, 1, ref="again")
    terminal.send()
    service.project()
    assert service.alerts() == ["used-twice"]
    assert service.rows("SELECT subject, closed_ms FROM alert") == [("payment:T1-s1:again", None)]
    terminal.write("payment.reversed", "again", ref="again")
    terminal.send(terminal.entries[-1:])
    service.project()
    assert service.rows("SELECT closed_by FROM alert") == [("payment.reversed",)]


def test_the_day_is_held_against_the_payment_terminals(service: Service, terminal: Terminal) -> None:
    other = Terminal(service, "T2").known()
    sell(terminal, 1, 250)
    sell(terminal, 2, 150)
    sell(other, 1, 1000)
    for one in (terminal, other):
        one.send()
    service.project()
    day = "2026-11-21"
    totals = service.database.read(lambda connection: settlement.day_totals(connection, "S1", day))
    assert totals == (DayTotal("T1", "EUR", 2, 400, 2, 400), DayTotal("T2", "EUR", 1, 1000, 1, 1000))

    def reconcile(payments: int, minor: int) -> tuple[Difference, ...]:
        ledger = [LedgerTotal("ZVT-1", "EUR", payments, minor)]
        service.database.write(lambda connection: settlement.put_ledger(connection, "S1", day, ledger))
        return service.database.read(lambda connection: settlement.reconcile(connection, "S1", day))

    assert reconcile(4, 1650) == (Difference("ZVT-1", "EUR", (3, 1400), (4, 1650)),)
    assert reconcile(3, 1400) == ()


def test_a_voucher_or_a_basket_is_one_sales_of_the_whole_store(service: Service, terminal: Terminal) -> None:
    other = Terminal(service, "T2").known()
    terminal.write("basket.held", "b", code="HLD-1", basket={"lines": []})
    terminal.send()
    service.project()

    def claim(one: Terminal, kind: str, code: str, sale_id: str, target: str = "/v1/claims") -> Any:
        return one.post(target, json.dumps({"kind": kind, "code": code, "sale_id": sale_id}).encode())

    assert claim(terminal, "voucher", "VCH-1", "s1").status == 200
    assert claim(terminal, "voucher", "VCH-1", "s1").status == 200
    taken = claim(other, "voucher", "VCH-1", "s2")
    assert (taken.status, taken.problem, taken.json["holder"]) == (409, "taken", "s1")
    assert claim(terminal, "voucher", "VCH-1", "s1", "/v1/claims/release").json == {"new": 1}
    assert claim(other, "voucher", "VCH-1", "s2").status == 200
    assert claim(terminal, "voucher", "VCH-1", "s2", "/v1/claims/release").json == {"new": 0}, "only whose it is"
    service.offset_s += 901
    assert claim(terminal, "voucher", "VCH-1", "s3").status == 200, "a claim ends by itself"
    service.offset_s -= 901
    assert claim(other, "basket", "HLD-1", "s2").json["body"] == '{"lines":[]}'
    terminal.write("voucher.redeemed", "s9", code="VCH-9", sale_id="s9", amount_minor=1, currency="EUR")
    terminal.send()
    service.project()
    assert claim(other, "voucher", "VCH-9", "s2").json["holder"] == "s9"


def test_a_terminals_state_is_its_last_word_and_telemetry_is_kept_once(service: Service, terminal: Terminal) -> None:
    state = {"at": "2026-11-21T10:00:00Z", "mode": "selling", "journal_id": "J", "seq": 4, "unsent": {"entries": 3}}
    for step in ("attract", "basket"):
        reply = terminal.post("/v1/state", json.dumps({**state, "step": step}).encode(), method="PUT")
        assert reply.json == {"next_in_s": 20.0, "commands_wait": False}
    kept = json.loads(service.rows("SELECT state FROM terminal")[0][0])
    assert (kept["step"], kept["unsent"]["entries"]) == ("basket", 3)
    batch = {"batch_id": "b1", "events": [{"at": "2026-11-21T10:00:00Z", "clock_ms": 1, "name": "step"}]}
    headers = {"tern-class": "telemetry"}
    assert terminal.post("/v1/telemetry", json.dumps(batch).encode(), headers=headers).json == {"new": 1}
    assert terminal.post("/v1/telemetry", json.dumps(batch).encode(), headers=headers).json == {"new": 0}


def test_projections_follow_though_requests_never_cease(service: Service, terminal: Terminal) -> None:
    ends = threading.Event()
    others = [Terminal(service, f"B{number}").known() for number in range(3)]

    def keep_busy(one: Terminal) -> None:
        while not ends.is_set():
            assert one.get("/v1/journal").status == 200

    busy = [threading.Thread(target=keep_busy, args=(one,)) for one in others]
    for thread in busy:
        thread.start()
    try:
        sell(terminal, 1)
        assert terminal.send().status == 200
        until(lambda: service.count("sale") == 1, 10)
    finally:
        ends.set()
        for thread in busy:
            thread.join()
