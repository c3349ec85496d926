"""Both ends of the line as processes of their own, to be killed at any moment.

sync_ends.py service DIR PORT      the real service; says "serves" once it does
sync_ends.py terminal DIR COUNT    real books with an uplink: journals COUNT entries, says "at SEQ" as each is durable
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

from kiosk.domain.facts import Fact, Kind
from kiosk.storage.boot import open_books
from sync.identity import load_identity
from sync.line import Line, ServiceClock
from sync.shipping import Pace
from sync.uplink import Uplink

TERMINAL = "T1"


def serve(directory: Path, port: int) -> None:
    from sync.central.app import create_app
    from sync.central.serving import RunningService, listen
    from sync.central.settings import Settings

    ca_pem = (directory / "tls" / "ca.pem").read_text()
    running = RunningService(
        create_app(Settings(f"sqlite:///{directory}/central.db", ca_pem=ca_pem)), listen("127.0.0.1", port)
    )
    running.start()
    print("serves", flush=True)  # noqa: T201 - what the test waits for
    time.sleep(600)


def sell(directory: Path, count: int) -> None:
    books = open_books(directory, TERMINAL)
    identity = load_identity(directory)
    assert identity is not None
    uplink = Uplink(books.journal, Line(identity, ServiceClock()), pace=Pace(cap_ms=500))
    uplink.start()
    for number in range(count):
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        body = {"sale_id": f"s{number}", "total_minor": number, "currency": "EUR", "note": "x" * 700}
        entries = books.journal.commit([Fact(Kind.SALE_VOIDED, f"s{number}", body, at, number)] * 5)
        print("at", entries[-1].seq, flush=True)  # noqa: T201 - as above
        time.sleep(0.01)
    deadline = time.monotonic() + 60
    while uplink.state.pending and time.monotonic() < deadline:
        time.sleep(0.05)
    print("left", uplink.state.pending, flush=True)  # noqa: T201 - as above
    uplink.stop()
    books.close()


if __name__ == "__main__":
    {"service": serve, "terminal": sell}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
