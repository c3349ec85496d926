"""What a session knows of the account that is open: a part of the one session, gone with it."""

from __future__ import annotations

from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account in hand. `problem` is the stable code of what went wrong."""

    problem: str = ""
