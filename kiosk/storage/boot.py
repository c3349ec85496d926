"""Opens the books at the start: checks them, mends what fails, and says in plain codes what was done."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kiosk.domain.facts import Entry, Kind
from kiosk.storage.backup import Backups
from kiosk.storage.catalogue import SqliteCatalogue, damage_mark
from kiosk.storage.chain_check import verify_chain
from kiosk.storage.checkup import Checkup, ReportLine
from kiosk.storage.database import check_library, open_reader, quick_check
from kiosk.storage.drafts import SqliteDrafts
from kiosk.storage.errors import DamagedError, KeyFileError, StorageError, WrongKeyError
from kiosk.storage.giving_back import first_wrong
from kiosk.storage.journal import SqliteJournal
from kiosk.storage.key import fingerprint, load_or_create_key, sync_directory
from kiosk.storage.reserve import Reserve

SALES_A_BACKUP = 200
BACKUP_AFTER_START_S = 30.0  # not while the terminal gets ready for its first scan


@dataclass(slots=True)
class Books:
    """The open books of one terminal. `report` is what the start found, in order; empty where all was well."""

    journal: SqliteJournal
    drafts: SqliteDrafts
    catalogue: SqliteCatalogue
    report: tuple[ReportLine, ...]
    backups: Backups
    reserve: Reserve
    key: bytes = field(repr=False)
    directory: Path
    lock: int

    def room(self) -> bool:
        """Whether there is room for another sale. False: finish what is in hand and stop selling."""
        return self.reserve.room()

    def check_whole(self) -> tuple[ReportLine, ...]:
        """Read every page and prove every entry; for a thread of its own, seconds for a large journal. Empty where all is well."""
        path = self.directory / "journal.db"
        connection = open_reader(path, self.key)
        try:
            quick_check(connection, path)
            verdict = verify_chain(connection)
            given_back = first_wrong(connection)
        except DamagedError as error:
            return (ReportLine("journal-damaged", {"what": error.what}),)
        finally:
            connection.close()
        if given_back is not None:
            return (ReportLine("journal-damaged", {"what": f"given back: {given_back[1]}", "seq": given_back[0]}),)
        return () if verdict.ok else (ReportLine("journal-damaged", {"what": verdict.reason, "seq": verdict.seq}),)

    def close(self) -> None:
        """Write what waits and close. Callable more than once."""
        self.journal.close()
        self.catalogue.close()
        self.backups.finish()
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1


def open_books(
    directory: Path,
    terminal_id: str,
    *,
    key_path: Path | None = None,
    wall: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    clock_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000,
    strict: bool = False,
) -> Books:
    """Open the books of `terminal_id` in `directory`, made where there are none. `strict` as in `SqliteJournal`.

    Raises StorageError with one plain sentence where a person has to act first: another terminal runs on these books, the key is
    gone or another's, a payment keeps an upgrade waiting. What can be mended is mended, and stands in the report.
    """
    check_library()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.ExitStack() as opened:
        lock = _locked(directory)
        opened.callback(os.close, lock)
        journal_path = directory / "journal.db"
        key = _key(key_path or directory / "key", journal_path)
        backups = Backups(journal_path, directory / "backups", key)
        checkup = Checkup(journal_path, key, terminal_id, backups, wall)
        checkup.run()
        _note_fingerprint(directory, key)
        report = checkup.report
        reserve = Reserve(directory)
        if not reserve.hold():
            report.append(ReportLine("no-room"))
        journal = SqliteJournal(journal_path, key, strict=strict, on_full=reserve.release, on_durable=_Counter(backups))
        opened.callback(journal.close)
        checkup.tell(journal, clock_ms())
        if journal.head()[0]:
            backups.make_soon(BACKUP_AFTER_START_S)
        catalogue = _open_catalogue(directory / "cache.db", key, report)
        opened.pop_all()
    drafts = SqliteDrafts(journal.writer, journal.readers)
    return Books(journal, drafts, catalogue, tuple(report), backups, reserve, key, directory, lock)


class _Counter:
    """Asks for a backup every so many sales."""

    def __init__(self, backups: Backups) -> None:
        self._backups = backups
        self._sales = 0

    def __call__(self, entries: Sequence[Entry]) -> None:
        self._sales += sum(entry.fact.kind is Kind.SALE_COMPLETED for entry in entries)
        if self._sales >= SALES_A_BACKUP:
            self._sales = 0
            self._backups.make_soon()


def _locked(directory: Path) -> int:
    """Two terminals on one set of books would write the same numbers twice. The lock goes with the process, however it ends."""
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise StorageError(
            f"another terminal runs on the books in {directory}; end it first, or give this one its own"
        ) from error
    return lock


def _key(path: Path, journal: Path) -> bytes:
    if not path.exists() and journal.exists():
        raise KeyFileError(
            f"the key {path} is gone, and without it the books in {journal.parent} cannot be read; put it back,"
            " or move the books away to begin new ones"
        )
    key = load_or_create_key(path)
    known = _fingerprint_path(journal.parent)
    if known.exists() and known.read_text("ascii", "replace").strip() != fingerprint(key):
        raise WrongKeyError(
            f"the key {path} is not the one that the books in {journal.parent} were written under; put that one back"
        )
    if not known.exists() and journal.exists():
        _try_key(journal, key, path)
    return key


def _try_key(journal: Path, key: bytes, path: Path) -> None:
    try:
        open_reader(journal, key).close()
    except DamagedError as error:
        raise WrongKeyError(
            f"{journal} cannot be read with the key {path}, and nothing says which key it was written under; check the key,"
            " or move the journal away to begin a new one"
        ) from error


def _note_fingerprint(directory: Path, key: bytes) -> None:
    path = _fingerprint_path(directory)
    if not path.exists():
        path.write_text(f"{fingerprint(key)}\n", "ascii")
        sync_directory(directory)


def _fingerprint_path(directory: Path) -> Path:
    return directory / "key.fingerprint"


def _open_catalogue(path: Path, key: bytes, report: list[ReportLine]) -> SqliteCatalogue:
    """cache.db, emptied if it is damaged: all of it can be loaded anew."""
    try:
        if damage_mark(path).exists():
            raise DamagedError(path, "a look-up could not be read")
        return SqliteCatalogue(path, key)
    except DamagedError as error:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        damage_mark(path).unlink(missing_ok=True)
        report.append(ReportLine("catalogue-discarded", {"what": error.what}))
        return SqliteCatalogue(path, key)
