"""A form on the screen, in ready words, and what hands do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.domain.forms import Ending, FieldKind, said, shown_answer
from kiosk.domain.queueing import day_of
from kiosk.services.checkout.session import Session
from kiosk.services.forms.asking import days_of
from kiosk.services.forms.events import Answered, Corrected, Revealed
from kiosk.services.forms.sending import slip_lines
from kiosk.services.forms.spoken import problem_words
from kiosk.services.forms.view import FormView
from kiosk.services.words import Words, printable
from ui.viewmodels.codes import qr_rows
from ui.viewmodels.lines import unbroken
from ui.viewmodels.rows import Row, Rows, TileRow
from ui.viewmodels.shown import Post, Shown, part, shown

_STEPS = ("form", "form-check", "form-consent", "form-done", "form-problem")


@dataclass(frozen=True, slots=True)
class AnswerRow(Row):
    """A question with its answer; the key is its place."""

    name: str
    answer: str


class FormModel(Shown):
    """`kind` is the question's, `eyebrow` says where it stands among the others. `problemText` says what went wrong, and what to do.

    `choices` are what can be touched, `answers` all that was given. `number`, `when`, `note` and `qrRows` are for a form that is sent.
    """

    changed = Signal()
    choices = part(Rows, "choices")
    answers = part(Rows, "answers")
    kind = shown(str, "kind", changed)
    title = shown(str, "title", changed)
    eyebrow = shown(str, "eyebrow", changed)
    label = shown(str, "label", changed)
    hint = shown(str, "hint", changed)
    place = shown(int, "place", changed)
    longest = shown(int, "longest", changed)
    optional = shown(bool, "optional", changed)
    waiting = shown(bool, "waiting", changed)
    dated = shown(bool, "dated", changed)
    hidden = shown(bool, "hidden", changed)
    revealed = shown(bool, "revealed", changed)
    consent = shown(str, "consent", changed)
    number = shown(str, "number", changed)
    when = shown(str, "when", changed)
    note = shown(str, "note", changed)
    qrRows = shown("QStringList", "qrRows", changed)
    problem = shown(str, "problem", changed)
    problemText = shown(str, "problemText", changed)
    problemHint = shown(str, "problemHint", changed)

    def __init__(self, post: Post, parent: QObject | None = None) -> None:
        super().__init__(
            parent,
            kind="",
            title="",
            eyebrow="",
            label="",
            hint="",
            place=0,
            longest=60,
            optional=False,
            waiting=False,
            dated=False,
            hidden=False,
            revealed=False,
            consent="",
            number="",
            when="",
            note="",
            qrRows=[],
            problem="",
            problemText="",
            problemHint="",
        )
        self._post = post
        self._choices = Rows(TileRow, self)
        self._answers = Rows(AnswerRow, self)

    def show_rows(self, choices: list[TileRow], answers: list[AnswerRow]) -> None:
        """Show these choices and answers."""
        self._choices.replace(choices)
        self._answers.replace(answers)

    @Slot(str)
    def answer(self, text: str) -> None:
        """The answer to the question in hand; "" leaves it out."""
        self._post(Answered(text))

    @Slot(int)
    def correct(self, place: int) -> None:
        """The question in `place` once more."""
        self._post(Corrected(place))

    @Slot()
    def reveal(self) -> None:
        """What was typed, or its last letters again."""
        self._post(Revealed())


class FormPresenter:
    """Shows a session's form in `model`."""

    def __init__(self, model: FormModel, words: Words) -> None:
        self._model = model
        self._words = words

    def show(self, session: Session) -> None:
        """Show `session`; on the thread that draws."""
        view = session.form
        if view is None or session.step not in _STEPS:
            self._model.show_rows([], [])
            self._model.forget()
            return
        self._model.show_rows(
            self._choices(view) if session.step == "form" else [],
            self._answers(view) if session.step == "form-check" else [],
        )
        self._model.show(**self._question(view), **self._end(session, view), **self._problem(view))

    def _question(self, view: FormView) -> Mapping[str, Any]:
        asked, words, of = view.asked, self._words, len(view.form.fields)
        progress = words("screen.form.progress", number=view.place + 1, of=of) if of > 1 else ""
        title = said(view.form.title, words.code)
        day = words.weekday(date.fromisoformat(view.day)) if view.day else ""
        return {
            "kind": asked.kind.value,
            "title": title,
            "eyebrow": " · ".join(filter(None, (title, progress))),
            "label": unbroken(said(asked.label, words.code)),
            "hint": day or said(asked.hint, words.code),
            "place": view.place,
            "longest": asked.longest,
            "optional": not asked.required,
            "waiting": view.waiting,
            "dated": bool(view.day),
            "hidden": any(one.private and view.answers.get(one.name) for one in view.form.fields),
            "revealed": view.revealed,
            "consent": said(view.form.consent.text, words.code) if view.form.consent else "",
        }

    def _choices(self, view: FormView) -> list[TileRow]:
        words, code = self._words, self._words.code
        if view.asked.kind is FieldKind.SLOT and view.day:
            times = (slot for slot in view.free if day_of(slot) == view.day)
            return [TileRow(slot, words.time(datetime.fromisoformat(slot))) for slot in times]
        if view.asked.kind is FieldKind.SLOT:
            return [TileRow(day, words.weekday(date.fromisoformat(day))) for day in days_of(view)]
        given = view.answers.get(view.asked.name)
        return [
            TileRow(one.name, unbroken(said(one.label, code)), chosen=one.name == given) for one in view.asked.choices
        ]

    def _answers(self, view: FormView) -> list[AnswerRow]:
        return [
            AnswerRow(str(place), said(one.label, self._words.code), self._answer(view, place))
            for place, one in enumerate(view.form.fields)
        ]

    def _answer(self, view: FormView, place: int) -> str:
        asked = view.form.fields[place]
        answer = view.answers.get(asked.name, "")
        if answer and asked.kind is FieldKind.SLOT:
            return self._moment(answer)
        shown_ = shown_answer(asked, answer, self._words.code, masked=not view.revealed)
        return unbroken(shown_) or self._words("screen.form-check.nothing")

    def _moment(self, slot: str) -> str:
        moment = datetime.fromisoformat(slot)
        return f"{self._words.weekday(moment)}, {self._words.time(moment)}"

    def _end(self, session: Session, view: FormView) -> Mapping[str, Any]:
        if not view.number:
            return {"number": "", "when": "", "note": "", "qrRows": []}
        words, at = self._words, datetime.fromisoformat(view.at)
        when = self._moment(view.slot) if view.slot else ""
        title = said(view.form.title, words.code)
        lines = [title, view.number, when, *(answer for _, answer in slip_lines(view, session.language))]
        lines.append(f"{words.date(at)} {words.time(at)}")
        note = "to-confirm" if not view.is_fixed else _NOTES[view.form.ending]
        return {
            "number": view.number,
            "when": when,
            "note": "\n".join((words(f"screen.form-done.{note}"), words(f"screen.form-done.slip-{view.slip}"))),
            "qrRows": list(qr_rows("\n".join(printable(line) for line in lines if line))),
        }

    def _problem(self, view: FormView) -> Mapping[str, Any]:
        key, words = f"problem.{view.problem}", self._words
        known = words.has(key)
        opens = datetime.fromisoformat(view.opens) if view.opens else None
        return {
            "problem": view.problem,
            "problemText": words(key, **problem_words(view)) if known else "",
            "problemHint": words("screen.form-problem.opens", day=words.weekday(opens), time=words.time(opens))
            if opens
            else "",
        }


_NOTES = {Ending.QUEUE: "wait", Ending.SLOT: "come", Ending.REQUEST: "answer"}
