"""What is done when the journal fails its checks: set aside, restore, take over what is still proven, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.domain.chain import genesis
from kiosk.domain.records import dataclass
from kiosk.storage.chain_check import SELECT_ENTRY, SELECT_HEAD, verify_chain, wrong_with
from kiosk.storage.database import DatabaseError, Durability, open_reader, open_writer, quick_check
from kiosk.storage.errors import DamagedError, StorageError
from kiosk.storage.head_note import note_path
from kiosk.storage.journal import INSERT_ENTRY, rebuild_projections
from kiosk.storage.key import sync_directory
from kiosk.storage.migrations import identify, migrate, new_journal_id
from kiosk.storage.schema import MIGRATIONS

if TYPE_CHECKING:
    from kiosk.storage.database import Connection


QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came back: from which backup ("" for none), how many entries were taken over from elsewhere, the last seq there is."""

    backup: str
    taken_over: int
    last_seq: int


def set_aside(journal: Path, reason: str, stamp: str) -> Path:
    """Move the journal's files into quarantine beside it, with a note that says why; gives the new path. Nothing is deleted."""
    room = journal.parent / QUARANTINE
    number = 1
    while (place := room / f"{stamp}-{journal.stem}-{number}").exists():
        number += 1
    place.mkdir(mode=0o700, parents=True)
    for file in (journal, Path(f"{journal}-wal"), Path(f"{journal}-shm"), note_path(journal)):
        if file.exists():
            file.rename(place / file.name)
    (place / "reason.txt").write_text(f"{reason}\n", "utf-8")
    sync_directory(place)
    sync_directory(journal.parent)
    return place / journal.name


def quarantined(journal: Path) -> list[Path]:
    """The journals that were set aside, the newest first: a start that was cut short may have left one with entries nobody else has."""
    return sorted((journal.parent / QUARANTINE).glob(f"*/{journal.name}"), reverse=True)


def restore(journal: Path, key: bytes, terminal_id: str, backups: list[Path], others: Iterable[Path]) -> Recovery:
    """Make a journal anew: the newest backup that proves itself, and behind it what `others` still prove. Raises StorageError."""
    for backup in backups:
        if _proves_itself(backup, key, terminal_id):
            shutil.copyfile(backup, journal)
            journal.chmod(0o600)
            return _complete(journal, key, terminal_id, others, backup.name)
    return _complete(journal, key, terminal_id, others, "")


def branch(connection: Connection, sources: Iterable[Path], key: bytes) -> int:
    """Take over what `sources` hold behind the head, then go on under a new journal id, so that the central service sees the branch
    and no entry is ever written twice under one number. Gives how many entries were taken over."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        taken_over = sum(_take_over(connection, source, key) for source in sources)
        rebuild_projections(connection)
        connection.execute("DELETE FROM anchor")
        connection.execute("DELETE FROM draft")  # of an older moment: it may have been paid for since
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('journal_id', ?)", (new_journal_id(),))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return taken_over


def _complete(journal: Path, key: bytes, terminal_id: str, others: Iterable[Path], backup: str) -> Recovery:
    connection = open_writer(journal, key, Durability.MONEY)
    try:
        migrate(connection, journal, back_up=lambda: None)
        identify(connection, journal, terminal_id)
        taken_over = branch(connection, others, key)
        last = connection.execute(SELECT_HEAD).fetchone()
    finally:
        connection.close()
    sync_directory(journal.parent)
    return Recovery(backup, taken_over, last[0] if last else 0)


def _proves_itself(backup: Path, key: bytes, terminal_id: str) -> bool:
    try:
        connection = open_reader(backup, key)
    except StorageError:
        return False
    try:
        quick_check(connection, backup)
        if connection.execute("PRAGMA user_version").fetchone()[0] > len(MIGRATIONS):
            return False
        owner = connection.execute("SELECT value FROM meta WHERE name = 'terminal_id'").fetchone()
        return owner is not None and owner[0] == terminal_id and verify_chain(connection).ok
    except (DamagedError, DatabaseError):
        return False
    finally:
        connection.close()


def _take_over(connection: Connection, source: Path, key: bytes) -> int:
    """Append the entries of `source` that follow our head and prove themselves, up to the first that cannot be read or does not."""
    count = 0
    terminal_id = connection.execute("SELECT value FROM meta WHERE name = 'terminal_id'").fetchone()[0]
    for row in _readable(source, key, connection.execute(SELECT_HEAD).fetchone()):
        head = connection.execute(SELECT_HEAD).fetchone()
        expected, prev = (head[0] + 1, head[1]) if head else (1, genesis(terminal_id, row[1]))
        if wrong_with(row, expected, prev):
            break
        connection.execute(INSERT_ENTRY, row)
        count += 1
    return count


def _readable(source: Path, key: bytes, head: Any) -> Iterable[Any]:
    try:
        reader = open_reader(source, key)
    except StorageError:
        return
    try:
        yield from reader.execute(f"{SELECT_ENTRY} WHERE seq > ? ORDER BY seq", (head[0] if head else 0,))
    except DatabaseError:
        return
    finally:
        reader.close()
