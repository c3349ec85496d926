"""What is read aloud of a form that is being filled in, by step. Private answers are for a headset, or nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.domain.forms import FieldKind, said, shown_answer
from kiosk.services.checkout.sentences import Said, Sentence
from kiosk.services.checkout.session import Session
from kiosk.services.forms.view import FormView


def form_news(before: Session, after: Session) -> Said:
    """What changed where the form stays: another question, another problem, the slip."""
    then, now = before.form, after.form
    if then is None or now is None or after.step not in SPOKEN:
        return
    if after.step == "form" and (then.place, then.day) != (now.place, now.day):
        yield from _question(after)
    elif now.problem and now.problem != then.problem:
        yield Sentence(f"problem.{now.problem}", problem_words(now))
    elif after.step == "form-done" and then.slip != now.slip:
        yield Sentence(f"screen.form-done.slip-{now.slip}")


def problem_words(view: FormView) -> Mapping[str, object]:
    """What the sentence of a problem has to name."""
    return {"longest": view.asked.longest, "least": view.asked.least, "most": view.asked.most}


def _form(session: Session) -> Said:
    yield Sentence("screen.form.spoken")
    yield from _question(session)


def _question(session: Session) -> Said:
    view = session.form
    if view is None:
        return
    asked, language = view.asked, session.language
    if len(view.form.fields) > 1:
        yield Sentence("screen.form.progress", {"number": view.place + 1, "of": len(view.form.fields)})
    yield Sentence(text=said(asked.label, language))
    if asked.hint:
        yield Sentence(text=said(asked.hint, language))
    if view.problem:
        yield Sentence(f"problem.{view.problem}", problem_words(view))
    yield Sentence(f"screen.form.{_HOW[asked.kind]}")


def _check(session: Session) -> Said:
    yield Sentence("screen.form-check.spoken")
    view = session.form
    if view is None:
        return
    for asked in view.form.fields:
        answer = view.answers.get(asked.name, "")
        if answer and asked.kind is not FieldKind.SLOT:
            shown = shown_answer(asked, answer, session.language, masked=False)
            yield Sentence(text=f"{said(asked.label, session.language)} {shown}", private=asked.private)


def _consent(session: Session) -> Said:
    yield Sentence("screen.form-consent.spoken")
    if session.form and session.form.form.consent:
        yield Sentence(text=said(session.form.form.consent.text, session.language))


def _done(session: Session) -> Said:
    view = session.form
    if view is None:
        return
    yield Sentence("screen.form-done.spoken")
    yield Sentence(text=" ".join(view.number))
    if view.slip == "failed":
        yield Sentence("screen.form-done.no-slip")


def _problem(session: Session) -> Said:
    view = session.form
    if view is None:
        return
    yield Sentence(f"problem.{view.problem}")
    yield Sentence("screen.form-problem.spoken")


_HOW = {
    FieldKind.CHOICE: "choose",
    FieldKind.SLOT: "choose",
    FieldKind.NUMBER: "type-digits",
    FieldKind.PHONE: "type-digits",
    FieldKind.TEXT: "type-letters",
    FieldKind.EMAIL: "type-letters",
    FieldKind.CODE: "scan",
}

SPOKEN: Mapping[str, Callable[[Session], Said]] = {
    "form": _form,
    "form-check": _check,
    "form-consent": _consent,
    "form-done": _done,
    "form-problem": _problem,
}
