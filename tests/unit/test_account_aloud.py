"""What is heard of an account: neutral words in public, the holder's own through a headset, of a PIN nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.services.account_lookup.journey import STEPS
from kiosk.services.account_lookup.view import AccountView, Change
from tests.e2e.account_bank import OVERVIEW
from tests.unit.test_speaking import START, Customer

HOLDER = Holder(IdentifiedBy.ACCOUNT, "40012345")
OPEN = AccountView("v", HOLDER, overview=OVERVIEW, is_live=True, shows=True, change=Change("address", "Weg 1"))
PRIVATE = ("Muster", "1,234.56", "Shop number", "40012345", "Weg 1", "78")


def holder(step: str, view: AccountView = OPEN, *, headset: bool = False) -> Customer:
    listener = Customer(replace(START, step=step, account=view))
    if headset:
        listener.speaking.headset(plugged=True)
    return listener


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_no_loudspeaker_says_anything_of_a_holder_s(step: str) -> None:
    listener = Customer(START)
    heard = listener.now(step=step, account=OPEN)
    listener.speaking.repeat()
    assert heard
    assert not [one for one in (*heard, *listener.heard()) for private in PRIVATE if private in one]


def test_a_headset_hears_what_is_on_the_account() -> None:
    listener = holder("account", replace(OPEN, shows=False), headset=True)
    heard = listener.now(account=OPEN)
    assert any("1,234.56" in one for one in heard)


def test_a_headset_hears_a_movement_only_where_it_is_shown() -> None:
    listener = Customer(START)
    listener.speaking.headset(plugged=True)
    assert not any(
        "Shop number" in one for one in listener.now(step="account-movements", account=replace(OPEN, shows=False))
    )
    assert any("Shop number" in one for one in listener.now(account=OPEN))


def test_what_the_headset_heard_is_not_repeated_aloud_once_it_is_out() -> None:
    listener = holder("account", replace(OPEN, shows=False), headset=True)
    listener.now(account=OPEN)
    listener.speaking.headset(plugged=False)
    listener.heard()
    listener.speaking.repeat()
    assert not [one for one in listener.heard() for private in PRIVATE if private in one]


@pytest.mark.parametrize("headset", [True, False])
def test_of_a_pin_nothing_is_heard_with_or_without_a_headset(headset: bool) -> None:
    listener = holder("account-pin", headset=headset)
    listener.speaking.typed("2")
    listener.speaking.control("5")
    assert listener.heard() == []


def test_typed_numbers_and_touched_names_are_for_the_headset() -> None:
    aloud = holder("account-number")
    aloud.speaking.typed("4")
    aloud.speaking.control("4")
    aloud.speaking.control("Stadtwerke Hofheim", "58.90")
    assert aloud.heard() == []
    aloud.speaking.control("Continue", "Kim Muster")
    assert aloud.heard() == ["en: Continue"]
    quiet = holder("account-number", headset=True)
    quiet.speaking.typed("4")
    quiet.speaking.control("Stadtwerke Hofheim", "58.90")
    assert quiet.heard() == ["en: 4", "en: Stadtwerke Hofheim. 58.90"]


def test_how_long_a_lock_lasts_and_how_many_tries_are_left_is_said() -> None:
    locked = replace(AccountView("v", HOLDER), problem="locked", locked_for_s=840)
    assert any("14 minutes" in one for one in Customer(START).now(step="account-problem", account=locked))
    wrong = replace(AccountView("v", HOLDER), problem="no-match", tries_left=1)
    assert any("1 try" in one for one in Customer(START).now(step="account-problem", account=wrong))


def test_whoever_idles_hears_that_the_account_closes() -> None:
    listener = holder("account")
    assert any("account is closed in 20 seconds" in one for one in listener.now(countdown_s=20))
