"""The process is killed at any moment, again and again: every sale that was acknowledged is there, whole, once."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
from pathlib import Path

from kiosk.domain.facts import Kind
from kiosk.storage.boot import open_books
from kiosk.storage.schema import PROJECTIONS

KILLS = 12
WRITER = Path(__file__).with_name("power_cut_writer.py")


def sell_until_killed(directory: Path, sales: int, limit_bytes: int | None = None) -> tuple[list[str], list[str], str]:
    """(acknowledged sales, codes of the start's report, what it said on standard error); killed after some acknowledgements."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes or 0, resource.RLIM_INFINITY))

    with subprocess.Popen(
        [sys.executable, str(WRITER), str(directory)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limited if limit_bytes else None,  # noqa: PLW1509 - one thread here, and setrlimit alone
    ) as process:
        assert process.stdout and process.stderr
        codes = process.stdout.readline().split()[1:]
        acknowledged = []
        for line in process.stdout:
            acknowledged.append(line.split()[1])
            if len(acknowledged) == sales:
                process.send_signal(signal.SIGKILL)
        return acknowledged, codes, process.stderr.read()


def test_no_acknowledged_sale_is_lost_however_often_the_power_goes(tmp_path):
    chance = random.Random(11)  # noqa: S311 - when to kill, always the same
    acknowledged: list[str] = []
    for kill in range(KILLS):
        sold, codes, said = sell_until_killed(tmp_path, chance.randint(1, 60))
        assert said == ""
        assert codes == ([] if kill else ["books-begun"])  # a kill is no damage: nothing is set aside, nothing restored
        acknowledged += sold
    books = open_books(tmp_path, "T1")
    try:
        assert books.report == ()
        kept = []
        while page := books.journal.entries(after_seq=3 * len(kept), kinds=[Kind.SALE_COMPLETED]):
            kept += [entry.fact.subject for entry in page]
        assert len(acknowledged) > KILLS
        assert set(acknowledged) <= set(kept)
        assert len(kept) == len(set(kept)) == books.journal.head()[0] / 3  # whole commits only
        assert books.journal.verify().ok
        assert books.check_whole() == ()
        before = projected(books)
        books.journal.rebuild()
        assert projected(books) == before
    finally:
        books.close()


def test_a_disk_that_takes_no_more_bytes_loses_no_acknowledged_sale(tmp_path):
    sold, _, said = sell_until_killed(tmp_path, 10_000, limit_bytes=6 * 1024 * 1024)
    assert "JournalError" in said or "JournalFullError" in said
    assert sold
    books = open_books(tmp_path, "T1")
    try:
        assert books.report == ()
        assert all(books.journal.ledger.sale(sale_id) for sale_id in sold)
        assert books.journal.verify().ok
    finally:
        books.close()


def projected(books) -> dict[str, list[tuple[object, ...]]]:
    reader = books.journal.readers.get()
    return {table: sorted(reader.execute(f"SELECT * FROM {table}").fetchall()) for table in PROJECTIONS}  # noqa: S608 - names of our own
