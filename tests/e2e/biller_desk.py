"""A biller's office that answers as a test tells it, and remembers what it was asked; implements `kiosk.ports.BillOffice`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.bills.bill import Bill
from kiosk.ports import BillAnswer, BillStanding

OPEN = BillAnswer(BillStanding.OPEN)
AWAY = BillAnswer(BillStanding.AWAY)


@dataclass
class Told:
    """`answer` is what it says to every question, None for nothing at all until `say`."""

    answer: BillAnswer | None = OPEN
    asked: list[tuple[Bill, str]] = field(default_factory=list)
    released: list[tuple[Bill, str]] = field(default_factory=list)
    waiting: list[Callable[[BillAnswer], None]] = field(default_factory=list)

    def ask(self, bill: Bill, sale_id: str, done: Callable[[BillAnswer], None]) -> None:
        """As the port says."""
        self.asked.append((bill, sale_id))
        if self.answer is None:
            self.waiting.append(done)
        else:
            done(self.answer)

    def release(self, bill: Bill, sale_id: str) -> None:
        """As the port says."""
        self.released.append((bill, sale_id))

    def say(self, answer: BillAnswer) -> None:
        """Answer what was asked and not answered yet."""
        waiting, self.waiting = self.waiting, []
        for done in waiting:
            done(answer)
