"""What a terminal asks while somebody waits: the real service, over lines that are cut, slow and wrong."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from service import Service, Terminal, sqlite_url

from kiosk.ports import ClaimAnswer, ClaimKind, Verdict
from sync.asking import Asking, Unanswered
from sync.claims import StoreClaims
from sync.faults.faulty import FaultyLine
from sync.identity import Identity
from sync.line import Line, ServiceClock
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted, Claim
from sync.protocol.reports import ClaimAnswer as Granted
from sync.protocol.reports import ClaimKind as WireKind

VOUCHER = Claim(kind=WireKind.VOUCHER, code="VCH-1", sale_id="s1")


def identity_of(terminal: Terminal, url: str) -> Identity:
    return Identity(url, terminal.terminal_id, terminal.store_id, terminal.key_id, "", terminal.key)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(sqlite_url(tmp_path))
    yield running
    running.stop()


@pytest.fixture
def line(service: Service) -> Iterator[FaultyLine]:
    made = FaultyLine(service.port)
    made.start()
    yield made
    made.close()


@pytest.fixture
def asking(terminal: Terminal, line: FaultyLine) -> Iterator[Asking]:
    made = Asking(Line(identity_of(terminal, line.url), ServiceClock()), "test")
    made.start()
    yield made
    made.stop()


def asked(asking: Asking, within_s: float = 3.0) -> Granted | Unanswered:
    answers: queue.Queue[Granted | Unanswered] = queue.Queue()
    asking.ask(Granted, "/v1/claims", VOUCHER, answers.put, within_s=within_s)
    return answers.get(timeout=20)


def test_a_question_is_answered_and_what_is_told_arrives(asking: Asking, service: Service) -> None:
    assert isinstance(asked(asking), Granted)
    asking.tell(Accepted, "/v1/claims/release", VOUCHER)
    answers: queue.Queue[object] = queue.Queue()
    asking.ask(Granted, "/v1/claims", VOUCHER.model_copy(update={"sale_id": "s2"}), answers.put, within_s=3)
    assert isinstance(answers.get(timeout=20), Granted), "it was given back before the next question"


def test_what_the_service_refuses_is_told_as_its_problem(asking: Asking, service: Service) -> None:
    other = Terminal(service, "T2").known()
    theirs = VOUCHER.model_copy(update={"sale_id": "s9"})
    assert other.post("/v1/claims", theirs.model_dump_json().encode()).status == 200
    answer = asked(asking)
    assert isinstance(answer, Unanswered)
    assert answer.problem is not None
    assert (answer.problem.type, answer.problem.holder) == (ProblemType.TAKEN, "s9")


def test_a_connection_that_was_cut_meanwhile_is_no_reason_to_be_away(asking: Asking, line: FaultyLine) -> None:
    assert isinstance(asked(asking), Granted)
    line.cut()
    line.mend()
    assert isinstance(asked(asking), Granted)


def test_a_line_that_is_away_answers_within_its_time(asking: Asking, line: FaultyLine) -> None:
    line.percent, line.faults = 100, ("drop", "hang")
    begun_s = time.monotonic()
    assert asked(asking, 1.0) == Unanswered()
    assert time.monotonic() - begun_s < 10
    line.mend()
    assert isinstance(asked(asking), Granted)


@pytest.mark.parametrize("fault", ["500", "503", "garbage", "portal", "redirect", "shorter"])
def test_what_is_no_answer_of_ours_is_none(asking: Asking, line: FaultyLine, fault: str) -> None:
    line.percent, line.faults = 100, (fault,)
    assert isinstance(asked(asking, 1.0), Unanswered)


def test_whoever_waits_at_the_end_or_asks_after_it_is_told(terminal: Terminal, line: FaultyLine) -> None:
    asking = Asking(Line(identity_of(terminal, line.url), ServiceClock()), "test")
    line.percent, line.faults = 100, ("hang",)
    asking.start()
    answers: queue.Queue[object] = queue.Queue()
    for _ in range(5):
        asking.ask(Granted, "/v1/claims", VOUCHER, answers.put, within_s=30)
    asking.stop()
    assert [answers.get(timeout=20) for _ in range(5)] == [Unanswered()] * 5
    asking.ask(Granted, "/v1/claims", VOUCHER, answers.put, within_s=30)
    assert answers.get(timeout=1) == Unanswered()


def test_the_answer_to_another_claim_grants_nothing(terminal: Terminal, line: FaultyLine) -> None:
    claims = StoreClaims(Line(identity_of(terminal, line.url), ServiceClock()))
    claims.start()
    answers: queue.Queue[ClaimAnswer] = queue.Queue()
    try:
        claims.claim(ClaimKind.VOUCHER, "VCH-A", "s1", answers.put)
        assert answers.get(timeout=20).verdict is Verdict.GRANTED
        line.percent, line.faults = 100, ("stale",)
        claims.claim(ClaimKind.VOUCHER, "VCH-B", "s1", answers.put)
        assert answers.get(timeout=20).verdict is Verdict.AWAY
    finally:
        claims.stop()
