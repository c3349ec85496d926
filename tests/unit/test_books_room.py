"""A full journal, a full disk, and the reserve that is kept for the payment in flight."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from disk_books import fact, opened, sell, sold

from kiosk.domain.facts import Kind
from kiosk.ports import JournalFullError
from kiosk.storage.reserve import Reserve


def test_a_full_journal_is_said_and_sells_again_when_there_is_room(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)

        def limit(pages: int) -> None:
            books.journal.writer.call(
                lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchone(),
                in_transaction=False,
            )

        limit(1)
        with pytest.raises(JournalFullError, match="no room"):
            sell(books, *range(2, 50))
        acknowledged = sold(books)
        answers: list[object] = []
        books.journal.append([fact(Kind.TERMINAL_STARTED, "T1", note="x" * 9000)], answers.append)
        limit(1_000_000)
        assert isinstance(answers[0], JournalFullError)
        sell(books, 99)
        assert sold(books) == [*acknowledged, "s99"]
        assert books.journal.verify().ok


def test_the_reserve_is_given_up_for_what_is_in_flight_and_selling_stops(tmp_path):
    with opened(tmp_path) as books:
        assert books.room()
        reserve = tmp_path / "reserve"
        assert reserve.stat().st_blocks * 512 >= 4 * 1024 * 1024
        books.journal.writer.call(
            lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone(), in_transaction=False
        )
        with pytest.raises(JournalFullError):
            sell(books, *range(50))
        assert not reserve.exists()  # given up; where the disk itself was full, the write then went through


def test_without_room_beside_the_reserve_no_sale_is_begun(tmp_path):
    free_bytes = shutil.disk_usage(tmp_path).free
    assert Reserve(tmp_path, reserve_bytes=4096, least_free_bytes=4096).room()
    assert not Reserve(tmp_path, reserve_bytes=4096, least_free_bytes=4 * free_bytes).room()
    Reserve(tmp_path).release()
    assert not Reserve(tmp_path, reserve_bytes=4 * free_bytes).room()
    assert not (tmp_path / "reserve").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs in a namespace of its own is Linux")
def test_on_a_disk_that_is_really_full_the_payment_in_flight_is_still_written(tmp_path):
    script = Path(__file__).with_name("full_disk.py")
    run = subprocess.run(
        ["unshare", "-rm", sys.executable, str(script), str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    if "cannot be mounted" in run.stderr or "unshare" in run.stderr:
        pytest.skip("this machine gives no namespace to mount a small disk in")
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["full", "in-flight-written", "no-room", "refused", "room-again", "sold", "ok"]
