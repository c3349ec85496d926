"""After a restore from an early backup: what the central service had acknowledged since comes back, proven, and is known again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain.facts import Fact, Kind
from kiosk.ports import ForeignEntriesError, OlderPlace, StoredEntry
from kiosk.storage.boot import Books, open_books
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.older_books import SqliteOlderBooks
from kiosk.storage.reading import JournalReader
from sync.central.commands import NewCommand, issue
from sync.faults.faulty import FaultyLine
from sync.identity import Identity, enrol
from sync.line import Line, ServiceClock
from sync.protocol.commands import CommandKind
from sync.retrieving import Retrieval
from sync.uplink import Uplink
from tests.e2e.central_ends import Central, change, sold, told, until, written
from tests.e2e.shop_floor import ShopFloor, visit_to
from tests.e2e.test_terminal_line import with_line
from ui.tour.visit import BREAD

GIFT = "VCH-4TQ7ZC8P"


def today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin")).date()


def sale(floor: ShopFloor, *, voucher: bool = False) -> str:
    """A sale by card, its receipt printed and shipped; gives its id."""
    hands, visit = floor.visit.hands, floor.visit
    visit.scan_item(BREAD)
    visit.scan_item(BREAD)
    visit.scan_item(BREAD)
    visit.scan_item(BREAD)
    visit.scan_item(BREAD)
    if voucher:
        visit.scan(GIFT, "]C0")
        hands.wait(lambda: visit.session.basket.vouchers, "the voucher in the basket")
    hands.press("action.pay")
    visit.tap_card("visa")
    hands.wait_for_step("receipt-choice")
    hands.press("action.print")
    hands.wait_for_step("attract")
    register = floor.kiosk.terminal.register
    hands.wait(lambda: register.state.line.is_up and not register.state.line.pending, "everything to be sent", 30)
    return str(floor.body(Kind.SALE_COMPLETED)["sale_id"])


def left_open(floor: ShopFloor, central: Central) -> None:
    """A payment is begun, sent, and then the disk dies."""
    sale_body = {"sale_id": "left-open-sale", "receipt_number": "9"}
    intent = {"ref": "left-open", "amount_minor": 777, "currency": "EUR", "last_trace": 2, "sale": sale_body}
    floor.kiosk.terminal.books.journal.commit([Fact(Kind.PAYMENT_INTENDED, "left-open", intent, *stamp())])
    sent = "SELECT 1 FROM entry WHERE subject = 'left-open'"
    floor.visit.hands.wait(lambda: told(central, sent), "the intent to be sent", 30)


def destroyed(data: Path) -> None:
    """The disk has eaten the books; the backups are left."""
    for name in ("journal.db", "journal.db-wal", "journal.db-shm"):
        if (data / name).exists():
            (data / name).write_bytes(b"\x00" * 10_000)


def reprinted(central: Central, sale_id: str) -> str:
    new = NewCommand("4", "S1", CommandKind.REPRINT, {"sale_id": sale_id}, "kim", 60)
    return change(central.url, lambda c: issue(c, new, time.time()))


def answer(central: Central, command: str) -> tuple[str, str] | None:
    ((result,),) = told(central, f"SELECT result FROM command WHERE command_id = '{command}'")  # noqa: S608 - of the test
    return (json.loads(result)["status"], json.loads(result)["reason"]) if result else None


def test_a_terminal_restored_from_an_early_backup_knows_again_what_only_the_centre_had(
    qapp: QGuiApplication, tmp_path: Path, central: Central, line: FaultyLine
) -> None:
    data = tmp_path / "data"
    enrol(data, line.url, central.code("4"), "4")
    with visit_to(tmp_path, with_line) as floor:
        kept = sale(floor)
        floor.kiosk.terminal.books.backups.make()
        lost = sale(floor, voucher=True)
        left_open(floor, central)
        ledger = floor.kiosk.terminal.books.journal.ledger
        before = [(one.sale_id, one.total_minor, one.receipt_number) for one in ledger.sales_of(today())]
    destroyed(data)
    with visit_to(tmp_path, with_line) as floor:
        hands, terminal = floor.visit.hands, floor.kiosk.terminal
        hands.wait(lambda: (b := terminal.register.state.books) and b.key.endswith("given-back"), "the old entries", 30)
        ledger = terminal.books.journal.ledger
        hands.wait(lambda: not ledger.unresolved_payments(), "the payment that was left open to be cleared up", 60)
        assert floor.entries(Kind.PAYMENT_DECLINED)[-1].fact.subject == "left-open"
        hands.wait_for_step("attract")
        assert [(one.sale_id, one.total_minor, one.receipt_number) for one in ledger.sales_of(today())] == before
        assert ledger.voucher_used_in(GIFT) == lost
        command = reprinted(central, lost)
        hands.wait(lambda: answer(central, command), "the reprint", 30)
        assert answer(central, command) == ("done", "")
        floor.visit.scan_item(BREAD)
        floor.visit.scan(GIFT, "]C0")
        hands.wait(lambda: (n := floor.visit.session.notice) and n.key == "problem.voucher-used", "the refusal")
        floor.kiosk.terminal.settle()
        (entry,) = floor.entries(Kind.JOURNAL_RETRIEVED)
        assert (entry.fact.body["sales"], kept != lost) == (1, True)
        hands.wait(lambda: not terminal.register.state.line.pending, "everything to be sent", 30)
        staff_are_told(floor)
    assert [row[0] for row in told(central, "SELECT DISTINCT kind FROM alert")] == ["new-journal"]


def staff_are_told(floor: ShopFloor) -> None:
    floor.visit.scan("STF-1001-7QXK", "]C0")
    floor.visit.hands.wait_for_step("staff-login")
    floor.visit.hands.type_digits("2580")
    floor.visit.hands.press("action.continue")
    floor.visit.hands.wait_for_step("staff-menu")
    assert "gave" in str(floor.kiosk.till.property("problemText"))


def stamp() -> tuple[str, int]:
    return datetime.now().astimezone().isoformat(timespec="milliseconds"), 1


@pytest.fixture
def restored(central: Central, books: Books, identity: Identity) -> Callable[[], Books]:
    """The books of T1, of which the centre holds 1,200 entries and the backup only the first hundred; to be closed by the test."""

    def make() -> Books:
        sold(books, 100)
        books.backups.make()
        sold(books, 1_100)
        books.journal.commit([Fact(Kind.BASKET_HELD, "basket:H1", {"code": "H1", "basket": {"lines": []}}, *stamp())])
        uplink = Uplink(books.journal, Line(identity, ServiceClock()))
        uplink.start()
        until(lambda: bool(uplink.state.last_ok_at) and uplink.state.pending == 0)
        uplink.stop()
        books.close()
        destroyed(books.directory)
        return open_books(books.directory, "T1")

    return make


def test_what_comes_back_goes_on_behind_a_line_that_fails(
    restored: Callable[[], Books], identity: Identity, line: FaultyLine
) -> None:
    again = restored()
    line.percent, line.faults = 30, ("drop", "deafen", "cut-answer", "503")
    before = written(again)
    for _ in range(2):  # the second start finds nothing left to ask for
        retrieval = Retrieval(Line(identity, ServiceClock()), SqliteOlderBooks(again.journal), stamp)
        retrieval.start()
        until(lambda: not SqliteOlderBooks(again.journal).is_wanted(), 60)
        retrieval.stop()
    told_of = again.journal.entries(kinds=[Kind.JOURNAL_RETRIEVED])
    assert [entry.fact.body["entries"] for entry in told_of] == [1_101]
    assert written(again)[: len(before)] == before
    assert again.journal.ledger.held_basket("H1") == {"lines": []}
    assert again.check_whole() == ()
    reader = JournalReader(again.directory / "journal.db", again.key)
    assert reader.verify().ok
    reader.close()
    connection = open_writer(again.directory / "journal.db", again.key, Durability.MONEY)
    connection.execute("DROP TRIGGER given_back_is_not_changed")
    connection.execute("UPDATE given_back SET body = '{}' WHERE seq = 700")
    connection.close()
    (found,) = again.check_whole()
    assert (found.code, found.params["seq"]) == ("journal-damaged", 700)
    again.journal.rebuild()
    assert again.journal.ledger.held_basket("H1") == {"lines": []}
    again.close()


def test_entries_that_are_not_this_terminals_own_are_kept_out(restored: Callable[[], Books]) -> None:
    again = restored()
    older = SqliteOlderBooks(again.journal)
    (last,) = again.journal.stored(after_seq=99, limit=1)
    assert older.held(OlderPlace(last.journal_id, 1)) == 100
    forged = replace(last, seq=101, prev=last.digest, body='{"sale_id":"forged"}')
    foreign = StoredEntry("ffffffffffffffff", 500, last.at, 1, "sale.voided", "x", "{}", "0" * 64, "0" * 64)
    for entry in (forged, foreign, replace(forged, seq=103)):
        with pytest.raises(ForeignEntriesError):
            older.take_back([entry])
    assert again.journal.latest("forged", 5) == ()
    assert older.is_wanted()
    again.close()
