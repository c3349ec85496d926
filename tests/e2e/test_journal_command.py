"""`kiosk journal` on the books of a terminal that runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.facts import Fact, Kind
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.journal import SqliteJournal
from kiosk.storage.key import load_or_create_key
from kiosk.storage.migrations import identify, migrate
from tests.e2e.command import kiosk, one_plain_line


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """The data directory of a terminal that has sold three times and is still running."""
    key = load_or_create_key(tmp_path / "key")
    path = tmp_path / "journal.db"
    connection = open_writer(path, key, Durability.MONEY)
    migrate(connection, path, back_up=lambda: None)
    identify(connection, path, "lane-1")
    connection.close()
    journal = SqliteJournal(path, key)
    for number in range(1, 4):
        sale = {"sale_id": f"s{number}", "total_minor": 100 * number, "currency": "EUR", "note": "a\x1b[31m\nb"}
        journal.commit([Fact(Kind.SALE_COMPLETED, f"s{number}", sale, "2026-11-21T10:00:00.000+01:00", number)])
        journal.commit(
            [Fact(Kind.RECEIPT_PRINTED, f"s{number}", {"sale_id": f"s{number}"}, "2026-11-21T10:00:01+01:00", 9)]
        )
    yield tmp_path
    journal.close()


def test_a_whole_journal_is_proven_while_the_terminal_runs(data: Path) -> None:
    result = kiosk("journal", "verify", "--data", data)
    assert result.returncode == 0
    assert b"6 entries, the chain is whole" in result.stdout
    found = json.loads(kiosk("journal", "verify", "--json", "--data", data).stdout)
    assert (found["ok"], found["entries"], found["head"]["seq"], found["first_bad"]) == (True, 6, 6, None)


@pytest.mark.parametrize(
    ("crime", "seq", "words"),
    [
        ("UPDATE entry SET body = replace(body, '200', '100') WHERE seq = 3", 3, "was changed"),
        ("DELETE FROM entry WHERE seq = 4", 4, "is missing"),
        ("DELETE FROM entry WHERE seq > 4", 5, "is missing: entries at the end were cut off"),
        (
            "UPDATE entry SET seq = 99 WHERE seq = 4; UPDATE entry SET seq = 4 WHERE seq = 6; UPDATE entry SET seq = 6 WHERE seq = 99",
            4,
            "does not follow",
        ),
    ],
)
def test_the_first_bad_entry_is_named(data: Path, crime: str, seq: int, words: str) -> None:
    connection = open_writer(data / "journal.db", load_or_create_key(data / "key"), Durability.MONEY)
    for trigger in ("entry_is_not_changed", "entry_is_not_deleted"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.executescript(crime)
    connection.close()
    said = one_plain_line(kiosk("journal", "verify", "--data", data))
    assert f"entry {seq} {words}" in said
    result = kiosk("journal", "verify", "--json", "--data", data)
    assert result.returncode == 1
    assert json.loads(result.stdout)["first_bad"]["seq"] == seq


def test_the_journal_is_shown_to_people_and_exported_to_programs(data: Path) -> None:
    shown = (
        kiosk("journal", "show", "--data", data, "--kind", "sale.completed", "--last", "2").stdout.decode().splitlines()
    )
    assert [line.split()[0] for line in shown] == ["3", "5"]
    assert "\x1b" not in shown[0]
    assert len(kiosk("journal", "show", "--data", data, "--subject", "s2").stdout.splitlines()) == 2
    exported = [
        json.loads(line) for line in kiosk("journal", "export", "--data", data, "--after", "4").stdout.splitlines()
    ]
    assert [one["seq"] for one in exported] == [5, 6]
    assert list(exported[0]) == ["journal_id", "seq", "at", "clock_ms", "kind", "subject", "body", "prev", "hash"]
    assert exported[1]["prev"] == exported[0]["hash"]
    assert exported[0]["body"]["total_minor"] == 300


def test_a_folder_without_a_journal_or_its_key_is_one_plain_line(tmp_path: Path, data: Path) -> None:
    assert "there is no journal" in one_plain_line(kiosk("journal", "show", "--data", tmp_path / "none"))
    (data / "key").rename(data / "other")
    assert "key" in one_plain_line(kiosk("journal", "verify", "--data", data))
    (data / "key").write_text("00" * 32)
    (data / "key").chmod(0o600)
    one_plain_line(kiosk("journal", "verify", "--data", data))
    assert "not a whole number" in one_plain_line(kiosk("journal", "show", "--last", "x"))
