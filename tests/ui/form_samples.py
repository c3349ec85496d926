"""Sample sessions of forms: each screen at its fullest, with the forms that are shipped."""

from __future__ import annotations

from dataclasses import replace

from kiosk.configuration import PROJECT_ROOT
from kiosk.configuration.forms import read_form
from kiosk.domain.forms import Form
from kiosk.services.checkout.session import Session
from kiosk.services.forms.view import FormView

_TIMES = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30")


def shipped(name: str) -> Form:
    """A form of config/forms."""
    record = read_form(PROJECT_ROOT / "config" / "forms" / f"{name}.toml", ("en", "de"))
    assert record.form is not None, record.problems
    return record.form


def form_sessions(empty: Session) -> dict[str, Session]:
    """Each screen of a form by a short name; `empty` is a session with nobody's things in it."""
    ticket, appointment, after_sales = shipped("ticket"), shipped("appointment"), shipped("after-sales")
    days = [f"2026-11-{day:02d}" for day in (23, 24, 25, 26, 27, 30)] + [f"2026-12-{day:02d}" for day in (1, 2, 3, 4)]
    free = tuple(f"{day}T{time}" for day in days for time in _TIMES)
    booking = FormView(appointment, "sub-1", answers={"matter": "loan"}, place=1, free=free)
    filled = {"matter": "loan", "time": "2026-11-24T09:30", "name": "Maria Mustermann", "phone": "030123456789"}
    fault = FormView(after_sales, "sub-1", answers={"code": "RCP-4-000123", "fault": "broken"})
    sent = {"at": "2026-11-22T09:31:00+01:00"}
    views = {
        "form-choice": ("form", FormView(ticket, "sub-1")),
        "form-days": ("form", booking),
        "form-times": ("form", replace(booking, day="2026-11-24", problem="form-slot-taken")),
        "form-name": ("form", replace(booking, place=2, problem="form-name")),
        "form-phone": ("form", replace(booking, place=3)),
        "form-code": ("form", fault),
        "form-check": ("form-check", replace(booking, answers=filled)),
        "form-consent": ("form-consent", replace(booking, answers=filled)),
        "form-done": ("form-done", FormView(ticket, number="D017", slip="printed", answers={"matter": "cash"}, **sent)),
        "form-done-slot": (
            "form-done",
            replace(booking, answers=filled, number="261122-D018", slip="failed", is_fixed=False, at=sent["at"]),
        ),
        "form-closed": (
            "form-problem",
            FormView(ticket, problem="form-closed", opens="2026-11-23T08:00:00+01:00"),
        ),
        "form-not-sent": ("form-problem", replace(fault, problem="form-not-sent")),
    }
    return {name: replace(empty, step=step, form=view) for name, (step, view) in views.items()}
