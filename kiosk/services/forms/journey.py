"""Filling in a form, from top to bottom as the customer walks it: the steps, what each accepts, and where each leads."""

from __future__ import annotations

from kiosk.domain.journey import Idle, Step, way
from kiosk.services.checkout import keeping
from kiosk.services.checkout.events import Back, GoOn, Scanned, TimerRang
from kiosk.services.forms import asking, sending
from kiosk.services.forms.events import (
    Answered,
    Corrected,
    NotSubmitted,
    Revealed,
    SlipDone,
    SlotAnswered,
    SlotsFound,
    Submitted,
)

_HOME = ("attract", "out-of-service")
_AFTER_ANSWER = ("form-check", "form-consent")

# A form without a last look is sent from where it stands.
_SENT = {
    Submitted: way(sending.submitted, "form-done"),
    NotSubmitted: way(sending.not_submitted, "form-problem"),
}

STEPS: tuple[Step, ...] = (
    Step(
        "form",
        "Form",
        {
            **_SENT,
            Answered: way(asking.answered, *_AFTER_ANSWER),
            Scanned: way(asking.scanned, *_AFTER_ANSWER),
            SlotsFound: way(asking.slots_found, "form-problem"),
            SlotAnswered: way(asking.slot_answered, *_AFTER_ANSWER),
            Back: way(asking.back, "form-check", *_HOME),
        },
        help="form",
    ),
    Step(
        "form-check",
        "FormCheck",
        {
            **_SENT,
            Corrected: way(asking.corrected, "form"),
            Revealed: way(sending.revealed),
            GoOn: way(sending.checked, "form-consent"),
            Back: way(asking.last_question, "form"),
        },
        help="form",
    ),
    Step(
        "form-consent",
        "FormConsent",
        {**_SENT, GoOn: way(sending.agreed), Back: way(asking.consent_left, "form-check", "form")},
        help="form-consent",
    ),
    Step(
        "form-done",
        "FormDone",
        {
            SlipDone: way(sending.slip_done),
            GoOn: way(sending.finished, *_HOME),
            TimerRang: way(keeping.leave_rang, *_HOME),
        },
        idle=Idle.FINISH,
        help="form-done",
    ),
    Step(
        "form-problem",
        "FormProblem",
        {**_SENT, GoOn: way(sending.again, *_HOME), Back: way(sending.given_up, *_HOME)},
        help="form",
    ),
)
