"""Bills in a sale and in its commit: each once, whole enough to tell the biller."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from kiosk.domain.basket import Basket
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.money import Money
from kiosk.domain.payment import Payment, State
from kiosk.domain.payment_facts import sale_facts, subject, voiding
from kiosk.domain.pricing import PriceRules, price
from kiosk.domain.refund import NotRefundableError, refund_of
from kiosk.domain.sale import Sale, SaleBodyError, sale_body
from tests.unit.shop import TODAY, a_basket, an_item, billed, billed_baskets, euro, site_rules, the_rules

AT = "2026-11-21T10:00:00+01:00"


def body_of(basket: Basket, rules: PriceRules | None = None) -> dict[str, Any]:
    body = sale_body("sale-1", basket, price(basket, rules or the_rules(), TODAY), language="de", at=AT)
    return json.loads(json.dumps(body))  # type: ignore[no-any-return]


def stamp(kind: Kind, body: Any) -> Fact:
    return Fact(kind, subject(kind, body), body, AT, 0)


@settings(deadline=None, max_examples=50)
@given(billed_baskets(), site_rules())
def test_the_bills_that_were_paid_are_what_the_journal_gives_back(basket: Basket, rules: PriceRules) -> None:
    priced, sale = price(basket, rules, TODAY), Sale.from_body(body_of(basket, rules))
    assert (sale.bills_total, sale.fees_total) == (priced.bills_total, priced.fees_total)
    assert (sale.to_pay, sale.total, sale.item_count) == (priced.to_pay, priced.total, basket.piece_count)
    for told, bill in zip(sale.bills, basket.bills, strict=True):
        assert (told.amount, told.fee, told.payment_ref) == (bill.amount, bill.fee, bill.payment_ref)
        assert (told.account, told.reference, told.due) == (bill.bill.account, bill.bill.reference, bill.bill.due)
        assert (told.key, told.is_confirmed) == (bill_key(bill.bill), bill.is_confirmed)


def test_a_sale_of_goods_is_written_as_before_and_an_older_reader_puts_one_with_bills_aside() -> None:
    goods = body_of(a_basket(an_item()))
    assert goods["schema"] == 1
    assert not {"bills", "bills_total_minor", "fees_total_minor"} & goods.keys()
    assert Sale.from_body(goods).bills == ()
    assert body_of(billed(Basket(), 4200))["schema"] == 2


@pytest.mark.parametrize("change", [{"amount_minor": "1"}, {"currency": 9}, {"account": None}, {"due": "soon"}])
def test_a_sale_whose_bill_cannot_be_read_is_refused(change: dict[str, Json]) -> None:
    body = body_of(billed(Basket(), 4200))
    body["bills"][0].update(change)
    with pytest.raises(SaleBodyError):
        Sale.from_body(body)


def test_each_bill_is_a_fact_in_the_commit_of_its_sale() -> None:
    sale = {**body_of(billed(a_basket(an_item()), 4200, 199, fee=50)), "receipt_number": "7"}
    facts = sale_facts(sale, stamp)
    assert [fact.kind for fact in facts] == [
        Kind.SALE_COMPLETED,
        Kind.BILL_PAID,
        Kind.BILL_PAID,
        Kind.RECEIPT_PENDING,
    ]
    first = facts[1]
    assert first.subject == f"bill:{sale['bills'][0]['key']}"
    assert first.body == {**sale["bills"][0], "sale_id": "sale-1", "receipt_number": "7"}
    assert (first.body["amount_minor"], first.body["fee_minor"], first.body["currency"]) == (4200, 50, "EUR")
    assert {fact.body["payment_ref"] for fact in facts[1:3]} == {"ref-1", "ref-2"}


def test_a_sale_whose_money_did_not_stay_takes_its_bills_back_in_the_same_commit() -> None:
    sale = body_of(billed(Basket(), 4200))
    payment = Payment("P1", Money(4200, "EUR"), sale, state=State.REVERSED, reason="reversed-by-terminal")
    facts = voiding(payment, stamp)
    assert [fact.kind for fact in facts] == [Kind.PAYMENT_REVERSED, Kind.SALE_VOIDED, Kind.BILL_VOIDED]
    assert facts[2].subject == f"bill:{sale['bills'][0]['key']}"
    assert (facts[2].body["payment_ref"], facts[2].body["sale_id"]) == ("ref-1", "sale-1")


def test_no_fee_is_a_fee_of_nothing() -> None:
    assert Sale.from_body(body_of(billed(Basket(), 4200))).fees_total == euro(0)


def test_what_comes_back_of_a_sale_with_bills_is_its_goods_and_never_the_whole_payment() -> None:
    body = body_of(billed(a_basket(an_item(1, 300)), 4200, fee=50))
    sale = Sale.from_body({**body, "tender": {"amount_minor": body["to_pay_minor"]}})
    back = refund_of(sale, {}, {1: 1})
    assert (back.amount, back.to_card, back.is_whole) == (euro(300), euro(300), False)
    with pytest.raises(NotRefundableError):
        refund_of(sale, {}, {2: 1})
