"""Bills at the console and in the open API: where each payment stands, and the money that somebody has to give back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from back_shop import AT, Browser, Centre, Till, both_databases, until
from test_back_office import STORE as API
from test_back_office import Office, Receiver

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.money import Money
from sync.central.backoffice.tokens import Scope
from sync.central.console.people import Role

pytestmark = both_databases
BILLS = "/console/stores/S1/bills"
DAY = AT[:10]
KEY = bill_key(Bill("swiss-qr", "CH44", "CHF", reference="RF18 <b>", amount=Money(500, "CHF")))


@pytest.fixture
def office(centre: Centre) -> Office:
    return Office(centre, *Scope)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def someone(centre: Centre, role: Role, store_id: str = "S1") -> Browser:
    centre.person(role.value, role, store_id)
    browser = Browser(centre)
    assert browser.log_in(role.value).status == 303
    return browser


def pay(till: Till, ref: str) -> str:
    """A sale with a bill in it; gives the sale's id."""
    sale_id = till.sell()
    body = {
        "standard": "swiss-qr",
        "payee": "<i>Stadtwerke</i>",
        "account": "CH44",
        "reference": "RF18 <b>",
        "due": None,
    }
    paid = {
        "amount_minor": 500,
        "fee_minor": 50,
        "currency": "CHF",
        "payment_ref": ref,
        "key": KEY,
        "is_confirmed": False,
    }
    till.write("bill.paid", f"bill:{KEY}", {**body, **paid, "sale_id": sale_id, "receipt_number": "000009"})
    until(lambda: till.centre.count(f"SELECT count(*) FROM bill_posting WHERE payment_ref = '{ref}'"))  # noqa: S608 - of the test
    return sale_id


def test_the_bills_of_a_day_stand_there_as_text(supervisor: Browser, till: Till) -> None:
    pay(till, "r1")
    page = supervisor.get(f"{BILLS}?day={DAY}").text
    assert "&lt;i&gt;Stadtwerke&lt;/i&gt;" in page
    assert "RF18 &lt;b&gt;" in page
    assert "waits for the biller" in page
    assert "Nobody is owed anything." in page
    assert "waits for the biller</td>" not in supervisor.get(f"{BILLS}?day=2020-01-01").text
    assert "000009" in supervisor.get(f"{BILLS}?day=2020-01-01&state=pending").text, "whenever they were paid"
    for wrong in ("day=tomorrow", "state=lost", "state='"):
        assert supervisor.get(f"{BILLS}?{wrong}").status == 400


def test_money_is_given_back_once_by_a_supervisor_and_audited(supervisor: Browser, till: Till) -> None:
    pay(till, "r1")
    pay(till, "r2")
    page = supervisor.get(BILLS).text
    assert "Give back 5.50 CHF" in page.replace("\u00a0", " ")
    assert "4711" in page
    fields = {"terminal": "T1", "payment": "r2"}
    assert someone(till.centre, Role.ATTENDANT).post(BILLS, **fields).status == 403
    assert someone(till.centre, Role.ADMINISTRATOR, "S9").get(BILLS).status == 404
    assert supervisor.post(BILLS, **{**fields, "payment": "r1"}).status == 404, "it is no case"
    assert supervisor.post(BILLS, note="in cash", **fields).status == 303
    assert supervisor.post(BILLS, note="again", **fields).status == 409
    page = supervisor.get(BILLS).text
    assert "in cash" in page
    assert "The money was given back" not in page
    assert [row.detail for row in till.centre.rows("SELECT detail FROM audit WHERE what = 'refund-case.done'")] == [
        "r2 in cash"
    ]
    assert till.centre.count("SELECT count(*) FROM alert WHERE kind = 'refund-case' AND closed_ms IS NULL") == 0


def test_a_back_office_reads_bills_and_cases_behind_its_cursor(office: Office, till: Till, supervisor: Browser) -> None:
    pay(till, "r1")
    pay(till, "r2")
    first = office.ask("GET", f"{API}/bill-payments?limit=1").json
    assert [paid["payment_ref"] for paid in first["bill_payments"]] == ["r1"]
    rest = office.ask("GET", f"{API}/bill-payments?after={first['next']}").json
    assert [(paid["payment_ref"], paid["state"], paid["fee_minor"]) for paid in rest["bill_payments"]] == [
        ("r2", "double", 50)
    ]
    (case,) = office.ask("GET", f"{API}/refund-cases").json["refund_cases"]
    assert (case["why"], case["detail"], case["amount_minor"], case["state"]) == ("double", "T1/r1", 550, "open")
    assert (case["card_last4"], case["trace"]) == ("4711", 7)
    supervisor.post(BILLS, terminal="T1", payment="r2")
    (again,) = office.ask("GET", f"{API}/refund-cases?after={case['number']}").json["refund_cases"]
    assert (again["state"], again["done_by"]) == ("done", "supervisor")
    assert Office(till.centre, Scope.CATALOGUE).ask("GET", f"{API}/bill-payments").status == 403
    assert office.ask("GET", "/api/v1/stores/S2/refund-cases").status == 404


def test_a_webhook_for_refund_cases_tells_them_and_nothing_else(office: Office, till: Till, receiver: Receiver) -> None:
    made = office.ask("POST", f"{API}/webhooks", json.dumps({"url": receiver.url, "tells": "refund-cases"}))
    assert made.json["tells"] == "refund-cases"
    pay(till, "r1")
    pay(till, "r2")
    until(lambda: receiver.got)
    (told,) = json.loads(receiver.got[0][1])["refund_cases"]
    assert told["payment_ref"] == "r2"
    until(lambda: office.ask("GET", f"{API}/webhooks").json["webhooks"][0]["after"] == told["number"])
    assert len(receiver.got) == 1
