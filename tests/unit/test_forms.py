"""What a form takes for an answer, when a counter is open, which numbers and times it gives out, and which files define one."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.configuration import PROJECT_ROOT, load
from kiosk.configuration.forms import MOST_FIELDS, FormRecord, read_form, read_forms
from kiosk.domain.forms import LONGEST_ANSWER, Choice, Field, FieldKind, answer_of, shown_answer
from kiosk.domain.queueing import (
    Calendar,
    HoursError,
    hours_of,
    prefix_of,
    request_number,
    series_of,
    ticket_number,
)
from ui.commands import CommandError
from ui.commands.config import run

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SHIPPED = PROJECT_ROOT / "config" / "forms"


def field(kind: FieldKind, **more: object) -> Field:
    return Field("f", kind, {"en": "Question"}, **more)  # type: ignore[arg-type] # of the test


# --- answers ---


@given(st.text(max_size=400), st.sampled_from(list(FieldKind)))
def test_whatever_is_typed_is_kept_plain_or_refused(text: str, kind: FieldKind) -> None:
    answer, problem = answer_of(field(kind, choices=(Choice("a", {"en": "A"}),)), text)
    assert not (answer and problem)
    assert len(answer) <= 61
    assert answer.isprintable()
    assert answer == " ".join(answer.split())


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[2J", "a\nb", "a\u202eb", "a\u200bb", "\x7f"])
def test_control_characters_and_marks_of_direction_are_refused(text: str) -> None:
    assert answer_of(field(FieldKind.TEXT), text) == ("", "form-characters")


def test_markup_is_text_like_any_other() -> None:
    assert answer_of(field(FieldKind.TEXT), "<img src=x>") == ("<img src=x>", "")
    assert answer_of(field(FieldKind.TEXT, check="name"), "<img src=x>") == ("", "form-name")


def test_nothing_is_an_answer_where_none_is_needed() -> None:
    assert answer_of(field(FieldKind.PHONE), "  ") == ("", "form-required")
    assert answer_of(field(FieldKind.PHONE, required=False), "  ") == ("", "")


@given(st.text(min_size=1, max_size=40), st.integers(1, LONGEST_ANSWER))
def test_nothing_longer_than_asked_for_is_taken(text: str, longest: int) -> None:
    assert len(answer_of(field(FieldKind.TEXT, longest=longest), text)[0]) <= longest


@pytest.mark.parametrize(
    ("text", "kept"),
    [("030 123456", "030123456"), ("+49 (30) 12-34/56", "+4930123456"), ("0049301234567", "0049301234567")],
)
def test_a_telephone_number_is_kept_without_what_only_divides_it(text: str, kept: str) -> None:
    assert answer_of(field(FieldKind.PHONE), text) == (kept, "")


@pytest.mark.parametrize("text", ["12345", "1" * 17, "030 12a456", "+", "030+123456", "٠٣٠١٢٣٤٥٦"])
def test_what_cannot_be_called_is_no_telephone_number(text: str) -> None:
    assert answer_of(field(FieldKind.PHONE), text) == ("", "form-phone")


@pytest.mark.parametrize("text", ["ada@example.org", "a.b+c@mail.example.co.uk"])
def test_an_address_that_mail_can_reach_is_taken(text: str) -> None:
    assert answer_of(field(FieldKind.EMAIL), text) == (text, "")


@pytest.mark.parametrize("text", ["ada", "ada@", "@x.org", "a..b@x.org", "a.@x.org", "a@b@c.org", "a b@x.org", "a@x"])
def test_an_address_that_no_mail_reaches_is_refused(text: str) -> None:
    assert answer_of(field(FieldKind.EMAIL), text) == ("", "form-email")


def test_a_number_has_its_bounds_and_foreign_digits_are_none() -> None:
    asked = field(FieldKind.NUMBER, least=2, most=20)
    assert answer_of(asked, "007") == ("7", "")
    assert [answer_of(asked, text)[1] for text in ("1", "21", "9" * 60)] == ["form-number"] * 3
    assert [answer_of(asked, text)[1] for text in ("-3", "2.5", "٣", "²")] == ["form-digits"] * 4


def test_a_choice_is_one_of_those_on_offer() -> None:
    asked = field(FieldKind.CHOICE, choices=(Choice("a", {"en": "A"}), Choice("b", {"en": "B"})))
    assert answer_of(asked, "b") == ("b", "")
    assert answer_of(asked, "c") == ("", "form-choice")


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("digits", "123", "12a"),
        ("name", "Ada O'Neill-Brandt", "Ada 2"),
        ("serial", "RCP-4-000123", "ABCD"),
        ("luhn", "79927398713", "79927398710"),
        ("iban", "DE89 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"),
    ],
)
def test_a_named_check_takes_the_good_and_names_itself_for_the_bad(check: str, good: str, bad: str) -> None:
    asked = field(FieldKind.TEXT, check=check)
    assert answer_of(asked, good) == (good, "")
    assert answer_of(asked, bad) == ("", f"form-{check}")


@pytest.mark.parametrize("kind", [FieldKind.TEXT, FieldKind.CODE, FieldKind.NUMBER, FieldKind.PHONE])
def test_a_payment_cards_number_is_never_an_answer(kind: FieldKind) -> None:
    for text in ("4242424242424242", "4242 4242 4242 4242"):
        assert answer_of(field(kind, most=10**18), text)[0] == ""


def test_a_mobile_telephones_number_is_no_card() -> None:
    assert answer_of(field(FieldKind.CODE, check="serial"), "353000000000003")[1] == ""
    assert answer_of(field(FieldKind.PHONE), "+4930123456785")[1] == ""


def test_a_private_answer_is_masked_but_for_its_end() -> None:
    asked = field(FieldKind.PHONE, private=True)
    assert shown_answer(asked, "030123456", "en", masked=True) == "••••••56"
    assert shown_answer(asked, "0301", "en", masked=True) == "••••••"
    assert shown_answer(asked, "030123456", "en", masked=False) == "030123456"


# --- hours, times, numbers ---


def test_a_counter_is_closed_over_lunch_on_sundays_and_on_holidays() -> None:
    hours = hours_of({"mon": ("09:00-12:00", "14:00-18:00"), "tue": ("09:00-24:00",)}, (date(2026, 11, 30),))
    at = MONDAY.replace
    assert [hours.is_open(at(hour=hour)) for hour in (8, 9, 12, 13, 14, 18)] == [False, True, False, False, True, False]
    assert hours.is_open(MONDAY + timedelta(days=1, hours=15, minutes=59))
    assert hours.next_opening(at(hour=12)) == at(hour=14)
    assert hours.next_opening(at(hour=19)) == (MONDAY + timedelta(days=1)).replace(hour=9)
    assert hours.next_opening(MONDAY + timedelta(days=2)) == (MONDAY + timedelta(days=8)).replace(hour=9)


@pytest.mark.parametrize("text", ["9-18", "09:00-09:00", "18:00-09:00", "09:00-24:30", "25:00-26:00", "<b>", ""])
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(HoursError):
        hours_of({"mon": (text,)})


@given(st.integers(5, 240), st.integers(0, 30), st.integers(0, 2000), st.integers(0, 60 * 24 * 7))
def test_times_on_offer_lie_within_the_hours_and_ahead(every: int, ahead: int, lead: int, minute: int) -> None:
    hours = hours_of({"mon": ("09:00-12:00",), "wed": ("13:30-17:00",)})
    at = MONDAY + timedelta(minutes=minute)
    slots = Calendar(hours, every, 1, ahead, lead).slots(at)
    assert list(slots) == sorted(set(slots))
    for slot in map(datetime.fromisoformat, slots):
        assert hours.is_open(slot)
        assert hours.is_open(slot + timedelta(minutes=every - 1))
        assert at.replace(tzinfo=None) + timedelta(minutes=lead) <= slot
        assert slot.date() <= at.date() + timedelta(days=ahead)


IDS = st.one_of(st.integers(1, 2000).map(str), st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,8}", fullmatch=True))


@given(IDS, IDS, st.integers(1, 3000), st.integers(1, 3000))
def test_two_terminals_never_have_one_number(one: str, other: str, running: int, theirs: int) -> None:
    if one.upper() == other.upper():
        return
    assert ticket_number(series_of(one), running) != ticket_number(series_of(other), theirs)


@given(st.sampled_from(["", "A", "ABC"]), st.sampled_from(["", "A", "ABC"]), st.integers(1, 800), st.integers(1, 800))
def test_two_queues_of_two_terminals_never_have_one_number(mine: str, theirs: str, one: int, other: int) -> None:
    if (mine, one) != (theirs, other):
        assert prefix_of(mine, series_of(str(one))) != prefix_of(theirs, series_of(str(other)))


def test_numbers_read_as_people_say_them() -> None:
    assert [series_of(name) for name in ("4", "26", "27", "703", "lane-3")] == ["D", "Z", "AA", "AAA", "LANE-3-"]
    assert series_of("4", "KB") == "KB"
    assert ticket_number("D", 17) == "D017"
    assert ticket_number("D", 1017) == "D1017"
    assert request_number("D", 3, date(2026, 11, 22)) == "261122-D003"


# --- files ---


def written(tmp_path: Path, text: str) -> FormRecord:
    path = tmp_path / "form.toml"
    path.write_text(text, "utf-8")
    return read_form(path, ("en", "de"))


def ticket(**instead: str) -> str:
    """The shipped ticket with words replaced."""
    text = (SHIPPED / "ticket.toml").read_text("utf-8")
    for old, new in instead.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_what_is_shipped_is_offered() -> None:
    found = read_forms(load(environment={}))
    assert found.problems == ()
    assert set(found.book.forms) == {"ticket", "appointment", "after-sales"}
    assert found.book.series == "D"


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        ({'name = "ticket"': 'name = "Ticket!"'}, 2, "a name in small letters"),
        ({"version = 1": 'version = "1"'}, 3, "a whole number"),
        ({'end = "queue"': 'end = "mail"'}, 6, "'queue', 'slot' or 'request'"),
        ({', de = "Wartenummer"': ""}, 4, "missing: de"),
        ({'kind = "choice"': 'kind = "regex"'}, 18, "must be 'choice'"),
        ({'icon = "ticket"': 'icon = "../ticket"'}, 5, "the name of a picture"),
        ({'icon = "ticket"': 'icon = "nothing"'}, 5, "assets/icons"),
        ({"review = false": "revue = false"}, 8, "did you mean review?"),
        ({'en = "Cash desk"': 'en = "Cash\\u0007desk"'}, 23, "without control characters"),
        ({'en = "Cash desk"': f'en = "{"x" * 121}"'}, 23, "120 or fewer letters"),
    ],
)
def test_a_wrong_form_says_where_and_what_is_allowed(
    tmp_path: Path, change: dict[str, str], line: int, says: str
) -> None:
    record = written(tmp_path, ticket(**change))
    assert record.form is None
    assert any(problem.origin.line == line and says in problem.message for problem in record.problems), [
        str(problem) for problem in record.problems
    ]


def test_markup_in_a_definition_is_text(tmp_path: Path) -> None:
    record = written(tmp_path, ticket(**{"Cash desk": "<img src='file:///etc/passwd'>"}))
    assert record.form is not None
    assert record.form.fields[0].choices[0].label["en"].startswith("<img")


def test_a_thousand_questions_are_refused(tmp_path: Path) -> None:
    more = "".join(f'[[fields]]\nname = "f{n}"\nkind = "text"\nlabel = {{ en = "x", de = "x" }}\n' for n in range(1000))
    record = written(tmp_path, ticket() + more)
    assert record.form is None
    assert any(f"{MOST_FIELDS} or fewer" in problem.message for problem in record.problems)


@pytest.mark.parametrize("text", ["", "name = ", "x" * 2_000_000, "a = [" * 5000])
def test_a_file_that_is_no_form_is_a_record_and_no_exception(tmp_path: Path, text: str) -> None:
    assert written(tmp_path, text).problems


def test_private_answers_need_a_consent_and_a_slot_its_calendar(tmp_path: Path) -> None:
    shipped = (SHIPPED / "after-sales.toml").read_text("utf-8")
    start, end = shipped.index("[consent]"), shipped.index("[[fields]]")
    record = written(tmp_path, shipped[:start] + shipped[end:])
    assert any("[consent]" in problem.message for problem in record.problems)
    shipped = (SHIPPED / "appointment.toml").read_text("utf-8")
    start, end = shipped.index("[calendar]"), shipped.index("[consent]")
    record = written(tmp_path, shipped[:start] + shipped[end:])
    assert any("[calendar]" in problem.message for problem in record.problems)


def test_the_terminal_starts_without_a_form_that_is_wrong_or_missing() -> None:
    configuration = load(environment={"KIOSK__FORMS__FILES": '["config/forms/ticket.toml", "config/forms/none.toml"]'})
    found = read_forms(configuration)
    assert set(found.book.forms) == {"ticket"}
    told = [str(problem) for problem in found.problems]
    assert any("none.toml" in line for line in told)
    assert any("form:appointment is not offered" in line for line in told)


def test_the_check_of_the_configuration_names_what_is_wrong_with_a_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "form.toml"
    path.write_text(ticket(**{"version = 1": "version = 0"}), "utf-8")
    monkeypatch.setenv("KIOSK__FORMS__FILES", f'["{path}"]')
    with pytest.raises(CommandError, match=rf"{path}:3: version must be 1 or more"):
        run(Namespace(what="check", config=None, json=False))
