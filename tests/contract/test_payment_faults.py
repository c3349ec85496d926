"""Every fault of the payment terminal, over a real socket and a real pseudo-terminal: what the register was told, what the ledger holds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from devices.virtual.payment_cards import CARDS, Entry
from devices.virtual.payment_settings import Fault, OnLostAck
from kiosk.domain.payment import Outcome, Result
from kiosk.ports import DeviceRefusedError, DeviceUnavailableError
from tests.contract.lane import PRICE, QUICK, Lane, lane
from tests.contract.wires import eventually, nothing_left_behind


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with nothing_left_behind():
        yield


@pytest.fixture(params=["tcp", "pty"])
def wire(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on_lost_ack", [OnLostAck.KEEP, OnLostAck.REVERSE])
@pytest.mark.parametrize("fault", [Fault.UNPLUG, Fault.APPROVAL_LOST, Fault.ACK_LOST])
def test_a_line_lost_around_the_approval_is_unknown_and_the_terminal_tells_later(
    wire: str, fault: Fault, on_lost_ack: OnLostAck
) -> None:
    with lane(wire, "good", fault, terminal=replace(QUICK, on_lost_ack=on_lost_ack)) as shop:
        outcome = shop.pay()
        assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "line-lost")
        shop.settled()  # the terminal goes on by itself; a fence in the middle of that would have it reverse
        shop.driver.fence()
        status = shop.driver.status()
        assert not status.busy and status.last is not None
        assert status.last.amount == PRICE
        if on_lost_ack is OnLostAck.KEEP:
            assert status.last.result is Result.APPROVED
            assert [charge.trace for charge in shop.terminal.ledger.charges()] == [status.last.trace]
        else:
            assert (status.last.result, status.last.reason) == (Result.CANCELLED, "reversed")
            assert shop.terminal.ledger.charged_minor() == 0


def test_a_lost_completion_is_unknown_and_found_charged(wire: str) -> None:
    with lane(wire, "good", Fault.COMPLETION_LOST) as shop:
        assert shop.pay().result is Result.UNKNOWN
        assert len(shop.till.approvals) == 1
        shop.driver.fence()
        last = shop.driver.status().last
        assert last is not None and (last.result, last.trace) == (Result.APPROVED, shop.till.approvals[0].trace)
        assert shop.terminal.ledger.charged_minor() == 1234


def test_an_approval_after_the_registers_own_time_out_is_unknown_and_found() -> None:
    late = replace(QUICK, late_reply_ms=7500)
    with lane("tcp", "good", Fault.LATE_REPLY, terminal=late, authorise_s=1) as shop:
        outcome = shop.pay()
        assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "timeout")
        assert shop.kinds == []
        shop.driver.fence()  # waits until the terminal is done with it
        assert shop.kinds[0] == "authorisation"
        last = shop.driver.status().last
        assert last is not None
        assert (last.result is Result.APPROVED) == (shop.terminal.ledger.charged_minor() == 1234)


@pytest.mark.parametrize(
    "fault",
    [Fault.UNPLUG, Fault.APPROVAL_LOST, Fault.ACK_LOST, Fault.COMPLETION_LOST, Fault.POWER_CYCLE],
)
def test_a_refund_lost_on_the_line_is_unknown_and_the_terminal_tells_later(wire: str, fault: Fault) -> None:
    with lane(wire) as shop:
        paid = shop.pay()
        shop.settled()
        shop.terminal.arm(fault)
        assert shop.give_back().result is Result.UNKNOWN
        shop.settled()
        shop.driver.fence()
        last = shop.driver.status().last
        assert last is not None
        is_given = last.result is Result.APPROVED and last.trace != paid.trace
        assert is_given == (shop.terminal.ledger.charged_minor() == 0)


@pytest.mark.parametrize("fault", [Fault.APPROVAL_LOST, Fault.COMPLETION_LOST])
def test_a_reversal_lost_on_the_line_is_unknown_and_found_by_the_trace_of_its_payment(wire: str, fault: Fault) -> None:
    with lane(wire) as shop:
        paid = shop.pay()
        shop.settled()
        shop.terminal.arm(fault)
        assert paid.receipt_no is not None
        assert shop.driver.reverse(paid.receipt_no, PRICE).result is Result.UNKNOWN
        shop.driver.fence()
        last = shop.driver.status().last
        assert last is not None and (last.result, last.reason, last.trace) == (Result.CANCELLED, "reversed", paid.trace)
        assert shop.terminal.ledger.charged_minor() == 0


@pytest.mark.parametrize("fault", [Fault.DUPLICATE_APPROVAL, Fault.SLOW])
def test_a_refund_told_twice_or_slowly_gives_once(wire: str, fault: Fault) -> None:
    with lane(wire) as shop:
        shop.pay()
        shop.settled()
        shop.terminal.arm(fault)
        assert shop.give_back().result is Result.APPROVED
        assert shop.terminal.ledger.charged_minor() == 0
        assert shop.kinds.count("refund") == 1


def test_a_busy_terminal_gives_nothing_back(wire: str) -> None:
    with lane(wire) as shop:
        shop.pay()
        shop.settled()
        shop.terminal.arm(Fault.BUSY)
        assert shop.give_back().reason == "busy"
        assert shop.terminal.ledger.charged_minor() == 1234


def test_a_fence_says_busy_when_the_terminal_stays_busy() -> None:
    late = replace(QUICK, late_reply_ms=30_000)
    with lane("tcp", "good", Fault.LATE_REPLY, terminal=late, authorise_s=1, fence_ms=0) as shop:
        assert shop.pay().result is Result.UNKNOWN
        with pytest.raises(DeviceRefusedError) as refused:
            shop.driver.fence()
        assert refused.value.reason == "busy"
        assert shop.driver.status().busy
        assert shop.driver.connect().reason == "busy"


def test_a_slow_terminal_is_waited_for(wire: str) -> None:
    with lane(wire, "good", Fault.SLOW) as shop:
        assert shop.pay().result is Result.APPROVED
        assert shop.terminal.ledger.charged_minor() == 1234


def test_an_approval_sent_twice_is_charged_once(wire: str) -> None:
    with lane(wire, "good", Fault.DUPLICATE_APPROVAL) as shop:
        assert shop.pay().result is Result.APPROVED
        assert len(shop.till.approvals) == 1
        assert shop.kinds == ["authorisation", "capture"]


def test_a_busy_terminal_refuses_and_charges_nothing(wire: str) -> None:
    with lane(wire, "good", Fault.BUSY) as shop:
        outcome = shop.pay()
        assert (outcome.result, outcome.reason) == (Result.DECLINED, "busy")
        assert shop.kinds == []
        assert shop.pay().result is Result.APPROVED


def test_a_terminal_that_loses_power_forgets_the_payment_and_keeps_its_ledger(wire: str) -> None:
    with lane(wire) as shop:
        first = shop.pay()
        shop.terminal.arm(Fault.POWER_CYCLE)
        assert shop.pay().result is Result.UNKNOWN
        shop.driver.fence()
        last = shop.driver.status().last
        assert last is not None and last.trace == first.trace
        assert shop.terminal.ledger.charged_minor() == 1234


@pytest.mark.parametrize("fault", [Fault.GARBAGE, Fault.HALF_FRAME])
def test_noise_on_a_serial_line_is_repeated_away(fault: Fault) -> None:
    with lane("pty", "good", fault) as shop:
        assert shop.pay().result is Result.APPROVED
        assert shop.kinds == ["authorisation", "capture"]


@pytest.mark.parametrize("fault", [Fault.GARBAGE, Fault.HALF_FRAME])
def test_noise_on_a_network_line_ends_in_unknown_and_the_truth_is_found(fault: Fault) -> None:
    with lane("tcp", "good", fault) as shop:
        assert shop.pay().result is Result.UNKNOWN
        shop.settled()
        shop.driver.fence()
        last = shop.driver.status().last
        assert last is not None and last.result is Result.APPROVED
        assert shop.terminal.ledger.charged_minor() == 1234


def test_after_the_fence_an_old_request_cannot_charge_any_more(wire: str) -> None:
    with lane(wire, None, terminal=replace(QUICK, card_timeout_ms=600_000)) as shop:
        waiting = threading.Event()
        shop.till.on_shown = lambda code: waiting.set()
        outcomes: list[Outcome] = []
        paying = threading.Thread(target=lambda: outcomes.append(shop.pay()))
        paying.start()
        assert waiting.wait(10)
        shop.driver.close()  # the register dies with the payment in hand; the customer still stands there
        paying.join()
        assert outcomes[0].result is Result.UNKNOWN
        assert shop.terminal.busy
        after = Lane(shop.terminal)
        after.driver.fence()
        shop.settled()
        shop.terminal.present_card(CARDS["visa"], Entry.TAPPED)
        assert after.driver.status().last is None
        assert shop.kinds == []


def test_without_a_fence_the_old_request_still_charges() -> None:
    with lane("tcp", None) as shop:
        waiting = threading.Event()
        shop.till.on_shown = lambda code: waiting.set()
        paying = threading.Thread(target=shop.pay)
        paying.start()
        assert waiting.wait(10)
        shop.driver.close()
        paying.join()
        shop.terminal.present_card(CARDS["visa"], Entry.TAPPED)
        eventually(lambda: shop.terminal.ledger.charged_minor() == 1234, "charged behind the register's back")


def test_a_dropped_idle_line_does_not_disturb_the_next_payment() -> None:
    with lane("tcp", "good", terminal=replace(QUICK, idle_drop_ms=30)) as shop:
        shop.driver.connect()
        assert shop.pay().result is Result.APPROVED
        assert shop.pay().result is Result.APPROVED
        assert len(shop.terminal.ledger.charges()) == 2


def test_a_terminal_that_is_not_there_is_unavailable() -> None:
    with lane("tcp") as shop:
        shop.terminal.close()
        for call in (shop.driver.connect, shop.driver.status, shop.driver.fence, shop.pay):
            with pytest.raises(DeviceUnavailableError):
                call()
