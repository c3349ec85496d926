"""What a payment terminal is to the terminal: one call at a time, with a commit point in the middle."""

from __future__ import annotations

from typing import Protocol

from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, TerminalStatus
from kiosk.domain.records import dataclass
from kiosk.ports.devices import Device


@dataclass(frozen=True, slots=True)
class TerminalMessage:
    """What the payment terminal says to the customer: a stable code ("insert-card", "enter-pin", "wrong-pin", "remove-card", ...)."""

    code: str
    timeout_s: int | None = None


class PaymentListener(Protocol):
    """Whom a payment terminal tells how an authorisation goes; called on the device's thread, must not block."""

    def progress(self, message: TerminalMessage) -> None:
        """The terminal shows something to the customer."""

    def approved(self, outcome: Outcome) -> None:
        """The commit point: approved, not yet acknowledged. The driver asks the terminal for time until `decide` is called."""


class PaymentTerminal(Device, Protocol):
    """A payment terminal. One call at a time, from the supervisor's thread; `cancel` and `decide` from any thread."""

    def authorise(self, ref: str, amount: Money, listener: PaymentListener) -> Outcome:
        """Charge `amount`. Blocks until the terminal's completion. An approved outcome is announced to `listener.approved`
        before it is acknowledged, and acknowledged only after `decide(keep=True)`.

        A lost line or a time-out is Outcome UNKNOWN, never a decline. Raises DeviceUnavailableError only if nothing was sent.
        """

    def decide(self, *, keep: bool) -> None:
        """Answer the commit point: keep the approval (acknowledge), or refuse the goods (the terminal reverses by itself)."""

    def cancel(self) -> None:
        """Ask the terminal to give up the authorisation in hand, at its next chance."""

    def fence(self) -> None:
        """Abort and close whatever session is open on the terminal, and return when it is proven idle: after this nothing asked
        before can still charge. Raises DeviceUnavailableError, or DeviceRefusedError("busy")."""

    def status(self) -> TerminalStatus:
        """The terminal's last transaction. Raises DeviceUnavailableError, DeviceRefusedError."""

    def reverse(self, receipt_no: int, amount: Money) -> Outcome:
        """Reverse a payment. APPROVED means reversed. A lost line is UNKNOWN."""

    def refund(self, ref: str, amount: Money, listener: PaymentListener) -> Outcome:
        """Give `amount` to the card that is presented; otherwise as `authorise`: the money goes only after `decide(keep=True)`."""

    def end_of_day(self) -> None:
        """Close the terminal's batch. Raises DeviceUnavailableError, DeviceRefusedError."""
