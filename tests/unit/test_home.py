"""The home screen: a terminal offers what its profile says, and nothing else by any way round it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from till import RULES, Shop

from kiosk.services.home import FORM, ServiceChosen, offered
from kiosk.services.visit import VISIT

PROFILES = {"shop": ("checkout", "bills"), "bank": ("bills", "account")}


@pytest.fixture
def bank() -> Shop:
    shop = Shop(rules=replace(RULES, profiles=PROFILES))
    shop.session = replace(shop.session, profile="bank")
    return shop


def test_a_profile_s_services_stand_in_the_site_s_order(bank: Shop) -> None:
    assert offered(bank.session, bank.rules) == ("bills", "account")
    assert offered(replace(bank.session, profile="nobody-knows-it"), bank.rules) == ()


@pytest.mark.parametrize("code", ["9526001040018", "VCH-12345678", "HLD-4TQ7ZC8P", "CPN-COFFEE"])
def test_a_terminal_that_sells_nothing_says_so_kindly(bank: Shop, code: str) -> None:
    bank.scan(code, symbology="E0" if code.isdigit() else "C0")
    assert bank.step == "unknown-code"
    assert bank.session.problem == "not-sold-here"
    assert bank.session.basket.is_empty


@pytest.mark.parametrize("service", ["refund", "checkout", "nonsense", "", f"{FORM}nobody-has-it", "bills;DROP"])
def test_what_is_not_on_offer_opens_nothing(bank: Shop, service: str) -> None:
    before = bank.session
    bank.tell(ServiceChosen(service))
    assert bank.session == before


def test_services_begin_at_the_home_screen_only() -> None:
    assert [step.name for step in VISIT.steps if ServiceChosen in step.ways] == ["attract"]
