"""What the office asks of a terminal, and what the terminal tells besides its books: over a real line to the real service."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from kiosk.domain.facts import Fact, Kind
from kiosk.ports import AskedApproval, Order, OrderOutcome, TerminalView, UplinkState
from kiosk.storage.boot import Books
from sync.central.commands import NewCommand, issue
from sync.faults.faulty import FaultyLine
from sync.identity import Identity
from sync.line import Line, ServiceClock
from sync.orders import Orders
from sync.protocol.commands import CommandKind
from sync.reporting import Reporter
from sync.telemetry import Telemetry
from tests.e2e.central_ends import Central, change, told, until


def now() -> tuple[str, int]:
    return datetime.now().astimezone().isoformat(timespec="milliseconds"), 1


def ask(central: Central, kind: CommandKind, within_s: float = 30, **body: Any) -> str:
    new = NewCommand("T1", "S1", kind, body, "kim", within_s, bound_to=str(body.pop("bound_to", "")))
    return change(central.url, lambda c: issue(c, new, time.time()))


def results(central: Central) -> dict[str, tuple[str, str]]:
    rows = told(central, "SELECT command_id, result FROM command WHERE result IS NOT NULL")
    return {row[0]: (json.loads(row[1])["status"], json.loads(row[1])["reason"]) for row in rows}


@pytest.fixture
def obey(books: Books, identity: Identity) -> Iterator[Callable[..., list[Order]]]:
    running: list[Orders] = []

    def start(outcome: OrderOutcome) -> list[Order]:
        done: list[Order] = []

        def handle(order: Order) -> OrderOutcome:
            done.append(order)
            return outcome

        kinds = [str(kind) for kind in CommandKind if kind is not CommandKind.CONFIGURATION]
        running.append(
            Orders(Line(identity, ServiceClock()), books.journal, dict.fromkeys(kinds, handle), now, poll_s=1)
        )
        running[-1].start()
        return done

    yield start
    for one in running:
        one.stop()


def kinds(books: Books, command: str) -> list[Kind]:
    return [entry.fact.kind for entry in books.journal.entries(subject=f"command:{command}")]


def test_an_order_is_journalled_done_once_and_answered(
    central: Central, books: Books, obey: Callable[..., list[Order]]
) -> None:
    done = obey(OrderOutcome("done", "", {"copies": 1}))
    command = ask(central, CommandKind.APPROVE, staff="kim", role="attendant", bound_to="abc")
    until(lambda: results(central) == {command: ("done", "")})
    assert [(order.kind, order.bound_to, order.body["role"]) for order in done] == [("approve", "abc", "attendant")]
    assert kinds(books, command) == [Kind.COMMAND_RECEIVED, Kind.COMMAND_ANSWERED]


def test_an_answer_that_was_lost_is_told_again_without_doing_it_again(
    central: Central, line: FaultyLine, books: Books, obey: Callable[..., list[Order]]
) -> None:
    line.percent, line.faults = 40, ("drop", "deafen", "cut-answer", "twice", "503", "late")
    done = obey(OrderOutcome("done"))
    asked = [ask(central, CommandKind.REPRINT, sale_id=f"s{number}", within_s=60) for number in range(5)]
    until(lambda: set(results(central)) == set(asked), 45)
    assert sorted(order.order_id for order in done) == sorted(asked)
    assert set(results(central).values()) == {("done", "")}


def test_an_order_cut_short_by_a_power_cut_is_not_done_a_second_time(
    central: Central, books: Books, obey: Callable[..., list[Order]]
) -> None:
    command = ask(central, CommandKind.REPRINT, sale_id="s1")
    books.journal.commit([Fact(Kind.COMMAND_RECEIVED, f"command:{command}", {"kind": "reprint"}, *now())])
    done = obey(OrderOutcome("done"))
    until(lambda: results(central) == {command: ("failed", "interrupted")})
    assert done == []


def test_what_this_terminal_cannot_do_is_refused(central: Central, obey: Callable[..., list[Order]]) -> None:
    done = obey(OrderOutcome("done"))
    command = ask(central, CommandKind.CONFIGURATION, settings={"limits.pin_attempts": 3})
    until(lambda: results(central) == {command: ("refused", "not-supported")})
    assert done == []


def test_the_office_sees_what_the_terminal_waits_for(central: Central, books: Books, identity: Identity) -> None:
    waiting = UplinkState(3, "2026-11-21T14:02:00+01:00", "offline")
    reporter = Reporter(
        Line(identity, ServiceClock()), books.journal, lambda: waiting, lambda: datetime.now().astimezone()
    )
    reporter.start()
    asked = AskedApproval("s1", "age", "ab" * 32, "Wine\x00 0.75 l", "wine", "age:18")
    reporter.show(TerminalView("selling", "age-check", "self-checkout", {"printer": ("fault", "paper-out")}, asked))

    def state() -> dict[str, Any]:
        ((body,),) = told(central, "SELECT state FROM terminal")
        return json.loads(body) if body else {}

    until(lambda: state().get("step") == "age-check")
    assert state()["unsent"]["entries"] == 3
    assert state()["approvals"][0]["item"] == "Wine  0.75 l"
    assert state()["devices"] == [{"device": "printer", "health": "fault", "reason": "paper-out"}]
    reporter.show(TerminalView("selling", "attract", "self-checkout", {}))
    until(lambda: state().get("step") == "attract")
    assert state()["approvals"] == []
    reporter.stop()


def test_telemetry_keeps_to_its_room_and_arrives_once(
    central: Central, line: FaultyLine, books: Books, identity: Identity
) -> None:
    line.cut()
    telemetry = Telemetry(books.directory, Line(identity, ServiceClock()), quota_bytes=50_000, stamp=now, every_s=0.05)
    for number in range(1_500):
        telemetry.note("step", {"number": number, "filler": "x" * 50})
    telemetry.start()
    until(lambda: telemetry.counts[1] > 0)
    waiting, dropped = telemetry.counts
    assert waiting + dropped == 1_500
    assert waiting * 100 < 50_000 * 1.5
    line.mend()
    line.percent, line.faults = 30, ("deafen", "503", "twice")
    until(lambda: telemetry.counts == (0, 0))
    telemetry.stop()
    batches = [json.loads(body) for (body,) in told(central, "SELECT body FROM telemetry")]
    numbers = sorted(event["body"]["number"] for batch in batches for event in batch["events"])
    assert numbers == list(range(dropped, 1_500))
    assert sum(batch["dropped"] for batch in batches) == dropped


def test_what_cannot_be_noted_is_counted_and_hurts_nobody(books: Books, identity: Identity) -> None:
    telemetry = Telemetry(books.directory, Line(identity, ServiceClock()), quota_bytes=50_000, stamp=now)
    telemetry.note("step", {"weight": 1.5})  # type: ignore[dict-item]
    telemetry.note("step", {"text": "x" * 10_000})
    telemetry.start()
    until(lambda: telemetry.counts == (0, 2))
    telemetry.stop()


def test_a_damaged_telemetry_file_is_made_anew(books: Books, identity: Identity) -> None:
    (books.directory / "telemetry.db").write_bytes(b"no database at all" * 500)
    telemetry = Telemetry(books.directory, Line(identity, ServiceClock()), quota_bytes=50_000, stamp=now, every_s=0.05)
    telemetry.note("step", {"number": 1})
    telemetry.start()
    until(lambda: (books.directory / "telemetry.db").read_bytes()[:6] == b"SQLite")
    telemetry.stop()
