"""The peers of a figure do the same work as what they stand beside: else the ratio says nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.storage.database import open_reader
from kiosk.storage.schema import PROJECTIONS
from ui.measure import commit_rounds
from ui.measure.machine import family, file_system, pss_mb
from ui.measure.sales import paid_sale


def test_raw_sqlite3_keeps_the_same_rows_as_the_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commit_rounds.main([str(tmp_path), "3"]) == 0
    assert capsys.readouterr().out
    journal, raw = (open_reader(tmp_path / name, commit_rounds.KEY) for name in ("journal.db", "raw.db"))
    # Each file has its own journal_id, and thus its own chain: what an entry says is the same, its hash is not.
    for what in ("kind, subject, body FROM entry", *(f"* FROM {table}" for table in PROJECTIONS)):
        ours, theirs = (one.execute(f"SELECT {what} ORDER BY 1, 2, 3").fetchall() for one in (journal, raw))
        assert ours == theirs
    assert journal.execute("SELECT count(*) FROM sale").fetchone()[0] == commit_rounds.WARM_UP + 3
    bodies = journal.execute("SELECT body FROM entry WHERE kind <> 'payment.intended' ORDER BY seq").fetchall()
    assert (tmp_path / "floor").read_bytes() == "".join(body for (body,) in bodies).encode()
    journal.close()
    raw.close()


def test_a_measured_sale_is_paid_and_whole() -> None:
    intent, facts = paid_sale(7)
    kinds = [str(fact.kind) for fact in (intent, *facts)]
    assert kinds == ["payment.intended", "payment.approved", "sale.completed", "receipt.pending"]
    lines = facts[1].body["lines"]
    assert isinstance(lines, list)
    assert len(lines) == 5
    assert paid_sale(7) == (intent, facts)


def test_memory_is_that_of_a_process_and_of_what_it_started(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in family(os.getpid())
        assert pss_mb([os.getpid(), child.pid]) > pss_mb([os.getpid()]) > 1
    finally:
        child.communicate()
    assert pss_mb([child.pid]) == 0
    assert " on /" in file_system(tmp_path)
