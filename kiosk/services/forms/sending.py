"""The end of a form: a last look, consent, the journal, the slip, and what is said where it did not work."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.facts import Json
from kiosk.domain.forms import Ending, FieldKind, answers_body, said, shown_answer
from kiosk.domain.queueing import prefix_of
from kiosk.services.checkout.effects import Sound
from kiosk.services.checkout.events import Back, GoOn
from kiosk.services.checkout.keeping import Decision, ended
from kiosk.services.checkout.session import Session, Turn
from kiosk.services.forms.effects import PrintSlip, Submit
from kiosk.services.forms.events import NotSubmitted, Revealed, SlipDone, Submitted
from kiosk.services.forms.view import FormView


def checked(session: Session, _: GoOn, turn: Turn) -> Decision:
    """Everything is right: on to the consent, or into the books."""
    return send(session, turn) if session.form else (session, ())


def agreed(session: Session, _: GoOn, turn: Turn) -> Decision:
    """The customer agrees to what they read."""
    if session.form is None:
        return session, ()
    return send(replace(session, form=replace(session.form, agreed=True)), turn)


def revealed(session: Session, _: Revealed, __: Turn) -> Decision:
    """What was typed, or its last letters again."""
    view = session.form
    return (replace(session, form=replace(view, revealed=not view.revealed)), ()) if view else (session, ())


def send(session: Session, turn: Turn) -> Decision:
    """Ask for consent where it is wanted and not given yet; else journal the form. Nothing is sent twice."""
    view = session.form
    if view is None or view.waiting:
        return session, ()
    if view.form.consent is not None and not view.agreed:
        return replace(session, step="form-consent", form=replace(view, revealed=False), notice=None), ()
    prefix = prefix_of(view.form.letters, turn.rules.forms.series)
    after = replace(view, waiting=True, revealed=False, problem="")
    return replace(session, form=after), (Submit(view.submission_id, view.form, prefix, _body(session, view, turn)),)


def submitted(session: Session, event: Submitted, _: Turn) -> Decision:
    """It is in the books: the number, large, and on paper where there is any."""
    view = session.form
    if view is None or view.submission_id != event.submission_id:
        return session, ()
    can_print = session.devices.can_print
    view = replace(view, waiting=False, number=event.number, at=event.at, slip="printing" if can_print else "failed")
    slip = PrintSlip(
        view.submission_id,
        view.form,
        event.number,
        view.slot,
        view.is_fixed,
        slip_lines(view, session.language),
        session.language,
    )
    after = replace(session, step="form-done", form=view, notice=None)
    return after, (Sound("good"), *((slip,) if can_print else ()))


def not_submitted(session: Session, event: NotSubmitted, _: Turn) -> Decision:
    """The books did not take it: say so, and let the customer try again."""
    view = session.form
    if view is None or view.submission_id != event.submission_id:
        return session, ()
    view = replace(view, waiting=False, problem="form-not-sent")
    return replace(session, step="form-problem", form=view), (Sound("bad"),)


def slip_done(session: Session, event: SlipDone, _: Turn) -> Decision:
    """The slip is there, or the screen has to do."""
    view = session.form
    if view is None or view.submission_id != event.submission_id:
        return session, ()
    return replace(session, form=replace(view, slip="printed" if event.printed else "failed")), ()


def again(session: Session, _: GoOn, turn: Turn) -> Decision:
    """Once more what did not work; a closed counter stays closed."""
    if session.form is not None and session.form.problem == "form-not-sent":
        return send(session, turn)
    return ended(session, turn)


def finished(session: Session, _: GoOn, turn: Turn) -> Decision:
    """The customer has their number."""
    return ended(session, turn)


def given_up(session: Session, _: Back, turn: Turn) -> Decision:
    """The customer leaves it."""
    return ended(session, turn)


def slip_lines(view: FormView, language: str) -> tuple[tuple[str, str], ...]:
    """What a slip says of the answers: none that is private, and not the time, which stands above them."""
    told = (one for one in view.form.fields if not one.private and one.kind is not FieldKind.SLOT)
    return tuple(
        (said(one.label, language), shown_answer(one, view.answers[one.name], language, masked=True))
        for one in told
        if view.answers.get(one.name)
    )


def _body(session: Session, view: FormView, turn: Turn) -> dict[str, Json]:
    form = view.form
    body: dict[str, Json] = {
        "submission_id": view.submission_id,
        "form": form.name,
        "version": form.version,
        "end": form.ending.value,
        "title": said(form.title, turn.rules.languages[0]),
        "day": turn.today.isoformat(),
        "language": session.language,
        "answers": answers_body(form, view.answers, turn.rules.languages[0]),
        "consent": form.consent.version if form.consent else "",
    }
    if form.ending is Ending.SLOT:
        body |= {"slot": view.slot, "place": view.claim, "fixed": view.is_fixed}
    return body
