"""Opening the books: keys, locks, damage of every kind, full disks, and what the terminal then says."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.ports import JournalFullError
from kiosk.storage import database
from kiosk.storage.boot import Books, open_books
from kiosk.storage.catalogue_generate import generate
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.errors import (
    DamagedError,
    KeyFileError,
    LibraryTooOldError,
    MigrationRefusedError,
    NewerSchemaError,
    StorageError,
    WrongKeyError,
)
from kiosk.storage.key import load_key, load_or_create_key
from kiosk.storage.migrations import migrate
from kiosk.storage.reserve import Reserve
from kiosk.storage.schema import MIGRATIONS

AT = "2026-11-21T10:00:00+01:00"


def fact(kind: Kind, subject: str, **body: Json) -> Fact:
    return Fact(kind, subject, body, AT, 1000)


def sell(books: Books, *numbers: int) -> None:
    for number in numbers:
        sale = f"s{number}"
        filler = "x" * 1500  # a page or so a sale, so that damage hits one sale and not all
        books.journal.commit(
            [
                fact(
                    Kind.SALE_COMPLETED,
                    sale,
                    sale_id=sale,
                    total_minor=number,
                    currency="EUR",
                    receipt_number=str(number),
                    note=filler,
                )
            ]
        )


@contextmanager
def opened(directory: Path, terminal_id: str = "T1"):
    books = open_books(directory, terminal_id, strict=True)
    try:
        yield books
    finally:
        books.close()


def codes(books: Books) -> list[str]:
    return [line.code for line in books.report]


def sold(books: Books) -> list[str]:
    return [entry.fact.subject for entry in books.journal.entries(kinds=[Kind.SALE_COMPLETED])]


def flip(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 0x40]))


def drop_backups(directory: Path) -> None:
    shutil.rmtree(directory / "backups", ignore_errors=True)


# --- key and lock


def test_the_key_is_random_kept_to_ourselves_and_never_replaced(tmp_path):
    path = tmp_path / "keys" / "key"
    key = load_or_create_key(path)
    assert len(key) == 32 and len(set(key)) > 8
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_create_key(path) == key == load_key(path)
    assert list(path.parent.iterdir()) == [path]
    assert load_or_create_key(tmp_path / "other") != key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused_with_the_command_that_helps(tmp_path, mode):
    path = tmp_path / "key"
    load_or_create_key(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {path}"):
        load_key(path)


@pytest.mark.parametrize("content", [b"", b"secret", b"ab" * 31, b"\xff" * 64])
def test_a_key_file_that_holds_no_key_is_refused(tmp_path, content):
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(KeyFileError, match="key file"):
        load_key(path)


def test_a_lost_key_is_said_and_nothing_is_touched(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)
    key = (tmp_path / "key").rename(tmp_path / "kept")
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(KeyFileError, match="key is gone"):
        open_books(tmp_path, "T1")
    load_or_create_key(tmp_path / "key")
    with pytest.raises(WrongKeyError, match="not the one"):
        open_books(tmp_path, "T1")
    (tmp_path / "key.fingerprint").unlink()
    with pytest.raises(WrongKeyError, match="cannot be read with the key"):
        open_books(tmp_path, "T1")
    assert (tmp_path / "journal.db").read_bytes() == before
    assert not (tmp_path / "quarantine").exists()
    key.replace(tmp_path / "key")
    with opened(tmp_path) as books:
        assert sold(books) == ["s1"]


def test_nothing_that_was_sold_can_be_read_from_the_files(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)
        books.drafts.save({"secret": "TERN-MARKER"})
        books.journal.commit([fact(Kind.TERMINAL_STARTED, "TERN-MARKER", note="TERN-MARKER")])
        for path in tmp_path.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert b"TERN-MARKER" not in content and b"SQLite format" not in content, path


def test_a_second_terminal_on_the_same_books_is_refused(tmp_path):
    with opened(tmp_path), pytest.raises(StorageError, match="another terminal runs"):
        open_books(tmp_path, "T1")
    with opened(tmp_path):
        pass


def test_books_of_another_terminal_are_refused(tmp_path):
    with opened(tmp_path):
        pass
    with pytest.raises(StorageError, match="the journal of terminal T1, not of T2"):
        open_books(tmp_path, "T2")


def test_a_sqlite_that_loses_data_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(database.dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(LibraryTooOldError, match=r"newer than 3\.51\.2"):
        open_books(tmp_path, "T1")


# --- what a start finds


def test_a_healthy_start_says_nothing_but_the_first(tmp_path):
    with opened(tmp_path) as books:
        assert codes(books) == ["books-begun"]
        sell(books, 1, 2)
        books.drafts.save({"lines": 3})
    with opened(tmp_path) as books:
        assert books.report == ()
        assert sold(books) == ["s1", "s2"]
        assert books.drafts.load() == {"lines": 3}
        assert books.room()
        assert books.check_whole() == ()
        journal_id = books.journal.journal_id
    with opened(tmp_path) as books:
        assert books.journal.journal_id == journal_id


@pytest.mark.parametrize("with_backup", [True, False])
@pytest.mark.parametrize("where", ["first page", "last page", "middle"])
def test_a_flipped_byte_is_found_set_aside_and_what_can_be_proven_comes_back(tmp_path, where, with_backup):
    with opened(tmp_path) as books:
        sell(books, *range(1, 21))
        books.backups.make()
        sell(books, *range(21, 41))
    with opened(tmp_path) as books:
        old_id = books.journal.journal_id
    if not with_backup:
        drop_backups(tmp_path)
    else:  # the starts above made newer ones
        for newer in sorted((tmp_path / "backups").iterdir())[1:]:
            newer.unlink()
    journal = tmp_path / "journal.db"
    flip(
        journal,
        {"first page": 100, "last page": journal.stat().st_size - 50, "middle": journal.stat().st_size // 2}[where],
    )
    with opened(tmp_path) as books:
        assert codes(books)[:2] == ["journal-set-aside", "journal-restored"]
        came_back = sold(books)
        assert came_back == [f"s{number}" for number in range(1, len(came_back) + 1)]
        assert len(came_back) >= (20 if with_backup else 0)
        restored = books.journal.entries(kinds=[Kind.JOURNAL_RESTORED])
        assert len(restored) == 1
        assert restored[0].fact.body["known_seq"] == 40
        assert restored[0].journal_id == books.journal.journal_id != old_id
        assert books.report[1].params["lost"] == 40 - len(came_back)
        sell(books, 41)
        assert books.journal.verify().ok
        last = books.journal.ledger.sale("s1") if came_back else None
        assert last is not None or not came_back
    aside = list((tmp_path / "quarantine").glob("*/journal.db"))
    assert len(aside) == 1 and (aside[0].parent / "reason.txt").read_text()
    with opened(tmp_path) as books:
        assert books.report == ()


def test_a_truncated_file_is_restored(tmp_path):
    with opened(tmp_path) as books:
        sell(books, *range(1, 21))
        books.backups.make()
    os.truncate(tmp_path / "journal.db", 3 * 4096)
    with opened(tmp_path) as books:
        assert codes(books) == ["journal-set-aside", "journal-restored"]
        assert len(sold(books)) == 20


def test_a_journal_that_is_gone_comes_back_from_the_backup_and_never_in_silence(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1, 2)
        books.backups.make()
        sell(books, 3)
    for path in tmp_path.glob("journal.db*"):
        if path.name != "journal.db.head":
            path.unlink()
    with opened(tmp_path) as books:
        assert codes(books) == ["journal-set-aside", "journal-restored"]
        assert sold(books) == ["s1", "s2"]
        assert books.report[1].params["lost"] == 1


def test_a_lost_log_is_noticed_by_the_note_of_the_head(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)
        books.journal.writer.call(
            lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone(), in_transaction=False
        )
        sell(books, 2, 3)
        crashed = tmp_path.with_name(f"{tmp_path.name}-crashed")
        shutil.copytree(tmp_path, crashed)
    (crashed / "journal.db-wal").unlink()
    with opened(crashed) as books:
        assert codes(books) == ["journal-cut", "journal-restored"]
        assert books.report[0].params == {"reason": "truncated", "known": 3}
        assert books.report[1].params["lost"] == 2
        assert sold(books) == ["s1"]
        sell(books, 4)
        assert books.journal.verify().ok
    with opened(crashed) as books:
        assert books.report == ()


def test_a_page_torn_while_the_log_was_emptied_is_no_damage(tmp_path):
    crashed = tmp_path.with_name(f"{tmp_path.name}-crashed")
    with opened(tmp_path) as books:
        sell(books, 1, 2)
        root = (
            books.journal.readers.get().execute("SELECT rootpage FROM sqlite_master WHERE name = 'sale'").fetchone()[0]
        )
        shutil.copytree(tmp_path, crashed)
    flip(crashed / "journal.db", (root - 1) * 4096 + 100)  # the log still holds this page, whole
    with opened(crashed) as books:
        assert books.report == ()
        assert sold(books) == ["s1", "s2"]


def test_an_older_copy_put_back_is_noticed(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)
        first_id = books.journal.journal_id
    shutil.copy(tmp_path / "journal.db", tmp_path / "older")
    with opened(tmp_path) as books:
        sell(books, 2)
    drop_backups(tmp_path)
    shutil.copy(tmp_path / "older", tmp_path / "journal.db")
    with opened(tmp_path) as books:
        assert codes(books) == ["journal-cut", "journal-restored"]
        assert books.journal.journal_id != first_id


def test_an_edited_entry_is_found_at_the_start_and_the_backup_comes_back(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1, 2, 3)
        books.backups.make()
        sell(books, 4)
    connection = open_writer(tmp_path / "journal.db", load_key(tmp_path / "key"), Durability.MONEY)
    connection.execute("DROP TRIGGER entry_is_not_changed")
    connection.execute("UPDATE entry SET body = replace(body, ':2}', ':1}') WHERE seq = 2")
    connection.close()
    with opened(tmp_path) as books:
        assert books.report[0].params["what"] == "entry 2 is changed"
        assert sold(books) == [
            "s1",
            "s2",
            "s3",
            "s4",
        ]  # the fourth is taken over: it follows the entry as it was written
        assert books.journal.entries(subject="s2")[0].fact.body["total_minor"] == 2


def test_a_backup_that_is_damaged_itself_is_passed_over(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)
        good = books.backups.make()
        sell(books, 2)
        bad = books.backups.make()
    flip(bad, 5000)
    flip(tmp_path / "journal.db", 100)
    for other in (tmp_path / "backups").iterdir():
        if other not in (good, bad):
            other.unlink()
    with opened(tmp_path) as books:
        assert books.report[1].params["backup"] == good.name
        assert sold(books) == ["s1"]


def test_a_few_backups_are_kept_and_none_is_half_done(tmp_path):
    with opened(tmp_path) as books:
        for number in range(1, 6):
            sell(books, number)
            newest = books.backups.make()
        assert len(books.backups.newest_first()) == 3
        assert books.backups.newest_first()[0] == newest
        assert not (tmp_path / "backups" / "unfinished").exists()


def test_a_backup_is_made_while_selling_and_again_only_when_something_was_written(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)
        books.backups.make_soon()
        books.backups.finish()
        assert len(books.backups.newest_first()) == 1
    with opened(tmp_path) as books:
        os.utime(books.backups.newest_first()[0], ns=(2**62, 2**62))
        books.backups.make_soon()
        books.backups.finish()
        assert len(books.backups.newest_first()) == 1


def test_a_backup_follows_every_two_hundred_sales(tmp_path):
    with opened(tmp_path) as books:
        sell(books, *range(1, 202))
    assert len(list((tmp_path / "backups").glob("journal-*.db"))) == 1


def test_a_damaged_catalogue_is_emptied_and_the_journal_untouched(tmp_path):
    with opened(tmp_path) as books:
        sell(books, 1)
        generate(books.catalogue, 3000)
    flip(tmp_path / "cache.db", 100)
    with opened(tmp_path) as books:
        assert codes(books) == ["catalogue-discarded"]
        assert books.catalogue.edition == ""
        assert sold(books) == ["s1"]


def test_damage_met_while_selling_empties_the_catalogue_at_the_next_start(tmp_path):
    with opened(tmp_path) as books:
        generate(books.catalogue, 3000)
    path = tmp_path / "cache.db"
    for offset in range(40 * 4096 + 200, path.stat().st_size, 4096):
        flip(path, offset)
    with opened(tmp_path) as books, pytest.raises(DamagedError, match=r"cache\.db is damaged"):
        for number in range(3000):
            books.catalogue.by_gtin(f"{9520000000000 + number * 10:014d}")
    with opened(tmp_path) as books:
        assert codes(books) == ["catalogue-discarded"]


def test_projections_that_fell_behind_are_made_anew_at_the_next_start(tmp_path):
    books = open_books(tmp_path, "T1")
    sell(books, 1)
    books.journal.commit([fact(Kind.SALE_COMPLETED, "s2", sale_id="s2", currency="EUR")])
    books.journal.commit([fact(Kind.RECEIPT_PENDING, "s1", sale_id="s1"), fact(Kind.SALE_COMPLETED, "s3")])
    assert books.journal.ledger.receipt("s1") is None
    books.close()
    with opened(tmp_path) as books:
        assert [(line.code, dict(line.params)) for line in books.report] == [("projections-made-anew", {"skipped": 2})]
        receipt = books.journal.ledger.receipt("s1")
        assert receipt is not None and receipt.state == "pending"
    with opened(tmp_path) as books:
        assert books.report == ()


# --- room


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


# --- upgrades


def test_an_upgrade_backs_up_first_and_waits_for_an_unresolved_payment(tmp_path):
    path = tmp_path / "journal.db"
    with opened(tmp_path) as books:
        sell(books, 1)
        books.journal.commit(
            [fact(Kind.PAYMENT_INTENDED, "p1", ref="p1", amount_minor=1, currency="EUR", last_trace=0, sale={})]
        )
    connection = open_writer(path, load_key(tmp_path / "key"), Durability.MONEY)
    steps = (*MIGRATIONS, ("ALTER TABLE sale ADD COLUMN lane TEXT", "CREATE TABLE later (x INTEGER)"))
    made: list[str] = []
    with pytest.raises(MigrationRefusedError, match="payment p1 is unresolved"):
        migrate(connection, path, back_up=lambda: made.append("backup"), steps=steps)
    assert made == []
    connection.execute("UPDATE payment SET state = 'settled'")
    broken = (*steps[:-1], (*steps[-1], "CREATE NONSENSE"))
    with pytest.raises(database.DatabaseError):
        migrate(connection, path, back_up=lambda: made.append("backup"), steps=broken)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    assert migrate(connection, path, back_up=lambda: made.append("backup"), steps=steps) == (1, 2)
    assert made == ["backup", "backup"]
    assert connection.execute("SELECT lane FROM sale").fetchall() == [(None,)]
    connection.close()
    with pytest.raises(NewerSchemaError, match="schema 2, this software knows 1"):
        open_books(tmp_path, "T1")


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs in a namespace of its own is Linux")
def test_on_a_disk_that_is_really_full_the_payment_in_flight_is_still_written(tmp_path):
    import subprocess

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
