"""The writer's thread: bounded, never a log without end, and alive whatever a job does."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from kiosk.ports import JournalError, JournalFullError
from kiosk.storage.database import Durability, open_reader, open_writer
from kiosk.storage.writer import IDLE_PAGES, LARGEST_WAL_BYTES, Writer

KEY = bytes(range(32))
PUT = "INSERT INTO heap VALUES (randomblob(100000))"


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "heap.db"


@pytest.fixture
def writer(path):
    connection = open_writer(path, KEY, Durability.REBUILDABLE)
    connection.execute("CREATE TABLE heap (bytes BLOB)")
    made = Writer(connection, path, capacity=5)
    yield made
    made.close()


def test_more_than_there_is_room_for_is_refused_and_what_waits_is_kept(writer):
    gate, begun = threading.Event(), threading.Event()
    writer.submit(lambda connection: (begun.set(), gate.wait(10)))
    assert begun.wait(10)
    done: list[object] = []
    for _ in range(5):
        writer.submit(lambda connection: connection.execute(PUT).rowcount, done.append)
    with pytest.raises(JournalFullError, match="disk does not keep up"):
        writer.submit(lambda connection: None)
    gate.set()
    writer.close()
    assert done == [1] * 5


def test_a_job_that_breaks_is_told_so_and_the_next_one_runs(writer):
    def break_down(connection):
        connection.execute(PUT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        writer.call(break_down)
    with pytest.raises(JournalError, match="no such table"):
        writer.call(lambda connection: connection.execute("INSERT INTO nowhere VALUES (1)"))
    assert writer.call(lambda connection: connection.execute("SELECT count(*) FROM heap").fetchone()) == (0,)


def test_what_is_told_may_break_without_harm(writer, caplog):
    def break_down(result):
        raise ZeroDivisionError

    writer.submit(lambda connection: None, break_down)
    assert writer.call(lambda connection: 7) == 7
    assert "was to happen after a write" in caplog.text


def test_the_writers_own_thread_cannot_wait_for_itself(writer):
    with pytest.raises(RuntimeError, match="wait for itself"):
        writer.call(lambda connection: writer.call(lambda inner: None))


def test_the_log_stays_bounded_under_load_and_is_emptied_when_idle(writer, path):
    log = Path(f"{path}-wal")
    largest = 0
    for _ in range(200):
        writer.call(lambda connection: connection.execute(PUT))
        largest = max(largest, log.stat().st_size)
    assert IDLE_PAGES * 4096 < largest < 2 * LARGEST_WAL_BYTES
    deadline = time.monotonic() + 30
    while path.stat().st_size < 200 * 100_000 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert path.stat().st_size > 200 * 100_000
    reader = open_reader(path, KEY)
    assert reader.execute("SELECT count(*) FROM heap").fetchone() == (200,)
    reader.close()
