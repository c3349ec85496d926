"""The checks of the journal at a start, and the repair that each failure leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.records import dataclass
from kiosk.storage.backup import Backups
from kiosk.storage.chain_check import SELECT_HEAD, verify_chain
from kiosk.storage.database import Durability, open_writer, quick_check
from kiosk.storage.errors import DamagedError
from kiosk.storage.head_note import read_note
from kiosk.storage.journal import SqliteJournal, put_anchor, rebuild_projections
from kiosk.storage.migrations import identify, migrate
from kiosk.storage.recovery import branch, quarantined, restore, set_aside

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

# Every page of the journal is read at the start up to this size (some 0.1 s); beyond it `Books.check_whole` does so while selling.
LARGEST_CHECKED_AT_START_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One thing that was found or done, as a code and its parameters; the words are the language files'."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class Checkup:
    """One start's look at the journal file. `report` is what was found and done, in order."""

    def __init__(
        self, path: Path, key: bytes, terminal_id: str, backups: Backups, wall: Callable[[], datetime]
    ) -> None:
        self._path = path
        self._key = key
        self._terminal_id = terminal_id
        self._backups = backups
        self._wall = wall
        self._noted = read_note(path, key)
        self._restored: dict[str, Json] | None = None
        self.report: list[ReportLine] = []

    def run(self) -> None:
        """Leave a journal file that opens, has today's schema, and proves itself. Raises StorageError where a person must act."""
        is_new = not self._path.exists()
        if is_new and (self._noted or self._backups.newest_first() or quarantined(self._path)):
            self._mend("missing", "the file is gone")  # begun anew without a word, it would use its numbers twice
            return
        try:
            reason, what = self._look()
        except DamagedError as error:
            self._mend("damaged", error.what)
            return
        if reason in ("truncated", "other-head"):
            self._branch(reason)
        elif reason:
            self._mend(reason, what)
        elif is_new:
            self._say("books-begun")

    def tell(self, journal: SqliteJournal, clock_ms: int) -> None:
        """Write a restore down as the first entry of its branch. Raises JournalError."""
        if self._restored is not None:
            journal.commit([Fact(Kind.JOURNAL_RESTORED, self._terminal_id, self._restored, self._at(), clock_ms)])

    def _look(self) -> tuple[str, str]:
        """("", "") or why the journal fails, and what exactly. Raises DamagedError."""
        size_bytes = self._path.stat().st_size if self._path.exists() else 0
        connection = open_writer(self._path, self._key, Durability.MONEY)
        try:
            before, now = migrate(connection, self._path, back_up=self._backups.make)
            if before and before != now:
                self._say("books-upgraded", before=before, now=now)
            identify(connection, self._path, self._terminal_id)
            if size_bytes <= LARGEST_CHECKED_AT_START_BYTES:
                quick_check(connection, self._path)
            return self._prove(connection)
        finally:
            connection.close()

    def _prove(self, connection: Connection) -> tuple[str, str]:
        seq, hash_ = connection.execute("SELECT seq, hash FROM anchor ORDER BY seq DESC LIMIT 1").fetchone() or (0, "")
        verdict = verify_chain(connection, seq, (seq, hash_) if seq else None)
        if not verdict.ok:
            return "chain", f"entry {verdict.seq} is {verdict.reason}"
        self._project_anew_if_stale(connection)
        tail = verify_chain(connection, verdict.seq, self._noted)
        if not tail.ok:
            return tail.reason, ""
        if verdict.seq > seq:
            head = connection.execute(SELECT_HEAD).fetchone()
            put_anchor(connection, head[0], head[1], self._at())
        return "", ""

    def _project_anew_if_stale(self, connection: Connection) -> None:
        if connection.execute("SELECT 1 FROM meta WHERE name = 'projections'").fetchone() is None:
            return
        connection.execute("BEGIN IMMEDIATE")
        skipped = rebuild_projections(connection)
        connection.execute("COMMIT")
        self._say("projections-made-anew", skipped=len(skipped))

    def _mend(self, reason: str, what: str) -> None:
        """Set the journal aside, restore the last good backup, and take over what the set-aside one still proves."""
        aside = set_aside(self._path, what, self._wall().strftime("%Y%m%dT%H%M%S"))
        self._say("journal-set-aside", reason=reason, what=what, place=str(aside.parent))
        backups = self._backups.newest_first()
        done = restore(self._path, self._key, self._terminal_id, backups, [aside, *quarantined(self._path), *backups])
        self._came_back(reason, done.backup, done.taken_over, done.last_seq)

    def _branch(self, reason: str) -> None:
        """The journal proves itself, but it is not all there was: an older copy was put back, or its log was lost."""
        connection = open_writer(self._path, self._key, Durability.MONEY)
        try:
            taken_over = branch(connection, self._backups.newest_first(), self._key)
            last = connection.execute(SELECT_HEAD).fetchone()
        finally:
            connection.close()
        self._say("journal-cut", reason=reason, known=self._noted[0] if self._noted else 0)
        self._came_back(reason, "", taken_over, last[0] if last else 0)

    def _came_back(self, reason: str, backup: str, taken_over: int, last_seq: int) -> None:
        known = self._noted[0] if self._noted else 0
        lost = max(0, known - last_seq)
        self._say("journal-restored", backup=backup, taken_over=taken_over, last=last_seq, lost=lost)
        self._restored = {
            "reason": reason,
            "backup": backup,
            "taken_over": taken_over,
            "last_seq": last_seq,
            "known_seq": known,
            "known_hash": self._noted[1] if self._noted else "",
        }

    def _at(self) -> str:
        return self._wall().isoformat(timespec="milliseconds")

    def _say(self, code: str, **params: str | int) -> None:
        self.report.append(ReportLine(code, params))
