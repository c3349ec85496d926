"""Performs what forms ask for: times with a place left, a place claimed in the whole store, the journal's next number, the slip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from kiosk.domain.facts import Fact, Kind
from kiosk.domain.forms import Ending, Form
from kiosk.domain.queueing import request_number, slot_code, ticket_number
from kiosk.ports import (
    ClaimAnswer,
    ClaimKind,
    Claims,
    FormBooks,
    Journal,
    JournalFullError,
    Verdict,
)
from kiosk.runtime import Loop
from kiosk.services.forms import effects as ask
from kiosk.services.forms import events as told
from kiosk.services.forms.slip import Slips
from kiosk.workers import Worker

Post = Callable[[object], None]


class FormDesk:
    """`kiosk.services.checkout.register.Desk` of the forms. `claims` gives whoever is asked for the whole store at this moment; `room`
    whether the books have room for another entry."""

    def __init__(
        self,
        journal: Journal,
        books: FormBooks,
        *,
        claims: Callable[[], Claims],
        office: Worker,
        slips: Slips,
        loop: Loop,
        room: Callable[[], bool],
    ) -> None:
        self._journal = journal
        self._books = books
        self._claims = claims
        self._office = office
        self._slips = slips
        self._loop = loop
        self._room = room

    def performers(self) -> Mapping[type, Callable[[Any, Post], None]]:
        """How each effect is performed."""
        return {
            ask.FindSlots: self._find_slots,
            ask.ClaimSlot: self._claim_slot,
            ask.Submit: self._submit,
            ask.PrintSlip: self._print_slip,
        }

    def after_failure(self, effect: object) -> object | None:
        """What leads on where an effect broke by a mistake of ours."""
        match effect:
            case ask.FindSlots():
                return told.SlotsFound(effect.submission_id, ())
            case ask.ClaimSlot():
                return told.SlotAnswered(effect.submission_id, effect.slot, Verdict.AWAY)
            case ask.Submit():
                return told.NotSubmitted(effect.submission_id)
            case ask.PrintSlip():
                return told.SlipDone(effect.submission_id, printed=False)
        return None

    # --- appointments

    def _find_slots(self, effect: ask.FindSlots, post: Post) -> None:
        def find() -> tuple[str, ...]:
            taken = self._taken(effect.form, effect.slots[0]) if effect.slots else {}
            return tuple(slot for slot in effect.slots if taken.get(slot, 0) < _capacity(effect.form))

        def found(slots: tuple[str, ...] | Exception) -> None:
            post(told.SlotsFound(effect.submission_id, () if isinstance(slots, Exception) else slots))

        self._office.submit(find, found)

    def _claim_slot(self, effect: ask.ClaimSlot, post: Post) -> None:
        form, slot = effect.form, effect.slot

        def answer(verdict: Verdict, code: str = "") -> None:
            post(told.SlotAnswered(effect.submission_id, slot, verdict, code))

        def ask_for(place: int) -> None:
            code = slot_code(form.name, slot, place)

            def decided(decision: ClaimAnswer) -> None:
                if decision.verdict is Verdict.TAKEN and place + 1 < _capacity(form):
                    ask_for(place + 1)
                elif decision.verdict is Verdict.ALONE:
                    self._office.submit(lambda: self._taken(form, slot).get(slot, 0), alone)
                else:
                    answer(decision.verdict, code if decision.verdict is Verdict.GRANTED else "")

            self._claims().claim(ClaimKind.SLOT, code, effect.submission_id, decided)

        def alone(taken: int | Exception) -> None:
            is_free = isinstance(taken, int) and taken < _capacity(form)
            answer(Verdict.ALONE if is_free else Verdict.TAKEN)

        ask_for(0)

    def _taken(self, form: Form, from_slot: str) -> Mapping[str, int]:
        return self._books.places_taken(form.name, from_slot)

    # --- the books

    def _submit(self, effect: ask.Submit, post: Post) -> None:
        at = self._loop.wall()

        def write() -> str:
            if not self._room():
                raise JournalFullError("no room for a form; free the disk")
            # One at a time, on the office's thread, and durable before the next: no number is given twice.
            day = date.fromisoformat(str(effect.body["day"]))
            running = self._books.last_running(day, effect.prefix) + 1
            number = _number(effect.form, effect.prefix, running, day)
            body = {**effect.body, "prefix": effect.prefix, "running": running, "number": number}
            self._journal.commit([self._fact(effect.submission_id, body, at)])
            return number

        def written(number: str | Exception) -> None:
            if isinstance(number, str):
                post(told.Submitted(effect.submission_id, number, at.isoformat(timespec="seconds")))
            else:
                post(told.NotSubmitted(effect.submission_id))

        self._office.submit(write, written)

    def _fact(self, submission_id: str, body: Mapping[str, Any], at: datetime) -> Fact:
        return Fact(
            Kind.FORM_SUBMITTED, submission_id, body, at.isoformat(timespec="milliseconds"), self._loop.now_ms()
        )

    # --- the slip

    def _print_slip(self, effect: ask.PrintSlip, post: Post) -> None:
        self._slips.print(effect, lambda is_out: post(told.SlipDone(effect.submission_id, printed=is_out)))


def _capacity(form: Form) -> int:
    return form.calendar.capacity if form.calendar else 0


def _number(form: Form, prefix: str, running: int, day: date) -> str:
    """By whom it is used: called out today, or named in a letter next year."""
    return ticket_number(prefix, running) if form.ending is Ending.QUEUE else request_number(prefix, running, day)
