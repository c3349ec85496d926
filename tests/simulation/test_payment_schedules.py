"""Every schedule of up to 2 crashes and 2 lost messages around one card payment: no double charge, no charge without a sale, no sale
without a charge, no bill without its sale or twice; and the three things that make it so, each taken out in turn.

Real: the payment machine, `Payments`, `AttendedCharging`, the ZVT driver with its session and codec, the journal with its projections
in an encrypted file, the virtual terminal with its ledger. In their places: virtual time, a line in memory, the device's thread played
by turns, and a disk whose commits take a while and are kept or lost whole (what a torn disk does is the journal's own test).

Tried at every message, both ways: delivered; lost and the line seen to break by both ends, by the register only, or by neither until
a time-out; a request that moves money also late (see `world`). Tried at every step: a power cut, or the end of the process, which the
terminal sees; the register comes back after any number of the things that the terminal meanwhile does by itself. Where the register
tells that the payment is unclear, and at every crash, the customer stays or is gone for good. After the faults everything works.
Not tried: two payments at once, a terminal that loses power, a journal that cannot be written.
"""

from __future__ import annotations

import logging
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from devices.virtual.payment_settings import OnLostAck
from kiosk.domain.payment import (
    Answered,
    ApprovalSeen,
    Commit,
    Decide,
    Decision,
    Durable,
    Event,
    Fence,
    Fenced,
    Payment,
    Stamp,
    State,
)
from kiosk.domain.payment_machine import advance
from kiosk.services import payments
from tests.simulation.books import Books
from tests.simulation.search import Found, Scenario, explore
from tests.simulation.world import Loss

AT_ONCE_MS, SLOWER_THAN_THE_TERMINAL_WAITS_MS = 0, 2_500
SCENARIOS = tuple(
    Scenario(on_lost_ack, disk_ms)
    for disk_ms in (SLOWER_THAN_THE_TERMINAL_WAITS_MS, AT_ONCE_MS)
    for on_lost_ack in OnLostAck
)
Advance = Callable[[Payment, Event, Stamp], Decision]


@pytest.fixture
def books() -> Iterator[Books]:
    directory = _directory()
    yield Books(directory)
    shutil.rmtree(directory)


@pytest.mark.timeout(900)  # two cores that others use as well
def test_no_schedule_of_two_crashes_and_two_losses_charges_twice_or_parts_a_sale_from_its_charge(
    record_property: Callable[[str, object], None],
) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for scenario, found in zip(SCENARIOS, pool.map(_explored, SCENARIOS), strict=True):
            told = f"{scenario}: {found}"
            print(told)  # noqa: T201 - what was covered is part of the result
            record_property("explored", told)
            assert not found.violation, told
            assert found.schedules > 10_000, f"a search that has lost its way: {told}"


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(crashes=1, losses=1, customer="declined"),
        Scenario(crashes=1, losses=1, customer="pin"),
        Scenario(crashes=1, losses=1, earlier=False),
    ],
    ids=["declined", "with a PIN", "the terminal's first payment ever"],
)
def test_a_crash_and_a_loss_around_other_payments_leave_the_books_right(scenario: Scenario, books: Books) -> None:
    found = explore(scenario, books)
    assert not found.violation, str(found)
    assert found.schedules > 1_000


def test_without_the_fence_a_late_request_charges_a_card_for_nothing(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _explored_with(_without_fence, books, monkeypatch)
    assert found.violation == "charged without a sale", str(found)
    assert any(Loss.LATE in step for step in found.story), str(found)


def test_without_the_intent_a_power_cut_charges_a_card_for_nothing(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _explored_with(_without_intent, books, monkeypatch)
    assert found.violation == "charged without a sale", str(found)
    assert any("crash" in step for step in found.story), str(found)


def test_an_acknowledgement_before_the_books_are_written_gives_goods_away(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _explored_with(_acknowledged_first, books, monkeypatch)
    assert found.violation == "told paid, and never charged", str(found)
    assert any("crash" in step for step in found.story), str(found)


@pytest.mark.parametrize(("crashes", "losses"), [(1, 0), (0, 1)])
def test_the_search_misses_no_ending_by_leaving_known_moments_alone(crashes: int, losses: int, books: Books) -> None:
    scenario = Scenario(crashes=crashes, losses=losses)
    everything = explore(scenario, books, going_into_known=True)
    assert everything.cut_short == 0
    assert explore(scenario, books).endings == everything.endings
    assert len(everything.endings) > 5


# --- the machine with one of its three safeguards taken out ---


def _without_fence(payment: Payment, event: Event, stamp: Stamp) -> Decision:
    """Takes the terminal for idle without having asked it to be."""
    decided, effects = advance(payment, event, stamp)
    if not any(isinstance(effect, Fence) for effect in effects):
        return decided, effects
    decided, more = advance(decided, Fenced(), stamp)
    return decided, (*(effect for effect in effects if not isinstance(effect, Fence)), *more)


def _without_intent(payment: Payment, event: Event, stamp: Stamp) -> Decision:
    """Charges without having written that it is going to."""
    decided, effects = advance(payment, event, stamp)
    if payment.state is State.NEW and isinstance(event, Answered) and decided.state is State.INTENDING:
        return advance(decided, Durable(), stamp)
    return decided, effects


def _acknowledged_first(payment: Payment, event: Event, stamp: Stamp) -> Decision:
    """Acknowledges the approval, and lets the disk take its time."""
    decided, effects = advance(payment, event, stamp)
    if not isinstance(event, ApprovalSeen) or decided.state is not State.APPROVING:
        return decided, effects
    (commit,) = effects
    assert isinstance(commit, Commit)
    return replace(decided, state=State.APPROVED, booked=True), (Decide(keep=True), replace(commit, awaited=False))


def _explored_with(broken: Advance, books: Books, monkeypatch: pytest.MonkeyPatch) -> Found:
    monkeypatch.setattr(payments, "advance", broken)
    return explore(Scenario(disk_ms=SLOWER_THAN_THE_TERMINAL_WAITS_MS), books)


# --- one search a process ---


def _explored(scenario: Scenario) -> Found:
    logging.disable()  # thousands of lost lines, each logged as it should be
    directory = _directory()
    try:
        return explore(scenario, Books(directory))
    finally:
        shutil.rmtree(directory)


def _directory() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it
    return Path(tempfile.mkdtemp(prefix="schedules-", dir=memory if memory.is_dir() else None))
