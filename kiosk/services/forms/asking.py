"""The questions of a form, one after another: what an answer, a scan, a touch on "back" does."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.forms import FieldKind, answer_of
from kiosk.domain.queueing import day_of
from kiosk.domain.resolver import resolve
from kiosk.domain.scan import ItemCode, ReceiptCode, Unknown
from kiosk.ports import ClaimKind, Verdict
from kiosk.services.checkout.effects import ReleaseClaim, Sound
from kiosk.services.checkout.events import Back, Scanned
from kiosk.services.checkout.keeping import Decision, held_place, noted
from kiosk.services.checkout.session import Session, Tone, Turn
from kiosk.services.forms.effects import ClaimSlot, FindSlots
from kiosk.services.forms.events import Answered, Corrected, SlotAnswered, SlotsFound
from kiosk.services.forms.sending import send
from kiosk.services.forms.view import FormView

FIRST_STEPS = ("form", "form-problem")


def opened(session: Session, service: str, turn: Turn) -> Decision:
    """A form of the home screen: its first question, or when its counter opens again."""
    form = turn.rules.forms.forms.get(service.removeprefix("form:"))
    if form is None:
        return session, ()
    view = FormView(form, turn.fresh_id)
    if not form.hours.is_open(turn.at):
        opening = form.hours.next_opening(turn.at)
        view = replace(view, problem="form-closed", opens=opening.isoformat() if opening else "")
        return replace(session, step="form-problem", form=view, notice=None), (Sound("attention"),)
    return _ask(session, view, turn)


def answered(session: Session, event: Answered, turn: Turn) -> Decision:
    """The answer to the question in hand: on to the next, or what is wrong with it."""
    view = session.form
    if view is None or view.waiting:
        return session, ()
    if view.asked.kind is FieldKind.SLOT:
        return _time_answered(session, view, event.text)
    answer, problem = answer_of(view.asked, event.text)
    if problem:
        return replace(session, form=replace(view, problem=problem)), (Sound("bad"),)
    answers = {**view.answers, view.asked.name: answer}
    return _next(session, replace(view, answers=answers), turn)


def scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """A code where one is asked for; put off in words elsewhere. Other people's codes (badges, cards, vouchers) are never an answer."""
    view = session.form
    if view is None or view.waiting or view.asked.kind is not FieldKind.CODE:
        return noted(session, "notice.form-no-code", tone=Tone.WARNING)
    text = _code_of(event, turn)
    if not text:
        return replace(session, form=replace(view, problem="form-code")), (Sound("bad"),)
    after, effects = answered(session, Answered(text), turn)
    return after, (Sound("good"), *effects) if after.form and not after.form.problem else effects


def back(session: Session, _: Back, turn: Turn) -> Decision:
    """To the question before; from the first one out of the form."""
    view = session.form
    if view is None or view.waiting:
        return session, ()
    if view.asked.kind is FieldKind.SLOT and view.day:
        return replace(session, form=replace(view, day="", problem="")), ()
    if view.correcting:
        return replace(session, step="form-check", form=replace(view, correcting=False, problem="")), ()
    if view.place == 0:
        return left(session)
    return _ask(session, replace(view, place=view.place - 1), turn)


def corrected(session: Session, event: Corrected, turn: Turn) -> Decision:
    """A question once more, from the last look at all answers."""
    view = session.form
    if view is None or view.waiting or not 0 <= event.place < len(view.form.fields):
        return session, ()
    return _ask(session, replace(view, place=event.place, correcting=True), turn)


def last_question(session: Session, _: Back, turn: Turn) -> Decision:
    """From the last look back into the questions."""
    view = session.form
    if view is None or view.waiting:
        return session, ()
    return _ask(session, replace(view, place=len(view.form.fields) - 1, revealed=False), turn)


def consent_left(session: Session, event: Back, turn: Turn) -> Decision:
    """Not agreed: back to the answers. Nothing was sent."""
    view = session.form
    if view is None or view.waiting:
        return session, ()
    return (replace(session, step="form-check"), ()) if view.form.review else last_question(session, event, turn)


def left(session: Session) -> Decision:
    """Out of the form: nothing of it stays, and nothing was sent."""
    return replace(session, step="attract", form=None, notice=None), held_place(session)


def days_of(view: FormView) -> tuple[str, ...]:
    """The days with a time on offer."""
    return tuple(dict.fromkeys(map(day_of, view.free)))


# --- appointments ---


def slots_found(session: Session, event: SlotsFound, _: Turn) -> Decision:
    """The times are known."""
    view = session.form
    if view is None or view.submission_id != event.submission_id:
        return session, ()
    view = replace(view, free=event.slots, waiting=False, day=view.day if view.day in map(day_of, event.slots) else "")
    if not event.slots:
        view = replace(view, problem="form-no-times")
        return replace(session, step="form-problem", form=view), (Sound("attention"),)
    return replace(session, form=view), ()


def slot_answered(session: Session, event: SlotAnswered, turn: Turn) -> Decision:
    """The place is this customer's, or is to be confirmed, or somebody was quicker."""
    view = session.form
    if view is None or view.submission_id != event.submission_id or view.wanted != event.slot:
        return late_slot(session, event, turn)
    view = replace(view, waiting=False, wanted="")
    if event.verdict is Verdict.TAKEN:
        free = tuple(slot for slot in view.free if slot != event.slot)
        day = view.day if view.day in map(day_of, free) else ""
        taken = replace(view, free=free, day=day, problem="form-slot-taken")
        return replace(session, form=taken), (Sound("bad"),)
    is_fixed = event.verdict is not Verdict.AWAY
    answers = {**view.answers, view.asked.name: event.slot}
    return _next(session, replace(view, answers=answers, claim=event.code, is_fixed=is_fixed), turn)


def late_slot(session: Session, event: SlotAnswered, _: Turn) -> Decision:
    """Nobody waits for this place any more."""
    if not event.code or (session.form is not None and session.form.claim == event.code):
        return session, ()
    return session, (ReleaseClaim(ClaimKind.SLOT, event.code, event.submission_id),)


def _time_answered(session: Session, view: FormView, text: str) -> Decision:
    if text in days_of(view):
        return replace(session, form=replace(view, day=text, problem="")), ()
    if text not in view.free:
        return replace(session, form=replace(view, problem="form-slot-taken", day="")), (Sound("bad"),)
    before = held_place(session)
    after = replace(view, wanted=text, waiting=True, problem="", claim="")
    return replace(session, form=after), (*before, ClaimSlot(view.submission_id, view.form, text))


# --- from question to question ---


def _ask(session: Session, view: FormView, turn: Turn) -> Decision:
    """The question at `view.place`, as it is first seen."""
    view = replace(view, problem="", day="")
    effects: tuple[object, ...] = ()
    calendar = view.form.calendar
    if view.asked.kind is FieldKind.SLOT and calendar is not None:
        view = replace(view, waiting=True)
        effects = (FindSlots(view.submission_id, view.form, calendar.slots(turn.at)),)
    return replace(session, step="form", form=view, notice=None), effects


def _next(session: Session, view: FormView, turn: Turn) -> Decision:
    if not view.correcting and view.place + 1 < len(view.form.fields):
        return _ask(session, replace(view, place=view.place + 1), turn)
    view = replace(view, correcting=False, problem="", day="")
    if view.form.review:
        return replace(session, step="form-check", form=view, notice=None), ()
    return send(replace(session, form=view), turn)


def _code_of(event: Scanned, turn: Turn) -> str:
    meaning = resolve(event.scan, turn.rules.scan)
    if isinstance(meaning, ReceiptCode):
        return meaning.code
    if isinstance(meaning, ItemCode):
        return meaning.serial or ""
    if not isinstance(meaning, Unknown) or meaning.reason not in _MAYBE_SERIAL:
        return ""
    return event.scan.data.decode("ascii", "replace").strip()


# What is no code of a shop may be the number on a device.
_MAYBE_SERIAL = ("not-a-code", "check-digit", "unsupported")
