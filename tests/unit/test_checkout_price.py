"""Another price on the shelf: asked by the shopper, decided by staff here or from afar, for this line and this price alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from till import RULES, Shop, staffed

from kiosk.domain.facts import Kind
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import Back, PayPressed, PriceGiven, PriceQuestioned, StaffChose, Undone
from kiosk.services.checkout.office import RemoteApproval
from kiosk.services.checkout.price_asking import bound_to
from kiosk.services.checkout.remote import asked_approval


@pytest.fixture
def shop() -> Shop:
    """Two milks at 1.29, said to cost 0.99."""
    rules = replace(RULES, price_ceilings={"attendant": 60, "supervisor": 1_000})
    return Shop(rules=rules).scan("9526001040018", "9526001040018").tell(PriceQuestioned(), PriceGiven(99))


def answer(shop: Shop, *, granted: bool = True, bound: str = "", role: str = "attendant", kind: str = "price") -> str:
    shop.tell(RemoteApproval("c1", granted, bound or bound_to(shop.session), "Kim", role, kind))
    told = shop.last(ask.RemoteAnswer)
    return f"{told.status} {told.reason}".strip()


def test_the_office_sees_what_and_how_much_and_what_it_says_holds_for_that_line(shop: Shop) -> None:
    asked = asked_approval(shop.session)
    assert asked is not None
    assert (shop.step, asked.kind, asked.reason) == ("price-check", "price", "price:129:99:EUR")
    assert answer(shop) == "done"
    assert (shop.step, shop.to_pay) == ("basket", 198)
    granted = next(f for e in shop.asked if isinstance(e, ask.Record) for f in e.facts)
    assert granted.kind is Kind.APPROVAL_GRANTED
    assert (granted.body["from_minor"], granted.body["to_minor"], granted.body["order"]) == (129, 99, "c1")
    shop.scan("9526001040018")
    assert shop.to_pay == 198 + 129, "the next one is the catalogue's again"
    assert shop.tell(Undone(), Undone()).to_pay == 198, "undo does not lead back behind it"
    sale = shop.tell(PayPressed()).last(ask.Pay).sale
    assert sale["lines"][0]["price_version"] == "v1/staff"


def test_an_answer_to_another_question_changes_nothing(shop: Shop) -> None:
    before = bound_to(shop.session)
    shop.tell(Back(), PriceQuestioned(), PriceGiven(1))
    assert answer(shop, bound=before) == "refused basket-changed"
    assert answer(shop, kind="refund") == "refused not-supported"
    assert (shop.step, shop.to_pay) == ("price-check", 258)


def test_nobody_gives_more_than_their_role_may(shop: Shop) -> None:
    shop.tell(Back(), PriceQuestioned(), PriceGiven(98))
    assert answer(shop) == "refused role"
    assert answer(shop, role="technician") == "refused role"
    assert answer(shop, role="supervisor") == "done"
    assert shop.to_pay == 196


def test_staff_at_the_terminal_decide_as_well(shop: Shop) -> None:
    assert staffed(shop).tell(StaffChose("approve")).to_pay == 198
    shop.tell(PriceQuestioned(), PriceGiven(1))
    assert staffed(shop).tell(StaffChose("approve")).step == "staff-menu"
    assert shop.session.notice is not None
    assert shop.session.notice.key == "problem.price-role"
    assert shop.tell(StaffChose("refuse")).to_pay == 198
    assert shop.step == "basket"
    assert shop.facts()[-1] is Kind.APPROVAL_REFUSED


@pytest.mark.parametrize("price_minor", [0, -5, 129, 10_000])
def test_only_a_lower_price_is_asked_for(shop: Shop, price_minor: int) -> None:
    assert shop.tell(Back(), PriceQuestioned(), PriceGiven(price_minor)).step == "price"
    assert shop.session.notice is not None
    assert shop.session.notice.key == "problem.price-not-lower"


def test_a_refusal_from_afar_leaves_the_price(shop: Shop) -> None:
    assert answer(shop, granted=False, role="auditor") == "done"
    assert (shop.step, shop.to_pay, shop.session.price_asked) == ("basket", 258, None)
