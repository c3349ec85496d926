"""Forms at the centre: who waits is seen, called once, and done; two terminals that gave out the same are told of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from back_shop import TODAY, Browser, Centre, Till, both_databases, until
from test_back_office import STORE as API
from test_back_office import Office, Receiver

from sync.central import forms
from sync.central.backoffice.tokens import Scope
from sync.central.projecting import Projector

PAGE = "/console/stores/S1/forms"


def send(till: Till, number: str, running: int, **more: Any) -> str:
    """A form as a terminal journals it; gives its id once the books show it."""
    submission_id = f"{till.terminal_id}-{number}-{running}"
    body = {
        "submission_id": submission_id,
        "form": "ticket",
        "version": 1,
        "end": "queue",
        "title": "Queue ticket",
        "day": TODAY,
        "prefix": "D",
        "running": running,
        "number": number,
        "language": "en",
        "consent": "",
        "answers": [{"field": "matter", "label": "What for?", "value": "cash", "shown": "Cash desk", "private": False}],
        **more,
    }
    till.write("form.submitted", submission_id, body)
    sql = f"SELECT count(*) FROM form_submission WHERE submission_id = '{submission_id}'"  # noqa: S608 - of the test
    until(lambda: till.centre.count(sql))
    return submission_id


def request(till: Till, phone: str = "030123456") -> str:
    answers = [{"field": "phone", "label": "Telephone?", "value": phone, "shown": phone, "private": True}]
    return send(till, f"261122-D{phone[-3:]}", 1, form="after-sales", end="request", title="Fault", answers=answers)


def states(centre: Centre) -> dict[str, str]:
    return {row.submission_id: row.state for row in centre.rows("SELECT submission_id, state FROM form_state")}


@both_databases
def test_who_came_first_is_called_first_and_done_once(attendant: Browser, centre: Centre, till: Till) -> None:
    first, second = send(till, "D001", 1), send(till, "D002", 2)
    shown = attendant.get(PAGE).text
    assert shown.index("D001") < shown.index("D002")
    assert "2 wait" in shown
    assert "Cash desk" in shown
    assert attendant.post(PAGE, act="next", form="ticket").status == 303
    assert states(centre) == {first: "called", second: "open"}
    assert attendant.post(PAGE, act="done", submission=first).status == 303
    assert attendant.post(PAGE, act="done", submission=first).status == 409
    assert states(centre)[first] == "done"
    acts = centre.rows("SELECT what, subject FROM audit WHERE what LIKE 'form.%' ORDER BY at_ms, audit_id")
    assert [tuple(act) for act in acts] == [("form.called", first), ("form.done", first)]


@both_databases
def test_two_counters_that_press_at_once_call_two_people(attendant: Browser, centre: Centre, till: Till) -> None:
    ids = {send(till, f"D00{number}", number) for number in range(1, 5)}
    page = attendant.get(PAGE).text
    token = page.split('name="form_token" value="')[1].split('"')[0]

    def press(_: int) -> int:
        return attendant.post(PAGE, act="next", form="ticket", form_token=token).status

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [303] * 4
    assert states(centre) == dict.fromkeys(ids, "called")


def test_a_telephone_number_is_shown_to_who_serves_and_to_nobody_else(
    attendant: Browser, auditor: Browser, till: Till
) -> None:
    request(till)
    assert "030123456" in attendant.get(PAGE).text
    seen = auditor.get(PAGE).text
    assert "Fault" in seen
    assert "030123456" not in seen
    assert auditor.post(PAGE, act="next", form="ticket").status == 403


def test_markup_in_an_answer_stays_text(attendant: Browser, till: Till) -> None:
    request(till, "<img src=x>456")
    assert "<img src=x" not in attendant.get(PAGE).text


@both_databases
def test_a_rebuild_of_the_projections_calls_nobody_anew(attendant: Browser, centre: Centre, till: Till) -> None:
    first = send(till, "D001", 1)
    attendant.post(PAGE, act="done", submission=first)
    Projector(centre.database, centre.settings.now_s).rebuild(till.terminal_id)
    assert states(centre) == {first: "done"}
    assert centre.count("SELECT count(*) FROM form_submission") == 1


@both_databases
def test_a_number_or_a_place_that_two_terminals_gave_out_is_an_alert(
    supervisor: Browser, centre: Centre, till: Till
) -> None:
    other = Till(centre, "T2")
    send(till, "D001", 1)
    send(other, "D001", 1)
    place = {"form": "appointment", "end": "slot", "slot": "2026-11-24T09:30", "place": "a/2026-11-24T09:30/0"}
    send(till, "261122-D002", 2, fixed=True, **place)
    send(other, "261122-E001", 1, fixed=True, **place)
    alerts = {row.subject for row in centre.rows("SELECT subject FROM alert WHERE kind = 'form-twice'")}
    assert alerts == {f"number:{TODAY}:D001", f"place:{TODAY}:a/2026-11-24T09:30/0"}
    assert "given out twice" in supervisor.get("/console/stores/S1/alerts").text


@both_databases
def test_every_change_comes_by_a_cursor_again(centre: Centre, till: Till) -> None:
    first, second = send(till, "D001", 1), send(till, "D002", 2)
    pages = centre.database.read(lambda connection: forms.page(connection, "S1", 0, 10))
    assert [one.submission_id for one in pages] == [first, second]
    centre.put(lambda connection: forms.move(connection, "S1", first, forms.DONE, who="x", now_s=1.0))
    behind = centre.database.read(lambda connection: forms.page(connection, "S1", pages[-1].cursor, 10))
    assert [(one.submission_id, one.state) for one in behind] == [(first, "done")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


@both_databases
def test_a_back_office_reads_forms_behind_its_cursor_and_is_told_of_each_change(
    centre: Centre, till: Till, receiver: Receiver
) -> None:
    office = Office(centre, Scope.FORMS, Scope.WEBHOOKS)
    first = request(till)
    assert office.ask("POST", f"{API}/webhooks", json.dumps({"url": receiver.url, "tells": "forms"})).status == 201
    page = office.ask("GET", f"{API}/forms").json
    assert [(one["submission_id"], one["state"], one["answers"][0]["answer"]) for one in page["forms"]] == [
        (first, "open", "030123456")
    ]
    centre.put(lambda connection: forms.move(connection, "S1", first, forms.DONE, who="ada", now_s=1.0))
    behind = office.ask("GET", f"{API}/forms?after={page['next']}").json
    assert [(one["state"], one["who"]) for one in behind["forms"]] == [("done", "ada")]
    until(lambda: any(b'"state":"done"' in body for _, body in receiver.got))


def test_who_may_read_sales_only_learns_no_telephone_number(centre: Centre, till: Till) -> None:
    request(till)
    office = Office(centre, Scope.SALES, Scope.WEBHOOKS)
    assert office.ask("GET", f"{API}/forms").status == 403
    webhook = json.dumps({"url": "http://127.0.0.1:9/", "tells": "forms"})
    assert office.ask("POST", f"{API}/webhooks", webhook).status == 403
