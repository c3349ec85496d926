"""Each figure can be taken and has its keys; what it says is for `kiosk measure` itself, on a quiet machine."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kiosk.domain.bills.bill import STANDARDS
from kiosk.domain.interpret import interpret
from kiosk.domain.resolver import ScanRules
from ui.measure.ingest_postgres import programs
from ui.measure.interpret_stream import stream
from ui.measure.startup import browser

ROOT = Path(__file__).resolve().parents[2]


def measured(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", "--data", str(directory), "measure", "--quick", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)


def taken(directory: Path, name: str) -> dict[str, Any]:
    done = measured(directory, "--json", name)
    assert done.returncode == 0, done.stderr
    assert list(directory.iterdir()) == [], "the measurement left something behind"
    found = json.loads(done.stdout)
    assert set(found) == {"machine", name}
    assert found["machine"]["quick"] is True
    return dict(found[name])


def is_a_ratio(value: object) -> bool:
    return isinstance(value, float) and 0 < value < 1000


def test_commit_is_measured_against_the_floor_the_slow_floor_and_raw_sqlite3(tmp_path: Path) -> None:
    values = taken(tmp_path, "commit")
    assert all(is_a_ratio(values[key]) for key in ("of_floor", "of_floor_3ms", "of_sqlite3"))
    assert values["sales_per_s_3ms"] < 340, "the syncs were not slowed"


def test_a_start_is_measured_beside_chromium_where_that_is_installed(tmp_path: Path) -> None:
    values = taken(tmp_path, "startup")
    assert 0 < values["seconds"] < 60
    assert values["pss_mb"] > 10
    if browser() is None:
        assert "not installed" in values["how"]
    else:
        assert is_a_ratio(values["ratio"])
        assert is_a_ratio(values["memory_ratio"])


def test_scans_are_measured_by_the_size_of_the_catalogue(tmp_path: Path) -> None:
    values = taken(tmp_path, "scan")
    for key in ("p50_ms", "p95_ms", "p99_ms"):
        assert list(values[key]) == ["1000", "3000"]
    assert all(values["p50_ms"][size] <= values["p99_ms"][size] for size in ("1000", "3000"))
    assert is_a_ratio(values["growth"])


def test_codes_are_measured_with_bills_of_every_standard_among_them_and_beside_biip(tmp_path: Path) -> None:
    values = taken(tmp_path, "interpret")
    assert values["codes_per_s"] > 0
    assert 0 < values["slowest_ms"] < 1000
    assert values["bills"] > 100
    assert is_a_ratio(values["of_biip"])


def test_the_stream_of_codes_is_what_it_says() -> None:
    chance = Random(3)  # noqa: S311 - not a secret
    codes = stream(3000, chance)
    answers = [interpret(code.line, ScanRules(today=date(2026, 11, 22))) for code in codes]
    assert [answer["kind"] for answer in answers] == [code.kind for code in codes]
    assert {bill["standard"] for answer in answers if isinstance(bill := answer["bill"], dict)} == set(STANDARDS)


def test_the_memory_of_many_baskets_is_measured_in_one_process(tmp_path: Path) -> None:
    assert is_a_ratio(taken(tmp_path, "baskets")["memory_growth"])


def test_shipping_is_measured_against_memory_and_against_pouchdb_where_that_is_installed(tmp_path: Path) -> None:
    values = taken(tmp_path, "sync")
    assert is_a_ratio(values["of_memory"])
    assert values["entries_per_s"] > 0
    assert 0 < values["live_p50_ms"] <= values["live_p99_ms"]
    if "of_pouchdb" in values:
        assert is_a_ratio(values["of_pouchdb"])
    else:
        assert "without PouchDB: " in values["how"]


def test_a_catalogue_that_comes_down_is_measured_beside_an_idle_till(tmp_path: Path) -> None:
    values = taken(tmp_path, "feed")
    assert is_a_ratio(values["first_load_ratio"])
    assert is_a_ratio(values["delta_ratio"])
    assert all(values["scans"][when] > 0 for when in ("idle", "first_load", "delta"))
    assert values["first_load_pages_again"] <= 1, "what was staged was fetched again"


def test_a_herd_meets_what_requests_cost_the_real_service(tmp_path: Path) -> None:
    values = taken(tmp_path, "herd")
    assert is_a_ratio(values["drain_ratio"])
    assert values["live_p99_ms"] > 0
    assert values["cost_ms"]["batch"] > values["cost_ms"]["turned_away"] > 0


def test_ingest_is_measured_against_a_plain_copy_where_postgresql_is_installed(tmp_path: Path) -> None:
    values = taken(tmp_path, "ingest")
    if programs() is None:
        assert "not installed" in values["how"]
    else:
        assert all(is_a_ratio(values[key]) for key in ("of_copy", "of_copy_in_batches", "replay_of_ingest"))


def test_without_json_a_person_gets_a_line_a_value(tmp_path: Path) -> None:
    done = measured(tmp_path, "commit")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()][:2] == ["commit", "of_floor"]
    assert "processors" in done.stdout


@pytest.mark.parametrize("name", ["nonsense", "commit.py", "../commit"])
def test_an_unknown_figure_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    done = measured(tmp_path, name)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "there is no figure" in done.stderr
