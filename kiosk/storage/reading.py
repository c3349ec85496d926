"""The journal for whoever only looks: the commands of `kiosk journal`, while the terminal runs or not. Nothing here can write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.ports import JournalError
from kiosk.storage.chain_check import SELECT_ENTRY, ChainVerdict, verify_chain
from kiosk.storage.database import DatabaseError, open_reader
from kiosk.storage.giving_back import first_wrong
from kiosk.storage.head_note import read_note

JOURNAL_NAME = "journal.db"
KEY_NAME = "key"

# A read that lasts holds back the terminal's checkpoints, so long lists are fetched in short ones.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry as it stands in the file; `kind` also where this version does not know it. `digest` and `prev` are 64 hex digits."""

    journal_id: str
    seq: int
    at: str
    clock_ms: int
    kind: str
    subject: str
    body: Any
    prev: str
    digest: str


_HAS_GIVEN_BACK = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'given_back'"


class JournalReader:
    """`journal.db`, opened for reading. Raises StorageError from its start, JournalError where reading fails."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._connection = open_reader(path, key)
        self._noted = read_note(path, key)
        named = dict(self._all("SELECT name, value FROM meta WHERE name IN ('terminal_id', 'journal_id')"))
        self.terminal_id = str(named.get("terminal_id", ""))
        self.journal_id = str(named.get("journal_id", ""))

    def head(self) -> tuple[int, str]:
        """The highest seq and its hash; (0, "") where there is no entry."""
        rows = self._all("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")
        return (int(rows[0][0]), str(rows[0][1])) if rows else (0, "")

    def verify(self) -> ChainVerdict:
        """Prove the whole chain, that it holds every head known from before (its anchors, and the note beside the file), and what was
        given back after a restore."""
        try:
            verdict = verify_chain(self._connection, 0, self._noted)
            anchors = self._connection.execute("SELECT seq, hash FROM anchor ORDER BY seq").fetchall()
            if not verdict.ok:
                return verdict
            for seq, digest in anchors:
                held = self._connection.execute("SELECT hash FROM entry WHERE seq = ?", (seq,)).fetchone()
                if held is None:
                    return ChainVerdict(ok=False, seq=verdict.seq + 1, reason="truncated", checked=verdict.checked)
                if held[0] != digest:
                    return ChainVerdict(ok=False, seq=int(seq), reason="other-head", checked=verdict.checked)
            # A file of the first schema has no such table.
            given_back = first_wrong(self._connection) if self._connection.execute(_HAS_GIVEN_BACK).fetchone() else None
        except DatabaseError as error:
            raise _unreadable(error) from error
        if given_back is not None:
            return ChainVerdict(ok=False, seq=given_back[0], reason=given_back[1], checked=verdict.checked)
        return verdict

    def rows(
        self, *, after_seq: int = 0, kinds: Iterable[str] = (), subject: str | None = None
    ) -> Iterator[JournalRow]:
        """Entries in order of `seq`."""
        where, parameters = _conditions(kinds, subject)
        sql = f"{SELECT_ENTRY} WHERE seq > ?{where} ORDER BY seq LIMIT {_BATCH}"
        while True:
            batch = self._all(sql, after_seq, *parameters)
            yield from map(_row, batch)
            if len(batch) < _BATCH:
                return
            after_seq = batch[-1][0]

    def last(self, count: int, *, kinds: Iterable[str] = (), subject: str | None = None) -> list[JournalRow]:
        """The newest `count` entries, the oldest of them first."""
        where, parameters = _conditions(kinds, subject)
        sql = f"{SELECT_ENTRY} WHERE seq > 0{where} ORDER BY seq DESC LIMIT ?"
        return [_row(row) for row in reversed(self._all(sql, *parameters, count))]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _all(self, sql: str, *parameters: object) -> list[Any]:
        try:
            return list(self._connection.execute(sql, parameters).fetchall())
        except DatabaseError as error:
            raise _unreadable(error) from error


def _conditions(kinds: Iterable[str], subject: str | None) -> tuple[str, list[str]]:
    wanted = list(kinds)
    where = f" AND kind IN ({', '.join('?' * len(wanted))})" if wanted else ""
    return (where + " AND subject = ?", [*wanted, subject]) if subject is not None else (where, wanted)


def _row(row: Any) -> JournalRow:
    seq, journal_id, at, clock, kind, subject, body, prev, digest = row
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = body  # damaged: shown as it stands
    return JournalRow(journal_id, seq, at, clock, kind, subject, parsed, prev, digest)


def _unreadable(error: Exception) -> JournalError:
    return JournalError(f"the journal cannot be read ({error}); run: kiosk journal verify")
