"""One life of the register, from its start to a crash or to rest: the product's own payment service and driver, on a journal page.

`Payments`, the machine, `AttendedCharging`, the ZVT driver and its session are the real ones. The thread that attends to a device is
played by turns: while the driver waits for the terminal, the register's loop runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from devices.terminals import zvt, zvt_authorisation, zvt_conversation
from devices.terminals.zvt import ZvtTerminal
from kiosk.domain.facts import Entry, Fact, Json
from kiosk.domain.money import Money
from kiosk.domain.refunding import Original, Refund
from kiosk.ports import (
    DeviceError,
    DeviceUnavailableError,
    Health,
    HealthState,
    JournalError,
    PaymentRecord,
    RefundRecord,
)
from kiosk.services.checkout.events import PaymentDone, PaymentFailed, PaymentGivenBack, PaymentUnclear
from kiosk.services.payments import AttendedCharging, Payments
from kiosk.services.refunds.events import RefundDone, RefundFailed
from tests.simulation.books import Books, Page
from tests.simulation.world import World

AMOUNT = Money(1371, "EUR")
BILL_MINOR = 100  # of every payment
PAID_WITH = "0010"  # the card of the good customer
STAYS, LEAVES = "the customer stays", "the customer leaves"
_RECONNECT_MS = 250
_LONGEST_LIFE_MS = 3_600_000
_FOR_EVER = timedelta(days=36_500)
_NOBODY_WAITS = timedelta(days=-1)


def sale_with_a_bill(number: int, amount: Money) -> dict[str, Json]:
    """Goods, and a bill of BILL_MINOR: both are booked with the payment or neither is."""
    money: dict[str, Json] = {"amount_minor": BILL_MINOR, "fee_minor": 0, "currency": amount.currency}
    bill: dict[str, Json] = {"key": f"K{number}", "payment_ref": f"B{number}", "account": "DE1", **money}
    goods_minor = amount.minor - BILL_MINOR
    sale_id = f"S{number}"
    return {"sale_id": sale_id, "total_minor": goods_minor, "currency": amount.currency, "lines": [], "bills": [bill]}


class Disk:
    """The journal as `Payments` appends to it: a commit is durable `takes_ms` later, and may be lost with a crash until then."""

    def __init__(self, world: World, books: Books, page: Page, takes_ms: int) -> None:
        self._world, self._books, self._takes_ms = world, books, takes_ms
        self.page = page
        self.pending: deque[tuple[int, tuple[Fact, ...]]] = deque()

    def append(
        self, facts: Sequence[Fact], done: Callable[[Sequence[Entry] | JournalError], None] | None = None
    ) -> None:
        """As `kiosk.ports.Journal.append`."""
        self.pending.append((self._world.now_ms + self._takes_ms, tuple(facts)))
        self._world.loop.later(self._takes_ms, lambda: self._commit(done))

    def _commit(self, done: Callable[[Sequence[Entry] | JournalError], None] | None) -> None:
        _, facts = self.pending.popleft()
        self.page = self._books.after(self.page, facts)
        self._world.fate.may_crash("durable, and nobody knows yet")
        if done is not None:
            done(self.page.entries)

    # --- kiosk.ports.Ledger, as far as payments ask ---

    def unresolved_payments(self) -> tuple[PaymentRecord, ...]:
        """What the real ledger says on this page."""
        return self.page.unresolved

    def unresolved_refunds(self) -> tuple[RefundRecord, ...]:
        """What the real ledger says on this page."""
        return self.page.unresolved_refunds

    def last_receipt_number(self) -> str:
        """What the real ledger says on this page."""
        return self.page.receipt_number


class Attendant:
    """Attends to the driver as `devices.supervisor.Supervisor` does, by turns instead of on a thread; implements `Attended`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.device = ZvtTerminal("tcp:127.0.0.1:20007")
        self.health = Health(HealthState.CONNECTING)
        self.connected = False
        self.calls: deque[tuple[Callable[[ZvtTerminal], Any], Callable[[Any], None]]] = deque()
        self.connect_at_ms: int | None = world.now_ms

    def submit(self, call: Callable[[ZvtTerminal], Any], done: Callable[[Any], None]) -> None:
        """As the protocol says."""
        if self.connected:
            self.calls.append((call, done))
        else:
            done(DeviceUnavailableError("the payment terminal is not connected"))

    def on_health(self, watcher: Callable[[Health], None]) -> None:
        """Nobody watches here."""

    @property
    def is_due(self) -> bool:
        """Whether the device's thread has something to do."""
        return bool(self.calls) or (self.connect_at_ms is not None and self.connect_at_ms <= self._world.now_ms)

    def take_turn(self) -> None:
        """What the device's thread would do next."""
        if not self.connected:
            self._connect()
            return
        call, done = self.calls.popleft()
        try:
            done(call(self.device))
        except DeviceError as error:  # anything else is a bug, and ends the test
            done(error)
            if isinstance(error, DeviceUnavailableError):
                self._lost()

    def _connect(self) -> None:
        self.connect_at_ms = None
        try:
            self.device.connect()
        except DeviceError:
            self._lost()
        else:
            self.connected = True

    def _lost(self) -> None:
        self.connected = False
        self.connect_at_ms = self._world.now_ms + _RECONNECT_MS


class Register:
    """One life. `is_left` is whether nobody waits for the goods any more; `told` what the customer was told, in earlier lives too."""

    def __init__(
        self, world: World, books: Books, page: Page, *, disk_ms: int, is_left: bool, told: frozenset[str]
    ) -> None:
        self.world = world
        self.disk = Disk(world, books, page, disk_ms)
        self.attendant = Attendant(world)
        self.is_left = is_left
        self.told = told
        self.payments = Payments(world.loop, self.disk, self.disk, AttendedCharging(self.attendant), self._tell)  # type: ignore[arg-type]  # of journal and ledger only what payments use

    def pay(self, number: int = 1, amount: Money = AMOUNT) -> None:
        """The customer pays for sale `number`, on a terminal that is connected."""
        self.attendant.connected, self.attendant.connect_at_ms = True, None
        self.payments.pay(f"P{number}", amount, sale_with_a_bill(number, amount))

    def give_back(self, amount: Money, *, by_reversal: bool) -> None:
        """What the terminal's first payment took goes back, on a terminal that is connected."""
        self.attendant.connected, self.attendant.connect_at_ms = True, None
        lines = [{"line_id": 1, "first": 0, "pieces": 1}]
        body = {"sale_id": "S0", "number": 1, "amount_minor": amount.minor, "currency": amount.currency, "lines": lines}
        original = Original(1, 1, AMOUNT, PAID_WITH)
        self.payments.give_back(Refund("R1", amount, original, body, by_reversal=by_reversal))  # type: ignore[arg-type]  # a plain body

    def boot(self) -> None:
        """Take up what the journal left."""
        self.payments.recover(_NOBODY_WAITS if self.is_left else _FOR_EVER)

    def live(self, at_turn: Callable[[], None]) -> bool:
        """Run until nothing happens any more; `at_turn` is called before each turn of the device's thread. False if it never rests."""
        until_ms = self.world.now_ms + _LONGEST_LIFE_MS
        while self.world.now_ms < until_ms:
            if self.attendant.is_due:
                at_turn()
                self.attendant.take_turn()
            elif not self.world.step(min(until_ms, self.attendant.connect_at_ms or until_ms)):
                if self.attendant.connect_at_ms is None:
                    return True
                self.world.loop.run(self.attendant.connect_at_ms - self.world.now_ms)
        return False

    def _tell(self, said: object) -> None:
        if isinstance(said, RefundDone):
            self.told |= {"given back"}
        elif isinstance(said, RefundFailed):
            self.told |= {"not given back"}
        elif isinstance(said, PaymentDone):
            self.told |= {"paid"}
        elif isinstance(said, PaymentFailed | PaymentGivenBack):
            self.told |= {"not paid"}
        elif isinstance(said, PaymentUnclear) and not self.is_left:
            self.is_left = self.world.fate.choose("unclear", (STAYS, LEAVES)) == LEAVES
            if self.is_left:
                self.payments.leave()


@contextmanager
def driving(world: World) -> Iterator[None]:
    """The driver's clock and its wires are those of `world`, as long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (zvt, zvt_authorisation, zvt_conversation):
            patch.setattr(module, "time", world)
        patch.setattr(zvt_conversation, "open_transport", world.open_transport)
        patch.setattr(ZvtTerminal, "_today", lambda _: datetime(2026, 1, 1))  # noqa: DTZ001 - the terminal's own date
        yield
