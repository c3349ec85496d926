"""A store at the centre, for tests of console and back office: the real service on a loopback socket, and terminals with their books."""

from __future__ import annotations

import base64
import http.client
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection

from kiosk.domain.chain import canonical, digest, genesis
from sync.central import ingest, reports
from sync.central.app import create_app
from sync.central.console import people
from sync.central.database import one, rows, run
from sync.central.heads import Sender
from sync.central.serving import RunningService, listen
from sync.central.settings import Settings
from sync.protocol.journal import JournalBatch, WireEntry
from sync.protocol.reports import ApprovalRequest, DeviceHealth, TerminalState, Unsent

# For what the two databases may do differently: locks, upserts, order, what a cursor counts.
both_databases = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
PASSWORD = "a password of the tests"
AT = time.strftime("%Y-%m-%dT%H:%M:%S.000+01:00")
TODAY = AT[:10]


@dataclass(frozen=True)
class Reply:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Centre:
    """The service. Its clock may be moved."""

    def __init__(self, url: str, port: int = 0) -> None:
        self.offset_s = 0.0
        self.settings = Settings(url, now_s=lambda: time.time() + self.offset_s)
        self.app = create_app(self.settings)
        self.database = self.app.state.desk.database
        self._running = RunningService(self.app, listen("127.0.0.1", port))
        self._running.start()
        self.port = self._running.port
        self.address = f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._running.stop()

    def put(self, work: Callable[[Connection], Any]) -> Any:
        return self.database.write(work)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        return list(self.database.read(lambda connection: rows(connection, sql, **values)))

    def count(self, sql: str) -> int:
        row = self.database.read(lambda connection: one(connection, sql))
        return int(row[0]) if row else 0

    def person(self, name: str, role: people.Role, store_id: str = "S1") -> None:
        now_s = self.settings.now_s() - 1
        self.put(lambda connection: people.add(connection, name, role, PASSWORD, store_id=store_id, now_s=now_s))

    def ask(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, body, dict(headers or {}))
            found = connection.getresponse()
            cookies = tuple(value for name, value in found.getheaders() if name.lower() == "set-cookie")
            headers = {name.lower(): value for name, value in found.getheaders()}
            return Reply(found.status, headers, cookies, found.read())
        finally:
            connection.close()


class Browser:
    """Someone at a browser without scripts: keeps cookies, sends forms with what they hold."""

    def __init__(self, centre: Centre, language: str = "en") -> None:
        self.centre = centre
        self.cookies: dict[str, str] = {}
        self.language = language

    def get(self, target: str) -> Reply:
        return self._ask("GET", target)

    def post(self, target: str, **fields: str) -> Reply:
        """As sent by the form on that page, with its token unless another is given."""
        if "form_token" not in fields:
            shown = self.get(target if target != "/console/logout" else "/console/")
            found = re.search(r'name="form_token" value="([^"]+)"', shown.text)
            fields["form_token"] = found[1] if found else ""
        return self._ask("POST", target, urlencode(fields).encode())

    def log_in(self, name: str, password: str = PASSWORD) -> Reply:
        return self.post("/console/login", name=name, password=password)

    def _ask(self, method: str, target: str, body: bytes | None = None) -> Reply:
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["accept-language"] = self.language
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        reply = self.centre.ask(method, target, body, headers)
        for cookie in reply.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply


class Till:
    """A terminal that is known, and what it tells."""

    def __init__(self, centre: Centre, terminal_id: str = "T1", store_id: str = "S1") -> None:
        self.centre, self.terminal_id, self.store_id = centre, terminal_id, store_id
        self.journal_id = f"j-{terminal_id}"
        self.entries: list[WireEntry] = []
        public = base64.b64encode(bytes(32)).decode()

        def put(connection: Connection) -> None:
            sql = "INSERT INTO terminal VALUES (:id, :store, 1, NULL, NULL, NULL, NULL, NULL)"
            run(connection, sql, id=terminal_id, store=store_id)
            sql = "INSERT INTO terminal_key VALUES (:id, 'k1', :public, 1, NULL)"
            run(connection, sql, id=terminal_id, public=public)

        centre.put(put)

    def write(self, kind: str, subject: str, body: Mapping[str, Any], at: str = AT) -> WireEntry:
        """The next entry of the journal, told at once."""
        seq = len(self.entries) + 1
        prev = self.entries[-1].hash if self.entries else genesis(self.terminal_id, self.journal_id)
        text = canonical(body)
        chain = {"journal_id": self.journal_id, "kind": kind, "subject": subject, "body": text, "at": at}
        hash_ = digest(prev, seq=seq, clock_ms=seq, **chain)
        entry = WireEntry(seq=seq, at=at, clock_ms=seq, kind=kind, subject=subject, body=text, prev=prev, hash=hash_)
        self.entries.append(entry)
        batch = JournalBatch(terminal_id=self.terminal_id, journal_id=self.journal_id, entries=(entry,))
        self.centre.put(lambda connection: ingest.take_in(connection, self._sender(), batch))
        return entry

    def sell(self, name: str = "Butter", minor: int = 199, **more: Any) -> str:
        """A sale of one article by card; gives its id once the books show it."""
        number = len(self.entries) + 1
        sale_id = f"{self.terminal_id}-{number}"
        self.write(
            "payment.intended", f"p{sale_id}", {"amount_minor": minor, "currency": "EUR", "sale": {"sale_id": sale_id}}
        )
        self.write("payment.approved", f"p{sale_id}", {"card_name": "Maestro", "card_last4": "4711", "trace": 7})
        self.write("sale.completed", sale_id, {**sale(sale_id, name, minor, str(number)), **more})
        until(lambda: self.centre.count(f"SELECT count(*) FROM sale WHERE sale_id = '{sale_id}'"))  # noqa: S608 - of the test
        return sale_id

    def tell(self, mode: str = "selling", **more: Any) -> None:
        """The terminal's state, as it sends it."""
        state = TerminalState(
            at=AT, mode=mode, step="basket", journal_id=self.journal_id, seq=len(self.entries), **more
        )
        self.centre.put(lambda connection: reports.keep_state(connection, self._sender(), state))

    def ask_approval(self, request_id: str = "r1", kind: str = "age", basket: str = "b" * 64) -> None:
        """A shopper waits."""
        request = ApprovalRequest(
            request_id=request_id,
            kind=kind,
            basket_hash=basket,
            item="Pilsner 0.5 l",
            picture="beer",
            reason="16+",
            since=AT,
        )
        self.tell(approvals=(request,))

    def _sender(self) -> Sender:
        return Sender(self.terminal_id, self.store_id, self.centre.settings.now_s())


def sale(sale_id: str, name: str, minor: int, number: str) -> dict[str, Any]:
    """The body of a sale, as `kiosk.domain.sale.sale_body` writes it."""
    line = {
        "line_id": 1,
        "gtin": "04012345678901",
        "plu": "",
        "name": name,
        "category": "dairy",
        "count": 1,
        "weight_g": 0,
        "unit": "piece",
        "unit_price_minor": minor,
        "price_version": "demo",
        "price_in_code": False,
        "gross_minor": minor,
        "savings": [],
        "total_minor": minor,
        "tax_class": "B",
        "tax_rate_bp": 700,
        "minimum_age": 0,
        "batch": None,
        "expiry": None,
    }
    tax = minor - round(minor / 1.07)
    amounts = {"subtotal": minor, "savings": 0, "tax_added": 0, "total": minor, "rounding": 0, "to_pay": minor}
    return {
        "schema": 1,
        "sale_id": sale_id,
        "at": AT,
        "language": "en",
        "currency": "EUR",
        "item_count": 1,
        "lines": [line],
        "deposits": [],
        "promotions": [],
        "taxes": [
            {"tax_class": "B", "tax_rate_bp": 700, "net_minor": minor - tax, "tax_minor": tax, "gross_minor": minor}
        ],
        "vouchers": [],
        "coupons": [],
        "member": "M-998877",
        "approval": None,
        **{f"{name}_minor": value for name, value in amounts.items()},
        "receipt_number": number,
        "tender": {"amount_minor": minor, "card_name": "Maestro", "card_last4": "4711"},
    }


def trouble() -> dict[str, Any]:
    """The state of a terminal that somebody should see to."""
    return {
        "unsent": Unsent(entries=12, since=AT, reason="offline"),
        "devices": (DeviceHealth(device="printer", health="fault", reason="paper-out"),),
    }


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory}/central.db"


def until(is_so: Callable[[], Any], most_s: float = 20.0) -> None:
    end = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
