"""The console's page of forms: who waits in which queue, who comes when, what was asked for; "call next" and "done"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection

from sync.central import audit, forms
from sync.central.console.pages import Page
from sync.central.console.people import May
from sync.central.console.seeing import store_page
from sync.central.console.visits import Ended, Visit
from sync.central.forms import Submission

MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Queue:
    """All of one form: `waits` counts those that nobody has called."""

    form: str
    title: str
    ending: str
    rows: tuple[Submission, ...]

    @property
    def waits(self) -> int:
        """How many are open."""
        return sum(row.state == forms.OPEN for row in self.rows)


def show(connection: Connection, visit: Visit) -> Page:
    """What is before the store's people today, a queue at a time."""
    found = forms.of_day(connection, visit.store_id, today(visit), MOST)
    queues = [
        Queue(form, next(row.title for row in found if row.form == form), ending, _rows(found, form))
        for form, ending in dict.fromkeys((row.form, row.ending) for row in found)
    ]
    may = visit.person.may(May.SERVE)
    return store_page(
        connection, visit, "forms.html", "forms", queues=queues, may_serve=may, is_full=len(found) == MOST
    )


def act(connection: Connection, visit: Visit) -> str:
    """Call the next of a queue, or one that was chosen; or say that one is done. Once, whoever else presses."""
    visit.needs(May.SERVE)
    what, form = visit.field("act"), visit.field("form")
    if what == "next":
        chosen = forms.next_open(connection, visit.store_id, form, today(visit))
        if chosen is not None:
            _move(connection, visit, chosen, forms.CALLED)
    elif what in _MOVES:
        before, after = _MOVES[what]
        submission_id = visit.field("submission")
        state = forms.state_of(connection, visit.store_id, submission_id)
        if not state:
            raise Ended(404, "console.error.not-found")
        if state not in before:
            raise Ended(409, "console.error.answered")
        _move(connection, visit, submission_id, after)
    else:
        raise Ended(400, "console.error.form")
    return f"/console/stores/{quote(visit.store_id, safe='')}/forms"


def today(visit: Visit) -> str:
    """The day at the store, as near as the service's own clock tells it."""
    return datetime.fromtimestamp(visit.now_s, UTC).astimezone().date().isoformat()


def _rows(found: tuple[Submission, ...], form: str) -> tuple[Submission, ...]:
    return tuple(row for row in found if row.form == form)


def _move(connection: Connection, visit: Visit, submission_id: str, state: str) -> None:
    forms.move(connection, visit.store_id, submission_id, state, who=visit.person.name, now_s=visit.now_s)
    audited = audit.Act(visit.store_id, visit.person.name, f"form.{state}", submission_id, "")
    audit.write(connection, audited, visit.now_s)


_MOVES: Final = {
    "call": ((forms.OPEN,), forms.CALLED),
    "done": ((forms.OPEN, forms.CALLED), forms.DONE),
    "open": ((forms.CALLED, forms.DONE), forms.OPEN),
}
