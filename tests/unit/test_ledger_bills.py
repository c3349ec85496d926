"""What the terminal's own books know of bills: which were paid, and how much went out on trust."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.basket import Basket
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.money import Money
from kiosk.domain.payment import Payment, State
from kiosk.domain.payment_facts import sale_facts, subject, voiding
from kiosk.domain.pricing import price
from kiosk.domain.sale import sale_body
from kiosk.ports import Mark
from kiosk.storage.boot import Books
from tests.unit.disk_books import opened
from tests.unit.shop import TODAY, a_bill, billed, the_rules

DAY = "2026-11-21"


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    with opened(tmp_path) as books:
        yield books


def sale(sale_id: str, basket: Basket, at: str) -> dict[str, Json]:
    return {
        **sale_body(sale_id, basket, price(basket, the_rules(), TODAY), language="en", at=at),
        "receipt_number": "1",
    }


def pay(books: Books, sale_id: str, *amounts: int, at: str = f"{DAY}T10:00:00+01:00", confirmed: bool = False) -> None:
    body = sale(sale_id, billed(Basket(), *amounts, fee=50, is_confirmed=confirmed), at)
    books.journal.commit(sale_facts(body, stamper(at)))


def stamper(at: str) -> Callable[[Kind, Mapping[str, Json]], Fact]:
    def stamp(kind: Kind, body: Mapping[str, Json]) -> Fact:
        return Fact(kind, subject(kind, body), body, at, 0)

    return stamp


def test_a_bill_that_was_paid_here_is_known_and_another_is_not(books: Books) -> None:
    pay(books, "s1", 4200)
    found = books.journal.ledger.bill_paid(bill_key(a_bill(1, 4200)))
    assert found is not None
    assert (found.sale_id, found.payment_ref, found.amount_minor, found.fee_minor) == ("s1", "ref-1", 4200, 50)
    assert (found.at, found.is_confirmed, found.state) == (f"{DAY}T10:00:00+01:00", False, "paid")
    entry = books.journal.entry(found.seq)
    assert entry is not None and entry.fact.body["payee"] == "Stadtwerke"
    assert books.journal.ledger.bill_paid(bill_key(a_bill(1, 4201))) is None


def test_a_bill_whose_money_did_not_stay_can_be_paid_again(books: Books) -> None:
    at = f"{DAY}T10:00:00+01:00"
    pay(books, "s1", 4200)
    lost = Payment("p", Money(4250, "EUR"), sale("s1", billed(Basket(), 4200), at), state=State.REVERSED)
    books.journal.commit(voiding(lost, stamper(at)))
    assert books.journal.ledger.bill_paid(bill_key(a_bill(1, 4200))) is None
    assert books.journal.ledger.unconfirmed_bills() == ()
    assert books.journal.ledger.bills_of(date(2026, 11, 21)) == ()


def test_what_was_taken_on_trust_counts_until_the_central_service_holds_it(books: Books) -> None:
    pay(books, "s1", 4200, 100)
    pay(books, "s2", 300, at=f"{DAY}T11:00:00+01:00")
    pay(books, "s3", 9999, confirmed=True)
    ledger = books.journal.ledger
    first, second = ledger.unconfirmed_bills()
    assert (first.account, first.count, first.total_minor) == (a_bill(1).account, 2, 4500)
    assert (first.currency, first.oldest_at) == ("EUR", f"{DAY}T10:00:00+01:00")
    assert (second.account, second.count, second.total_minor) == (a_bill(2).account, 1, 100)
    through = next(bill.seq for bill in ledger.bills_of(date(2026, 11, 21)) if bill.sale_id == "s2") - 1
    digest = books.journal.entry(through)
    assert digest is not None
    books.journal.remember(Mark(through, digest.digest), f"{DAY}T12:00:00+01:00")
    books.journal.commit([])  # behind the mark on the one writer's queue
    (left,) = ledger.unconfirmed_bills()
    assert (left.count, left.total_minor, left.oldest_at) == (1, 300, f"{DAY}T11:00:00+01:00")


def test_the_bills_of_a_day_are_those_of_that_day(books: Books) -> None:
    pay(books, "s1", 1, at="2026-11-20T23:59:00+01:00")
    pay(books, "s2", 2)
    pay(books, "s3", 3, at="2026-11-22T00:01:00+01:00", confirmed=True)
    assert [one.amount_minor for one in books.journal.ledger.bills_of(date(2026, 11, 21))] == [2]
