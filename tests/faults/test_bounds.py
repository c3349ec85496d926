"""What was found by playing: what grew, and what cried for nothing."""

from __future__ import annotations

import logging
import secrets
import socket
import time
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.domain.facts import Fact, Kind
from kiosk.storage.boot import open_books
from sync.faults.proxy import LineProxy
from sync.identity import enrol
from sync.line import Line, ServiceClock
from sync.shipping import Pace
from sync.telemetry import FILE_NAME, Telemetry
from sync.uplink import Uplink
from tests.e2e.central_ends import Central, held, until, written

QUOTA = 100_000


@pytest.mark.parametrize("most", [0.0, 0.5])
def test_a_body_that_is_cut_is_nothing_to_be_written_down(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, most: float
) -> None:
    central = Central(tmp_path / "central")
    try:
        for path in ("/v1/journal", "/v1/enrolment", "/api/v1/catalogue/imports", "/console/login"):
            with socket.create_connection(("127.0.0.1", central.port)) as line:
                half = b"x" * int(most * 1_000)
                line.sendall(b"POST %s HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n%s" % (path.encode(), half))
        time.sleep(0.2)
    finally:
        central.stop()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_telemetry_gives_back_the_room_that_it_took(tmp_path: Path) -> None:
    central = Central(tmp_path / "central")
    books = tmp_path / "books"
    identity = enrol(books, f"http://127.0.0.1:{central.port}", central.code(), "T1")
    central.stop()
    telemetry = Telemetry(books, Line(identity, ServiceClock()), quota_bytes=QUOTA, every_s=0.05)
    telemetry.start()
    for _ in range(1_900):
        telemetry.note("step", {"note": "x" * 400})
    until(lambda: telemetry.counts[1] > 1_000)
    telemetry.stop()
    assert telemetry.counts[0] * 400 < QUOTA
    assert (books / FILE_NAME).stat().st_size < 2 * QUOTA


def test_a_line_that_is_too_slow_for_a_whole_batch_carries_smaller_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.uplink.WITHIN_S", 0.6)
    central = Central(tmp_path / "central")
    line = LineProxy(central.port)
    books = open_books(tmp_path / "books", "T1")
    identity = enrol(books.directory, line.start(), central.code(), "T1")
    uplink = Uplink(books.journal, Line(identity, ServiceClock()), pace=Pace(base_ms=20, cap_ms=100))
    try:
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        noise = [Fact(Kind.SALE_VOIDED, f"s{n}", {"note": secrets.token_hex(300)}, at, n) for n in range(400)]
        books.journal.commit(noise)
        line.slow(bytes_per_s=100_000)  # the whole takes two seconds
        uplink.start()
        until(lambda: books.journal.mark().seq == books.journal.head()[0])
        assert held(central) == written(books)
    finally:
        uplink.stop()
        books.close()
        line.close()
        central.stop()
