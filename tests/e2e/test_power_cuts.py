"""The power is cut, again and again, under the whole terminal: afterwards books and payment terminal tell the same."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from devices.virtual.payment_cards import CARDS, Entry
from devices.virtual.payment_ledger import Kind
from devices.virtual.payment_settings import TerminalSettings
from tests.e2e.command import KIOSK, PROJECT, clean_environment, kiosk, one_plain_line
from tests.e2e.lane import OFFSCREEN, Lane, Terminal, wait_until

MILK = "9526001040018"
KILLS = 6


def random_customers(data: Path, seed: int, minutes: float) -> list[str]:
    return [*KIOSK, "tour", "--random", "--seed", str(seed), "--minutes", str(minutes), "--data", str(data)]


@pytest.mark.timeout(240)
def test_power_cuts_among_random_customers_lose_no_sale_and_double_none(tmp_path: Path) -> None:
    data, chance = tmp_path / "data", random.Random(20_261_121)  # noqa: S311 - repeatable on purpose
    environment = {**clean_environment(), **OFFSCREEN}
    for seed in range(KILLS):
        command = random_customers(data, seed, 5)
        with subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(2.5, 6.5))
            assert process.poll() is None, "the customers ended before the power did"
            process.kill()
    last = subprocess.run(
        random_customers(data, KILLS, 0.1), cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert last.returncode == 0, last.stdout + last.stderr
    assert last.stderr == ""
    assert last.stdout.count("\n") == 1
    assert last.stdout.endswith("all right\n")
    verified = kiosk("journal", "verify", "--data", data)
    assert verified.returncode == 0, verified.stderr
    assert b"sale.completed" in kiosk("journal", "export", "--data", data).stdout


def test_a_second_crowd_on_the_same_data_is_turned_away_and_disturbs_nothing(tmp_path: Path) -> None:
    data, environment = tmp_path / "data", {**clean_environment(), **OFFSCREEN}
    first = subprocess.Popen(
        random_customers(data, 1, 0.12), cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with first:
        wait_until((data / "virtual" / "lock").exists, lambda: "the first crowd")
        assert "end it first" in one_plain_line(kiosk(*random_customers(data, 2, 1)[3:], **OFFSCREEN))
        said, complaints = first.communicate(timeout=60)
    assert first.returncode == 0, complaints
    assert said.endswith(b"all right\n")


@pytest.mark.parametrize("minutes", ["-1", "nan", "inf", "soon"])
def test_a_time_that_is_none_is_refused_in_one_line(tmp_path: Path, minutes: str) -> None:
    said = one_plain_line(kiosk("tour", "--random", f"--minutes={minutes}", "--data", tmp_path))
    assert "--minutes" in said


# --- the terminal is cut in the middle of one payment, the payment terminal lives on ---------------------------------------


def at_the_card(lane: Lane, terminal: Terminal) -> None:
    """One carton of milk, and the payment terminal asks for a card."""
    terminal.is_ready()
    lane.scanner.scan(MILK)
    terminal.wait(lambda now: now["items"] == 1, "the milk in the basket")
    terminal.do("action.pay")
    terminal.wait(lambda now: now["message"] == "insert-card", "the payment terminal to ask for a card")


def approved(lane: Lane) -> bool:
    return any(one.kind is Kind.AUTHORISATION and one.code == 0 for one in lane.payment.ledger.entries)


def test_a_power_cut_while_the_bank_is_asked_sells_once_and_says_so(tmp_path: Path) -> None:
    with Lane(tmp_path, TerminalSettings(host_ms=1_500)) as lane:
        with lane.terminal() as terminal:
            at_the_card(lane, terminal)
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            terminal.wait(lambda now: now["message"] == "contacting-bank", "the bank to be asked")
            terminal.kill()
        with lane.terminal() as terminal:
            terminal.wait_for_step("receipt-choice")
            assert "clarifying" in [said["step"] for said in terminal.said]
            terminal.do("action.no-receipt")
            terminal.wait_for_step("thanks")
            terminal.end()
        assert len(lane.charges()) == 1
        assert lane.kinds().count("sale.completed") == 1


def test_a_power_cut_at_the_moment_of_approval_sells_once(tmp_path: Path) -> None:
    with Lane(tmp_path) as lane:
        with lane.terminal() as terminal:
            at_the_card(lane, terminal)
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            wait_until(lambda: approved(lane), lambda: "the approval")
            terminal.kill()
        settled = "payment.settled" in lane.kinds()
        with lane.terminal() as terminal:
            terminal.wait_for_step("attract" if settled else "receipt-choice")
            terminal.end()
        assert len(lane.charges()) == 1
        assert lane.kinds().count("sale.completed") == 1


def test_a_power_cut_while_the_pin_is_asked_charges_nothing_and_keeps_the_basket(tmp_path: Path) -> None:
    with Lane(tmp_path) as lane:
        with lane.terminal() as terminal:
            at_the_card(lane, terminal)
            lane.payment.present_card(CARDS["girocard"], Entry.INSERTED)
            terminal.wait(lambda now: now["message"] == "enter-pin", "the PIN to be asked for")
            terminal.kill()
        with lane.terminal() as terminal:
            terminal.wait_for_step("clarifying")
            lane.payment.remove_card()  # until it is taken out, the payment terminal says that it is busy
            now = terminal.wait_for_step("pay-problem")
            assert now["problem"] == "not-charged"
            assert now["items"] == 1
            terminal.is_ready()
            terminal.do("action.try-again")
            terminal.wait(lambda now: now["message"] == "insert-card", "a card to be asked for again")
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            terminal.wait_for_step("receipt-choice")
            terminal.end()
        assert len(lane.charges()) == 1
        assert lane.kinds().count("sale.completed") == 1
        assert lane.kinds().count("payment.intended") == 2


def test_an_approval_found_when_the_customer_has_gone_is_given_back(tmp_path: Path) -> None:
    with Lane(tmp_path, KIOSK__LIMITS__RECOVERY__COMPLETE_WITHIN_S="1") as lane:
        with lane.terminal() as terminal:
            at_the_card(lane, terminal)
            lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
            wait_until(lambda: approved(lane), lambda: "the approval")
            terminal.kill()
        booked = "sale.completed" in lane.kinds()
        time.sleep(1.1)
        with lane.terminal() as terminal:
            wait_until(lambda: booked or not lane.charges(), lambda: "the charge to go back")
            terminal.end()
        # Where the approval was already in the books, the sale stands: the goods left with the customer.
        assert lane.charges() == ([129] if booked else [])
        assert lane.kinds().count("sale.completed") == int(booked)


def test_a_basket_outlives_a_power_cut_and_is_offered_again(tmp_path: Path) -> None:
    with Lane(tmp_path) as lane:
        with lane.terminal() as terminal:
            terminal.is_ready()
            for _ in range(3):
                lane.scanner.scan(MILK)
            terminal.wait(lambda now: now["items"] == 3, "the milk in the basket")
            time.sleep(0.3)  # the draft is written behind the shopper's back
            terminal.kill()
        with lane.terminal() as terminal:
            assert terminal.wait_for_step("resume")["items"] == 3
            # Scanning on says yes to the question.
            terminal.is_ready()
            lane.scanner.scan(MILK)
            terminal.wait(lambda now: now["step"] == "basket" and now["items"] == 4, "the fourth in the basket")
            terminal.do("action.pay")
            terminal.wait(lambda now: now["message"] == "insert-card", "a card to be asked for")
            terminal.end()
