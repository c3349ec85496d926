"""The process that brings the feeds down: what it shows is sold at once, and whoever kills it, or the terminal, costs nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.storage.boot import Books, open_books
from sync.faults.faulty import FaultyLine
from sync.identity import Identity, enrol
from sync.protocol.feeds import FeedName
from sync.protocol.wire import FEED_PAGE_MOST_ROWS
from tests.e2e.central_ends import Central, until
from tests.e2e.feed_ends import TERMINAL, configured
from tests.e2e.test_feeds import FIRST, article, price, put, sells, stocked
from ui.feeding import FeedProcess
from ui.measure.machine import family

ARTICLES = 5 * FEED_PAGE_MOST_ROWS
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def following(books: Books, identity: Identity) -> Iterator[FeedProcess]:
    process = FeedProcess(books, configured(), identity.url, lambda _: None)
    process.start()
    yield process
    process.stop()


def child_of(process: int) -> int:
    """The one process that it started."""
    children = [one for one in family(process) if one != process]
    return children[0] if children else 0


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_another_process_shows_is_sold_here_at_once_and_under_its_own_price_version(
    central: Central, books: Books, following: FeedProcess
) -> None:
    stocked(central)
    until(lambda: sells(books, 49) == 149)
    put(central, FeedName.PRICES, price(3, 77), version="v2")
    put(central, FeedName.CATALOGUE, article(4, "Quince"))
    until(lambda: sells(books, 3) == 77)
    found = books.catalogue.by_gtin(f"{FIRST + 3:014d}")
    assert found is not None
    assert found.price_version == "v2"
    until(lambda: [item.names["en"] for item in books.catalogue.search("quin", "en")] == ["Quince"])


def test_a_process_that_was_killed_is_started_again_and_goes_on(
    central: Central, line: FaultyLine, books: Books, following: FeedProcess
) -> None:
    stocked(central)
    until(lambda: sells(books, 49) == 149)
    first = child_of(os.getpid())
    os.kill(first, signal.SIGKILL)
    put(central, FeedName.PRICES, price(3, 77), version="v2")
    until(lambda: sells(books, 3) == 77)
    assert child_of(os.getpid()) not in (0, first)


def test_it_ends_with_the_terminal_in_the_middle_of_whatever_it_does(
    central: Central, books: Books, identity: Identity
) -> None:
    stocked(central, ARTICLES)
    process = FeedProcess(books, configured(), identity.url, lambda _: None)
    process.start()
    until(lambda: books.catalogue.readers.get().execute("SELECT 1 FROM feed_stage").fetchone() is not None)
    child = child_of(os.getpid())
    process.stop()
    assert not is_running(child)


@contextmanager
def terminal(directory: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.e2e.feed_ends", str(directory)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: Any, pattern: str) -> str:
    """The first line that it says which fits."""
    for line in process.stdout:
        if re.fullmatch(pattern, line.strip()):
            return str(line.strip())
    raise AssertionError("the terminal ended")


@pytest.mark.parametrize("at", ["catalogue", "prices"])
def test_a_terminal_killed_in_the_middle_of_its_first_load_fetches_nothing_twice(
    central: Central, line: FaultyLine, tmp_path: Path, at: str
) -> None:
    directory = tmp_path / "books"
    open_books(directory, TERMINAL).close()
    enrol(directory, line.url, central.code(), TERMINAL)
    stocked(central, ARTICLES)
    line.percent, line.faults = 100, ("delay",)  # slow enough to be met in the middle
    with terminal(directory) as first:
        reached = int(heard(first, rf"at {at} [12][0-9]{{4}}").split()[2])
        orphan = child_of(first.pid)
        first.kill()
    until(lambda: not is_running(orphan))
    line.percent = 0
    asked = line.happened.total()
    with terminal(directory) as second:
        heard(second, "shown prices|shown catalogue")
    each = ARTICLES // FEED_PAGE_MOST_ROWS + 1  # with the one that says that this is all
    done = reached // FEED_PAGE_MOST_ROWS
    left = 1 + each - done if at == "prices" else each - done + each
    # Beside these it asks where the feeds are, and may do so again behind it.
    assert line.happened.total() - asked <= left + 2 < 2 * each + 1
    books = open_books(directory, TERMINAL)
    assert all(sells(books, number) == 100 + number for number in range(0, ARTICLES, 7))
    books.close()
