"""The ZVT driver against the virtual payment terminal, over a real socket and a real pseudo-terminal, with every fault.

Each test asks both sides: what the register was told, and what the terminal's ledger holds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from devices.terminals.zvt import ZvtTerminal
from devices.virtual.payment_cards import CARDS, CUSTOMERS
from devices.virtual.payment_ledger import Kind
from devices.virtual.payment_settings import Fault, SlipStyle
from kiosk.domain.money import Money
from kiosk.domain.payment import Result
from kiosk.ports import DeviceRefusedError, HealthState
from tests.contract.lane import DEAR, PRICE, QUICK, Lane, lane, visitor
from tests.contract.wires import eventually, nothing_left_behind


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with nothing_left_behind():
        yield


@pytest.fixture(params=["tcp", "pty"])
def wire(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- the plain ways -------------------------------------------------------------------------------------------------


def test_a_payment_is_approved_captured_and_printed(wire: str) -> None:
    with lane(wire) as shop:
        assert shop.driver.connect().state is HealthState.READY
        outcome = shop.pay()
        assert (outcome.result, outcome.amount, outcome.card_last4) == (Result.APPROVED, PRICE, "0010")
        assert "CUSTOMER COPY" in outcome.customer_slip and "MERCHANT COPY" in outcome.merchant_slip
        assert shop.till.shown[:2] == ["insert-card", "contacting-bank"]
        assert shop.kinds == ["authorisation", "capture"]
        (charge,) = shop.terminal.ledger.charges()
        assert (charge.trace, charge.receipt_no, charge.amount_minor) == (outcome.trace, outcome.receipt_no, 1234)


@pytest.mark.parametrize("style", [SlipStyle.LINES, SlipStyle.BLOCKS])
def test_both_kinds_of_slip_are_understood(wire: str, style: SlipStyle) -> None:
    with lane(wire, terminal=replace(QUICK, slip_style=style)) as shop:
        outcome = shop.pay()
        assert outcome.customer_slip[1] == "CUSTOMER COPY" and outcome.merchant_slip[1] == "MERCHANT COPY"
        assert len(outcome.customer_slip) == len(outcome.merchant_slip) == 9


@pytest.mark.parametrize(
    ("customer", "result", "reason", "booked"),
    [
        ("declined", Result.DECLINED, "declined", ["authorisation"]),
        ("no-credit", Result.DECLINED, "credit-not-sufficient", ["authorisation"]),
        ("wrong-pin", Result.DECLINED, "wrong-pin", ["authorisation"]),
        ("expired", Result.DECLINED, "card-expired", []),
        ("unreadable", Result.DECLINED, "card-not-readable", []),
        ("cancelled", Result.CANCELLED, "cancelled", []),
        ("cancelled-at-pin", Result.CANCELLED, "cancelled", []),
    ],
)
def test_a_payment_that_fails_says_why_and_charges_nothing(
    wire: str, customer: str, result: Result, reason: str, booked: list[str]
) -> None:
    with lane(wire, customer) as shop:
        outcome = shop.pay()
        assert (outcome.result, outcome.reason) == (result, reason)
        assert shop.kinds == booked
        assert shop.terminal.ledger.charged_minor() == 0
        assert not shop.till.approvals


def test_a_second_try_of_the_pin_pays(wire: str) -> None:
    with lane(wire, "second-pin") as shop:
        assert shop.pay().result is Result.APPROVED
        assert shop.till.shown.count("enter-pin") == 2 and "wrong-pin" in shop.till.shown
        assert shop.terminal.ledger.charged_minor() == 1234


def test_a_dear_payment_asks_for_the_pin_of_a_tapped_card(wire: str) -> None:
    with lane(wire) as shop:
        assert shop.pay(DEAR).result is Result.APPROVED
        assert "enter-pin" in shop.till.shown


def test_nobody_presents_a_card(wire: str) -> None:
    with lane(wire, "none", terminal=replace(QUICK, card_timeout_ms=50)) as shop:
        assert shop.pay().result is Result.CANCELLED
        assert shop.kinds == []


def test_the_register_gives_up_before_the_card(wire: str) -> None:
    with lane(wire, "none", terminal=replace(QUICK, card_timeout_ms=600_000)) as shop:
        shop.till.on_shown = lambda code: shop.driver.cancel()
        outcome = shop.pay()
        assert (outcome.result, outcome.reason) == (Result.CANCELLED, "cancelled")
        shop.terminal.present_card(CARDS["visa"])
        assert shop.kinds == []


def test_giving_up_comes_too_late_once_the_bank_is_asked(wire: str) -> None:
    with lane(wire) as shop:
        shop.till.on_shown = lambda code: shop.driver.cancel() if code == "contacting-bank" else None
        assert shop.pay().result is Result.APPROVED
        assert shop.terminal.ledger.charged_minor() == 1234


def test_a_card_left_in_is_reminded_of_until_it_is_taken(wire: str) -> None:
    with lane(wire, "left-in") as shop:

        def take_it_after_the_third(code: str) -> None:
            if shop.till.shown.count("remove-card") == 3:
                shop.terminal.remove_card()

        shop.till.on_shown = take_it_after_the_third
        outcome = shop.pay()
        assert outcome.result is Result.APPROVED
        assert shop.till.shown.count("remove-card") >= 3
        assert shop.kinds == ["authorisation", "capture"]


# --- the commit point -----------------------------------------------------------------------------------------------


def test_nothing_is_captured_before_the_decision(wire: str) -> None:
    with lane(wire) as shop:
        shop.till.keep = None
        paying = threading.Thread(target=shop.pay)
        paying.start()
        # Twice asked for time: the terminal waited, and was told again and again that nothing is decided yet.
        eventually(lambda: shop.terminal.asks >= 2, "the register asked for time twice")
        assert shop.kinds == ["authorisation"]
        assert len(shop.till.approvals) == 1
        shop.driver.decide(keep=True)
        paying.join()
        assert shop.kinds == ["authorisation", "capture"]


def test_goods_that_cannot_be_given_are_not_charged(wire: str) -> None:
    with lane(wire) as shop:
        shop.till.keep = False
        outcome = shop.pay()
        assert outcome.result is Result.UNKNOWN
        assert shop.kinds == ["authorisation", "reversal"]
        last = shop.driver.status().last
        assert last is not None and (last.result, last.reason) == (Result.CANCELLED, "reversed")


def test_an_answer_to_an_older_payment_does_not_decide_on_this_one(wire: str) -> None:
    with lane(wire, terminal=replace(QUICK, max_asks=1)) as shop:
        shop.till.keep = None
        shop.till.on_shown = lambda code: shop.driver.decide(keep=True)
        assert shop.pay().result is Result.UNKNOWN
        assert shop.kinds == ["authorisation", "reversal"]


def test_an_approval_of_another_amount_is_turned_back(wire: str) -> None:
    with lane(wire) as shop:

        def approve_less(code: str) -> None:
            core = shop.terminal._core
            if core.request is not None:
                core.request = replace(core.request, amount_minor=999)

        shop.till.on_shown = approve_less
        outcome = shop.pay()
        assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "amount-mismatch")
        assert not shop.till.approvals
        assert shop.kinds == ["authorisation", "reversal"]


def test_a_decision_that_never_comes_charges_nothing(wire: str) -> None:
    with lane(wire, terminal=replace(QUICK, max_asks=1)) as shop:
        shop.till.keep = None
        assert shop.pay().result is Result.UNKNOWN
        assert shop.kinds == ["authorisation", "reversal"]


# --- beyond one payment ---------------------------------------------------------------------------------------------


def test_the_last_payment_can_be_reversed_once(wire: str) -> None:
    with lane(wire) as shop:
        paid = shop.pay()
        assert paid.receipt_no is not None
        assert shop.driver.reverse(paid.receipt_no, PRICE).result is Result.APPROVED
        assert shop.kinds == ["authorisation", "capture", "reversal"]
        assert shop.terminal.ledger.charged_minor() == 0
        last = shop.driver.status().last
        assert last is not None and (last.result, last.reason, last.trace) == (Result.CANCELLED, "reversed", paid.trace)
        again = shop.driver.reverse(paid.receipt_no, PRICE)
        assert (again.result, again.reason) == (Result.CANCELLED, "reversed")
        assert shop.kinds == ["authorisation", "capture", "reversal"]


def test_an_older_payment_is_reversed_only_where_the_terminal_can(wire: str) -> None:
    for only_last, result in ((True, Result.DECLINED), (False, Result.APPROVED)):
        with lane(wire, terminal=replace(QUICK, only_last_reversible=only_last)) as shop:
            first = shop.pay()
            shop.pay()
            assert first.receipt_no is not None
            assert shop.driver.reverse(first.receipt_no, PRICE).result is result
            assert len(shop.terminal.ledger.charges()) == (2 if only_last else 1)


def test_a_refund_gives_money_back_once_it_is_decided(wire: str) -> None:
    with lane(wire) as shop:
        shop.pay()
        outcome = shop.give_back(Money(234, "EUR"))
        assert (outcome.result, outcome.card_last4) == (Result.APPROVED, "0010")
        assert "REFUND" in outcome.customer_slip
        assert [seen.amount for seen in shop.till.approvals] == [PRICE, Money(234, "EUR")]
        assert shop.terminal.ledger.charged_minor() == 1000
        assert shop.kinds[-1] == Kind.REFUND.value


def test_a_refund_that_is_not_wanted_after_all_is_taken_back_by_the_terminal(wire: str) -> None:
    with lane(wire) as shop:
        shop.pay()
        shop.till.keep = False
        assert shop.give_back(Money(234, "EUR")).result is Result.UNKNOWN
        assert shop.kinds[-2:] == ["refund", "reversal"]
        assert shop.terminal.ledger.charged_minor() == 1234
        last = shop.driver.status().last
        assert last is not None and (last.result, last.reason) == (Result.CANCELLED, "reversed")


@pytest.mark.parametrize(("customer", "result"), [("declined", Result.DECLINED), ("cancelled", Result.CANCELLED)])
def test_a_refund_that_fails_gives_nothing(wire: str, customer: str, result: Result) -> None:
    with lane(wire, customer) as shop:
        assert shop.give_back(Money(234, "EUR")).result is result
        assert shop.terminal.ledger.charged_minor() == 0
        assert not shop.till.approvals


def test_a_payment_of_a_closed_batch_is_refunded_and_no_longer_reversed(wire: str) -> None:
    with lane(wire, terminal=replace(QUICK, only_last_reversible=False)) as shop:
        paid = shop.pay()
        shop.driver.end_of_day()
        assert paid.receipt_no is not None
        refused = shop.driver.reverse(paid.receipt_no, PRICE)
        assert (refused.result, refused.reason) == (Result.DECLINED, "reversal-not-possible")
        assert shop.give_back(PRICE).result is Result.APPROVED
        assert shop.terminal.ledger.charged_minor() == 0


def test_offline_payments_stay_under_the_floor(wire: str) -> None:
    with lane(wire, "pin", terminal=replace(QUICK, offline=True, offline_limit_minor=5000)) as shop:
        assert shop.pay().result is Result.APPROVED
        refused = shop.pay(DEAR)
        assert (refused.result, refused.reason) == (Result.DECLINED, "bank-unreachable")
        (charge,) = shop.terminal.ledger.charges()
        assert charge.offline


def test_the_day_is_closed_and_the_terminal_tests_itself(wire: str) -> None:
    with lane(wire) as shop:
        shop.pay()
        shop.driver.end_of_day()
        shop.driver.diagnose()
        assert shop.kinds[-1] == "end-of-day"
        assert shop.driver.self_test().ok
        assert shop.driver.watch().state is HealthState.READY


def test_a_wrong_password_is_told_and_charges_nothing(wire: str) -> None:
    with lane(wire, terminal=replace(QUICK, password=123456)) as shop:
        assert shop.driver.connect().state is HealthState.FAULT
        assert "password" in shop.driver.self_test().report
        for call in (shop.pay, shop.driver.status, shop.driver.fence, shop.driver.end_of_day):
            with pytest.raises(DeviceRefusedError, match="password"):
                call()
        assert shop.kinds == []
        assert Lane(shop.terminal, password="123456").pay().result is Result.APPROVED


@pytest.mark.parametrize("amount", [Money(0, "EUR"), Money(-5, "EUR"), Money(100, "CHF"), Money(10**12, "EUR")])
def test_an_amount_no_terminal_takes_is_refused_before_anything_is_sent(amount: Money) -> None:
    with lane("tcp") as shop:
        with pytest.raises(DeviceRefusedError):
            shop.pay(amount)
        assert shop.kinds == []


@pytest.mark.parametrize("settings", [{"password": "12"}, {"currency": "ZZZ"}, {"authorise_s": 0}, {"reply_ms": 1}])
def test_settings_that_cannot_be_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"has to|unknown"):
        ZvtTerminal("tcp:127.0.0.1:20007", **settings)  # type: ignore[arg-type]  # wrong on purpose


def test_the_ledger_outlives_the_terminal(wire: str, tmp_path: Path) -> None:
    book = tmp_path / "ledger.jsonl"
    with lane(wire, ledger=book) as shop:
        first = shop.pay()
    lines = book.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 and '"kind":"capture"' in lines[1] and '"result":"approved"' in lines[1]
    # Power fails after the authorisation is in the ledger and before the capture, in the middle of the next line.
    book.write_text(lines[0] + "\n" + lines[1][:20], encoding="utf-8")
    with lane(wire, ledger=book) as shop:
        assert shop.kinds == ["authorisation", "capture"]
        last = shop.driver.status().last
        assert last is not None and last.trace == first.trace
        second = shop.pay()
        assert second.trace == 2
    assert len(book.read_text(encoding="utf-8").splitlines()) == 4


def test_no_card_number_leaves_the_terminal(wire: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    book = tmp_path / "ledger.jsonl"
    for customer in CUSTOMERS:
        if customer in ("none", "left-in"):
            continue
        for faults in ((), (Fault.ACK_LOST,), (Fault.GARBAGE,)) if customer == "good" else ((),):
            with lane(wire, customer, *faults, ledger=book) as shop:
                seen.append(repr(shop.pay()) + repr(shop.till.approvals))
                seen.append(repr(shop.terminal.ledger) + repr(visitor(customer)))
    seen += [repr(CARDS), repr(CUSTOMERS), book.read_text(encoding="utf-8"), caplog.text]
    seen += [repr(vars(record)) for record in caplog.records]
    for card in CARDS.values():
        for text in seen:
            assert card.pan not in text and card.pan[:-4] not in text
    assert any("0010" in text for text in seen)
