"""What a start finds: damage of every kind, lost files, backups, upgrades, and what the terminal then says."""

from __future__ import annotations

import os
import shutil

import pytest
from disk_books import codes, drop_backups, fact, flip, opened, sell, sold

from kiosk.domain.facts import Kind
from kiosk.storage import database
from kiosk.storage.boot import open_books
from kiosk.storage.catalogue_generate import generate
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.errors import DamagedError, MigrationRefusedError, NewerSchemaError
from kiosk.storage.key import load_key
from kiosk.storage.migrations import migrate
from kiosk.storage.schema import MIGRATIONS


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
    assert migrate(connection, path, back_up=lambda: made.append("backup"), steps=steps) == (
        len(MIGRATIONS),
        len(steps),
    )
    assert made == ["backup", "backup"]
    assert connection.execute("SELECT lane FROM sale").fetchall() == [(None,)]
    connection.close()
    with pytest.raises(NewerSchemaError, match=f"schema {len(steps)}, this software knows {len(MIGRATIONS)}"):
        open_books(tmp_path, "T1")
