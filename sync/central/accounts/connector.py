"""What connects a core to the service: the contract. The core keeps accounts; who tried how often is counted here, whatever core it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.domain.account import Holder, Movement, Overview


class CoreAwayError(Exception):
    """The core did not answer in time, or not so that it could be understood. The message holds nothing private."""


@dataclass(frozen=True, slots=True)
class AppCode:
    """The holder has an app that makes codes (RFC 6238: SHA-1, 30 s, 6 digits) from `secret`."""

    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SentCode:
    """The core sends codes to `where`, which is masked ("+49 ... 78")."""

    where: str


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """What a holder asked for at a terminal: `what` is "address" or "phone", `value` the new one.

    `request_id` is the same however often it is handed over, and what the holder may name when they ask. `at` is when, ISO 8601, UTC.
    The holder gave PIN and one-time code in that visit; whether it is done, the core decides.
    """

    request_id: str
    account_id: str
    what: str
    at: str
    value: str = field(repr=False)


class AccountsConnector(Protocol):
    """A core. Thread-safe; each method within a second or two, or it raises CoreAwayError.

    `account_id` is the core's own name for one holder: stable, and not the number that a customer shows.
    """

    def find(self, holder: Holder) -> str | None:
        """Whose number this is, None for nobody's or one that is closed."""

    def is_pin(self, account_id: str | None, pin: str) -> bool:
        """Whether the PIN is this holder's. For None, who is nobody, it takes as long and is False."""

    def pin_mark(self, account_id: str) -> str:
        """Something that changes when the PIN does, and tells nothing of it; "" where the account is closed."""

    def numbers(self, account_id: str) -> Sequence[Holder]:
        """Everything by which this holder may be found, for the stores that keep a copy of the account."""

    def codes(self, account_id: str) -> AppCode | SentCode | None:
        """How this holder comes by one-time codes, None for not at all."""

    def send_code(self, account_id: str, code: str) -> None:
        """Send it to where `codes` says. Of an AppCode it is never asked."""

    def overview(self, account_id: str) -> Overview:
        """What is on the account now. A few last movements, the newest first."""

    def statement(self, account_id: str, months: int) -> Sequence[Movement]:
        """The movements of the last `months`, the oldest first."""

    def take_request(self, request: AccountRequest) -> None:
        """Take what a holder asked for. Idempotent by `request_id`."""
