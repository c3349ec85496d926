"""Every schedule of a few crashes and lost messages around one refund: the money goes back once or not at all, and the books say which.

The world is that of `test_payment_schedules`; here an earlier payment goes back, in part to a card that is presented, or as a whole by
reversal, also where the terminal refuses that and the money goes to the card after all.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator

import pytest

from devices.virtual.payment_settings import OnLostAck
from kiosk.domain import refund_machine
from kiosk.domain.payment import Answered, Durable, Fence, Fenced, Stamp
from kiosk.domain.refunding import Decision, Refund, State
from tests.simulation.books import Books
from tests.simulation.register import AMOUNT
from tests.simulation.search import Found, Scenario, explore
from tests.simulation.test_payment_schedules import SLOWER_THAN_THE_TERMINAL_WAITS_MS, _directory

PART = 500
Advance = Callable[[Refund, object, Stamp], Decision]
advance = refund_machine.advance


@pytest.fixture
def books() -> Iterator[Books]:
    logging.disable()  # thousands of lost lines, each logged as it should be
    directory = _directory()
    yield Books(directory)
    shutil.rmtree(directory)
    logging.disable(logging.NOTSET)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("disk_ms", [0, SLOWER_THAN_THE_TERMINAL_WAITS_MS])
@pytest.mark.parametrize("on_lost_ack", list(OnLostAck))
def test_no_schedule_of_a_crash_and_two_losses_gives_back_twice_or_unbooked(
    on_lost_ack: OnLostAck, disk_ms: int, books: Books
) -> None:
    found = explore(Scenario(on_lost_ack, disk_ms, crashes=1, losses=2, gives_back=PART), books)
    assert not found.violation, str(found)
    assert found.schedules > 1_000, f"a search that has lost its way: {found}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("later", "only_last_reversible"),
    [(False, True), (True, False), (True, True)],
    ids=["the last payment", "an older payment", "refused, then refunded to the card"],
)
def test_no_schedule_of_two_crashes_and_a_loss_gives_a_whole_payment_back_twice_or_unbooked(
    later: bool, only_last_reversible: bool, books: Books
) -> None:
    whole = AMOUNT.minor
    scenario = Scenario(losses=1, gives_back=whole, later=later, only_last_reversible=only_last_reversible)
    found = explore(scenario, books)
    assert not found.violation, str(found)
    assert found.schedules > 100, f"a search that has lost its way: {found}"


@pytest.mark.parametrize("customer", ["declined", "pin"], ids=["declined", "another card"])
def test_a_refund_that_may_not_be_gives_nothing_whatever_gets_lost(customer: str, books: Books) -> None:
    found = explore(Scenario(OnLostAck.REVERSE, crashes=1, losses=1, customer=customer, gives_back=PART), books)
    assert not found.violation, str(found)
    assert not any("given back" in str(ending[2]).replace("not given back", "") for ending in found.endings)


def test_without_the_fence_a_late_request_gives_money_that_no_book_holds(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _explored_with(_without_fence, books, monkeypatch)
    assert found.violation == "given back, and not in the books", str(found)


def test_without_the_intent_a_power_cut_gives_money_that_no_book_holds(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _explored_with(_without_intent, books, monkeypatch)
    assert found.violation == "given back, and not in the books", str(found)


def _without_fence(refund: Refund, event: object, stamp: Stamp) -> Decision:
    decided, effects = advance(refund, event, stamp)
    if not any(isinstance(effect, Fence) for effect in effects):
        return decided, effects
    decided, more = advance(decided, Fenced(), stamp)
    return decided, (*(effect for effect in effects if not isinstance(effect, Fence)), *more)


def _without_intent(refund: Refund, event: object, stamp: Stamp) -> Decision:
    decided, effects = advance(refund, event, stamp)
    if refund.state is State.NEW and isinstance(event, Answered) and decided.state is State.INTENDING:
        return advance(decided, Durable(), stamp)
    return decided, effects


def _explored_with(broken: Advance, books: Books, monkeypatch: pytest.MonkeyPatch) -> Found:
    monkeypatch.setattr(refund_machine, "advance", broken)
    return explore(Scenario(disk_ms=SLOWER_THAN_THE_TERMINAL_WAITS_MS, gives_back=PART), books)
