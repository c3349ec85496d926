"""What account holders asked for, at the console: masked, shown to whoever may and says so, and written down."""

from __future__ import annotations

from pathlib import Path

from back_shop import Browser, Centre, Till, both_databases
from sqlalchemy import Connection

from sync.central.accounts import requests
from sync.central.accounts.demo_core import DemoCore
from sync.central.accounts.tickets import Opened
from sync.central.heads import Sender
from sync.protocol.accounts import RequestAsked

PAGE = "/console/stores/S1/accounts"
ADDRESS = "Ulmenweg <b>2</b>, Hofheim"


def ask(centre: Centre, value: str = ADDRESS, what: str = "address", store: str = "S1") -> str:
    """A request that waits for the core; gives its number."""
    asked = RequestAsked.model_validate(
        {"asked_id": f"q-{what}-{store}", "ticket": "t" * 43, "what": what, "value": value}
    )

    def keep(connection: Connection) -> str:
        sender = Sender("T1", store, centre.settings.now_s())
        return requests.keep(connection, sender, Opened("lena", "a" * 32, 0, "stepped"), asked)[0].request_id

    return str(centre.put(keep))


@both_databases
def test_a_request_is_masked_until_someone_who_may_says_to_see_it(
    supervisor: Browser, centre: Centre, till: Till
) -> None:
    number, other = ask(centre), ask(centre, "+49 170 9876543", "phone")
    before = supervisor.get(PAGE).text
    assert number in before and "U…" in before and "…43" in before
    assert "Ulmenweg" not in before and "987654" not in before
    assert supervisor.post(PAGE, number=number).status == 303
    after = supervisor.get(PAGE).text
    assert "Ulmenweg &lt;b&gt;2&lt;/b&gt;, Hofheim" in after and "987654" not in after, other
    acts = centre.rows("SELECT who, what, subject FROM audit WHERE what = 'account.request-seen'")
    assert [(row.who, row.subject) for row in acts] == [(acts[0].who, number)]
    centre.offset_s += 301
    assert "Ulmenweg" not in supervisor.get(PAGE).text, "it is masked again after a while"


def test_who_may_not_sees_no_page_and_no_tab(attendant: Browser, centre: Centre, till: Till) -> None:
    number = ask(centre)
    assert attendant.get(PAGE).status == 403
    assert attendant.post(PAGE, number=number).status == 403
    assert "/accounts" not in attendant.get("/console/stores/S1/terminals").text


def test_another_stores_request_and_one_that_the_core_has_cannot_be_seen(
    supervisor: Browser, centre: Centre, till: Till, tmp_path: Path
) -> None:
    elsewhere, number = ask(centre, store="S2"), ask(centre)
    assert supervisor.post(PAGE, number=elsewhere).status == 404
    assert elsewhere not in supervisor.get(PAGE).text
    assert supervisor.post(PAGE, number=number).status == 303
    core = DemoCore(tmp_path / "core.db", (), "EUR")
    waiting = centre.put(lambda connection: requests.waiting(connection, 2**60))
    assert requests.hand_over(centre.database, core, waiting, centre.settings.now_s()) == 2
    assert sorted(one.value for one in core.requests()) == [ADDRESS, ADDRESS]
    assert supervisor.post(PAGE, number=number).status == 404
    shown = supervisor.get(PAGE).text
    assert "U…" in shown and "Ulmenweg" not in shown
    assert centre.count("SELECT count(*) FROM account_request WHERE value LIKE '%weg%' AND store_id = 'S1'") == 0
