"""The power is cut around the payment of a bill: afterwards there is one sale and one paid bill, or neither; and a bill in the basket
outlives it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from devices.virtual.payment_cards import CARDS, Entry
from devices.virtual.payment_ledger import Kind
from devices.virtual.payment_settings import TerminalSettings
from tests.e2e.lane import Lane, Terminal, wait_until
from tests.unit.sample_bills import epc

MILK = "9526001040018"
BILL = epc({7: "EUR42.10"})
BOTH = {"KIOSK__TERMINAL__PROFILE": "both"}


def with_a_bill(lane: Lane, terminal: Terminal, *, milk: bool = True) -> None:
    """A bill in the basket, and milk beside it. Nobody can be asked about the bill: this lane has no central service."""
    terminal.is_ready()
    lane.scanner.scan(BILL, "]Q1")
    terminal.wait_for_step("bill")
    terminal.do("action.take-bill")
    terminal.wait(lambda now: now["step"] == "basket" and now["items"] == 1, "the bill in the basket")
    if milk:
        lane.scanner.scan(MILK)
        terminal.wait(lambda now: now["items"] == 2, "the milk in the basket")


def at_the_card(lane: Lane, terminal: Terminal) -> None:
    with_a_bill(lane, terminal)
    terminal.do("action.pay")
    terminal.wait(lambda now: now["message"] == "insert-card", "the payment terminal to ask for a card")


def approved(lane: Lane) -> bool:
    return any(one.kind is Kind.AUTHORISATION and one.code == 0 for one in lane.payment.ledger.entries)


def assert_paid_once(lane: Lane) -> None:
    entries = lane.entries()
    (sale,) = [entry for entry in entries if entry["kind"] == "sale.completed"]
    (bill,) = [entry for entry in entries if entry["kind"] == "bill.paid"]
    assert (sale["body"]["total_minor"], sale["body"]["to_pay_minor"]) == (129, 4339)
    assert bill["subject"] == f"bill:{bill['body']['key']}"
    assert (bill["body"]["amount_minor"], bill["body"]["sale_id"]) == (4210, sale["body"]["sale_id"])
    assert bill["body"]["reference"] == "RF18539007547034"
    assert bill["body"]["payment_ref"]
    assert lane.charges() == [4339]


@pytest.mark.parametrize("moment", ["the bank is asked", "approved"])
def test_a_power_cut_while_a_bill_is_paid_pays_it_once_with_its_goods(tmp_path: Path, moment: str) -> None:
    with Lane(tmp_path, TerminalSettings(host_ms=1_500 if moment != "approved" else 0), **BOTH) as lane:
        with lane.terminal() as terminal:
            at_the_card(lane, terminal)
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            if moment == "approved":
                wait_until(lambda: approved(lane), lambda: "the approval")
            else:
                terminal.wait(lambda now: now["message"] == "contacting-bank", "the bank to be asked")
            terminal.kill()
        settled = "payment.settled" in lane.kinds()
        with lane.terminal() as terminal:
            terminal.wait_for_step("attract" if settled else "receipt-choice")
            terminal.end()
        assert_paid_once(lane)


def test_a_power_cut_before_the_card_pays_no_bill_and_keeps_it_in_the_basket(tmp_path: Path) -> None:
    with Lane(tmp_path, **BOTH) as lane:
        with lane.terminal() as terminal:
            at_the_card(lane, terminal)
            terminal.kill()
        assert "bill.paid" not in lane.kinds()
        with lane.terminal() as terminal:
            now = terminal.wait_for_step("pay-problem")
            assert (now["problem"], now["items"]) == ("not-charged", 2)
            terminal.is_ready()
            terminal.do("action.try-again")
            terminal.wait(lambda now: now["message"] == "insert-card", "a card to be asked for again")
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            terminal.wait_for_step("receipt-choice")
            terminal.end()
        assert_paid_once(lane)


def test_a_bill_paid_without_being_asked_about_says_so_on_paper(tmp_path: Path) -> None:
    with Lane(tmp_path, **BOTH) as lane:
        with lane.terminal() as terminal:
            with_a_bill(lane, terminal, milk=False)
            time.sleep(0.3)  # the draft is written behind the customer's back
            terminal.kill()
        with lane.terminal() as terminal:
            assert terminal.wait_for_step("resume")["items"] == 1
            terminal.is_ready()
            terminal.do("action.continue")
            terminal.wait_for_step("basket")
            terminal.do("action.pay")
            terminal.wait(lambda now: now["message"] == "insert-card", "a card to be asked for")
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            terminal.wait_for_step("receipt-choice")
            terminal.do("action.print")
            terminal.wait_for_step("thanks")
            terminal.end()
        (paper,) = lane.printer.papers
        assert "Bills paid" in paper.text
        assert "DE89370400440532013000" in paper.text
        assert "Paid; will be confirmed by the biller." in paper.text
        assert "confirmed open" not in paper.text
        assert "VAT" not in paper.text
        (bill,) = [entry for entry in lane.entries() if entry["kind"] == "bill.paid"]
        assert bill["body"]["is_confirmed"] is False
