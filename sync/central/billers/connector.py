"""What a biller's connector is: the contract between the central service and whatever speaks to a biller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.ports.billing import BillAnswer

# Reasons of a refusal that are known here; a biller may give others (letters, digits, hyphens).
ALREADY_PAID: Final = "already-paid"
UNKNOWN_BILL: Final = "unknown-bill"
CLOSED: Final = "closed"
AMOUNT: Final = "amount"
UNKNOWN_PAYMENT: Final = "unknown-payment"  # of an undo: he was never told, so there is nothing to take back


class UnreachableError(Exception):
    """Nobody knows what the biller thinks: ask again, tell again. The message says what happened."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A bill that was paid at one of our terminals. `payment_ref` is our reference: the same payment however often it is told.

    `amount` is what the biller gets, without any fee on top. `paid_at` is the terminal's wall time (ISO 8601).
    """

    payment_ref: str
    account: str
    reference: str
    amount: Money
    paid_at: str


@dataclass(frozen=True, slots=True)
class Posted:
    """The biller has it, under a number of his own, since `at` (ISO 8601, his clock; "" where he does not say)."""

    receipt_id: str
    at: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The biller will not have it, now or later. `reason` is a stable code, `detail` a sentence of the biller's, "" for none."""

    reason: str
    detail: str = ""


class BillerConnector(Protocol):
    """Speaks to one biller. Called from several threads at once; each call ends within `within_s` and a moment."""

    name: str
    within_s: float

    def standing(self, bill: Bill) -> BillAnswer:
        """How a bill stands with the biller: OPEN, PAID, CLOSED or UNKNOWN. Raises UnreachableError."""

    def post(self, payment: Payment) -> Posted | Refused:
        """Tell of a payment. The same `payment_ref` again is the same payment, with the same answer. Raises UnreachableError."""

    def undo(self, payment_ref: str) -> Posted | Refused:
        """Take a payment back; Posted is the biller's receipt for that. Idempotent as `post`. Raises UnreachableError."""

    def close(self) -> None:
        """Let go of connections; calls that are under way fail."""
