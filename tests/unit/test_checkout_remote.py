"""Staff decide from afar: for the basket they were shown, and no other."""

from __future__ import annotations

from typing import Any

from till import Shop

from kiosk.domain.basket_body import fingerprint
from kiosk.domain.facts import Kind
from kiosk.ports import UplinkState
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import (
    Back,
    LineChanged,
    PayPressed,
)
from kiosk.services.checkout.office import MessageSent, RemoteApproval
from kiosk.services.checkout.remote import asked_approval


def waiting_for_staff(*more: str) -> Shop:
    shop = Shop().scan("9526001000012", *more).tell(PayPressed())
    assert shop.step == "age-check"
    return shop


def decision(shop: Shop, *, granted: bool = True, role: str = "attendant") -> RemoteApproval:
    asked = asked_approval(shop.session)
    assert asked is not None
    return RemoteApproval("o1", granted, asked.basket_hash, "Kim", role)


def answered(shop: Shop) -> tuple[Any, ...]:
    answer = shop.last(ask.RemoteAnswer)
    return (answer.order_id, answer.status, answer.reason)


def test_an_approval_from_afar_leads_on_to_the_card_and_is_journalled() -> None:
    shop = waiting_for_staff()
    shop.tell(decision(shop))
    assert shop.step == "pay"
    assert answered(shop) == ("o1", "done", "")
    assert Kind.APPROVAL_GRANTED in shop.facts()
    assert shop.session.basket.approval is not None
    assert not shop.session.help_called


def test_a_basket_that_changed_voids_the_approval_that_was_given_for_it() -> None:
    shop = waiting_for_staff()
    given = decision(shop)
    shop.tell(Back()).scan("9526001000029").tell(PayPressed(), given)
    assert shop.step == "age-check"
    assert answered(shop) == ("o1", "refused", "basket-changed")
    assert shop.session.basket.needs_age_check
    assert Kind.APPROVAL_GRANTED not in shop.facts()


def test_an_approval_after_the_shopper_went_back_does_nothing() -> None:
    shop = waiting_for_staff()
    given = decision(shop)
    shop.tell(Back(), given)
    assert answered(shop) == ("o1", "refused", "not-waiting")
    assert shop.session.basket.approval is None


def test_a_role_that_may_not_approve_ages_is_refused() -> None:
    shop = waiting_for_staff()
    shop.tell(decision(shop, role="technician"))
    assert answered(shop) == ("o1", "refused", "role")
    assert shop.step == "age-check"


def test_a_refusal_from_afar_takes_the_restricted_goods_out_and_the_rest_goes_on() -> None:
    shop = waiting_for_staff("9526001040018")
    shop.tell(decision(shop, granted=False))
    assert shop.step == "basket"
    assert [line.item.gtin for line in shop.session.basket.lines] == ["09526001040018"]
    assert Kind.APPROVAL_REFUSED in shop.facts()


def test_the_hash_of_a_basket_changes_with_everything_in_it() -> None:
    shop = Shop().scan("9526001000012")
    once = fingerprint(shop.session.basket)
    shop.scan("9526001000012")
    assert fingerprint(shop.session.basket) != once


def test_what_waits_to_be_sent_outlives_the_shopper() -> None:
    line = UplinkState(12, "2026-11-21T14:02:00+01:00", "offline")
    shop = waiting_for_staff().tell(LineChanged(line), MessageSent("Till 3 please"))
    shop.tell(decision(shop, granted=False))
    assert shop.step == "attract"
    assert shop.session.line == line
    assert shop.session.message == "Till 3 please"
