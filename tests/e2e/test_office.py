"""The central service beside a terminal, as `./run` starts it: the terminal let in, the line cut and mended, nothing lost or doubled."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import urllib3
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication

from kiosk.configuration import Configuration
from tests.e2e.command import KIOSK, PROJECT, clean_environment
from tests.e2e.lane import OFFSCREEN
from tests.e2e.shop_floor import ShopFloor, visit_to
from ui.bench.office import OfficeBench
from ui.office.arrivals import Arrivals
from ui.office.office import Doors, Office, OfficeError
from ui.tour.guide import with_line
from ui.tour.hands import rest
from ui.tour.visit import MILK


@contextmanager
def an_office(data: Path) -> Iterator[tuple[Office, Doors]]:
    office = Office(None, data, data / "logs" / "office.log")
    found: list[Doors | OfficeError] = []
    try:
        office.start(found.append)
        until(lambda: found, 60)
        assert isinstance(found[0], Doors), found[0]
        yield office, found[0]
    finally:
        office.close()


def until(is_so: Callable[[], object], most_s: float = 30.0) -> None:
    end = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        rest(20)


def sell(floor: ShopFloor) -> None:
    hands = floor.visit.hands
    floor.visit.scan_item(MILK)
    hands.press("action.pay")
    hands.wait_for_step("pay")
    floor.visit.tap_card("visa")
    hands.wait_for_step("receipt-choice")
    hands.press("action.no-receipt")
    hands.wait_for_step("thanks")
    hands.press("action.done")
    hands.wait_for_step("attract")


def look(arrivals: Arrivals) -> int:
    arrivals.look()
    return len(arrivals.seen)


@pytest.mark.timeout(180)
def test_sales_behind_a_cut_line_arrive_once_it_is_mended_each_of_them_once(
    qapp: QGuiApplication, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()

    def connected(configuration: Configuration) -> Configuration:
        return with_line(configuration, office.line.url)

    with an_office(data) as (office, doors):
        arrivals = Arrivals(doors.sales, doors.token)
        with visit_to(tmp_path, connected) as floor:
            sell(floor)
            until(lambda: look(arrivals) == 1)
            office.line.cut()
            sell(floor)
            sell(floor)
            floor.visit.hands.wait(lambda: floor.visit.session.line.reason, "the cut line to be noticed")
            assert look(arrivals) == 1
            office.line.mend()
            until(lambda: look(arrivals) == 3)
            rest(1_500)
            assert look(arrivals) == 3
            sold = [row["sale_id"] for row in map(_body, floor.entries()) if "tender" in row]
            assert [one.sale_id for one in arrivals.seen] == sold
        arrivals.close()


def _body(entry: object) -> dict[str, object]:
    return dict(entry.fact.body)  # type: ignore[attr-defined]


@pytest.mark.timeout(120)
def test_an_office_started_again_knows_its_terminal_and_its_people(qapp: QGuiApplication, tmp_path: Path) -> None:
    with an_office(tmp_path) as (_, first):
        key = (tmp_path / "terminal.key").read_bytes()
        address = f"{first.console}/login"
        assert urllib3.request("GET", address).status == 200
        assert urllib3.request("GET", first.sales).status == 401
    with an_office(tmp_path) as (_, second):
        assert (second.person, second.password, second.token) == (first.person, first.password, first.token)
    assert (tmp_path / "terminal.key").read_bytes() == key
    assert (tmp_path / "central" / "demo-access.json").stat().st_mode & 0o077 == 0


@pytest.mark.timeout(120)
def test_a_terminal_whose_office_lost_its_books_is_let_in_again(qapp: QGuiApplication, tmp_path: Path) -> None:
    with an_office(tmp_path):
        pass
    for lost in (tmp_path / "central").rglob("*.*"):
        lost.unlink()
    before = (tmp_path / "enrolment.json").read_text()
    with an_office(tmp_path):
        assert (tmp_path / "enrolment.json").read_text() != before


@pytest.mark.timeout(60)
def test_a_demo_office_ends_with_whoever_started_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*KIOSK, "central", "demo", "--port", "0", "--data", str(tmp_path)],
        cwd=PROJECT,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["url"].startswith("https://127.0.0.1:")
        assert len(said["code"]) > 8
        process.stdin.close()
        assert process.wait(30) == 0


@pytest.mark.timeout(120)
def test_run_starts_terminal_bench_and_office_and_ends_them_all(qapp: QGuiApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with subprocess.Popen(
        [*KIOSK, "run", "--data", str(data)],
        cwd=PROJECT,
        env={**clean_environment(), **OFFSCREEN},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            until((data / "enrolment.json").exists, 90)
            database = data / "central" / "central.db"
            until(lambda: _entries(database) > 0)
        finally:
            process.terminate()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def _entries(database: Path) -> int:
    """What the service holds, asked of its file from outside."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as books:
        return int(books.execute("SELECT count(*) FROM entry").fetchone()[0])


@pytest.mark.timeout(120)
def test_the_bench_shows_the_office_and_its_line(qapp: QGuiApplication, tmp_path: Path) -> None:
    office = Office(None, tmp_path, tmp_path / "office.log")
    opened: list[QUrl] = []
    bench = OfficeBench(office, browse=lambda url: bool(opened.append(url)) or True)
    try:
        assert bench.value("state") == "starting"
        bench.toggleLine()
        bench.start()
        until(lambda: bench.value("state") != "starting", 60)
        assert bench.value("state") == "open"
        assert bench.value("cut")
        assert office.line.is_cut
        bench.toggleLine()
        assert not office.line.is_cut
        bench.openConsole()
        assert opened[0].toString() == bench.value("console")
        assert urllib3.request("GET", bench.value("console")).status == 200
    finally:
        bench.close()


def test_an_office_that_cannot_start_says_why(qapp: QGuiApplication, tmp_path: Path) -> None:
    (tmp_path / "central").write_text("in the way", "utf-8")
    bench = OfficeBench(Office(None, tmp_path, tmp_path / "office.log"))
    try:
        bench.start()
        until(lambda: bench.value("state") == "failed", 30)
        assert "central" in bench.value("notice")
    finally:
        bench.close()
