"""What requests cost a real process of the service with one worker: signed batches of enrolled terminals over loopback, one by one.

herd_costs.py DIR          the service on an SQLite file in DIR, without TLS; says its port
herd_costs.py DIR full     the same, whose door turns everything away
"""

from __future__ import annotations

import base64
import http.client
import os
import random
import secrets
import statistics
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from kiosk.domain.chain import canonical, digest, genesis
from kiosk.ports import StoredEntry
from sync import signing
from sync.batches import batch_of
from sync.central.admission import Admission
from sync.central.app import create_app
from sync.central.database import Database, run
from sync.central.migrations import migrate
from sync.central.serving import RunningService, listen
from sync.central.settings import Settings
from sync.protocol.enrolment import key_id_of
from sync.protocol.wire import CLASS_HEADER, PROTOCOL_HEADER, VERSION, RequestClass, packed
from ui.measure import MeasureError
from ui.measure.children import PYTHON, offscreen, running
from ui.measure.herd_world import BACKLOG_ENTRIES, SALE_ENTRIES, Costs
from ui.measure.machine import scheduled
from ui.measure.sales import paid_sale

WORKERS: Final = 1
_PATIENCE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Request:
    headers: dict[str, str]
    body: bytes


def measured(directory: Path, terminals: int) -> Costs:
    """What a batch of 200 entries, a sale as it is made, and being turned away cost; `terminals` of each. Raises MeasureError.

    Each is the processor time that the service spent on it, and what it waited besides, for the disk and the line: the median of that,
    for the programs beside it on this machine sync to the same disk. What either end waited for a processor that others had is left out.
    """
    senders = [_Sender(f"T{number}") for number in range(terminals)]
    _let_in(directory, senders)
    with _served(directory) as (port, service):
        backlog = _sent(port, service, [sender.request(port, RequestClass.BACKLOG) for sender in senders])
        live = _sent(port, service, [sender.request(port, RequestClass.LIVE) for sender in senders])
    with _served(directory, "full") as (port, service):
        again = [sender.request(port, RequestClass.BACKLOG) for sender in senders]
        refused = _sent(port, service, again, http.client.SERVICE_UNAVAILABLE)
    return Costs(backlog, live, refused)


def main(argv: Sequence[str]) -> int:
    """As the module says, until asked to end."""
    # Where there are several processes, one makes the projections, and the others take requests.
    app = create_app(Settings(_url(Path(argv[0])), workers=WORKERS, projects=False))
    if argv[1:] == ["full"]:
        app.state.desk.door.admission = _Full(WORKERS, random.random)
    service = RunningService(app, listen("127.0.0.1", 0))
    service.start()
    print(service.port, flush=True)  # noqa: T201 - the answer
    threading.Event().wait()
    return 0


class _Full(Admission):
    def turned_away(self, kind: RequestClass) -> bool:
        return bool(kind)


class _Sender:
    """A terminal that the service knows, with fifty sales to tell and then one more."""

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    key_id = key_id_of(public)

    def __init__(self, terminal_id: str) -> None:
        self.terminal_id = terminal_id
        self._entries = _chain(terminal_id, BACKLOG_ENTRIES + SALE_ENTRIES)

    def request(self, port: int, of: RequestClass) -> _Request:
        """What it sends, signed now."""
        some = self._entries[:BACKLOG_ENTRIES] if of is RequestClass.BACKLOG else self._entries[BACKLOG_ENTRIES:]
        batch = batch_of(self.terminal_id, some)
        if batch is None or len(batch.entries) != len(some):
            raise MeasureError("the entries do not fit into one batch; this is a bug, please report it")
        body = packed(batch.body)
        headers = {
            PROTOCOL_HEADER: str(VERSION),
            CLASS_HEADER: of.value,
            "content-type": "application/json",
            "content-encoding": "gzip",
            "host": f"127.0.0.1:{port}",
        }
        signed = signing.sign(
            signing.Parts("POST", headers["host"], "/v1/journal", headers, body),
            self.key,
            keyid=f"{self.terminal_id}/{self.key_id}",
            created_s=int(time.time()),
            nonce=secrets.token_urlsafe(16),
        )
        return _Request(headers | signed, body)


def _chain(terminal_id: str, count: int) -> list[StoredEntry]:
    journal_id = f"j-{terminal_id}"
    prev = genesis(terminal_id, journal_id)
    at = datetime.now().astimezone().isoformat(timespec="milliseconds")
    entries: list[StoredEntry] = []
    facts = (fact for number in range(count) for part in [paid_sale(number)] for fact in (part[0], *part[1]))
    for seq, fact in zip(range(1, count + 1), facts, strict=False):
        body, kind = canonical(fact.body), fact.kind.value
        own = digest(
            prev, journal_id=journal_id, seq=seq, kind=kind, subject=fact.subject, body=body, at=at, clock_ms=seq
        )
        entries.append(StoredEntry(journal_id, seq, at, seq, kind, fact.subject, body, prev, own))
        prev = own
    return entries


def _let_in(directory: Path, senders: Iterable[_Sender]) -> None:
    """Into the service's database: enrolment is not what is measured."""
    database = Database(_url(directory))
    migrate(database)

    def put(connection: Connection) -> None:
        public = base64.b64encode(_Sender.public).decode("ascii")
        for sender in senders:
            known = {"id": sender.terminal_id, "key": sender.key_id, "public": public}
            run(connection, "INSERT INTO terminal (terminal_id, store_id, enrolled_ms) VALUES (:id, 'S1', 1)", **known)
            run(connection, "INSERT INTO terminal_key VALUES (:id, :key, :public, 1, NULL)", **known)

    database.write(put)
    database.close()


@contextmanager
def _served(directory: Path, *how: str) -> Iterator[tuple[int, int]]:
    """The port, and the process."""
    command = [PYTHON, "-m", "ui.measure.herd_costs", str(directory), *how]
    with running(command, offscreen(), directory / "log") as service:
        yield int(service.line(_PATIENCE_S)), service.pid


def _sent(port: int, service: int, requests: Sequence[_Request], expected: int = http.client.OK) -> tuple[float, ...]:
    """What each took, one after the other on one connection: nobody waits for anyone."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    worked_s: list[float] = []
    rested_s: list[float] = []
    for request in requests:
        before, begun = (scheduled(service), scheduled(os.getpid())), time.perf_counter()
        connection.request("POST", "/v1/journal", request.body, request.headers)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - begun
        after = scheduled(service), scheduled(os.getpid())
        waited_s = sum(now.waited_s - then.waited_s for now, then in zip(after, before, strict=True))
        worked_s.append(after[0].ran_s - before[0].ran_s)
        rested_s.append(max(0.0, seconds - waited_s - worked_s[-1]))
        if answer.status != expected:
            raise MeasureError(f"the service answered a batch with {answer.status}: {content[:200]!r}")
    connection.close()
    rest_s = statistics.median(rested_s)
    return tuple(one_s + rest_s for one_s in worked_s)


def _url(directory: Path) -> str:
    return f"sqlite:///{directory.absolute()}/central.db"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
