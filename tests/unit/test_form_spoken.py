"""What is heard of a form: each question, each problem, the number; nothing private but in a headset."""

from __future__ import annotations

from dataclasses import replace

from test_speaking import FORM, START, Customer

from kiosk.services.checkout.spoken import whole

PRIVATE = {"matter": "loan", "name": "Ada Brandt", "phone": "030123456"}


def test_what_is_typed_for_a_private_question_is_heard_in_a_headset_alone() -> None:
    for headset in (False, True):
        matter = replace(START, step="form", form=FORM)
        customer = Customer(matter)
        customer.speaking.headset(plugged=headset)
        customer.now(form=replace(FORM, place=2))
        before = len(customer.voice.heard)
        customer.speaking.typed("A")
        customer.speaking.typed("Ad")
        customer.speaking.control("Ad", "Ad")
        assert bool(customer.voice.heard[before:]) is headset
        customer.speaking.control("Continue")
        assert customer.voice.heard[-1] == "en: Continue"


def test_the_next_question_and_what_is_wrong_with_an_answer_are_heard() -> None:
    customer = Customer(replace(START, step="form", form=FORM))
    (heard,) = customer.now(form=replace(FORM, place=2))
    assert "Question 3 of 4" in heard
    assert "What is your name?" in heard
    (heard,) = customer.now(form=replace(FORM, place=2, problem="form-too-long"))
    assert heard == "en: Please use 40 letters or fewer."


def test_private_answers_are_read_again_in_a_headset_alone() -> None:
    check = replace(START, step="form-check", form=replace(FORM, answers=PRIVATE))
    said = whole(check)
    assert any("A loan" in one.text and not one.private for one in said)
    assert all(one.private for one in said if "Ada" in one.text or "030" in one.text)
    assert sum("Ada" in one.text or "030" in one.text for one in said) == 2


def test_a_slip_that_does_not_come_is_heard() -> None:
    done = replace(FORM, number="261122-D017", slip="printing")
    customer = Customer(replace(START, step="form-done", form=done))
    assert "take a picture" in customer.now(form=replace(done, slip="failed"))[0]
