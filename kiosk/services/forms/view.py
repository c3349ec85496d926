"""What a session knows of a form that is being filled in: a part of the one session, gone with it."""

from __future__ import annotations

from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class FormView:
    """The form in hand. `problem` is the stable code of what went wrong."""

    problem: str = ""
