"""`kiosk simulate --faults network`: a few plays on the real code, and that its proofs can fail."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from kiosk.storage.boot import open_books
from sync.faults.message import Message
from sync.identity import enrol
from sync.line import Line, ServiceClock
from sync.uplink import Uplink
from tests.e2e.central_ends import Central, sold, until
from tests.e2e.command import KIOSK, PROJECT, clean_environment, kiosk, one_plain_line
from ui.simulation import proof
from ui.simulation.children import BrokenError, Child
from ui.simulation.schedule import schedule
from ui.simulation.witness import Witness

COUNT = 40


@pytest.mark.parametrize(("seed", "line"), [(70, "plain http, with every fault of requests"), (127, "TLS")])
def test_a_play_on_the_line_breaks_nothing(seed: int, line: str) -> None:
    """Both ends are killed in both."""
    command = [*KIOSK, "simulate", "--faults", "network", "--from", str(seed), "--seeds", "1", "--json"]
    done = subprocess.run(
        command, cwd=PROJECT, env=clean_environment(), capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["seed"], told["ok"], told["kills"]) == (seed, True, 2)
    assert told["entries"] > 50
    assert told["empty_s"] <= 30


def test_a_play_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {**clean_environment(), "TMPDIR": str(tmp_path)}
    command = [*KIOSK, "simulate", "--faults", "network", "--seeds", "1"]
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as playing:
        until(lambda: any(tmp_path.glob("*/log.txt")))
        playing.send_signal(signal.SIGTERM)
        assert playing.wait(30) == 130
    assert list(tmp_path.iterdir()) == []
    until(lambda: not ends_of(tmp_path))


def test_ends_whose_player_is_killed_end_too(tmp_path: Path) -> None:
    environment = {**clean_environment(), "TMPDIR": str(tmp_path)}
    command = [*KIOSK, "simulate", "--faults", "network", "--seeds", "1"]
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as playing:
        until(lambda: bool(ends_of(tmp_path)))
        playing.kill()
    until(lambda: not ends_of(tmp_path))


def ends_of(directory: Path) -> list[str]:
    """The processes that work in `directory`."""
    found = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in found if "ui.simulation." in line and str(directory) in line]


def test_what_shall_fail_has_to_be_said() -> None:
    assert "--faults network" in one_plain_line(kiosk("simulate", "--seeds", "3"))


@pytest.mark.parametrize("seeds", ["-1", "x", "99999999", "1e3", ""])
def test_a_number_that_is_none_is_refused_in_words(seeds: str) -> None:
    assert "simulate" in one_plain_line(kiosk("simulate", "--faults", "network", f"--seeds={seeds}"))


def test_a_seed_is_always_the_same_play_and_no_two_are_alike() -> None:
    plays = [schedule(seed) for seed in range(200)]
    assert plays == [schedule(seed) for seed in range(200)]
    assert len({play.steps for play in plays}) == 200
    assert {step.action for play in plays for step in play.steps} >= {"cut", "hold", "forget", "kill-both", "order"}
    assert {play.is_secret for play in plays} == {play.is_brisk for play in plays} == {True, False}


# --- a proof that cannot fail is worth nothing


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[proof.Row]]:
    """The store of a service that took in what a terminal wrote."""
    directory = tmp_path_factory.mktemp("real")
    central = Central(directory / "central")
    books = open_books(directory / "books", "T1")
    uplink = Uplink(
        books.journal,
        Line(enrol(books.directory, f"http://127.0.0.1:{central.port}", central.code(), "T1"), ServiceClock()),
    )
    uplink.start()
    sold(books, COUNT)
    until(lambda: books.journal.mark().seq == books.journal.head()[0] >= COUNT)
    found = books.journal.stored(after_seq=0, limit=1_000)
    rows = [
        proof.Row(e.journal_id, e.seq, e.at, e.clock_ms, e.kind, e.subject, e.body, e.prev, e.digest) for e in found
    ]
    uplink.stop()
    books.close()
    store = directory / "central" / "central.db"
    until(lambda: _is_projected(store))
    central.stop()
    return store, rows


def _is_projected(store: Path) -> bool:
    with proof.opened(store) as connection:
        return connection.execute("SELECT count(*) FROM journal WHERE projected_seq < seq").fetchone() == (0,)


@pytest.fixture
def store(real: tuple[Path, list[proof.Row]], tmp_path: Path) -> Path:
    return Path(shutil.copyfile(real[0], tmp_path / "central.db"))


def proven(store: Path, rows: list[proof.Row]) -> None:
    with proof.opened(store) as connection:
        proof.keeps_its_word(connection, {rows[-1].journal_id: (rows[-1].seq, rows[-1].hash)})
        proof.holds_all(connection, "T1", rows)
        proof.projects_each_once(connection, rows)
        proof.orders_done_once(connection, rows, [])
        proof.is_quiet_and_small(connection, store, requests=1_000)


def test_a_store_that_is_right_is_found_right(store: Path, real: tuple[Path, list[proof.Row]]) -> None:
    proven(store, real[1])


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("DELETE FROM entry WHERE seq = 7", "entries of"),
        ("DELETE FROM entry WHERE seq > 20", "entries of"),
        ("UPDATE entry SET body = replace(body, 'sale_id', 'sale_ib') WHERE seq = 9", "entry 9 is another one"),
        ("UPDATE entry SET at = '2020' WHERE seq = 9", "entry 9 is another one"),
        (
            "INSERT INTO entry SELECT terminal_id, 'other', seq, at, clock_ms, kind, subject, body, prev, hash FROM entry",
            "store",
        ),
        ("UPDATE journal SET seq = seq - 1", "the head is"),
        ("UPDATE journal SET projected_seq = 0", "the head is"),
        ("INSERT INTO sale VALUES ('T1','x','S1','j',1,'a','d',1,1,'EUR',1,'n','completed')", "sales of"),
        ("INSERT INTO alert VALUES ('T1','fork','x','S1','d',1,1,1,NULL,NULL)", "people are told"),
        (
            "INSERT INTO command VALUES ('T1','c-1','S1','message','{}','','x',1,1,NULL,'open',NULL,NULL)",
            "order c-1 is open",
        ),
    ],
)
def test_a_store_that_is_wrong_is_found_out(
    store: Path, real: tuple[Path, list[proof.Row]], harm: str, words: str
) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute(harm)
    connection.close()
    with pytest.raises(BrokenError, match=words):
        proven(store, real[1])


def test_a_chain_that_was_written_anew_is_found_out(store: Path, real: tuple[Path, list[proof.Row]]) -> None:
    """Both ends agree, and yet it is no chain."""
    row = real[1][8]
    forged = [*real[1]]
    forged[8] = proof.Row(
        row.journal_id, row.seq, row.at, row.clock_ms + 1, row.kind, row.subject, row.body, row.prev, row.hash
    )
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE entry SET clock_ms = clock_ms + 1 WHERE seq = 9")
    connection.close()
    with pytest.raises(BrokenError, match="chain breaks at entry 9"):
        proven(store, forged)


def test_more_nonces_than_requests_are_found_out(store: Path) -> None:
    with proof.opened(store) as connection, pytest.raises(BrokenError, match="nonces"):
        proof.is_quiet_and_small(connection, store, requests=0)


def asked(nonce: str, path: str = "/v1/state", method: str = "PUT") -> Message:
    return Message(f'{method} {path} HTTP/1.1\r\nsignature-input: tern=();nonce="{nonce}"\r\n\r\n'.encode(), b"")


def answered(status: int, body: bytes = b"{}") -> Message:
    return Message(b"HTTP/1.1 %d Word\r\n\r\n" % status, body)


def test_a_request_that_is_accepted_twice_is_seen() -> None:
    witness = Witness()
    for nonce, status in (("a", 200), ("b", 200), ("b", 409), ("c", 503), ("c", 200)):
        witness.watch(asked(nonce), answered(status))
    assert witness.taken_twice == 0
    witness.watch(asked("a"), answered(200))
    assert witness.taken_twice == 1


def test_the_furthest_promise_counts() -> None:
    witness = Witness()
    for seq in (3, 9, 5):
        promise = {"journal_id": "j", "seq": seq, "hash": f"h{seq}", "new": 1}
        witness.watch(asked(f"n{seq}", "/v1/journal", "POST"), answered(200, json.dumps(promise).encode()))
    assert witness.promised == {"j": (9, "h9")}


def test_an_end_that_cannot_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenError, match="ended by itself before it said 'ready'"):
        Child("terminal", (str(tmp_path / "books"), "1", "1"), tmp_path / "log.txt")
    assert "is not enrolled" in (tmp_path / "log.txt").read_text()


def test_an_end_that_ended_by_itself_is_told(tmp_path: Path) -> None:
    books = open_books(tmp_path / "books", "T1")
    books.close()
    central = Central(tmp_path / "central")
    enrol(tmp_path / "books", f"http://127.0.0.1:{central.port}", central.code(), "T1")
    child = Child("terminal", (str(tmp_path / "books"), "1", "1"), tmp_path / "log.txt")
    child.say("rest")
    child.wait_for("empty", 20)
    child.say("end")
    with pytest.raises(BrokenError, match="ended by itself"):
        child.wait_for("nothing", 20)
    child.discard()
    central.stop()
