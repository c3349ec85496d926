"""Whoever keeps the accounts, and the copy of this store's accounts for when nobody can be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kiosk.domain.account import Holder, Movement, Overview
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Verified:
    """The holder is who they say. `ticket` opens the account for this visit and nothing else; `mark` is by what the journal knows the
    holder. `consent` is the version of the consent text they agreed to, "" for none; `steps_up`: there is a one-time code to ask for."""

    ticket: str
    mark: str
    consent: str = ""
    steps_up: bool = False

    def __repr__(self) -> str:
        return f"Verified(ticket=..., mark={self.mark!r})"


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """`reason`: "no-match" (number and PIN do not belong together, or there is no such number: nobody is told which), "locked",
    "wrong-code", "ended" (the visit is over), "not-offered", "away" (nobody could be asked in time). `tries_left` where it is known;
    `locked_for_s` seconds until a lock ends, None for one that only people can end."""

    reason: str
    tries_left: int | None = None
    locked_for_s: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of a time, the oldest first, and the overview's balances at its end."""

    overview: Overview
    movements: tuple[Movement, ...]


class AccountOffice(Protocol):
    """Whoever keeps the accounts: live. Thread-safe; nothing blocks; `done` from any thread, within five seconds."""

    def verify(self, holder: Holder, pin: str, done: Callable[[Verified | AccountRefused], None]) -> None:
        """Whether the PIN is this holder's. Attempts are counted there, whatever terminal they come from."""

    def send_code(self, ticket: str, done: Callable[[str | AccountRefused], None]) -> None:
        """Have a one-time code made for this holder; gives where it went, masked ("app" for a TOTP of their own)."""

    def step_up(self, ticket: str, code: str, done: Callable[[bool | AccountRefused], None]) -> None:
        """Whether the one-time code is right: True opens what is sensitive for this visit. A code holds once."""

    def overview(self, ticket: str, done: Callable[[Overview | AccountRefused], None]) -> None:
        """What is on the account now."""

    def statement(self, ticket: str, months: int, done: Callable[[Statement | AccountRefused], None]) -> None:
        """The movements of the last `months`."""

    def request(self, ticket: str, what: str, value: str, done: Callable[[str | AccountRefused], None]) -> None:
        """Ask for another "address" or "phone", after the step-up; people decide. Gives the number under which it is known. What is
        wanted goes this way only: the journal knows that something was asked for, never what."""

    def leave(self, ticket: str) -> None:
        """The visit is over: the ticket opens nothing any more."""


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account of this store's snapshot: the overview as it was then, and how its PIN is checked (argon2id of the PIN under the key
    that is kept outside the database; PHC text form). `mark` as in Verified; `consent` too."""

    mark: str
    overview: Overview
    pin_hash: str
    consent: str = ""


class AccountSnapshot(Protocol):
    """This store's enrolled accounts as they last came down, encrypted at rest. Thread-safe; blocks for a read of the disk."""

    def find(self, holder: Holder) -> KeptAccount | None:
        """The account, where it is enrolled here and not older than the policy says."""

    def is_pin(self, kept: KeptAccount, pin: str) -> bool:
        """Whether the PIN is right; slow on purpose. False too where the key is not to be had."""

    def mark_of(self, holder: Holder) -> str:
        """By what the journal knows whoever showed this: the same each time at this terminal, and never the number itself."""
