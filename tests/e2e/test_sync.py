"""The journal on its way to the real service, over a real socket, with everything that a line and a power cut do to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.ports import Mark, UplinkState
from kiosk.storage.boot import Books
from sync.central.app import create_app
from sync.central.serving import RunningService, listen
from sync.faults.faulty import FaultyLine
from sync.identity import EnrolmentError, Identity, enrol, load_identity
from sync.line import Line, ServiceClock
from sync.shipping import Pace
from sync.uplink import Uplink
from tests.e2e.central_ends import Central, change, held, sold, told, until, written

QUICK = Pace(base_ms=20, cap_ms=300, told_off_ms=500, longest_asked_ms=500)


class Shipped:
    """An uplink that runs, and every state it told."""

    def __init__(self, books: Books, identity: Identity) -> None:
        self.told: list[UplinkState] = []
        self.uplink = Uplink(books.journal, Line(identity, ServiceClock()), pace=QUICK, watcher=self.told.append)
        self.uplink.start()

    def is_empty(self) -> bool:
        return bool(self.told) and self.uplink.state.pending == 0


@pytest.fixture
def ship(books: Books, identity: Identity) -> Iterator[Callable[[], Shipped]]:
    made: list[Shipped] = []

    def start() -> Shipped:
        made.append(Shipped(books, identity))
        return made[-1]

    yield start
    for one in made:
        one.uplink.stop()


def test_a_sale_is_at_the_centre_a_moment_later(central: Central, books: Books, ship: Callable[[], Shipped]) -> None:
    ship()
    sold(books, 3)
    until(lambda: held(central) == written(books), 10)


def test_a_line_that_does_everything_wrong_loses_and_doubles_nothing(
    central: Central, line: FaultyLine, books: Books, ship: Callable[[], Shipped]
) -> None:
    line.percent = 60
    running = ship()
    end = time.monotonic() + 60
    while line.happened.total() < 80 and time.monotonic() < end:
        sold(books, 5, size=300)
        time.sleep(0.02)
    line.mend()
    until(running.is_empty, 30)
    assert held(central) == written(books)
    assert len(line.happened) > 6, line.happened


def test_days_without_a_line_arrive_within_half_a_minute_of_its_return(
    central: Central, line: FaultyLine, books: Books, ship: Callable[[], Shipped]
) -> None:
    line.cut()
    running = ship()
    for _ in range(20):
        sold(books, 250)
    until(lambda: running.uplink.state.reason != "" and running.uplink.state.pending >= 5_000)
    waiting = running.uplink.state
    assert waiting.oldest_at == books.journal.stored(after_seq=0, limit=1)[0].at
    line.mend()
    until(running.is_empty, 30)
    assert held(central) == written(books)
    assert running.uplink.state.last_ok_at


def test_what_was_acknowledged_is_not_sent_again_after_a_restart(
    line: FaultyLine, books: Books, ship: Callable[[], Shipped]
) -> None:
    first = ship()
    sold(books, 1_500)
    until(first.is_empty)
    first.uplink.stop()
    books.journal.writer.call(lambda _: None)
    assert books.journal.mark().seq == books.journal.head()[0]
    before = line.happened.total()
    second = ship()
    sold(books, 1)
    until(lambda: second.is_empty() and line.happened.total() > before)
    assert line.happened.total() == before + 1


def test_a_service_that_lost_its_database_gets_everything_again(
    central: Central, line: FaultyLine, books: Books, ship: Callable[[], Shipped], identity: Identity
) -> None:
    first = ship()
    sold(books, 1_200)
    until(first.is_empty)
    for sql in ("DELETE FROM entry", "DELETE FROM journal"):
        change(central.url, lambda c, sql=sql: c.exec_driver_sql(sql).close())
    sold(books, 1)
    until(lambda: held(central) == written(books), 10)


def test_an_entry_that_cannot_be_taken_is_set_aside_and_the_rest_goes_on(
    central: Central, books: Books, ship: Callable[[], Shipped]
) -> None:
    sold(books, 50)
    sold(books, 1, size=1_500_000)  # nine megabytes of JSON
    sold(books, 50)
    running = ship()
    until(running.is_empty)
    too_large = 51 + written(books)[0][1] - 1
    assert [row for row in written(books) if row[1] != too_large] == held(central)
    assert running.uplink.state.set_aside == 1
    assert told(central, "SELECT count(*) FROM set_aside") == [(1,)]


def test_a_revoked_terminal_keeps_all_it_has_and_says_why(
    central: Central, books: Books, ship: Callable[[], Shipped]
) -> None:
    for sql in ("UPDATE terminal SET revoked_ms = 1", "UPDATE terminal_key SET revoked_ms = 1"):
        change(central.url, lambda c, sql=sql: c.exec_driver_sql(sql).close())
    running = ship()
    sold(books, 5)
    until(lambda: running.uplink.state.reason == "revoked")
    assert held(central) == []
    assert running.uplink.state.pending == 5


def test_a_clock_that_is_a_year_off_changes_nothing(central: Central, books: Books, identity: Identity) -> None:
    clock = ServiceClock()
    clock.learn("2020-01-01T00:00:00+00:00")
    uplink = Uplink(books.journal, Line(identity, clock), pace=QUICK)
    uplink.start()
    sold(books, 5)
    until(lambda: held(central) == written(books), 10)
    uplink.stop()


def test_enrolment_pins_the_authority_over_tls(tmp_path: Path) -> None:
    central = Central(tmp_path / "central")
    secure = RunningService(create_app(central.settings), listen("127.0.0.1", 0), central.tls)
    secure.start()
    try:
        url = f"https://127.0.0.1:{secure.port}"
        made = enrol(tmp_path / "books", url, central.code().lower().replace("-", " "), "T1")
        again = load_identity(tmp_path / "books")
        assert again is not None
        assert (again.keyid, again.store_id, again.ca_pem) == (made.keyid, "S1", central.tls.ca.read_text())
        assert (tmp_path / "books" / "terminal.key").stat().st_mode & 0o777 == 0o600
        with pytest.raises(EnrolmentError, match="refused"):
            enrol(tmp_path / "books", url, "0000-0000-0000", "T1")
    finally:
        secure.stop()
        central.stop()


def test_an_acknowledgement_with_another_digest_than_ours_is_not_believed(
    central: Central, books: Books, ship: Callable[[], Shipped]
) -> None:
    first = ship()
    sold(books, 5)
    until(first.is_empty)
    first.uplink.stop()
    books.journal.remember(Mark(), "2026-11-21T10:00:00+01:00")
    change(central.url, lambda c: c.exec_driver_sql("UPDATE journal SET hash = replace(hash, 'a', 'b')").close())
    second = ship()
    until(lambda: second.uplink.state.reason == "foreign")
    assert second.uplink.state.pending == 5
