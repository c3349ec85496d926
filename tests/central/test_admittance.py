"""Who gets in: signatures, replays, clocks, revoked keys; and what is sent wrongly. Nothing of it is stored, and it is seen."""

from __future__ import annotations

import gzip
import json
import secrets
import socket
from typing import Any

import pytest
from service import Service, Terminal, until

from sync.central import keys
from sync.identity import Identity
from sync.line import Line, ProblemError, ServiceClock
from sync.protocol.feeds import FeedList
from sync.protocol.journal import JournalBatch
from sync.protocol.wire import SENT_MOST_BYTES, packed


def batch(terminal: Terminal) -> bytes:
    terminal.sell(2)
    whole = JournalBatch(
        terminal_id=terminal.terminal_id, journal_id=terminal.journal_id, entries=tuple(terminal.entries)
    )
    return whole.model_dump_json().encode()


def sent(terminal: Terminal) -> tuple[dict[str, str], bytes]:
    """A good request, signed, not sent yet."""
    body = packed(batch(terminal))
    headers = {"content-type": "application/json", "content-encoding": "gzip", "tern-class": "live"}
    return terminal.signed("POST", "/v1/journal", headers, body), body


def test_a_request_made_again_is_refused_and_seen(service: Service, terminal: Terminal) -> None:
    headers, body = sent(terminal)
    assert service.ask("POST", "/v1/journal", headers, body).status == 200
    again = service.ask("POST", "/v1/journal", headers, body)
    assert (again.status, again.problem) == (409, "replay")
    assert service.count("entry") == 2
    until(lambda: service.alerts() == ["refused"])
    asked = terminal.signed("GET", "/v1/journal", {})
    assert service.ask("GET", "/v1/journal", asked).status == 200
    assert service.ask("GET", "/v1/journal", asked).problem == "replay"


def test_a_changed_request_is_refused_and_seen(service: Service, terminal: Terminal) -> None:
    headers, body = sent(terminal)
    assert service.ask("POST", "/v1/telemetry", headers, body).problem == "bad-signature"
    assert service.ask("POST", "/v1/journal?x=1", headers, body).problem == "bad-signature"
    assert service.ask("POST", "/v1/journal", {**headers, "tern-class": "backlog"}, body).problem == "bad-signature"
    assert service.ask("POST", "/v1/journal", headers, body[:-1] + b"x").problem == "bad-digest"
    assert (
        service.ask("POST", "/v1/journal", {**headers, "tern-clock": "2026-11-21T10:00:00Z"}, body).problem
        == "unsigned"
    )
    assert service.ask("POST", "/v1/journal", body=body).problem == "unsigned"
    assert service.count("entry") == service.count("nonce") == 0
    until(lambda: service.alerts() == ["refused"])


def test_another_terminals_name_does_not_open_its_books(service: Service, terminal: Terminal) -> None:
    other = Terminal(service, "T2").known()
    other.terminal_id, other.key_id = "T1", terminal.key_id
    other.sell(1)
    assert other.send().problem == "bad-signature"
    other.key_id = "0" * 16
    assert other.send().problem == "unknown-key"
    assert service.count("entry") == 0


def test_a_revoked_terminal_is_refused_and_seen_and_may_be_enrolled_anew(service: Service, terminal: Terminal) -> None:
    terminal.sell(1)
    assert terminal.send().status == 200
    service.database.write(lambda connection: keys.revoke(connection, "T1", service.settings.now_s()))
    terminal.sell(1)
    reply = terminal.send()
    assert (reply.status, reply.problem) == (403, "revoked")
    assert terminal.get("/v1/feeds").problem == "revoked"
    assert service.count("entry") == 1
    until(lambda: service.alerts() == ["refused"])


def test_a_wrong_clock_is_told_the_time_and_never_locked_out(service: Service, terminal: Terminal) -> None:
    terminal.sell(1)
    now_s = service.settings.now_s()
    for off_s in (-86_400, 86_400, -301, 302):
        reply = terminal.send(created_s=now_s + off_s)
        assert (reply.status, reply.problem) == (401, "clock")
        assert reply.json["service_time"][:13] == keys.iso(now_s)[:13]
        assert reply.headers["date"]
    reply = terminal.send(headers={"tern-clock": "2020-01-01T00:00:00+00:00"})
    assert reply.status == 200
    assert service.alerts() == ["clock-skew"]
    (skew_ms,) = service.rows("SELECT skew_ms FROM terminal")[0]
    assert skew_ms < -5 * 365 * 86_400_000


@pytest.mark.parametrize(
    ("content", "gzipped", "status", "problem"),
    [
        (b"", True, 400, "malformed"),
        (b"{", True, 400, "malformed"),
        (b"[]", False, 400, "malformed"),
        (b"\xff\xfe", True, 400, "malformed"),
        (b'{"terminal_id":"T1"}', True, 422, "malformed"),
        (b'{"terminal_id":"T1","journal_id":"J","entries":[]}', True, 422, "malformed"),
        (b'{"terminal_id":"T1","journal_id":"J","entries":[{"seq":"1"}]}', False, 422, "malformed"),
        (b"[" * 200_000, True, 400, "malformed"),
        (bytes(20_000_000), True, 413, "too-large"),
        (b"{" + b" " * (SENT_MOST_BYTES + 1), False, 413, "too-large"),
    ],
    ids=["empty", "cut", "list", "no-text", "incomplete", "no-entries", "wrong-type", "deep", "bomb", "huge"],
)
def test_what_is_no_batch_is_a_problem_and_nothing_is_kept(  # noqa: PLR0917 - one case a row
    service: Service, terminal: Terminal, content: bytes, gzipped: bool, status: int, problem: str
) -> None:
    reply = terminal.post("/v1/journal", content, gzipped=gzipped)
    assert (reply.status, reply.problem) == (status, problem)
    assert reply.headers["content-type"] == "application/problem+json"
    assert service.count("entry") == service.count("journal") == service.count("nonce") == 0


def test_what_only_says_that_it_is_gzip_is_refused(service: Service, terminal: Terminal) -> None:
    for body in (b"{}", gzip.compress(b"{}") * 2, gzip.compress(b"{}")[:-2]):
        assert terminal.ask("POST", "/v1/journal", {"content-encoding": "gzip"}, body).problem == "malformed"
    assert terminal.ask("POST", "/v1/journal", {"content-encoding": "br"}, b"{}").status == 415


def test_a_body_that_lies_about_its_length_hurts_nobody(service: Service, terminal: Terminal) -> None:
    headers, body = sent(terminal)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as line:
        line.sendall(f"POST /v1/journal HTTP/1.1\r\n{lines}content-length: {len(body) + 500}\r\n\r\n".encode() + body)
    short = (
        f"POST /v1/journal HTTP/1.1\r\n{lines}content-length: {len(body) - 5}\r\nconnection: close\r\n\r\n".encode()
        + body
    )
    assert b"urn:tern:problem:bad-digest" in service.say(short)
    assert service.count("entry") == 0
    assert service.ask("POST", "/v1/journal", headers, body).status == 200


@pytest.mark.parametrize(
    ("method", "target", "status", "problem"),
    [
        ("GET", "/", 404, "not-found"),
        ("GET", "/v1/nothing", 404, "not-found"),
        ("DELETE", "/v1/journal", 405, "method"),
        ("GET", "/v1/journal/%00", 422, "malformed"),
        ("GET", "/v1/feeds/nothing", 422, "malformed"),
        ("GET", "/v1/feeds/prices?after=-1", 422, "malformed"),
        ("GET", "/v1/feeds/prices?after=99999999999999999999999", 422, "malformed"),
        ("GET", "/v1/feeds/prices?limit=100000", 422, "malformed"),
        ("GET", "/v1/commands?wait_s=3600", 422, "malformed"),
        ("GET", "/v1/journal/none", 404, "not-found"),
        ("GET", "/v1/feeds/prices", 404, "not-found"),
    ],
)
def test_every_wrong_address_is_a_problem_document(  # noqa: PLR0917 - one case a row
    service: Service, terminal: Terminal, method: str, target: str, status: int, problem: str
) -> None:
    reply = terminal.ask(method, target, {})
    assert (reply.status, reply.problem) == (status, problem)


@pytest.mark.parametrize(
    "headers",
    [{"tern-protocol": "2"}, {"tern-class": "first"}, {"tern-deadline-ms": "soon"}, {"tern-deadline-ms": "-1"}],
)
def test_headers_that_are_not_understood_are_refused(
    service: Service, terminal: Terminal, headers: dict[str, str]
) -> None:
    assert terminal.get("/v1/feeds", headers=headers).status == 400


def test_a_request_whose_deadline_has_passed_is_not_worked_on(service: Service, terminal: Terminal) -> None:
    """As for one that waited: here the deadline is over when it arrives, and every worker is busy."""
    desk: Any = service.app.state.desk
    desk.door.admission.busy += desk.door.admission.workers
    try:
        terminal.sell(1)
        reply = terminal.send(headers={"tern-deadline-ms": "0", "tern-class": "live"})
        assert (reply.status, reply.problem) == (504, "expired")
        reply = terminal.send(headers={"tern-deadline-ms": "30000", "tern-class": "live"})
        assert (reply.status, reply.problem) == (503, "busy")
        assert int(reply.headers["retry-after"]) in (1, 2), "whole seconds are all that RFC 9110 allows"
        assert 500 <= reply.json["retry_after_ms"] <= 1_000 * int(reply.headers["retry-after"])
    finally:
        desk.door.admission.busy -= desk.door.admission.workers
    assert service.count("entry") == 0
    assert terminal.send().status == 200


def test_a_terminal_comes_again_at_its_own_slot_and_not_at_the_whole_second(
    service: Service, terminal: Terminal
) -> None:
    identity = Identity(f"http://127.0.0.1:{service.port}", "T1", "S1", terminal.key_id, "", terminal.key)
    line = Line(identity, ServiceClock())
    desk: Any = service.app.state.desk
    desk.door.admission.busy += desk.door.admission.workers
    try:
        asked: list[int | None] = []
        for _ in range(3):
            with pytest.raises(ProblemError) as busy:
                line.ask(FeedList, "GET", "/v1/feeds", within_s=5)
            asked.append(busy.value.retry_after_ms)
    finally:
        desk.door.admission.busy -= desk.door.admission.workers
        line.close()
    assert all(one is not None and 500 <= one < 2_000 for one in asked)
    assert any(one is not None and one % 1_000 for one in asked), "the slot was rounded away"


def test_nonces_are_forgotten_when_no_request_can_carry_them(service: Service, terminal: Terminal) -> None:
    terminal.sell(1)
    assert terminal.send().status == 200
    assert service.count("nonce") == 1
    service.database.write(lambda connection: keys.forget_old_nonces(connection, service.settings.now_s() + 500))
    assert service.count("nonce") == 1
    service.database.write(lambda connection: keys.forget_old_nonces(connection, service.settings.now_s() + 700))
    assert service.count("nonce") == 0


def test_a_hostile_key_id_is_no_sql(service: Service, terminal: Terminal) -> None:
    terminal.key_id = "x"
    headers = terminal.signed("GET", "/v1/feeds", {})
    hostile = headers["signature-input"].replace('keyid="T1/x"', f"keyid=\"T1/x' OR '1'='1{secrets.token_hex(2)}\"")
    assert service.ask("GET", "/v1/feeds", {**headers, "signature-input": hostile}).problem == "unsigned"
    assert json.dumps(service.alerts()) == "[]"
