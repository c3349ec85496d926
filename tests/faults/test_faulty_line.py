"""What a line does to requests and answers, seen by a terminal's own client; the far side is a small server that counts."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator

import pytest

from sync.exchange import Exchange, LineError, Reply
from sync.faults.faulty import FAULTS, FaultyLine
from sync.line import ProblemError, _read
from sync.protocol.reports import Accepted

_BODY = b'{"new":1}'
_NEVER_ARRIVES = ("drop", "500", "503", "429", "garbage", "portal", "redirect", "flood")
_ARRIVES_WHOLE = ("deafen", "delay", "cut-answer", "longer", "shorter", "stale", "trickle", "hang")


class Counting(http.server.ThreadingHTTPServer):
    """Answers every whole request, and keeps its body."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """A line that is cut is what this is about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        body = self.rfile.read(size)
        if len(body) < size:
            self.close_connection = True
            return
        assert isinstance(self.server, Counting)
        self.server.bodies.append(body)
        self.send_response(200)
        self.send_header("content-length", str(len(_BODY)))
        self.end_headers()
        self.wfile.write(_BODY)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Counting]:
    made = Counting()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def line(server: Counting) -> Iterator[FaultyLine]:
    made = FaultyLine(server.server_port, seed=1)
    made.start()
    yield made
    made.close()


@pytest.fixture
def exchange(line: FaultyLine) -> Iterator[Exchange]:
    made = Exchange(line.url, None)
    yield made
    made.close()


def sent(exchange: Exchange, body: bytes = b"a request with a body", within_s: float = 5.0) -> Reply:
    return exchange.send("POST", "/v1/x", {"content-type": "text/plain"}, body, within_s=within_s)


def is_taken(exchange: Exchange) -> bool:
    """Whether the terminal would believe that its request was taken."""
    try:
        return _read(Accepted, sent(exchange)).new == 1
    except (LineError, ProblemError):
        return False


def until(is_so: object, most_s: float = 5.0) -> None:
    end = time.monotonic() + most_s
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_makes_a_terminal_believe_what_the_service_never_said(
    server: Counting, line: FaultyLine, exchange: Exchange, fault: str
) -> None:
    line.percent, line.faults = 100, (fault,)
    for _ in range(8 if fault in ("garbage", "429") else 1):
        assert not is_taken(exchange) or server.bodies
    assert line.happened[fault] >= 1
    line.mend()
    assert is_taken(exchange), "the line is whole, and the next request is answered"


@pytest.mark.parametrize("fault", _NEVER_ARRIVES)
def test_what_never_arrives_is_not_taken_for_sent(
    server: Counting, line: FaultyLine, exchange: Exchange, fault: str
) -> None:
    line.percent, line.faults = 100, (fault,)
    assert not is_taken(exchange)
    assert server.bodies == []


@pytest.mark.parametrize("fault", _ARRIVES_WHOLE)
def test_what_goes_wrong_with_the_answer_leaves_the_request_whole(
    server: Counting, line: FaultyLine, exchange: Exchange, fault: str
) -> None:
    line.percent, line.faults = 100, (fault,)
    is_taken(exchange)
    assert server.bodies == [b"a request with a body"]


@pytest.mark.parametrize("fault", ["cut-request", "longer-request"])
def test_half_a_request_is_none(server: Counting, line: FaultyLine, exchange: Exchange, fault: str) -> None:
    line.percent, line.faults = 100, (fault,)
    assert not is_taken(exchange)
    assert server.bodies == []


def test_a_request_that_says_it_is_shorter_arrives_shorter(
    server: Counting, line: FaultyLine, exchange: Exchange
) -> None:
    line.percent, line.faults = 100, ("shorter-request",)
    is_taken(exchange)
    until(lambda: server.bodies == [b"a request "])


def test_a_doubled_request_arrives_twice(server: Counting, line: FaultyLine, exchange: Exchange) -> None:
    line.percent, line.faults = 100, ("twice",)
    assert is_taken(exchange)
    assert server.bodies == [b"a request with a body"] * 2


def test_a_late_request_arrives_behind_the_next(server: Counting, line: FaultyLine, exchange: Exchange) -> None:
    line.percent, line.faults = 100, ("late",)
    with pytest.raises(LineError):
        sent(exchange, b"first")
    line.mend()
    assert sent(exchange, b"second").status == 200
    until(lambda: server.bodies == [b"second", b"first"])


def test_a_trickling_answer_is_given_up_in_time(line: FaultyLine, exchange: Exchange) -> None:
    line.percent, line.faults = 100, ("trickle",)
    with pytest.raises(LineError, match="too long"):
        sent(exchange, within_s=0.15)


def test_what_happens_is_the_same_for_the_same_seed(server: Counting) -> None:
    happened = []
    for _ in range(2):
        line = FaultyLine(server.server_port, seed=5, percent=50, faults=("drop", "500", "late"))
        exchange = Exchange(line.start(), None)
        for _ in range(30):
            is_taken(exchange)
        exchange.close()
        line.close()
        happened.append(dict(line.happened))
    assert happened[0] == happened[1]
