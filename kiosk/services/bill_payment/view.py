"""What a session knows of a bill that is being looked at: a part of the one session, gone with it."""

from __future__ import annotations

from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class BillView:
    """The bill in hand. `problem` is the stable code of why it cannot be paid."""

    problem: str = ""
