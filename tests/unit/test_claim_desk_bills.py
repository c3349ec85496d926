"""A basket on hold with bills in it: what another terminal wrote is looked at before it is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.basket import Basket, BillLine
from kiosk.domain.basket_body import basket_body
from kiosk.domain.money import Money
from kiosk.ports import ClaimAnswer, ClaimKind, Verdict
from kiosk.runtime import VirtualLoop
from kiosk.services.checkout.claim_desk import ClaimDesk
from kiosk.services.checkout.effects import TakeUp
from kiosk.services.checkout.events import BasketTakenUp, ClaimWaits
from tests.unit.shop import a_basket, an_item, billed, euro


class OtherTerminal:
    """The store's claims, where another terminal has put one basket aside; and an empty ledger and an office that is not slow."""

    def __init__(self, body: str) -> None:
        self._body = body

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:
        done(ClaimAnswer(Verdict.GRANTED, self._body))

    def release(self, kind: ClaimKind, code: str, sale_id: str) -> None:
        """Nothing to give back."""

    def held_basket(self, code: str) -> None:
        return None

    def submit(self, call: Callable[[], Any], done: Callable[[Any], None]) -> None:
        done(call())


def taken_up(basket: Basket) -> Basket | None:
    other: Any = OtherTerminal(json.dumps(basket_body(basket)))
    desk = ClaimDesk(VirtualLoop(), other, other, other, "EUR")
    desk.claims = other
    told: list[object] = []
    desk.take_up(TakeUp("H1", "s1"), told.append)
    (answer,) = [event for event in told if not isinstance(event, ClaimWaits)]
    return answer.basket if isinstance(answer, BasketTakenUp) else None


def changed(**more: Any) -> Basket:
    basket = billed(a_basket(an_item()), 4200)
    return replace(basket, bills=(replace(basket.bills[0], **more),))


def test_a_basket_of_another_terminal_comes_with_its_bills() -> None:
    basket = billed(a_basket(an_item()), 4200, 199)
    assert taken_up(basket) == basket


@pytest.mark.parametrize(
    "basket",
    [
        changed(amount=euro(0)),
        changed(amount=euro(-4200)),
        changed(fee=euro(-1)),
        changed(amount=Money(4200, "CHF")),
        changed(line_id=1),
        changed(line_id=99),
        changed(bill=replace(billed(Basket(), 1).bills[0].bill, currency="CHF")),
        changed(bill=replace(billed(Basket(), 1).bills[0].bill, minimum=Money(1, "CHF"))),
    ],
)
def test_a_bill_that_nobody_could_have_put_into_a_basket_is_not_believed(basket: Basket) -> None:
    assert taken_up(basket) is None


def test_one_bill_twice_in_a_basket_is_not_believed() -> None:
    basket = billed(Basket(), 4200)
    again: BillLine = replace(basket.bills[0], line_id=2)
    assert taken_up(replace(basket, bills=(*basket.bills, again), next_line_id=3)) is None
