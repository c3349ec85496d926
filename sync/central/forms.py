"""Forms that customers sent: what the store's books hold of each, how far people are with it, and what was given out twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row

from kiosk.domain.chain import canonical
from sync.central import alerts
from sync.central.database import one, one_locked, rows, run
from sync.central.told import BodyError, Told

OPEN, CALLED, DONE = "open", "called", "done"
STATES: Final = (OPEN, CALLED, DONE)
MOST_ANSWERS: Final = 40
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer, in the words of the site. `private`: it names the customer or what is theirs."""

    label: str
    shown: str
    private: bool


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent. `cursor` counts every change of a store's forms; `slot` is the appointment's time, "" for none."""

    submission_id: str
    terminal_id: str
    form: str
    ending: str
    title: str
    number: str
    day: str
    at: str
    slot: str
    is_fixed: bool
    answers: tuple[Answer, ...]
    state: str
    who: str
    cursor: int


def projected(told: Told) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The SQL of `form.submitted`. Raises BodyError."""
    answers = told.body.get("answers")
    if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
        raise BodyError(f"{told.kind} of {told.subject} has no answers")
    yield (
        "INSERT INTO form_submission VALUES (:store, :id, :terminal, :journal, :seq, :at, :form, :ending, :title, :day, :number, :running,"
        " :slot, :place, :fixed, :language, :consent, :answers) ON CONFLICT DO NOTHING",
        {
            **told.common,
            "id": told.text("submission_id", told.subject),
            "form": told.text("form"),
            "ending": told.text("end"),
            "title": told.text("title", ""),
            "day": told.text("day"),
            "number": told.text("number"),
            "running": told.whole("running"),
            "slot": told.text("slot", ""),
            "place": told.text("place", ""),
            "fixed": int(told.body.get("fixed") is True),
            "language": told.text("language", ""),
            "consent": told.text("consent", ""),
            "answers": canonical({"answers": answers}),
        },
    )


def heard(connection: Connection, told: Told, now_s: float) -> None:
    """After it was projected: a new one is open; a number or a place that is out twice is for people to look at."""
    store_id, submission_id = told.store_id, told.text("submission_id", told.subject)
    known = one(
        connection,
        "SELECT 1 FROM form_state WHERE store_id = :store AND submission_id = :id",
        store=store_id,
        id=submission_id,
    )
    if known is not None:
        return  # a rebuild of the projections: people are further with it
    move(connection, store_id, submission_id, OPEN, who="", now_s=now_s)
    number, place = told.text("number"), told.text("place", "")
    _look_for_double(connection, told, ("number", number), now_s)
    if place:
        _look_for_double(connection, told, ("place", place), now_s)
        sql = "DELETE FROM claim WHERE store_id = :store AND kind = 'slot' AND code = :code AND sale_id = :id"
        run(connection, sql, store=store_id, code=place, id=submission_id)  # from here on the books themselves tell


def move(connection: Connection, store_id: str, submission_id: str, state: str, *, who: str, now_s: float) -> None:
    """People are so far with it. Every move gets the store's next number, so that a cursor comes by it again."""
    run(connection, "INSERT INTO form_counter VALUES (:store, 0) ON CONFLICT (store_id) DO NOTHING", store=store_id)
    row = one_locked(connection, "SELECT last_number FROM form_counter WHERE store_id = :store", store=store_id)
    number = (int(row.last_number) if row else 0) + 1
    sql = "UPDATE form_counter SET last_number = :number WHERE store_id = :store"
    run(connection, sql, number=number, store=store_id)
    run(
        connection,
        "INSERT INTO form_state VALUES (:store, :id, :state, :who, :now, :number) ON CONFLICT (store_id, submission_id) DO UPDATE SET"
        " state = excluded.state, who = excluded.who, at_ms = excluded.at_ms, number = excluded.number",
        store=store_id,
        id=submission_id,
        state=state,
        who=who,
        now=int(now_s * 1000),
        number=number,
    )


def state_of(connection: Connection, store_id: str, submission_id: str) -> str:
    """How far people are with it, kept so until the transaction ends: of two who press at once, one does. "" where there is none."""
    sql = "SELECT state FROM form_state WHERE store_id = :store AND submission_id = :id"
    row = one_locked(connection, sql, store=store_id, id=submission_id)
    return str(row.state) if row else ""


def next_open(connection: Connection, store_id: str, form: str, day: str) -> str | None:
    """Who has waited longest in a queue of today; kept until the transaction ends."""
    # The counter's row is what callers of one store wait for: two who press at once call two people.
    one_locked(connection, "SELECT last_number FROM form_counter WHERE store_id = :store", store=store_id)
    row = one(
        connection,
        "SELECT f.submission_id FROM form_submission f JOIN form_state s ON s.store_id = f.store_id AND s.submission_id = f.submission_id"
        " WHERE f.store_id = :store AND f.form = :form AND f.day = :day AND s.state = :open ORDER BY f.at, f.number LIMIT 1",
        store=store_id,
        form=form,
        day=day,
        open=OPEN,
    )
    return str(row.submission_id) if row else None


def find(connection: Connection, store_id: str, submission_id: str) -> Submission | None:
    """One form of a store."""
    found = rows(connection, f"{_SELECT} AND f.submission_id = :id", store=store_id, id=submission_id)
    return _submission(found[0]) if found else None


def of_day(connection: Connection, store_id: str, day: str, most: int) -> tuple[Submission, ...]:
    """What a store's people have before them on a day: its queues and appointments, and every request that is not done. In order."""
    found = rows(
        connection,
        f"{_SELECT} AND (f.day = :day AND f.ending = 'queue' OR substr(f.slot, 1, 10) = :day AND f.ending = 'slot'"
        " OR f.ending <> 'queue' AND (s.state <> :done OR f.day = :day))"
        " ORDER BY CASE WHEN s.state = :done THEN 1 ELSE 0 END, CASE WHEN f.slot <> '' THEN f.slot ELSE f.at END, f.number LIMIT :most",
        store=store_id,
        day=day,
        done=DONE,
        most=most,
    )
    return tuple(map(_submission, found))


def page(connection: Connection, store_id: str, after: int, limit: int) -> tuple[Submission, ...]:
    """Forms whose last change has a number behind `after`, in that order."""
    sql = f"{_SELECT} AND s.number > :after ORDER BY s.number LIMIT :limit"
    return tuple(map(_submission, rows(connection, sql, store=store_id, after=after, limit=limit)))


def count_open(connection: Connection, store_id: str, day: str) -> int:
    """How many wait: in today's queues, and of all else that is open."""
    row = one(
        connection,
        "SELECT count(*) AS n FROM form_submission f JOIN form_state s ON s.store_id = f.store_id AND s.submission_id = f.submission_id"
        " WHERE f.store_id = :store AND s.state = :open AND (f.ending <> 'queue' OR f.day = :day)",
        store=store_id,
        open=OPEN,
        day=day,
    )
    return int(row.n) if row else 0


def _look_for_double(connection: Connection, told: Told, what: tuple[str, str], now_s: float) -> None:
    """A number that two terminals of one series gave out, or an appointment's place that two customers were told is theirs."""
    column, value = what
    other = one(
        connection,
        f"SELECT terminal_id, submission_id FROM form_submission WHERE store_id = :store AND {column} = :value AND submission_id <> :id"  # noqa: S608 - one of two names
        + (" AND day = :day" if column == "number" else "")
        + " ORDER BY at LIMIT 1",
        store=told.store_id,
        value=value,
        id=told.text("submission_id", told.subject),
        **({"day": told.text("day")} if column == "number" else {}),
    )
    if other is None:
        return
    both = f"{other.terminal_id} and {told.terminal_id}"
    words = f"{column} {value} of {told.text('form')} was given out twice, by {both}; call the customers"
    subject = f"{column}:{told.text('day')}:{value}"
    alerts.raise_alert(
        connection, told.terminal_id, alerts.FORM_TWICE, subject, words, store_id=told.store_id, now_s=now_s
    )


_SELECT: Final = (
    "SELECT f.*, s.state, s.who, s.number AS cursor_number FROM form_submission f"
    " JOIN form_state s ON s.store_id = f.store_id AND s.submission_id = f.submission_id WHERE f.store_id = :store"
)


def _submission(row: Row[Any]) -> Submission:
    told = json.loads(row.answers).get("answers", [])
    return Submission(
        submission_id=row.submission_id,
        terminal_id=row.terminal_id,
        form=row.form,
        ending=row.ending,
        title=row.title,
        number=row.number,
        day=row.day,
        at=row.at,
        slot=row.slot,
        is_fixed=bool(row.is_fixed),
        answers=tuple(
            Answer(_text(one_, "label"), _text(one_, "shown"), one_.get("private") is True)
            for one_ in told
            if isinstance(one_, dict)
        ),
        state=row.state,
        who=row.who,
        cursor=int(row.cursor_number),
    )


def _text(answer: Mapping[str, Any], name: str) -> str:
    return str(answer.get(name, ""))[:_LONGEST]
