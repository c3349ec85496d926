"""What the payment terminal's suites share: a lane with the virtual terminal, its driver and a till that decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from devices.terminals.zvt import ZvtTerminal
from devices.virtual.payment_cards import CUSTOMERS, Customer
from devices.virtual.payment_settings import Fault, TerminalSettings
from devices.virtual.payment_terminal import (
    VirtualPaymentTerminal,
    serve_payment_terminal,
    serve_payment_terminal_on_pty,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome
from kiosk.ports import TerminalMessage
from tests.contract.wires import eventually

PRICE = Money(1234, "EUR")
DEAR = Money(9900, "EUR")
QUICK = TerminalSettings(
    host_ms=20,
    card_timeout_ms=8000,
    pin_timeout_ms=8000,
    answer_timeout_ms=1000,
    ask_again_ms=100,
    slow_ms=60,
    remind_ms=100,
)


def visitor(name: str) -> Customer:
    return replace(CUSTOMERS[name], card_after_ms=10, key_after_ms=10, removes_after_ms=10)


class Till:
    """A register's listener: notes what it is told, and decides on another thread, as the journal's writer does."""

    def __init__(self, driver: ZvtTerminal, *, keep: bool | None = True) -> None:
        self.driver, self.keep = driver, keep
        self.shown: list[str] = []
        self.approvals: list[Outcome] = []
        self.on_shown: Callable[[str], None] = lambda code: None

    def progress(self, message: TerminalMessage) -> None:
        self.shown.append(message.code)
        self.on_shown(message.code)

    def approved(self, outcome: Outcome) -> None:
        self.approvals.append(outcome)
        if self.keep is not None:
            threading.Timer(0.01, self.driver.decide, kwargs={"keep": self.keep}).start()


class Lane:
    """A virtual terminal, the driver that speaks to it, and the till that listens."""

    def __init__(self, terminal: VirtualPaymentTerminal, **settings: object) -> None:
        self.terminal = terminal
        self.driver = ZvtTerminal(terminal.url, check_s=0, **settings)  # type: ignore[arg-type]  # from a test's table
        self.till = Till(self.driver)

    def pay(self, amount: Money = PRICE) -> Outcome:
        return self.driver.authorise("ref-1", amount, self.till)

    def give_back(self, amount: Money = PRICE) -> Outcome:
        return self.driver.refund("ref-2", amount, self.till)

    @property
    def kinds(self) -> list[str]:
        return [entry.kind.value for entry in self.terminal.ledger.entries]

    def settled(self) -> None:
        eventually(lambda: not self.terminal.busy, "the terminal is idle")


@contextmanager
def lane(
    wire: str,
    customer: str | None = "good",
    *faults: Fault,
    terminal: TerminalSettings = QUICK,
    ledger: Path | None = None,
    **settings: object,
) -> Iterator[Lane]:
    who = visitor(customer) if customer else None
    if wire == "tcp":
        served = serve_payment_terminal(0, ledger, customer=who, settings=terminal, faults=faults)
    else:
        served = serve_payment_terminal_on_pty(ledger, customer=who, settings=terminal, faults=faults)
    with served:
        opened = Lane(served, **settings)
        yield opened
        opened.driver.close()
