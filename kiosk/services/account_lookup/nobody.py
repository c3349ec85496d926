"""What stands where no office can be reached, and where the store has no copy of its accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from kiosk.domain.account import Holder
from kiosk.ports import AccountRefused, Statement, Verified

AWAY: Final = "away"


class NobodyToAsk:
    """Stands where no office can be reached: everything is away."""

    def verify(self, holder: Holder, pin: str, done: Callable[[Verified | AccountRefused], None]) -> None:  # noqa: ARG002 - the contract's
        """Nobody can say."""
        done(AccountRefused(AWAY))

    def send_code(self, ticket: str, done: Callable[[str | AccountRefused], None]) -> None:  # noqa: ARG002 - the contract's
        """Nobody makes one."""
        done(AccountRefused(AWAY))

    def step_up(self, ticket: str, code: str, done: Callable[[bool | AccountRefused], None]) -> None:  # noqa: ARG002 - the contract's
        """Nobody can say."""
        done(AccountRefused(AWAY))

    def overview(self, ticket: str, done: Callable[[Any], None]) -> None:  # noqa: ARG002 - the contract's
        """Nobody knows."""
        done(AccountRefused(AWAY))

    def statement(self, ticket: str, months: int, done: Callable[[Statement | AccountRefused], None]) -> None:  # noqa: ARG002 - the contract's
        """Nobody knows."""
        done(AccountRefused(AWAY))

    def request(self, ticket: str, what: str, value: str, done: Callable[[str | AccountRefused], None]) -> None:  # noqa: ARG002 - the contract's
        """Nobody takes it."""
        done(AccountRefused(AWAY))

    def leave(self, ticket: str) -> None:
        """Nothing was opened."""


class NoCopy:
    """Stands where the store has no copy of its accounts. `mark` makes what the journal knows a holder by."""

    def __init__(self, mark: Callable[[str], str]) -> None:
        self._mark = mark

    def find(self, _: Holder) -> None:
        """There is none."""

    def is_pin(self, _: object, __: str) -> bool:
        """There is none to compare with."""
        return False

    def mark_of(self, holder: Holder) -> str:
        """The same each time at this terminal, and never the number."""
        return self._mark(f"{holder.by}:{holder.number}")
