"""The power is cut in the middle of a refund: the money goes back once or not at all, and books and payment terminal tell the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.virtual.payment_cards import CARDS, Entry
from devices.virtual.payment_ledger import Kind
from devices.virtual.payment_settings import OnLostAck, TerminalSettings
from tests.e2e.lane import Lane, Terminal, wait_until

MILK, PRICE = "9526001040018", 129
RECEIPT = "RCP-4-000001"
SHOP = {"KIOSK__TERMINAL__PROFILE": "shop", "KIOSK__REFUNDS__CEILINGS_MINOR__CUSTOMER": "10000"}


def paid(lane: Lane, terminal: Terminal, count: int) -> None:
    """So many milks, paid by card, and nobody at the terminal any more."""
    terminal.is_ready()
    for number in range(1, count + 1):
        lane.scanner.scan(MILK)
        terminal.wait(lambda now, number=number: now["items"] == number, "the milk in the basket")  # type: ignore[misc]
    terminal.do("action.pay")
    terminal.wait(lambda now: now["message"] == "insert-card", "the payment terminal to ask for a card")
    lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
    terminal.wait_for_step("receipt-choice")
    terminal.do("action.no-receipt")
    terminal.wait_for_step("attract")


def at_the_reason(lane: Lane, terminal: Terminal) -> None:
    lane.scanner.scan(RECEIPT, "]C0")
    terminal.wait_for_step("refund-lines")
    terminal.do("action.all-of-it", "action.continue")
    terminal.wait_for_step("refund-reason")


def close_the_batch(lane: Lane) -> None:
    """An end of day: what was paid before can be refunded to a card, and no longer reversed."""
    books = lane.payment._core.books
    books.ledger.entries.append(books.new_entry(Kind.END_OF_DAY, 0, 978, 0))


def given_back(lane: Lane) -> bool:
    return any(one.kind in (Kind.REFUND, Kind.REVERSAL) and one.code == 0 for one in lane.payment.ledger.entries)


def after_the_cut(lane: Lane) -> list[str]:
    """The terminal comes back, clears up what is left, and is ended; what the journal says of the refund.

    Ended before it got round to it, it goes on at the next start.
    """
    kinds: list[str] = []
    for _ in range(3):
        with lane.terminal(**SHOP) as terminal:
            terminal.is_ready()
            terminal.wait_for_step("attract")
            assert terminal.end() == 0
        kinds = [kind for kind in lane.kinds() if kind.startswith("refund.")]
        if kinds[-1] != "refund.intended":
            break
    return kinds


@pytest.mark.timeout(180)
@pytest.mark.parametrize("on_lost_ack", list(OnLostAck))
def test_a_power_cut_after_the_approval_of_a_refund_gives_back_once_or_not_at_all(
    tmp_path: Path, on_lost_ack: OnLostAck
) -> None:
    with Lane(tmp_path, TerminalSettings(host_ms=120, on_lost_ack=on_lost_ack), **SHOP) as lane:
        with lane.terminal() as terminal:
            paid(lane, terminal, 2)
            close_the_batch(lane)
            at_the_reason(lane, terminal)
            terminal.do("screen.refund-reason.damaged")
            terminal.wait(lambda now: now["message"] == "insert-card", "the payment terminal to ask for a card")
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            wait_until(lambda: given_back(lane), lambda: "the approval")
            terminal.kill()
        told = after_the_cut(lane)
        back = 2 * PRICE - lane.payment.ledger.charged_minor()
        assert back in (0, 2 * PRICE)
        assert told[0] == "refund.intended"
        assert told[-1] == ("refund.completed" if back else "refund.failed")
        assert told.count("refund.completed") == int(bool(back))


@pytest.mark.timeout(180)
def test_a_power_cut_around_a_reversal_gives_back_once_and_the_receipt_is_used_up(tmp_path: Path) -> None:
    with Lane(tmp_path, TerminalSettings(host_ms=120), **SHOP) as lane:
        with lane.terminal() as terminal:
            paid(lane, terminal, 1)
            at_the_reason(lane, terminal)
            terminal.do("screen.refund-reason.damaged")
            wait_until(lambda: given_back(lane), lambda: "the reversal")
            terminal.kill()
        told = after_the_cut(lane)
        assert lane.payment.ledger.charged_minor() == 0
        assert told[-1] == "refund.completed" and told.count("refund.completed") == 1
        with lane.terminal(**SHOP) as terminal:
            terminal.is_ready()
            lane.scanner.scan(RECEIPT, "]C0")
            terminal.wait_for_step("refund-problem")


@pytest.mark.timeout(180)
def test_a_power_cut_before_the_card_gives_nothing_back_and_frees_the_lines(tmp_path: Path) -> None:
    with Lane(tmp_path, TerminalSettings(host_ms=120), **SHOP) as lane:
        with lane.terminal() as terminal:
            paid(lane, terminal, 2)
            close_the_batch(lane)
            at_the_reason(lane, terminal)
            terminal.do("screen.refund-reason.damaged")
            terminal.wait(lambda now: now["message"] == "insert-card", "the payment terminal to ask for a card")
            terminal.kill()
        assert after_the_cut(lane)[-1] == "refund.failed"
        assert lane.payment.ledger.charged_minor() == 2 * PRICE
        with lane.terminal(**SHOP) as terminal:
            terminal.is_ready()
            at_the_reason(lane, terminal)
