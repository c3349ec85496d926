"""A request that only reads is answered once as well, also when a process has begun anew or had to forget."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from service import Service, Terminal, sqlite_url, until

from sync.central import seen_here
from sync.central.errors import Refusal
from sync.central.seen_here import SeenHere
from sync.protocol.problems import ProblemType
from sync.signing import Signed


def signed(nonce: str, created_s: int) -> Signed:
    return Signed("T1", "k", created_s, created_s + 300, nonce)


def refusal(seen: SeenHere, what: Signed, now_s: float = 1_000) -> ProblemType | None:
    try:
        seen.use_once(what, now_s)
    except Refusal as error:
        return error.kind
    return None


def test_a_request_made_again_is_refused() -> None:
    seen = SeenHere(900)
    assert refusal(seen, signed("a", 950)) is None
    assert refusal(seen, signed("a", 950)) is ProblemType.REPLAY
    assert refusal(seen, signed("b", 950)) is None


def test_what_was_signed_before_the_process_began_has_to_be_signed_again() -> None:
    assert refusal(SeenHere(900.7), signed("a", 899)) is ProblemType.CLOCK
    assert refusal(SeenHere(900.7), signed("a", 900)) is None


def test_what_had_to_be_forgotten_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_here, "MOST", 3)
    seen = SeenHere(900)
    for second in range(910, 914):
        assert refusal(seen, signed(f"n{second}", second)) is None
    assert refusal(seen, signed("n910", 910)) is ProblemType.CLOCK
    assert refusal(seen, signed("n911", 911)) is ProblemType.REPLAY
    assert refusal(seen, signed("late", 911)) is None


def test_a_terminal_that_is_ahead_of_time_shuts_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_here, "MOST", 1)
    seen = SeenHere(900)
    for number in range(3):
        assert refusal(seen, signed(f"ahead{number}", 1_290)) is None
    assert refusal(seen, signed("now", 1_000)) is None


def test_a_request_that_reads_is_answered_once_across_a_restart(tmp_path: Path) -> None:
    """Made again at a service that began anew, it is to be signed again; and signed again it is answered."""
    first = Service(sqlite_url(tmp_path))
    terminal = Terminal(first).known()
    made_s = int(time.time())
    headers = terminal.signed("GET", "/v1/journal", {}, created_s=made_s)
    assert first.ask("GET", "/v1/journal", headers).status == 200
    first.stop()
    until(lambda: time.time() >= made_s + 1)
    second = Service(sqlite_url(tmp_path))
    reply = second.ask("GET", "/v1/journal", {**headers, "host": f"127.0.0.1:{first.port}"})
    assert (reply.status, reply.problem, bool(reply.json["service_time"])) == (401, "clock", True)
    second.stop()
