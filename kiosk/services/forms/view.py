"""What a session knows of a form that is being filled in: a part of the one session, gone with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from kiosk.domain.forms import Ending, Field, FieldKind, Form
from kiosk.domain.records import dataclass

NOWHERE = Form("", 1, {}, (Field("", FieldKind.TEXT, {}),), Ending.REQUEST)


@dataclass(frozen=True, slots=True)
class FormView:
    """The form in hand. `problem` is the stable code of what went wrong. `place` is the question's, `answers` what was given by field.

    Of an appointment: `free` are the times on offer, `day` the one chosen so far, `wanted` the time that is being asked for, `claim`
    under what it is held; `is_fixed` says whether the whole store knows of it. `number` and `at` are there once the form is sent;
    `slip` is "", "printing", "printed" or "failed"; `opens` when a closed counter opens again.
    """

    form: Form = NOWHERE
    submission_id: str = ""
    problem: str = ""
    place: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    correcting: bool = False
    revealed: bool = False
    free: tuple[str, ...] = ()
    day: str = ""
    wanted: str = ""
    claim: str = ""
    is_fixed: bool = True
    agreed: bool = False
    waiting: bool = False
    number: str = ""
    at: str = ""
    slip: str = ""
    opens: str = ""

    @property
    def asked(self) -> Field:
        """The question that is being asked."""
        return self.form.fields[self.place]

    @property
    def slot(self) -> str:
        """The appointment's time, "" where the form asks for none or none is chosen."""
        asked = next((one for one in self.form.fields if one.kind is FieldKind.SLOT), None)
        return self.answers.get(asked.name, "") if asked else ""

    @property
    def is_private(self) -> bool:
        """Whether what is typed or shown now names the customer or what is theirs."""
        return self.revealed or (not self.number and self.asked.private)

    def __repr__(self) -> str:
        return f"FormView(form={self.form.name!r}, place={self.place}, problem={self.problem!r}, answers=...)"
