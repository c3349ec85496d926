"""Who may open the books: keys, locks, another terminal's journal, a library that loses data."""

from __future__ import annotations

import pytest
from disk_books import fact, opened, sell, sold

from kiosk.domain.facts import Kind
from kiosk.storage import database
from kiosk.storage.boot import open_books
from kiosk.storage.errors import KeyFileError, LibraryTooOldError, StorageError, WrongKeyError
from kiosk.storage.key import load_key, load_or_create_key


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
