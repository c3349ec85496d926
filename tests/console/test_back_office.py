"""What a foreign system may do through the open API: a catalogue in, sales out, webhooks; the real service on a loopback socket."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from back_shop import Centre, Reply, Till, both_databases, until

from sync.central.backoffice import webhooks
from sync.central.backoffice.tokens import Scope, add, revoke
from sync.central.database import run

pytestmark = both_databases
STORE = "/api/v1/stores/S1"
IMPORTS = f"{STORE}/catalogue-imports?currency=EUR"
CSV = "number,name_en,name_de,category,price_minor\n4012345678901,Butter,Butter,dairy,199\n4012345678902,Milk,Milch,dairy,99\n"


class Office:
    """A back office with a token."""

    def __init__(self, centre: Centre, *scopes: Scope, store_id: str = "S1") -> None:
        self.centre = centre
        self.token = centre.put(lambda c: add(c, "office", frozenset(scopes), store_id=store_id, now_s=1.0))

    def ask(self, method: str, target: str, body: str | None = None, kind: str = "application/json") -> Reply:
        headers = {"authorization": f"Bearer {self.token}", "content-type": kind}
        return self.centre.ask(method, target, None if body is None else body.encode(), headers)


@pytest.fixture
def office(centre: Centre) -> Office:
    return Office(centre, *Scope)


def test_a_catalogue_comes_in_staged_and_sells_only_when_it_is_published(office: Office, centre: Centre) -> None:
    reply = office.ask("POST", IMPORTS, CSV, "text/csv")
    assert (reply.status, reply.json["status"], reply.json["good_lines"]) == (201, "staged", 2)
    assert centre.count("SELECT count(*) FROM feed_row") == 0
    address = f"{STORE}/catalogue-imports/{reply.json['import_id']}"
    done = office.ask("POST", f"{address}/publish")
    assert (done.json["status"], done.json["changed_rows"]) == (
        "published",
        6,
    )  # edition, category, two articles, two prices
    assert office.ask("POST", f"{address}/publish").json == done.json
    (price,) = centre.rows("SELECT body FROM feed_row WHERE name = 'prices' AND row_key = '04012345678901'")
    assert json.loads(price.body)["price_minor"] == 199


def test_each_bad_line_is_named_and_nothing_of_the_import_is_published(office: Office) -> None:
    bad = (
        CSV + "x,Eggs,,dairy,199\n4012345678903,,,dairy,199\n4012345678901,Again,,dairy,1\n4012345678904,Salt,,dry,-5\n"
    )
    report = office.ask("POST", IMPORTS, bad, "text/csv").json
    assert (report["status"], report["good_lines"]) == ("refused", 2)
    assert [(one["line"], one["field"]) for one in report["problems"]] == [
        (4, "number"),
        (5, "names"),
        (6, "number"),
        (7, "price_minor"),
    ]
    reply = office.ask("POST", f"{STORE}/catalogue-imports/{report['import_id']}/publish")
    assert (reply.status, reply.json["type"]) == (409, "urn:tern:problem:state")


def test_a_whole_catalogue_takes_away_what_is_not_in_it_and_changes_do_not(office: Office, centre: Centre) -> None:
    publish(office, CSV)
    line = [{"number": 4012345678903, "names": {"en": "Eggs"}, "category": "fresh", "price_minor": 250}]
    publish(office, json.dumps(line), "application/json")
    assert items(centre) == ["04012345678901", "04012345678902", "04012345678903"]
    publish(office, json.dumps([{"number": 4012345678901, "remove": True}]), "application/json")
    assert items(centre) == ["04012345678902", "04012345678903"]
    publish(office, json.dumps(line), "application/json", "&mode=whole")
    assert items(centre) == ["04012345678903"]


def test_sales_go_out_once_each_behind_a_cursor_also_those_of_a_late_terminal(office: Office, centre: Centre) -> None:
    first, late = Till(centre), Till(centre, "T2")
    sold = [first.sell() for _ in range(3)]
    until(lambda: len(office.ask("GET", f"{STORE}/sales").json["sales"]) == 3)
    page = office.ask("GET", f"{STORE}/sales?limit=2").json
    assert [sale["sale_id"] for sale in page["sales"]] == sold[:2]
    assert page["sales"][0]["lines"][0]["name"] == "Butter"
    sold.append(late.sell(at="2020-01-01T10:00:00+01:00"))
    until(lambda: len(office.ask("GET", f"{STORE}/sales?after={page['next']}").json["sales"]) == 2)
    rest = office.ask("GET", f"{STORE}/sales.jsonl?after={page['next']}")
    assert [json.loads(line)["sale_id"] for line in rest.text.splitlines()] == sold[2:]
    assert rest.headers["tern-next"] == "4"
    assert len(office.ask("GET", f"{STORE}/sales.csv").text.splitlines()) == 5


def test_a_voided_sale_comes_again(office: Office, till: Till) -> None:
    sale_id = till.sell()
    until(lambda: office.ask("GET", f"{STORE}/sales").json["next"] == 1)
    till.write("sale.voided", sale_id, {"sale_id": sale_id})
    until(lambda: office.ask("GET", f"{STORE}/sales?after=1").json["sales"])
    assert office.ask("GET", f"{STORE}/sales?after=1").json["sales"][0]["state"] == "voided"


def test_rebuilt_projections_send_nothing_again(office: Office, till: Till) -> None:
    till.sell()
    until(lambda: office.ask("GET", f"{STORE}/sales").json["next"] == 1)
    till.centre.put(lambda c: run(c, "UPDATE sale SET items = items"))
    until(lambda: not till.centre.count("SELECT count(*) FROM sale_change"))
    assert office.ask("GET", f"{STORE}/sales").json["next"] == 1


def test_a_token_is_good_for_its_scopes_and_store_until_it_is_revoked(office: Office, centre: Centre) -> None:
    reader = Office(centre, Scope.SALES)
    assert reader.ask("GET", f"{STORE}/sales").status == 200
    assert reader.ask("GET", f"{STORE}/webhooks").json["type"] == "urn:tern:problem:scope"
    assert reader.ask("GET", "/api/v1/stores/S2/sales").status == 404
    centre.put(lambda c: revoke(c, reader.token.split("_")[1], 2.0))
    assert reader.ask("GET", f"{STORE}/sales").json["type"] == "urn:tern:problem:no-token"
    assert centre.ask("GET", f"{STORE}/sales").status == 401


def test_a_webhook_gets_every_sale_signed_after_it_was_away(office: Office, till: Till, receiver: Receiver) -> None:
    receiver.status = 503
    made = office.ask("POST", f"{STORE}/webhooks", json.dumps({"url": receiver.url}))
    assert made.status == 201
    sale_id = till.sell()
    until(lambda: receiver.got)
    receiver.status = 204
    address = f"{STORE}/webhooks/{made.json['webhook_id']}"
    until(lambda: office.ask("POST", f"{address}/resume").json["after"] == 1)
    headers, body = receiver.got[-1]
    assert [sale["sale_id"] for sale in json.loads(body)["sales"]] == [sale_id]
    signed = webhooks.signature(made.json["secret"], headers["webhook-id"], headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == signed
    assert receiver.got[0][0]["webhook-id"] == headers["webhook-id"]
    assert "secret" not in office.ask("GET", f"{STORE}/webhooks").json["webhooks"][0]


def test_a_webhook_that_never_answers_is_paused_and_people_are_told(office: Office, till: Till) -> None:
    office.ask("POST", f"{STORE}/webhooks", json.dumps({"url": "http://127.0.0.1:9/"}))
    till.sell()
    until(lambda: till.centre.count("SELECT count(*) FROM sale_export"))

    def tried() -> bool:
        till.centre.put(lambda c: run(c, "UPDATE webhook SET next_ms = 0 WHERE next_ms < 0 OR last_status <> ''"))
        return bool(office.ask("GET", f"{STORE}/webhooks").json["webhooks"][0]["is_paused"])

    until(tried, 60)
    assert till.centre.count("SELECT count(*) FROM alert WHERE kind = 'webhook'") == 1


def test_a_service_that_ends_during_a_delivery_sends_the_same_again(
    office: Office, till: Till, receiver: Receiver, url: str
) -> None:
    office.ask("POST", f"{STORE}/webhooks", json.dumps({"url": receiver.url}))
    receiver.answers.clear()
    till.sell()
    until(lambda: receiver.got)
    till.centre.stop()
    receiver.answers.set()
    again = Centre(url)
    try:
        assert again.count("SELECT failures FROM webhook") == 0
        again.offset_s = 61  # what was under way is kept for a minute, for another process would send it meanwhile
        until(lambda: again.count("SELECT after_number FROM webhook") == 1)
    finally:
        again.stop()
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 2


class Receiver:
    """The far side of a webhook. It answers once `answers` is set."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.answers = threading.Event()
        self.answers.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                outer.answers.wait(20)
                with contextlib.suppress(OSError):  # whoever asked may be gone
                    self.send_response(outer.status)
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sales"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.thread.join()
    found.server.server_close()


def publish(office: Office, body: str, kind: str = "text/csv", more: str = "") -> None:
    report = office.ask("POST", IMPORTS + more, body, kind).json
    assert report["status"] == "staged", report
    assert office.ask("POST", f"{STORE}/catalogue-imports/{report['import_id']}/publish").status == 200


def items(centre: Centre) -> list[str]:
    found = centre.rows(
        "SELECT row_key FROM feed_row WHERE row_key LIKE 'item:%' AND body IS NOT NULL ORDER BY row_key"
    )
    return [row.row_key.removeprefix("item:") for row in found]
