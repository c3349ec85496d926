"""What is heard of a bill: whom somebody pays is theirs alone, what it comes to is not, and each question is asked aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.bills.bill import Reason
from kiosk.domain.bills.typed import State, Typed
from kiosk.services.bill_payment.problems import CODES
from kiosk.services.bill_payment.view import BillView
from kiosk.services.checkout.session import Easier, Session
from kiosk.services.checkout.spoken import utterance, whole
from tests.ui.bill_samples import DUE, ENERGY, euro, offer, view

ALOUD = Session("en", easier=Easier(speech=True))


def test_whom_one_pays_goes_to_a_headset_or_nowhere() -> None:
    at = replace(ALOUD, step="bill", bill=view(ENERGY, offer=offer(ENERGY, fee=euro(150))))
    said = whole(at)
    public = [one.key for one in said if not one.private]
    assert public == ["screen.bill.spoken-amount", "screen.bill.spoken-fee", "screen.bill.open", "screen.bill.spoken"]
    assert {one.key for one in said if one.private} == {"screen.bill.payee", "screen.bill.spoken-due"}


@pytest.mark.parametrize("code", sorted(CODES | set(map(str, Reason))))
def test_every_problem_is_heard(code: str) -> None:
    params = {"day": DUE, "late": euro(250), "limit": euro(20_000)}
    at = replace(ALOUD, step="bill-problem", bill=BillView(problem=code, params=params))
    assert [one.key for one in whole(at)][-1] == "screen.bill-problem.spoken"
    assert len(whole(at)) >= 2


def test_a_wrong_field_is_heard_when_it_is_typed() -> None:
    before = replace(ALOUD, step="bill-typing", bill=BillView())
    wrong = replace(before, bill=BillView(typed=Typed("1", verdict=State.WRONG)))
    assert [one.key for one in utterance(before, wrong)] == ["screen.bill-typing.wrong"]
    assert utterance(wrong, wrong) == ()


def test_an_amount_beyond_its_bounds_is_heard() -> None:
    before = replace(ALOUD, step="bill-amount", bill=view(ENERGY))
    after = replace(before, bill=view(ENERGY, refused_amount="high"))
    assert [one.key for one in utterance(before, after)] == ["screen.bill-amount.high"]
