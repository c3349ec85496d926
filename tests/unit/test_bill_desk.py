"""The desk that asks about bills: its own books first, five seconds at most, and nothing kept for somebody who has gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.bills.offline_policy import Unconfirmed
from kiosk.domain.money import Money
from kiosk.ports import BillAnswer, BillRecord, BillsTaken, BillStanding
from kiosk.runtime import VirtualLoop
from kiosk.services.bill_payment.desk import WAITS_MS, BillDesk
from kiosk.services.bill_payment.effects import AskBill, ReleaseBill
from kiosk.services.bill_payment.events import BillAnswered
from tests.e2e.biller_desk import AWAY, OPEN, Told

BILL = Bill("epc", "DE02", "EUR", "Stadtwerke", "RF18539007547034", Money(4_210, "EUR"))
ASK = AskBill(BILL, "sale-1")
KEY = bill_key(BILL)


@dataclass
class Page:
    """What the books say of bills; the desk asks nothing else of them."""

    paid: BillRecord | None = None
    waiting: tuple[BillsTaken, ...] = ()

    def bill_paid(self, key: str) -> BillRecord | None:
        return self.paid if key == KEY else None

    def unconfirmed_bills(self) -> tuple[BillsTaken, ...]:
        return self.waiting


class AtOnce:
    """A worker that has done it before one has asked."""

    def submit(self, call: Callable[[], Any], done: Callable[[Any], None]) -> None:
        done(call())


@dataclass
class Bench:
    """A desk with a biller's office that answers as told."""

    billers: Told = field(default_factory=Told)
    page: Page = field(default_factory=Page)

    def __post_init__(self) -> None:
        self.loop = VirtualLoop()
        self.desk = BillDesk(self.loop, self.page, AtOnce())  # type: ignore[arg-type] # as much of the books as it asks
        self.desk.billers = self.billers
        self.told: list[BillAnswered] = []

    def perform(self, effect: object) -> None:
        self.desk.performers()[type(effect)](effect, self.told.append)

    def later(self, for_ms: int) -> None:
        self.loop.run(for_ms)


PAID = BillRecord(1, KEY, "ref", "sale-0", "2026-11-02T12:00:00+00:00", "DE02", 4_210, 0, "EUR", True, "paid")


def test_the_answer_comes_with_what_the_books_know() -> None:
    waiting = (
        BillsTaken("A", "EUR", 2, 300, "2026-11-03T08:00:00+00:00"),
        BillsTaken("B", "EUR", 1, 50, "2026-11-02T08:00:00+00:00"),
    )
    bench = Bench(page=Page(waiting=waiting))
    bench.perform(ASK)
    bench.later(0)
    (told,) = bench.told
    assert told.answer == OPEN
    assert told.unconfirmed is not None
    assert (told.unconfirmed.count, told.unconfirmed.total_minor) == (3, 350)
    assert told.unconfirmed.oldest_at is not None
    assert told.unconfirmed.oldest_at.day == 2


def test_what_was_paid_here_is_not_asked_about() -> None:
    bench = Bench(page=Page(paid=PAID))
    bench.perform(ASK)
    bench.later(0)
    assert not bench.billers.asked
    assert bench.told[0].paid_here is not None


def test_silence_ends_after_five_seconds_and_a_late_yes_is_given_back() -> None:
    bench = Bench(Told(answer=None))
    bench.perform(ASK)
    bench.later(WAITS_MS - 1)
    assert not bench.told
    bench.later(1)
    assert [one.answer for one in bench.told] == [AWAY]
    bench.billers.say(OPEN)
    bench.later(0)
    assert len(bench.told) == 1
    assert bench.billers.released == [(BILL, "sale-1")]


def test_who_goes_before_the_answer_keeps_nothing_and_gives_it_back_once() -> None:
    bench = Bench(Told(answer=None))
    bench.perform(ASK)
    bench.later(0)
    bench.perform(ReleaseBill(BILL, "sale-1"))
    bench.billers.say(OPEN)
    bench.later(WAITS_MS)
    assert bench.told == []
    assert bench.billers.released == [(BILL, "sale-1")]


def test_a_bill_that_is_not_paid_goes_back() -> None:
    bench = Bench()
    bench.perform(ASK)
    bench.later(0)
    bench.perform(ReleaseBill(BILL, "sale-1"))
    assert bench.billers.released == [(BILL, "sale-1")]


def test_where_nobody_is_ever_asked_nothing_waits_to_be_confirmed() -> None:
    bench = Bench(Told(BillAnswer(BillStanding.ALONE)))
    bench.perform(ASK)
    bench.later(0)
    assert bench.told[0].unconfirmed is None


def test_a_mistake_of_ours_leads_on_as_if_nobody_could_be_asked() -> None:
    told = Bench().desk.after_failure(ASK)
    assert isinstance(told, BillAnswered)
    assert told.answer == AWAY
    assert Bench().desk.after_failure("another desk's") is None
    assert Unconfirmed().and_more(1, 5) == Unconfirmed(1, 5)
