"""What comes down to terminals: feeds in pages and deltas, commands by long poll; and how a terminal is enrolled."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from service import AT, Reply, Service, Terminal, sqlite_url, until

from sync.central import commands, enrolment, feeds
from sync.central.authority import tls_files
from sync.central.commands import NewCommand
from sync.protocol.commands import CommandKind
from sync.protocol.enrolment import split_code
from sync.protocol.feed_rows import PriceRow, feed_row
from sync.protocol.feeds import FeedName, FeedPage, FeedRow, rows_checksum


def publish(
    service: Service, prices: dict[int, int], *, version: str = "v1", whole: bool = True, store: str = "S1"
) -> int:
    wanted = [feed_row(PriceRow(number=number, price_minor=price)) for number, price in prices.items()]
    return service.database.write(
        lambda connection: feeds.publish(connection, store, FeedName.PRICES, wanted, version=version, whole=whole)
    )


class Follower:
    """Follows one feed as a terminal does, page by page."""

    def __init__(self, terminal: Terminal, limit: int = 2) -> None:
        self._terminal, self._limit = terminal, limit
        self.epoch, self.cursor, self.rows, self.pages = "", 0, dict[str, str | None](), 0
        self.version = ""

    def follow(self) -> dict[int, int]:
        while not self.page().done:
            pass
        return {int(key): json.loads(body)["price_minor"] for key, body in self.rows.items() if body is not None}

    def page(self) -> FeedPage:
        target = f"/v1/feeds/prices?epoch={self.epoch}&after={self.cursor}&limit={self._limit}"
        found = FeedPage.model_validate_json(json.dumps(self._terminal.get(target).json))
        checksum = rows_checksum(
            found.store_id, found.name, found.epoch, after=found.after, cursor=found.cursor, rows=found.rows
        )
        assert found.checksum == checksum
        if found.epoch != self.epoch:
            self.rows.clear()
        self.rows.update({row.key: row.body for row in found.rows})
        self.epoch, self.cursor, self.version = found.epoch, found.cursor, found.version
        self.pages += 1
        if found.done:
            assert found.count == sum(body is not None for body in self.rows.values())
        return found


def test_a_feed_comes_in_pages_and_then_only_what_changed(service: Service, terminal: Terminal) -> None:
    first = {number: 100 + number for number in range(1, 8)}
    assert publish(service, first) == 7
    follower = Follower(terminal)
    assert follower.follow() == first
    assert follower.pages == 4
    second = {**first, 3: 999, 9: 50}
    del second[5]
    assert publish(service, second, version="v2") == 3
    follower.pages = 0
    assert follower.follow() == second
    assert (follower.pages, follower.version) == (2, "v2")
    assert publish(service, second, version="v2") == 0
    assert publish(service, {3: 5}, version="v3", whole=False) == 1
    assert follower.follow() == {**second, 3: 5}


def test_a_feed_that_changes_while_it_is_read_is_whole_at_the_end(service: Service, terminal: Terminal) -> None:
    publish(service, dict.fromkeys(range(1, 6), 1))
    follower = Follower(terminal)
    follower.page()
    publish(service, {1: 2, 2: 1, 4: 1, 5: 1, 6: 6})
    assert follower.follow() == {1: 2, 2: 1, 4: 1, 5: 1, 6: 6}


def test_a_new_epoch_is_fetched_anew(service: Service, terminal: Terminal) -> None:
    publish(service, {1: 1, 2: 2})
    follower = Follower(terminal)
    follower.follow()
    publish(service, {2: 2})
    service.database.write(lambda connection: feeds.begin_epoch(connection, "S1", FeedName.PRICES))
    assert follower.follow() == {2: 2}
    assert list(follower.rows) == [f"{2:014d}"]


def test_what_was_taken_away_is_forgotten_when_it_is_most_of_a_feed(service: Service, terminal: Terminal) -> None:
    follower = Follower(terminal, limit=5000)
    publish(service, dict.fromkeys(range(1, feeds.FEWEST_DEAD + 3), 1))
    follower.follow()
    publish(service, {1: 1, 2: 2})
    assert follower.follow() == {1: 1, 2: 2}
    assert service.count("feed_row") == feeds.FEWEST_DEAD + 2
    publish(service, {2: 2})
    assert follower.follow() == {2: 2}
    assert service.count("feed_row") == 1


def test_a_store_has_its_own_feed_or_the_one_for_every_store(service: Service, terminal: Terminal) -> None:
    publish(service, {1: 100}, store=feeds.EVERY_STORE)
    assert Follower(terminal).follow() == {1: 100}
    publish(service, {1: 90}, store="S1")
    publish(service, {1: 1}, store="S2")
    assert Follower(terminal).follow() == {1: 90}
    listed = terminal.get("/v1/feeds").json
    assert [(feed["name"], feed["count"]) for feed in listed["feeds"]] == [("prices", 1)]


def test_a_row_may_hold_anything_that_is_text(service: Service, terminal: Terminal) -> None:
    body = '{"values":{"":"tab \\t back \\\\ line \\n nul \\u0000 ende"}}'
    service.database.write(
        lambda connection: feeds.publish(
            connection, "S1", FeedName.CONTENT, [FeedRow(key="a", body=body)], version="1", whole=True
        )
    )
    assert terminal.get("/v1/feeds/content").json["rows"] == [{"key": "a", "body": body}]


def test_an_answer_does_not_wait_for_the_other_end_to_acknowledge_its_head(service: Service) -> None:
    """asyncio turns Nagle's algorithm off for sockets that name their protocol, and for no others: 40 ms an answer."""
    seen: list[int] = []
    with socket.create_connection(("127.0.0.1", service.port)) as line:
        line.sendall(b"GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n")
        line.recv(100)
        ours = line.getsockname()
        for held in _sockets_of_this_process():
            with contextlib.suppress(OSError):
                if held.getpeername() == ours:
                    seen.append(held.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    assert seen == [1]


def _sockets_of_this_process() -> Iterator[socket.socket]:
    for number in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(number.name))) as held:
            yield held


def issue(service: Service, kind: CommandKind = CommandKind.MESSAGE, **more: Any) -> str:
    new = NewCommand("T1", "S1", kind, more.pop("body", {"text": "hello"}), "anna", more.pop("within_s", 60), **more)
    return service.database.write(lambda connection: commands.issue(connection, new, service.settings.now_s()))


def result(status: str = "done", **more: Any) -> bytes:
    return json.dumps({"status": status, "at": AT, **more}).encode()


def test_a_command_reaches_a_terminal_that_waits_for_one(service: Service, terminal: Terminal) -> None:
    replies: list[Reply] = []
    waiting = threading.Thread(target=lambda: replies.append(terminal.get("/v1/commands?wait_s=20")))
    began = time.monotonic()
    waiting.start()
    command_id = issue(service, CommandKind.APPROVE, body={"request_id": "r1"}, bound_to="basket-hash")
    waiting.join(20)
    assert time.monotonic() - began < 15
    (command,) = replies[0].json["commands"]
    assert (command["id"], command["kind"], command["bound_to"]) == (command_id, "approve", "basket-hash")
    assert command["body"] == {"request_id": "r1"}
    assert 0 < command["expires_in_ms"] <= 60_000


def test_a_service_that_ends_answers_who_still_waits(service: Service, terminal: Terminal) -> None:
    replies: list[Reply] = []
    waiting = threading.Thread(target=lambda: replies.append(terminal.get("/v1/commands?wait_s=20")))
    waiting.start()
    until(lambda: service.app.state.polls.waiting == 1)
    service.stop()
    waiting.join(20)
    assert [(reply.status, reply.json) for reply in replies] == [(200, {"commands": []})]


def test_a_command_is_given_until_it_is_answered_and_answered_once(service: Service, terminal: Terminal) -> None:
    command_id = issue(service)
    for _ in range(2):
        assert [one["id"] for one in terminal.get("/v1/commands").json["commands"]] == [command_id]
    target = f"/v1/commands/{command_id}/result"
    assert terminal.post(target, result(), gzipped=False).json == {"new": 1}
    assert terminal.post(target, result()).json == {"new": 0}
    assert terminal.post(target, result("failed")).problem == "answered"
    assert terminal.get("/v1/commands").json == {"commands": []}
    acts = [what for (what,) in service.rows("SELECT what FROM audit ORDER BY audit_id")]
    assert acts == ["command.message", "answer.message"]


def test_a_command_is_nobody_elses_and_not_given_too_late(service: Service, terminal: Terminal) -> None:
    other = Terminal(service, "T2").known()
    command_id = issue(service)
    assert other.get("/v1/commands").json == {"commands": []}
    assert other.post(f"/v1/commands/{command_id}/result", result()).problem == "not-found"
    assert terminal.get("/v1/commands?wait_s=1").json["commands"]
    service.offset_s += 61
    assert terminal.get("/v1/commands?wait_s=1").json == {"commands": []}


@pytest.fixture
def tls_service(tmp_path: Path) -> Iterator[Service]:
    tls = tls_files(tmp_path / "tls", ["127.0.0.1", "localhost"], datetime.now(UTC))
    running = Service(sqlite_url(tmp_path), tls, tls.ca.read_text())
    yield running
    running.stop()


def code_for(service: Service, terminal_id: str = "T1") -> str:
    return service.database.write(
        lambda connection: enrolment.make_code(
            connection, terminal_id, "S1", who="anna", now_s=service.settings.now_s()
        )
    )


def test_a_terminal_is_enrolled_with_a_code_and_knows_whom_to_trust(tls_service: Service) -> None:
    offered = tls_service.ask("GET", "/v1/enrolment").json["ca_pem"]
    terminal = Terminal(tls_service)
    code = code_for(tls_service)
    answer = terminal.enrol(code, offered)
    assert (answer.terminal_id, answer.store_id, answer.ca_pem) == ("T1", "S1", offered)
    terminal.sell(2)
    assert terminal.send().status == 200
    again = terminal.enrolment(code, offered).model_dump_json().encode()
    assert tls_service.ask("POST", "/v1/enrolment", body=again).problem == "pairing"


def test_enrolling_again_takes_the_old_key_away(tls_service: Service) -> None:
    ca_pem = tls_service.settings.ca_pem
    old, new = Terminal(tls_service), Terminal(tls_service)
    old.enrol(code_for(tls_service), ca_pem)
    new.enrol(code_for(tls_service), ca_pem)
    old.sell(1)
    new.sell(1)
    assert old.send().problem == "revoked"
    assert new.send().status == 200


def test_a_pairing_code_cannot_be_guessed_borrowed_or_kept(tls_service: Service) -> None:
    ca_pem, terminal = tls_service.settings.ca_pem, Terminal(tls_service)

    def refused(code: str, **wrong: str) -> bool:
        body = terminal.enrolment(code, wrong.pop("ca_pem", ca_pem), **wrong).model_dump_json().encode()
        return tls_service.ask("POST", "/v1/enrolment", body=body).problem == "pairing"

    code = code_for(tls_service)
    lookup, _ = split_code(code)
    assert refused(code, terminal_id="T2")
    assert refused(code, public_key="A" * 43 + "=")
    for _ in range(3):
        assert refused(f"{lookup}-0000-0000")
    assert refused(code), "after five tries it is used up"
    code = code_for(tls_service)
    tls_service.offset_s += enrolment.CODE_LIFE_S + 1
    assert refused(code), "it is too old"
    assert refused("ZZZZ-ZZZZ-ZZZZ")
    code, older = code_for(tls_service), code
    assert refused(older), "a newer one was made"
    terminal.terminal_id = "T9"
    assert refused(code), "it is for another terminal"
    assert tls_service.count("terminal") == 0


def test_someone_in_the_middle_with_his_own_authority_is_refused_and_seen(tls_service: Service, tmp_path: Path) -> None:
    foreign = tls_files(tmp_path / "foreign", ["127.0.0.1"], datetime.now(UTC)).ca.read_text()
    terminal = Terminal(tls_service)
    code = code_for(tls_service)
    body = terminal.enrolment(code, foreign).model_dump_json().encode()
    assert tls_service.ask("POST", "/v1/enrolment", body=body).problem == "pairing"
    assert tls_service.alerts() == ["other-authority"]
    body = terminal.enrolment(code, tls_service.settings.ca_pem).model_dump_json().encode()
    assert tls_service.ask("POST", "/v1/enrolment", body=body).problem == "pairing", "the code is spent"


def test_certificates_stay_and_are_made_anew_when_they_must(tmp_path: Path) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    first = tls_files(tmp_path, ["localhost"], now)
    ca, certificate = first.ca.read_bytes(), first.certificate.read_bytes()
    assert first.key.stat().st_mode & 0o077 == (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
    tls_files(tmp_path, ["localhost"], now)
    assert (first.ca.read_bytes(), first.certificate.read_bytes()) == (ca, certificate)
    tls_files(tmp_path, ["localhost", "10.0.0.5"], now)
    renamed = first.certificate.read_bytes()
    assert renamed != certificate
    tls_files(tmp_path, ["localhost"], now.replace(year=2036))
    assert first.certificate.read_bytes() != renamed
    assert first.ca.read_bytes() == ca
