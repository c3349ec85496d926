"""Bills in a basket: put in, taken out, kept across a power cut and on hold, and part of what an approval is bound to."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from kiosk.domain.basket import Basket, BillAmountError
from kiosk.domain.basket_body import BasketBodyError, basket_body, basket_from_body, fingerprint
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.money import Money
from kiosk.domain.quantity import Quantity
from tests.unit.shop import a_basket, a_bill, an_item, billed, billed_baskets, euro


def test_bills_and_goods_share_their_ids_and_no_id_comes_twice() -> None:
    basket = billed(a_basket(an_item()), 4200, 100)
    basket = basket.without_bill(2).with_item(an_item(2), Quantity.pieces(1))
    assert ([line.line_id for line in basket.lines], [bill.line_id for bill in basket.bills]) == ([1, 4], [3])
    assert basket.line(3) is None and basket.bill_line(4) is None
    assert basket.bill_line(3) == basket.bills[0] == basket.bill_of(bill_key(a_bill(2, 100)))


def test_a_bill_counts_as_a_thing_in_the_basket_and_never_as_goods_sold() -> None:
    basket = billed(a_basket((an_item(), 3)), 4200)
    assert (basket.item_count, basket.piece_count) == (4, 3)
    assert basket.is_payable and billed(Basket(), 1).is_payable
    assert not Basket(member="MBR-1").is_payable


@pytest.mark.parametrize(
    ("amount", "fee"), [(euro(0), euro(0)), (euro(-1), euro(0)), (euro(1), euro(-1)), (euro(1), Money(0, "CHF"))]
)
def test_a_bill_that_nobody_can_pay_never_gets_into_the_basket(amount: Money, fee: Money) -> None:
    with pytest.raises(BillAmountError):
        Basket().with_bill(a_bill(), amount, fee, "ref", is_confirmed=True)


@settings(deadline=None, max_examples=50)
@given(billed_baskets())
def test_a_basket_with_bills_comes_back_whole(basket: Basket) -> None:
    assert basket_from_body(json.loads(json.dumps(basket_body(basket)))) == basket


def test_all_that_a_bill_says_comes_back() -> None:
    bill = a_bill(
        due=date(2026, 12, 1), message="Thanks", minimum=euro(1), maximum=euro(9000), fee=euro(30), may_change=True
    )
    basket = Basket().with_bill(bill, euro(4200), euro(30), "ref", is_confirmed=False)
    assert basket_from_body(json.loads(json.dumps(basket_body(basket)))).bills[0].bill == bill


def test_a_basket_without_bills_is_written_as_before() -> None:
    body = basket_body(a_basket(an_item()))
    assert body["schema"] == 1
    assert "bills" not in body
    assert basket_from_body(body).bills == ()


def test_an_older_version_does_not_take_a_basket_up_without_its_bills() -> None:
    assert basket_body(billed(Basket(), 4200))["schema"] == 2


def test_another_bill_another_amount_or_another_answer_is_another_basket() -> None:
    basket = billed(a_basket(an_item()), 4200)
    bill = basket.bills[0]
    others = [
        replace(basket, bills=(changed,))
        for changed in (
            replace(bill, bill=a_bill(2)),
            replace(bill, amount=euro(4201)),
            replace(bill, fee=euro(1)),
            replace(bill, payment_ref="another"),
            replace(bill, is_confirmed=False),
        )
    ]
    assert len({fingerprint(one) for one in (basket, basket.without_bill(2), *others)}) == 7


@pytest.mark.parametrize(
    "change",
    [
        {"bill": {}},
        {"bill": None},
        {"amount": None},
        {"amount": ["x", "EUR"]},
        {"fee": [1]},
        {"line_id": "x"},
        {"bill": {"standard": "runes"}},
        {"bill": {"account": 7}},
        {"bill": {"amount": [1.5, "EUR"]}},
        {"bill": {"due": "yesterday"}},
    ],
)
def test_a_body_with_a_bill_that_is_none_is_no_basket(change: dict[str, Any]) -> None:
    body: dict[str, Any] = json.loads(json.dumps(basket_body(billed(Basket(), 4200))))
    line = body["bills"][0]
    inner = change.get("bill")
    line.update({**change, "bill": {**line["bill"], **inner} if inner else inner} if "bill" in change else change)
    with pytest.raises(BasketBodyError):
        basket_from_body(body)
