"""What the centre shows of bills: on a sale's receipt, in the day's figures beside the turnover, and to the back office."""

from __future__ import annotations

from typing import Any

import pytest
from back_shop import AT, TODAY, Browser, Centre, Till, both_databases, until

from kiosk.domain.basket import Basket
from kiosk.domain.facts import Fact, Kind
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Payment, Result, State
from kiosk.domain.payment_facts import booking, intent_body, subject, voiding
from kiosk.domain.pricing import price
from kiosk.domain.receipt_link import receipt_token
from kiosk.domain.sale import sale_body
from sync.central import settlement
from sync.central.backoffice.tokens import Scope, add
from tests.unit.shop import TODAY as SHOP_DAY
from tests.unit.shop import a_basket, an_item, billed, the_rules

STORE = "/console/stores/S1"


def stamp(kind: Kind, body: Any) -> Fact:
    return Fact(kind, subject(kind, body), body, AT, 1)


def paid(till: Till, sale_id: str, basket: Basket) -> Payment:
    """A payment as the terminal books it."""
    priced = price(basket, the_rules(), SHOP_DAY)
    sale = {**sale_body(sale_id, basket, priced, language="en", at=AT), "receipt_number": "7"}
    outcome = Outcome(Result.APPROVED, amount=priced.to_pay, trace=7, receipt_no=3)
    payment = Payment(f"p-{sale_id}", priced.to_pay, sale, state=State.APPROVING, outcome=outcome)
    tell(till, stamp(Kind.PAYMENT_INTENDED, intent_body(payment)), *booking(payment, stamp))
    return payment


def tell(till: Till, *facts: Fact) -> None:
    for fact in facts:
        till.write(fact.kind, fact.subject, fact.body)
    until(lambda: not till.centre.count("SELECT count(*) FROM journal WHERE projected_seq < seq"))
    until(
        lambda: till.centre.count("SELECT count(*) FROM sale") == till.centre.count("SELECT count(*) FROM sale_export")
    )


@pytest.fixture
def mixed() -> Basket:
    return billed(a_basket(an_item(1, 300)), 4200, 199, fee=50, is_confirmed=False)


@both_databases
def test_the_money_of_billers_is_never_turnover(auditor: Browser, till: Till, mixed: Basket) -> None:
    paid(till, "s1", mixed)
    paid(till, "s2", a_basket(an_item(1, 100)))
    (total,) = till.centre.database.read(lambda connection: settlement.day_totals(connection, "S1", TODAY))
    assert (total.sales, total.sales_minor) == (2, 400)
    assert (total.bills, total.bills_minor, total.fees_minor) == (2, 4399, 100)
    assert total.payments_minor == total.sales_minor + total.bills_minor + total.fees_minor
    page = auditor.get(f"{STORE}/sales?day={TODAY}").text.replace("\u00a0", " ")
    assert "4.00 €" in page
    assert "and 43.99 € for billers" in page
    assert "with fees of 1.00 €" in page
    assert "bills 44.99 €" in page
    assert "48.99 €" not in page


@both_databases
def test_a_sale_without_money_has_no_bills_either(till: Till, mixed: Basket) -> None:
    tell(till, *voiding(paid(till, "s1", mixed), stamp))
    totals = till.centre.database.read(lambda connection: settlement.day_totals(connection, "S1", TODAY))
    assert [(one.sales_minor, one.bills_minor, one.payments_minor) for one in totals] in ([], [(0, 0, 0)])


def test_a_sale_shows_its_bills_and_their_entries(auditor: Browser, till: Till, mixed: Basket) -> None:
    paid(till, "s1", mixed)
    page = auditor.get(f"{STORE}/sales/T1/s1").text
    for words in ("bill.paid", "Bills paid", "Stadtwerke", "RF01", "Paid; will be confirmed by the biller."):
        assert words in page, words
    assert "confirmed open" not in page


def test_a_receipt_of_bills_alone_shows_no_taxes(centre: Centre, till: Till) -> None:
    paid(till, "s1", billed(Basket(), 4200))
    (row,) = centre.rows("SELECT hash FROM entry WHERE kind = 'sale.completed'")
    page = centre.ask("GET", f"/r/{receipt_token(row.hash)}").text.replace("\u00a0", " ")
    assert "Stadtwerke" in page
    assert "42.00 €" in page
    assert "VAT" not in page


def test_the_back_office_gets_bills_apart_from_what_was_sold(centre: Centre, till: Till, mixed: Basket) -> None:
    token = centre.put(lambda c: add(c, "office", frozenset({Scope.SALES}), store_id="S1", now_s=1.0))
    paid(till, "s1", mixed)
    headers = {"authorization": f"Bearer {token}"}
    (sale,) = centre.ask("GET", "/api/v1/stores/S1/sales", headers=headers).json["sales"]
    assert (sale["total_minor"], sale["to_pay_minor"], sale["items"]) == (300, 4799, 1)
    assert [(one["amount_minor"], one["fee_minor"], one["is_confirmed"]) for one in sale["bills"]] == [
        (4200, 50, False),
        (199, 50, False),
    ]
    assert Money(sale["taxes"][0]["gross_minor"], "EUR") == Money(300, "EUR")
