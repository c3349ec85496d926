"""What people of a store see at the console and may do there; the real service on a loopback socket, a browser without scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from back_shop import AT, Browser, Centre, Till, both_databases, trouble, until

from kiosk.domain.receipt_link import receipt_token
from sync.central import alerts
from sync.central.console import people
from sync.central.database import run
from sync.protocol.reports import ApprovalRequest, Mode

STORE = "/console/stores/S1"
PROJECT = Path(__file__).resolve().parents[2]


def test_nobody_sees_a_store_before_logging_in(centre: Centre, till: Till) -> None:
    for page in ("terminals", "approvals", "sales", "commands", "alerts", "audit"):
        reply = Browser(centre).get(f"{STORE}/{page}")
        assert (reply.status, reply.headers["location"]) == (303, f"/console/login?next={STORE}/{page}")
    assert Browser(centre).get(f"{STORE}/live").status == 401


def test_after_the_log_in_one_comes_where_one_wanted_but_never_elsewhere(centre: Centre, till: Till) -> None:
    centre.person("kim", people.Role.ATTENDANT)
    wanted = Browser(centre).post(
        "/console/login", name="kim", password="a password of the tests", next=f"{STORE}/sales"
    )
    assert wanted.headers["location"] == f"{STORE}/sales"
    for foreign in ("https://example.org/", "//example.org", "/console//example.org", "/console/\\example.org"):
        reply = Browser(centre).post("/console/login", name="kim", password="a password of the tests", next=foreign)
        assert reply.headers["location"] == f"{STORE}/terminals"


@both_databases
def test_wrong_passwords_lock_the_name_for_a_while(centre: Centre) -> None:
    centre.person("kim", people.Role.ATTENDANT)
    for _ in range(people.FREE_TRIES):
        assert Browser(centre).log_in("kim", "wrong password").status == 401
    assert Browser(centre).log_in("kim").status == 401
    centre.offset_s = people.FIRST_LOCK_S + 1
    assert Browser(centre).log_in("kim").status == 303


def test_passwords_are_kept_as_the_standard_says() -> None:
    """RFC 9106, 4: the second recommended option. In a process of its own: here the tests have a quicker one."""
    look = "from sync.central.console.people import HASHER as h; print(h.type.name, h.memory_cost, h.time_cost, h.parallelism)"
    told = subprocess.run([sys.executable, "-c", look], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["ID", "65536", "3", "4"]


@both_databases
def test_a_session_ends_with_the_log_out_also_for_a_copied_cookie(attendant: Browser, centre: Centre) -> None:
    thief = Browser(centre)
    thief.cookies = dict(attendant.cookies)
    assert thief.get("/console/").status == 200
    assert attendant.post("/console/logout").status == 303
    assert thief.get("/console/").status == 303


def test_a_forged_or_old_cookie_is_nobody(attendant: Browser, centre: Centre) -> None:
    name, value = next(iter(attendant.cookies.items()))
    forged = Browser(centre)
    forged.cookies = {name: value[:-1] + ("A" if value[-1] != "A" else "B")}
    assert forged.get("/console/").status == 303
    centre.offset_s = 13 * 3600
    assert attendant.get("/console/").status == 303


def test_a_cookie_is_out_of_reach_of_scripts_and_of_other_sites(attendant: Browser, centre: Centre) -> None:
    cookie = Browser(centre).get("/console/login").cookies[0].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_form_that_was_not_made_for_the_session_does_nothing(supervisor: Browser, till: Till) -> None:
    till.tell()
    fields = {"terminal": "T1", "kind": "message", "value": "hello"}
    for token in ("", "x", Browser(till.centre).get("/console/login").text.partition('form_token" value="')[2][:43]):
        assert supervisor.post(f"{STORE}/commands", form_token=token, **fields).status == 403
    assert till.centre.count("SELECT count(*) FROM command") == 0
    assert supervisor.post(f"{STORE}/commands", **fields).status == 303
    assert till.centre.count("SELECT count(*) FROM command") == 1


@both_databases
def test_a_silent_terminal_is_never_shown_as_well(attendant: Browser, till: Till) -> None:
    assert light(attendant) == "unknown"
    till.tell()
    assert light(attendant) == "well"
    till.centre.offset_s = 61
    assert light(attendant) == "unknown"


def test_entries_alone_do_not_make_a_terminal_well(attendant: Browser, till: Till) -> None:
    till.sell()
    assert light(attendant) == "unknown"


def test_what_a_terminal_has_not_sent_and_what_is_broken_is_told(attendant: Browser, till: Till) -> None:
    till.tell(**trouble())
    page = attendant.get(f"{STORE}/terminals").text
    assert light(attendant) == "care"
    assert "12 entries" in page
    assert "no line" in page
    assert "No paper" in page


@both_databases
def test_an_approval_reaches_the_terminal_bound_to_the_basket(attendant: Browser, till: Till) -> None:
    till.ask_approval(basket="c" * 64)
    page = attendant.get(f"{STORE}/approvals").text
    assert "Pilsner 0.5 l" in page
    assert "/console/pictures/beer.svg" in page
    assert attendant.get("/console/pictures/beer.svg").status == 200
    fields = {"terminal": "T1", "request": "r1", "answer": "approve", "reason": "looks 30"}
    assert attendant.post(f"{STORE}/approvals", basket="d" * 64, **fields).status == 409
    assert attendant.post(f"{STORE}/approvals", basket="c" * 64, **fields).status == 303
    assert attendant.post(f"{STORE}/approvals", basket="c" * 64, **{**fields, "answer": "refuse"}).status == 409
    (command,) = till.centre.rows("SELECT * FROM command")
    assert (command.kind, command.bound_to, command.issued_by) == ("approve", "c" * 64, "attendant")
    assert json.loads(command.body) == {
        "kind": "age",
        "request_id": "r1",
        "staff": "attendant",
        "role": "attendant",
        "reason": "looks 30",
    }
    assert till.centre.count("SELECT count(*) FROM audit WHERE what = 'command.approve'") == 1


def test_a_silent_terminal_is_not_approved_anything(attendant: Browser, till: Till) -> None:
    till.ask_approval()
    till.centre.offset_s = 61
    fields = {"terminal": "T1", "request": "r1", "basket": "b" * 64, "answer": "approve"}
    assert attendant.post(f"{STORE}/approvals", **fields).status == 409
    assert till.centre.count("SELECT count(*) FROM command") == 0


def test_an_attendant_approves_ages_and_no_refunds(attendant: Browser, supervisor: Browser, till: Till) -> None:
    till.ask_approval(kind="refund")
    fields = {"terminal": "T1", "request": "r1", "basket": "b" * 64, "answer": "approve"}
    token = attendant.get(f"{STORE}/commands").text.partition('form_token" value="')[2][:43]
    assert attendant.post(f"{STORE}/approvals", form_token=token, **fields).status == 403
    assert supervisor.post(f"{STORE}/approvals", **fields).status == 303


def test_each_role_may_do_what_is_its_own(
    attendant: Browser, supervisor: Browser, auditor: Browser, till: Till
) -> None:
    till.tell()
    sale = f"{STORE}/sales/T1/{till.sell()}"
    assert [who.get(sale).status for who in (attendant, supervisor, auditor)] == [403, 200, 200]
    assert [who.get(f"{STORE}/audit").status for who in (attendant, supervisor, auditor)] == [403, 200, 200]
    reprint = {"terminal": "T1", "kind": "reprint", "value": "T1-3"}
    token = attendant.get(f"{STORE}/commands").text.partition('form_token" value="')[2][:43]
    assert attendant.post(f"{STORE}/commands", form_token=token, **reprint).status == 403
    assert supervisor.post(f"{STORE}/commands", **reprint).status == 303
    setting = {"terminal": "T1", "kind": "configuration", "value": "limits.age=7"}
    assert supervisor.post(f"{STORE}/commands", **setting).status == 403


@both_databases
def test_people_of_one_store_see_nothing_of_another(attendant: Browser, centre: Centre) -> None:
    other = Till(centre, "T9", "S9")
    other.tell()
    for page in ("terminals", "approvals", "sales", "commands", "alerts", "live"):
        assert attendant.get(f"/console/stores/S9/{page}").status == 404
    assert "S9" not in attendant.get("/console/").text


@both_databases
def test_a_sale_is_read_entry_by_entry_with_its_chain(auditor: Browser, till: Till) -> None:
    sale_id = till.sell("Butter")
    page = auditor.get(f"{STORE}/sales/T1/{sale_id}").text
    for words in (
        "payment.intended",
        "payment.approved",
        "sale.completed",
        "The chain of these entries holds",
        "Butter",
    ):
        assert words in page
    till.centre.put(lambda c: run(c, "UPDATE entry SET body = replace(body, '199', '198') WHERE seq = 3"))
    assert "does not hold" in auditor.get(f"{STORE}/sales/T1/{sale_id}").text


def test_names_with_markup_stay_text(auditor: Browser, till: Till) -> None:
    sale_id = till.sell("<script>alert(1)</script>")
    for page in (auditor.get(f"{STORE}/sales/T1/{sale_id}"), receipt_page(till)):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text
        assert "default-src 'self'" in page.headers["content-security-policy"]


@both_databases
def test_the_receipt_behind_the_code_says_what_and_not_who(till: Till) -> None:
    till.sell("Butter", 199)
    page = receipt_page(till)
    assert page.status == 200
    assert "Butter" in page.text
    assert "noindex" in page.headers["x-robots-tag"]
    assert not [personal for personal in ("998877", "4711", "Maestro") if personal in page.text]


@pytest.mark.parametrize("token", ["x", "A" * 32, "../../x", "%00" * 8, "A" * 5000])
def test_no_receipt_is_found_by_guessing(till: Till, token: str) -> None:
    till.sell()
    assert till.centre.ask("GET", f"/r/{token}").status == 404


@both_databases
def test_an_alert_is_closed_by_a_supervisor_and_written_down(supervisor: Browser, auditor: Browser, till: Till) -> None:
    till.centre.put(
        lambda c: alerts.raise_alert(c, "T1", alerts.FORK, "j-T1", "another entry 7", store_id="S1", now_s=1e9)
    )
    assert "Fork" in auditor.get(f"{STORE}/alerts").text
    fields = {"terminal": "T1", "kind": "fork", "subject": "j-T1"}
    assert supervisor.post(f"{STORE}/alerts", **fields).status == 303
    assert "Nothing is wrong" in auditor.get(f"{STORE}/alerts").text
    assert "alert.closed" in auditor.get(f"{STORE}/audit").text


@both_databases
def test_a_voucher_used_twice_is_shown_with_what_where_and_how_much(supervisor: Browser, till: Till) -> None:
    other = Till(till.centre, "T2")
    used = {"code": "VCH-1", "amount_minor": 1000, "currency": "EUR"}
    for one in (till, other):
        one.write("voucher.redeemed", "VCH-1", {**used, "sale_id": f"{one.terminal_id}-s"})
        sql = f"SELECT count(*) FROM voucher_use WHERE terminal_id = '{one.terminal_id}'"  # noqa: S608 - of the test
        until(partial(till.centre.count, sql))
    shown = supervisor.get(f"{STORE}/alerts").text
    for words in ("Voucher VCH-1 was used a second time", "10.00", f"{STORE}/sales/T2/T2-s", f"{STORE}/sales/T1/T1-s"):
        assert words in shown
    assert shown.index("T2-s") < shown.index("T1-s")
    supervisor.post(f"{STORE}/alerts", terminal="T2", kind=alerts.TWICE, subject="voucher:VCH-1:T2-s")
    assert "VCH-1" not in supervisor.get(f"{STORE}/alerts").text


def test_a_basket_that_was_paid_at_two_terminals_is_shown_with_what_the_second_paid(
    supervisor: Browser, till: Till
) -> None:
    other = Till(till.centre, "T2")
    till.write("basket.held", "basket:HLD-1", {"code": "HLD-1", "basket": {"lines": []}})
    for one in (till, other):
        sale_id = f"{one.terminal_id}-{len(one.entries) + 2}"
        one.write("basket.resumed", sale_id, {"code": "HLD-1"})
        assert one.sell() == sale_id
    shown = supervisor.get(f"{STORE}/alerts").text
    for words in (
        "The basket HLD-1 was taken up a second time",
        "1.99",
        f"{STORE}/sales/T2/T2-2",
        f"{STORE}/sales/T1/T1-3",
    ):
        assert words in shown


def test_the_console_speaks_german_to_who_asks_for_it(centre: Centre) -> None:
    assert "Anmelden" in Browser(centre, "de-DE,de;q=0.9,en;q=0.8").get("/console/login").text


@both_databases
def test_every_page_has_all_its_words(auditor: Browser, till: Till) -> None:
    till.ask_approval()
    sale_id = till.sell()
    pages = ["terminals", "approvals", "sales", "commands", "alerts", "audit", f"sales/T1/{sale_id}"]
    for language in ("en", "de"):
        auditor.language = language
        for page in pages:
            assert "[console." not in auditor.get(f"{STORE}/{page}").text


@both_databases
def test_the_day_of_the_sales_is_a_day(attendant: Browser, till: Till) -> None:
    till.sell()
    assert "1.99" in attendant.get(f"{STORE}/sales?day={AT[:10]}").text
    assert "No sales" in attendant.get(f"{STORE}/sales?day=2001-01-01").text
    assert attendant.get(f"{STORE}/sales?day=2001-99-99").status == 400


def light(browser: Browser) -> str:
    return browser.get(f"{STORE}/terminals").text.partition('data-light="')[2].partition('"')[0]


def receipt_page(till: Till):
    token = receipt_token(till.entries[-1].hash)
    until(lambda: till.centre.ask("GET", f"/r/{token}").status == 200)
    return till.centre.ask("GET", f"/r/{token}")


@pytest.mark.parametrize("mode", [str(mode) for mode in Mode] + ["a-mode-of-a-newer-terminal"])
def test_a_terminal_is_well_only_where_it_serves_shoppers_or_was_closed(
    till: Till, attendant: Browser, mode: str
) -> None:
    till.tell(mode)
    assert (light(attendant) == "well") == (mode in ("idle", "selling", "closed"))
    till.centre.offset_s = 120
    assert light(attendant) == "unknown"


def test_a_price_that_is_asked_for_is_shown_as_money(attendant: Browser, supervisor: Browser, till: Till) -> None:
    request = ApprovalRequest(
        request_id="r1", kind="price", basket_hash="c" * 64, item="Milk", reason="price:129:99:EUR", since=AT
    )
    till.tell(approvals=(request,))
    shown = supervisor.get(f"{STORE}/approvals").text
    assert "1.29" in shown
    assert "0.99" in shown
    assert "price:129" not in shown
    fields = {"terminal": "T1", "request": "r1", "basket": "c" * 64, "answer": "approve", "reason": ""}
    assert attendant.post(f"{STORE}/approvals", **fields).status == 403
    assert supervisor.post(f"{STORE}/approvals", **fields).status == 303
