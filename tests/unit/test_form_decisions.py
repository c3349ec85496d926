"""What a form decides, without a screen: one question after another, and nothing of it left afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from till import READY

from kiosk.configuration import PROJECT_ROOT
from kiosk.configuration.forms import read_form
from kiosk.domain.forms import Form, FormBook
from kiosk.domain.queueing import hours_of
from kiosk.domain.scan import Scan
from kiosk.ports import ClaimKind, Verdict
from kiosk.services.checkout.effects import ReleaseClaim
from kiosk.services.checkout.events import Back, BooksFailed, GoOn, Scanned, TimerRang
from kiosk.services.checkout.session import Devices, Session, Turn
from kiosk.services.checkout.timing import advance
from kiosk.services.forms.effects import ClaimSlot, FindSlots, PrintSlip, Submit
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
from kiosk.services.forms.view import FormView
from kiosk.services.home import ServiceChosen
from tests.unit.till import RULES


def shipped(name: str) -> Form:
    form = read_form(PROJECT_ROOT / "config" / "forms" / f"{name}.toml", ("en", "de")).form
    assert form is not None
    return form


FORMS = {name: shipped(name) for name in ("ticket", "appointment", "after-sales")}
HALL = replace(
    RULES,
    forms=FormBook(FORMS, "D"),
    profiles={"hall": tuple(f"form:{name}" for name in FORMS)},
)
SLOTS = ("2026-11-24T09:00", "2026-11-24T09:30", "2026-11-25T09:00")


@dataclass
class Hall:
    """A terminal whose desk answers only when a test says so."""

    session: Session = field(
        default_factory=lambda: Session("en", profile="hall", devices=Devices(READY, READY, READY))
    )
    rules: Any = HALL
    asked: list[object] = field(default_factory=list)
    turns: int = 0

    def tell(self, *events: object) -> Hall:
        for event in events:
            self.turns += 1
            at = datetime(2026, 11, 23, 8, 0, tzinfo=UTC) + timedelta(seconds=self.turns)
            turn = Turn(self.rules, at, self.turns, f"id{self.turns:026d}")
            self.session, effects = advance(self.session, event, turn)
            self.asked += effects
        return self

    @property
    def view(self) -> FormView:
        assert self.session.form is not None
        return self.session.form

    def last(self, kind: type) -> Any:
        return next(effect for effect in reversed(self.asked) if isinstance(effect, kind))

    def has(self, kind: type) -> bool:
        return any(isinstance(effect, kind) for effect in self.asked)

    def scan(self, code: str, symbology: str = "C0") -> Hall:
        return self.tell(Scanned(Scan(code.encode(), symbology)))


def begun(name: str) -> Hall:
    return Hall().tell(ServiceChosen(f"form:{name}"))


def booking() -> Hall:
    hall = begun("appointment").tell(Answered("loan"))
    return hall.tell(SlotsFound(hall.view.submission_id, SLOTS), Answered("2026-11-24"), Answered(SLOTS[1]))


def granted(hall: Hall, verdict: Verdict = Verdict.GRANTED) -> Hall:
    code = "appointment/x/0" if verdict is Verdict.GRANTED else ""
    return hall.tell(SlotAnswered(hall.view.submission_id, SLOTS[1], verdict, code))


def filled() -> Hall:
    return granted(booking()).tell(Answered("Ada Brandt"), Answered("030123456"))


def sent(hall: Hall) -> Hall:
    return hall.tell(Submitted(hall.view.submission_id, "D001", "2026-11-23T09:00:00+01:00"))


def test_one_answer_is_all_that_a_ticket_asks() -> None:
    hall = begun("ticket").tell(Answered("cash"))
    submit = hall.last(Submit)
    assert (submit.prefix, submit.body["form"], submit.body["end"]) == ("D", "ticket", "queue")
    assert submit.body["answers"][0]["shown"] == "Cash desk"
    sent(hall)
    assert (hall.session.step, hall.view.number) == ("form-done", "D001")
    assert hall.last(PrintSlip).lines == (("What can we do for you?", "Cash desk"),)
    hall.tell(GoOn())
    assert (hall.session.step, hall.session.form) == ("attract", None)


def test_two_touches_send_one_form() -> None:
    hall = begun("ticket").tell(Answered("cash"), Answered("cash"), Answered("loan"))
    assert sum(isinstance(effect, Submit) for effect in hall.asked) == 1


def test_a_form_that_the_profile_does_not_offer_is_not_opened() -> None:
    hall = Hall()
    hall.rules = replace(HALL, profiles={"hall": ("form:ticket",)})
    assert hall.tell(ServiceChosen("form:appointment")).session.step == "attract"
    assert hall.tell(ServiceChosen("form:nothing")).session.step == "attract"


def test_a_closed_counter_says_when_it_opens() -> None:
    form = replace(FORMS["ticket"], hours=hours_of({"mon": ("14:00-18:00",)}))
    hall = Hall()
    hall.rules = replace(HALL, forms=FormBook({"ticket": form}, "D"))
    hall.tell(ServiceChosen("form:ticket"))
    assert (hall.session.step, hall.view.problem) == ("form-problem", "form-closed")
    assert hall.view.opens.startswith("2026-11-23T14:00")
    assert hall.tell(GoOn()).session.step == "attract"


def test_a_wrong_answer_is_said_and_the_question_stays() -> None:
    hall = begun("ticket").tell(Answered("dance"))
    assert (hall.session.step, hall.view.problem) == ("form", "form-choice")
    assert not hall.has(Submit)


def test_back_goes_a_question_back_and_from_the_first_one_home() -> None:
    hall = begun("after-sales").tell(Answered("RCP-4-000123"), Back())
    assert hall.view.asked.name == "code"
    assert hall.view.answers["code"] == "RCP-4-000123"
    hall.tell(Back())
    assert (hall.session.step, hall.session.form) == ("attract", None)


def test_everything_is_looked_at_once_more_and_can_be_corrected() -> None:
    hall = filled()
    assert hall.session.step == "form-check"
    hall.tell(Corrected(2), Answered("Ada Lind"))
    assert (hall.session.step, hall.view.answers["name"]) == ("form-check", "Ada Lind")
    hall.tell(Corrected(2), Back())
    assert hall.session.step == "form-check"
    hall.tell(Corrected(9))
    assert hall.session.step == "form-check"
    hall.tell(Back())
    assert hall.view.asked.name == "phone"


def test_nothing_private_is_sent_without_consent() -> None:
    hall = filled().tell(GoOn())
    assert hall.session.step == "form-consent"
    assert not hall.has(Submit)
    hall.tell(Back())
    assert hall.session.step == "form-check"
    hall.tell(GoOn(), GoOn())
    body = hall.last(Submit).body
    assert (body["consent"], body["slot"], body["place"], body["fixed"]) == (
        "2026-11",
        SLOTS[1],
        "appointment/x/0",
        True,
    )


def test_what_is_private_is_not_on_the_slip_and_not_in_a_log() -> None:
    hall = filled().tell(GoOn(), GoOn())
    sent(hall)
    slip = hall.last(PrintSlip)
    assert "Ada" not in str(slip)
    assert "030" not in str(slip.lines)
    assert all("Ada Brandt" not in repr(one) for one in (hall.view, hall.last(Submit), Answered("Ada Brandt")))


def test_what_was_typed_is_shown_when_asked_and_hidden_behind() -> None:
    hall = filled().tell(Revealed())
    assert hall.view.revealed
    assert not hall.tell(Revealed()).view.revealed
    assert not hall.tell(Revealed(), GoOn()).view.revealed


# --- codes ---


@pytest.mark.parametrize("code", ["RCP-4-000123", "SN-2025/77AB"])
def test_a_receipt_or_the_number_of_a_device_is_scanned(code: str) -> None:
    hall = begun("after-sales").scan(code)
    assert (hall.view.answers["code"], hall.view.asked.name) == (code, "fault")


@pytest.mark.parametrize(
    "code", ["STF-1001", "MBR-1", "VCH-1", "ACC-1", "CPN-1", "4006381333931", "\x1b[2J", "x" * 600]
)
def test_other_peoples_codes_and_rubbish_are_no_answer(code: str) -> None:
    hall = begun("after-sales").scan(code)
    assert (hall.view.answers, hall.view.problem) == ({}, "form-code")


def test_a_scan_where_nothing_is_to_be_scanned_is_put_off() -> None:
    hall = begun("ticket").scan("RCP-4-000123")
    assert hall.session.step == "form"
    assert hall.session.notice is not None
    assert hall.session.notice.key == "notice.form-no-code"


# --- appointments ---


def test_a_time_is_chosen_by_its_day_and_claimed() -> None:
    hall = begun("appointment").tell(Answered("loan"))
    assert hall.last(FindSlots).slots[0] == "2026-11-23T09:30"
    hall.tell(SlotsFound(hall.view.submission_id, SLOTS), Answered("2026-11-24"))
    assert hall.view.day == "2026-11-24"
    hall.tell(Back())
    assert hall.view.day == ""
    hall.tell(Answered("2026-11-24"), Answered(SLOTS[1]))
    assert hall.last(ClaimSlot).slot == SLOTS[1]
    granted(hall)
    assert (hall.view.slot, hall.view.is_fixed, hall.view.asked.name) == (SLOTS[1], True, "name")


def test_a_time_that_somebody_has_is_offered_no_more() -> None:
    hall = granted(booking(), Verdict.TAKEN)
    assert (hall.view.problem, hall.view.free) == ("form-slot-taken", (SLOTS[0], SLOTS[2]))
    assert hall.session.step == "form"


def test_a_time_that_nobody_could_be_asked_about_is_a_wish() -> None:
    assert not granted(booking(), Verdict.AWAY).view.is_fixed
    assert granted(booking(), Verdict.ALONE).view.is_fixed


def test_no_free_time_is_said() -> None:
    hall = begun("appointment").tell(Answered("loan"))
    hall.tell(SlotsFound(hall.view.submission_id, ()))
    assert (hall.session.step, hall.view.problem) == ("form-problem", "form-no-times")


@pytest.mark.parametrize("ending", ["away", "back", "books", "another time"])
def test_a_place_that_is_not_used_is_given_back(ending: str) -> None:
    hall = granted(booking())
    released = ReleaseClaim(ClaimKind.SLOT, "appointment/x/0", hall.view.submission_id)
    if ending == "away":
        hall.tell(TimerRang("idle"), *[TimerRang("countdown")] * 20)
    elif ending == "back":
        hall.tell(Back(), SlotsFound(hall.view.submission_id, SLOTS), Back(), Back())
    elif ending == "books":
        hall.tell(BooksFailed("books"))
    else:
        hall.tell(Back(), SlotsFound(hall.view.submission_id, SLOTS), Answered("2026-11-25"), Answered(SLOTS[2]))
    assert released in hall.asked


def test_a_place_that_was_sent_is_kept() -> None:
    hall = filled().tell(GoOn(), GoOn())
    sent(hall).tell(GoOn())
    assert not hall.has(ReleaseClaim)


def test_a_place_that_is_granted_to_nobody_any_more_is_given_back() -> None:
    hall = booking()
    submission_id = hall.view.submission_id
    hall.tell(TimerRang("idle"), *[TimerRang("countdown")] * 20)
    hall.tell(SlotAnswered(submission_id, SLOTS[1], Verdict.GRANTED, "appointment/x/1"))
    assert ReleaseClaim(ClaimKind.SLOT, "appointment/x/1", submission_id) in hall.asked
    assert hall.session.form is None


# --- what goes wrong at the end ---


def test_what_the_books_did_not_take_is_tried_again_with_the_same_id() -> None:
    hall = begun("ticket").tell(Answered("cash"))
    first = hall.last(Submit)
    hall.tell(NotSubmitted(hall.view.submission_id))
    assert (hall.session.step, hall.view.problem) == ("form-problem", "form-not-sent")
    hall.tell(GoOn())
    assert hall.last(Submit).submission_id == first.submission_id
    sent(hall)
    assert hall.session.step == "form-done"


def test_without_a_printer_the_screen_says_the_number() -> None:
    hall = begun("ticket")
    hall.session = replace(hall.session, devices=Devices())
    sent(hall.tell(Answered("cash")))
    assert (hall.view.slip, hall.has(PrintSlip)) == ("failed", False)


def test_a_slip_that_did_not_come_out_is_said() -> None:
    hall = begun("ticket").tell(Answered("cash"))
    sent(hall)
    hall.tell(SlipDone("another", printed=True))
    assert hall.view.slip == "printing"
    assert hall.tell(SlipDone(hall.view.submission_id, printed=False)).view.slip == "failed"


def test_an_answer_to_a_customer_who_has_left_changes_nothing() -> None:
    hall = begun("ticket").tell(Answered("cash"))
    submission_id = hall.view.submission_id
    hall.tell(TimerRang("idle"), *[TimerRang("countdown")] * 20)
    assert hall.session.form is None
    hall.tell(ServiceChosen("form:ticket"), Submitted(submission_id, "D001", "2026-11-23T09:00:00+01:00"))
    assert (hall.session.step, hall.view.number) == ("form", "")
