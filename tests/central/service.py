"""The real service on a real loopback socket, and a terminal that speaks to it: journal, key, signed requests, one connection each."""

from __future__ import annotations

import base64
import dataclasses
import http.client
import json
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from kiosk.domain.chain import canonical, digest, genesis
from sync import signing
from sync.central.app import create_app
from sync.central.database import Database, one, rows, run
from sync.central.projecting import Projector
from sync.central.serving import RunningService, listen
from sync.central.settings import Settings
from sync.protocol.enrolment import (
    EnrolmentAnswer,
    EnrolmentRequest,
    answer_proof,
    ca_fingerprint,
    code_key,
    key_id_of,
    request_proof,
    split_code,
)
from sync.protocol.journal import JournalBatch, WireEntry
from sync.protocol.wire import packed

AT = "2026-11-21T10:00:00.000+01:00"


@dataclasses.dataclass
class Reply:
    """What came back: status, header names in lower case, the JSON (or None)."""

    status: int
    headers: dict[str, str]
    json: Any

    @property
    def problem(self) -> str:
        return (
            str(self.json["type"]).rpartition(":")[2]
            if self.headers["content-type"] == "application/problem+json"
            else ""
        )


class Service:
    """The service under test. `now_s` may be moved."""

    def __init__(self, url: str, tls: Any = None, ca_pem: str = "", **settings: Any) -> None:
        self.offset_s = 0.0
        self.settings = Settings(url, ca_pem=ca_pem, now_s=lambda: time.time() + self.offset_s, **settings)
        self.app = create_app(self.settings)
        self.database = Database(url)
        self._running = RunningService(self.app, listen("127.0.0.1", 0), tls)
        self._running.start()
        self.port = self._running.port
        self.tls = tls

    def stop(self) -> None:
        self._running.stop()
        self.database.close()

    def rows(self, sql: str, **values: Any) -> list[Any]:
        return [tuple(row) for row in self.database.read(lambda connection: rows(connection, sql, **values))]

    def count(self, table: str) -> int:
        row = self.database.read(lambda connection: one(connection, f"SELECT count(*) AS n FROM {table}"))  # noqa: S608 - the test's own word
        return int(row.n) if row else 0

    def alerts(self) -> list[str]:
        return [kind for (kind,) in self.rows("SELECT kind FROM alert WHERE closed_ms IS NULL ORDER BY kind")]

    def project(self) -> None:
        Projector(self.database, self.settings.now_s).project_all()
        until(lambda: not self.rows("SELECT 1 FROM journal WHERE projected_seq < seq"))

    def ask(self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Reply:
        """One request on a connection of its own."""
        connection: http.client.HTTPConnection
        if self.tls is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        else:
            context = ssl.create_default_context(cafile=str(self.tls.ca))
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        try:
            connection.request(method, target, body or None, headers or {})
            response = connection.getresponse()
            content = response.read()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, json.loads(content) if content else None)
        finally:
            connection.close()

    def say(self, raw: bytes) -> bytes:
        """Bytes onto the socket, and what comes back until it is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            line.sendall(raw)
            found = b""
            while chunk := line.recv(65536):
                found += chunk
            return found


class Terminal:
    """An enrolled terminal with a journal of its own."""

    def __init__(self, service: Service, terminal_id: str = "T1", store_id: str = "S1", journal_id: str = "") -> None:
        self.service = service
        self.terminal_id = terminal_id
        self.store_id = store_id
        self.journal_id = journal_id or f"j-{secrets.token_hex(6)}"
        self.entries: list[WireEntry] = []
        self.key = Ed25519PrivateKey.generate()
        self.key_id = ""

    def enrol(self, code: str, ca_pem: str) -> EnrolmentAnswer:
        """As a terminal does it; checks the answer's proof."""
        lookup, secret = split_code(code)
        reply = self.service.ask("POST", "/v1/enrolment", body=self.enrolment(code, ca_pem).model_dump_json().encode())
        assert reply.status == 200, reply.json
        answer = EnrolmentAnswer.model_validate_json(json.dumps(reply.json))
        assert answer.proof == answer_proof(
            code_key(lookup, secret), answer.terminal_id, answer.store_id, answer.key_id, answer.ca_pem
        )
        self.key_id = answer.key_id
        return answer

    def enrolment(self, code: str, ca_pem: str, **wrong: str) -> EnrolmentRequest:
        lookup, secret = split_code(code)
        public = base64.b64encode(self.key.public_key().public_bytes_raw()).decode()
        seen = ca_fingerprint(ca_pem)
        proof = request_proof(code_key(lookup, secret), lookup, self.terminal_id, public, seen)
        whole = {
            "lookup": lookup,
            "terminal_id": self.terminal_id,
            "public_key": public,
            "ca_sha256": seen,
            "proof": proof,
        }
        return EnrolmentRequest(**{**whole, **wrong})

    def known(self) -> Terminal:
        """Put straight into the service's database, where enrolment is not what is tested."""
        public = self.key.public_key().public_bytes_raw()
        self.key_id = key_id_of(public)

        def put(connection: Connection) -> None:
            run(
                connection,
                "INSERT INTO terminal VALUES (:id, :store, 1, NULL, NULL, NULL, NULL, NULL)",
                id=self.terminal_id,
                store=self.store_id,
            )
            run(
                connection,
                "INSERT INTO terminal_key VALUES (:id, :key, :public, 1, NULL)",
                id=self.terminal_id,
                key=self.key_id,
                public=base64.b64encode(public).decode(),
            )

        self.service.database.write(put)
        return self

    def write(self, kind: str = "sale.completed", subject: str = "", at: str = AT, **body: Any) -> WireEntry:
        """A new entry in this terminal's journal."""
        seq = self.entries[-1].seq + 1 if self.entries else 1
        prev = self.entries[-1].hash if self.entries else genesis(self.terminal_id, self.journal_id)
        entry = chained(self.journal_id, seq, prev, kind, subject or f"{self.terminal_id}-{seq}", at, canonical(body))
        self.entries.append(entry)
        return entry

    def sell(self, count: int = 1, **more: Any) -> Sequence[WireEntry]:
        """`count` sales, an entry each."""
        return [
            self.write(total_minor=199 + number, currency="EUR", item_count=2, sale_id=f"s{len(self.entries)}", **more)
            for number in range(count)
        ]

    def send(self, entries: Sequence[WireEntry] | None = None, **how: Any) -> Reply:
        """A batch of the journal: all of it unless told."""
        batch = JournalBatch(
            terminal_id=self.terminal_id,
            journal_id=how.pop("journal_id", self.journal_id),
            entries=tuple(self.entries if entries is None else entries),
        )
        return self.post("/v1/journal", batch.model_dump_json().encode(), **how)

    def post(self, target: str, content: bytes, *, method: str = "POST", gzipped: bool = True, **how: Any) -> Reply:
        coding = {"content-encoding": "gzip"} if gzipped else {}
        headers = {"content-type": "application/json", **coding, **how.pop("headers", {})}
        return self.ask(method, target, headers, packed(content) if gzipped else content, **how)

    def get(self, target: str, **how: Any) -> Reply:
        return self.ask("GET", target, how.pop("headers", {}), **how)

    def signed(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b"", *, created_s: float | None = None
    ) -> dict[str, str]:
        host = f"127.0.0.1:{self.service.port}"
        given = {"tern-protocol": "1", **headers}
        parts = signing.Parts(method, host, target, given, body)
        added = signing.sign(
            parts,
            self.key,
            keyid=f"{self.terminal_id}/{self.key_id}",
            created_s=int(self.service.settings.now_s() if created_s is None else created_s),
            nonce=secrets.token_urlsafe(16),
        )
        return {**given, **added, "host": host}

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes = b"", **how: Any) -> Reply:
        return self.service.ask(method, target, self.signed(method, target, headers, body, **how), body)


def chained(journal_id: str, seq: int, prev: str, kind: str, subject: str, at: str, body: str) -> WireEntry:  # noqa: PLR0917 - as in the chain
    hash_ = digest(prev, journal_id=journal_id, seq=seq, kind=kind, subject=subject, body=body, at=at, clock_ms=seq)
    return WireEntry(seq=seq, at=at, clock_ms=seq, kind=kind, subject=subject, body=body, prev=prev, hash=hash_)


def until(is_so: Callable[[], bool], most_s: float = 20.0) -> None:
    end = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory}/central.db"
