"""Days of card payments, one after the other, on one terminal and one journal file: faults fall at random, but the same for each seed.

The explorer tries every schedule of few faults around one payment; here many faults fall on many payments, whose leftovers meet.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.virtual.payment_cards import CUSTOMERS
from devices.virtual.payment_core import TerminalCore
from devices.virtual.payment_settings import OnLostAck, TerminalSettings
from kiosk.domain.facts import Fact, Kind
from kiosk.domain.money import Money
from kiosk.runtime import VirtualLoop
from kiosk.storage.journal import SqliteJournal
from tests.simulation.books import KEY, Page, make_file
from tests.simulation.register import BILL_MINOR, Register, driving
from tests.simulation.world import Loss, World

PAYMENTS = 300
_FIRST_DAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_WHO_COMES = ("good", "good", "good", "pin", "second-pin", "declined", "wrong-pin", "cancelled", "left-in", "none")
_AMOUNTS = (250, 250, 1371)  # the same again and again: a terminal's last payment may look like ours
_MOST_FAULTS = 6  # around one payment; after them everything works
_LONGEST_OUTAGE_MS = 150_000


class Crash(BaseException):
    """The register is gone. No Exception: nothing of it may go on."""


class Misfortune:
    """Draws the faults; implements `Fate`."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - a seeded play, no secret
        self.left = 0
        self.losses = 0
        self.crashes = 0

    def choose(self, about: str, options: tuple[str, ...]) -> str:
        """As the protocol says."""
        if Loss.DELIVERED not in options:
            return self.draw.choice(options)
        if not self.left or self.draw.random() > 0.012:
            return options[0]
        self.left -= 1
        self.losses += 1
        return self.draw.choice(options[1:])

    def may_crash(self, about: str) -> None:
        """As the protocol says."""
        if self.left and self.draw.random() < 0.008:
            self.left -= 1
            self.crashes += 1
            raise Crash


class OneJournal:
    """The journal of all these days, in the place of `Books`: a page is no more than what payments ask of it."""

    def __init__(self, path: Path) -> None:
        make_file(path)
        self.journal = SqliteJournal(path, KEY, strict=True)

    def page(self) -> Page:
        """The journal as it stands."""
        ledger = self.journal.ledger
        return Page((), (), ledger.unresolved_payments(), ledger.last_receipt_number(), (), "", ())

    def after(self, page: Page, facts: Sequence[Fact]) -> Page:
        """As `Books.after`, but for good."""
        self.journal.commit(facts)
        return self.page()


class Days:
    """The terminal, the journal and the time, from payment to payment."""

    def __init__(self, path: Path, seed: int, on_lost_ack: OnLostAck) -> None:
        self.fate = Misfortune(seed)
        self.core = TerminalCore(settings=TerminalSettings(on_lost_ack=on_lost_ack))
        self.books = OneJournal(path)
        self.now_ms = 0

    def pay(self, number: int) -> frozenset[str]:
        """One payment with all its crashes, to rest; what the customer was told."""
        draw, self.fate.left = self.fate.draw, _MOST_FAULTS
        self.core.customer = CUSTOMERS[draw.choice(_WHO_COMES)]
        register, rests = self._live(number, Money(draw.choice(_AMOUNTS), "EUR"), is_left=False, told=frozenset())
        while not rests:
            is_left = register.is_left or draw.random() < 0.5
            register, rests = self._live(number, None, is_left=is_left, told=register.told)
        return register.told

    def _live(self, number: int, amount: Money | None, *, is_left: bool, told: frozenset[str]) -> tuple[Register, bool]:
        """One life: with a payment, or after a crash. False if another crash ended it."""
        world = World(
            self.core, self.fate, VirtualLoop(_FIRST_DAY + timedelta(milliseconds=self.now_ms)), self.now_ms, ()
        )
        disk_ms = self.fate.draw.choice((0, 20, 2_500))
        register = Register(world, self.books, self.books.page(), disk_ms=disk_ms, is_left=is_left, told=told)  # type: ignore[arg-type]  # one journal in the place of many
        with driving(world):
            try:
                if amount is None:
                    register.boot()
                else:
                    register.pay(number, amount)
                rests = register.live(lambda: None)
                assert rests, "the payment is never resolved"
            except Crash:
                rests = False
        self.now_ms = world.now_ms
        self._pass_outage()
        return register, rests

    def _pass_outage(self) -> None:
        """The terminal goes on without a register."""
        draw = self.fate.draw
        if draw.random() < 0.5:
            self.core.disconnect(self.now_ms)
        until_ms = self.now_ms + draw.randrange(1, _LONGEST_OUTAGE_MS)
        while (due_ms := self.core.deadline_ms) is not None and due_ms <= until_ms:
            self.core.advance(max(due_ms, self.now_ms))
        self.now_ms = until_ms


@pytest.fixture
def quiet() -> Iterator[None]:
    logging.disable()  # a line lost is a warning each time, as it should be
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("on_lost_ack", list(OnLostAck))
@pytest.mark.parametrize("seed", range(3))
def test_days_of_payments_with_crashes_and_lost_lines_leave_the_books_right(
    tmp_path: Path, seed: int, on_lost_ack: OnLostAck
) -> None:
    days = Days(tmp_path / "journal.db", seed, on_lost_ack)
    journal, ledger = days.books.journal, days.books.journal.ledger
    try:
        charges = 0
        for number in range(1, PAYMENTS + 1):
            told = days.pay(number)
            new = len(days.core.books.ledger.charges()) - charges
            charges += new
            sale = ledger.sale(f"S{number}")
            is_sold = sale is not None and sale.state == "completed"
            assert new == is_sold, f"seed {seed}, payment {number}: {new} charges and sale {sale}"
            bill = ledger.bill_paid(f"K{number}")
            assert (bill is not None) == is_sold, f"seed {seed}, payment {number}: sale {sale} and bill {bill}"
            assert "paid" not in told or is_sold, f"seed {seed}, payment {number}: told paid, and never charged"
            assert "not paid" not in told or not new, f"seed {seed}, payment {number}: told not paid, and charged"
            assert not ledger.unresolved_payments(), f"seed {seed}, payment {number} is never resolved"
        assert journal.verify().ok
        completed = journal.entries(kinds=[Kind.SALE_COMPLETED], limit=PAYMENTS)
        sold = [str(entry.fact.body["sale_id"]) for entry in completed]
        assert len(sold) == len(set(sold)), "a sale is booked once"
        paid = [entry.fact.body["sale_id"] for entry in journal.entries(kinds=[Kind.BILL_PAID], limit=PAYMENTS)]
        assert paid == sold, "a bill is paid once, with its sale"
        standing = [sale for sale_id in sold if (sale := ledger.sale(sale_id)) and sale.state == "completed"]
        with_bills = sum(sale.total_minor + BILL_MINOR for sale in standing)
        assert with_bills == days.core.books.ledger.charged_minor()
        assert min(charges, days.fate.losses, days.fate.crashes) > PAYMENTS / 6, "a play that has lost its way"
    finally:
        journal.close()
