"""The journal in its file: appends chained entries with their projections in one commit, reads them, proves the chain."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.domain.chain import NotCanonicalError, canonical, digest, genesis
from kiosk.domain.facts import Entry, Fact, Kind
from kiosk.ports import JournalError, Mark, RefundedError, StoredEntry, VoucherUsedError
from kiosk.storage import giving_back, projections
from kiosk.storage.chain_check import SELECT_ENTRY, SELECT_HEAD, ChainVerdict, verify_chain
from kiosk.storage.database import DatabaseError, Durability, Readers, error_code, open_reader, open_writer
from kiosk.storage.giving_back import SELECT_GIVEN_BACK
from kiosk.storage.head_note import HeadNote
from kiosk.storage.ledger import Ledger
from kiosk.storage.writer import TryAgainError, Writer

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

log = logging.getLogger(__name__)

INSERT_ENTRY = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PROGRAMMING_CODES = (
    0,
    1,
    19,
    20,
    25,
)  # none, ERROR, CONSTRAINT, MISMATCH, RANGE: what a wrong body can cause, unlike a full disk


class SqliteJournal:
    """`kiosk.ports.Journal` in an SQLCipher file. `strict` raises where a projection cannot follow (tests); else the entry is kept
    and the projections are made anew at the next start."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        strict: bool = False,
        on_full: Callable[[], bool] = lambda: False,
        on_durable: Callable[[Sequence[Entry]], None] = lambda _: None,
    ) -> None:
        """Open a file that `kiosk.storage.boot` has made and checked. `on_durable` is called on the writer's thread for each commit,
        before whoever asked for it is told; `on_full` as in `Writer`. Raises StorageError."""
        self._strict = strict
        self._head = HeadNote(path, key)
        self._on_durable = on_durable
        self._watchers: list[Callable[[int], None]] = []
        self._readers = Readers(lambda: open_reader(path, key))
        connection = open_writer(path, key, Durability.MONEY)
        named = dict(connection.execute("SELECT name, value FROM meta WHERE name IN ('terminal_id', 'journal_id')"))
        self.terminal_id = str(named["terminal_id"])
        self.journal_id = str(named["journal_id"])
        self._genesis = genesis(self.terminal_id, self.journal_id)
        self.writer = Writer(connection, path, on_full=on_full)
        self.readers = self._readers
        self.ledger = Ledger(self._readers)

    def append(
        self, facts: Sequence[Fact], done: Callable[[Sequence[Entry] | JournalError], None] | None = None
    ) -> None:
        """As `kiosk.ports.Journal.append`. Raises NotCanonicalError at once for a body that is no JSON."""

        def durable(result: Any) -> None:
            self._noted(result)
            if done is not None:
                done(result)
            elif isinstance(result, Exception):
                log.error("entries that nobody waits for were not written: %s", result)

        try:
            self.writer.submit(_Append(self, facts), durable)
        except JournalError as error:
            if done is None:
                raise
            done(error)

    def commit(self, facts: Sequence[Fact]) -> Sequence[Entry]:
        """As `kiosk.ports.Journal.commit`. Raises JournalError, NotCanonicalError."""
        entries: tuple[Entry, ...] = self.writer.call(_Append(self, facts), self._noted)
        return entries

    def entries(
        self, *, after_seq: int = 0, kinds: Iterable[str] = (), subject: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        """As `kiosk.ports.Journal.entries`. Raises JournalError."""
        wanted = [str(kind) for kind in kinds]
        where = ["seq > ?"]
        parameters: list[str | int] = [after_seq]
        if subject is not None:
            where.append("subject = ?")
            parameters.append(subject)
        if wanted:
            where.append(f"kind IN ({', '.join('?' * len(wanted))})")
            parameters += wanted
        sql = f"{SELECT_ENTRY} WHERE {' AND '.join(where)} ORDER BY seq LIMIT ?"
        return tuple(map(_entry, self._read(sql, *parameters, limit)))

    def latest(self, subject: str, count: int) -> Sequence[Entry]:
        """As `kiosk.ports.Journal.latest`. Raises JournalError."""
        sql = f"{SELECT_ENTRY} WHERE subject = ? ORDER BY seq DESC LIMIT ?"
        found = tuple(map(_entry, self._read(sql, subject, count)))
        older = f"{SELECT_GIVEN_BACK} WHERE subject = ? ORDER BY id DESC LIMIT ?"
        rows = self._read(older, subject, count - len(found)) if len(found) < count else []
        return (*found, *map(giving_back.entry_given_back, giving_back.readable(iter(rows))))

    def entry(self, number: int) -> Entry | None:
        """As `kiosk.ports.Journal.entry`. Raises JournalError."""
        if number > 0:
            rows = self._read(f"{SELECT_ENTRY} WHERE seq = ?", number)
            return _entry(rows[0]) if rows else None
        rows = self._read(f"{SELECT_GIVEN_BACK} WHERE id = ?", -number)
        return giving_back.entry_given_back(rows[0]) if rows else None

    def head(self) -> tuple[int, str]:
        """As `kiosk.ports.Journal.head`; (0, genesis) before the first entry. Raises JournalError."""
        rows = self._read(SELECT_HEAD)
        return (rows[0][0], rows[0][1]) if rows else (0, self._genesis)

    def stored(self, *, after_seq: int, limit: int) -> Sequence[StoredEntry]:
        """As `kiosk.ports.Outbox.stored`. Raises JournalError."""
        rows = self._read(f"{SELECT_ENTRY} WHERE seq > ? ORDER BY seq LIMIT ?", after_seq, limit)
        return tuple(StoredEntry(journal_id, seq, *rest) for seq, journal_id, *rest in rows)

    def mark(self) -> Mark:
        """As `kiosk.ports.Outbox.mark`. Raises JournalError."""
        rows = self._read("SELECT value FROM meta WHERE name = 'acknowledged'")
        return Mark(**json.loads(rows[0][0])) if rows else Mark()

    def remember(self, mark: Mark, at: str) -> None:
        """As `kiosk.ports.Outbox.remember`: where to go on, and an anchor of the chain. Raises JournalError."""

        def work(connection: Connection) -> None:
            value = canonical({"seq": mark.seq, "digest": mark.digest, "set_aside": mark.set_aside})
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('acknowledged', ?)", (value,))
            # A start proves what is behind the newest anchor: one that has proven more than was acknowledged stays.
            is_proven = connection.execute("SELECT 1 FROM anchor WHERE seq >= ?", (mark.seq,)).fetchone()
            if mark.seq and is_proven is None:
                put_anchor(connection, mark.seq, mark.digest, at)

        self.writer.submit(work)

    def on_commit(self, watcher: Callable[[int], None]) -> None:
        """As `kiosk.ports.Outbox.on_commit`."""
        self._watchers.append(watcher)

    def verify(self, after_seq: int = 0, head: tuple[int, str] | None = None) -> ChainVerdict:
        """Prove the chain behind `after_seq`; `head` is a (seq, hash) known from elsewhere, which shows a cut tail."""
        return verify_chain(self._readers.get(), after_seq, head)

    def rebuild(self) -> tuple[int, ...]:
        """Make all projections anew from the entries, in one commit. Gives the seqs that no projection could follow."""
        skipped: tuple[int, ...] = self.writer.call(rebuild_projections)
        return skipped

    def close(self) -> None:
        """Write what waits and close. Callable more than once."""
        self.writer.close()
        self._readers.close()
        self._head.close()

    def _noted(self, result: Any) -> None:
        """A commit is durable: on the writer's thread, before anyone is told."""
        if isinstance(result, tuple) and result:
            self._head.write(result[-1].seq, result[-1].digest)
            self._on_durable(result)
            for watcher in self._watchers:
                watcher(result[-1].seq)

    def _read(self, sql: str, *parameters: str | int) -> list[Any]:
        try:
            return self._readers.get().execute(sql, parameters).fetchall()
        except DatabaseError as error:
            raise JournalError(f"the journal cannot be read ({error}); restart the terminal to check it") from error


class _Append:
    """The work of one commit. Run again, it leaves the projections out: they failed, and the entry must not be lost with them."""

    def __init__(self, journal: SqliteJournal, facts: Sequence[Fact]) -> None:
        self._journal = journal
        self._facts = [(fact, canonical(fact.body)) for fact in facts]
        for fact in facts:
            _refuse_unstorable(fact)
        self._leave_out_projections = False

    def __call__(self, connection: Connection) -> tuple[Entry, ...]:
        journal_id = self._journal.journal_id
        row = connection.execute(SELECT_HEAD).fetchone()
        seq, prev = row or (0, genesis(self._journal.terminal_id, journal_id))
        entries = []
        rows = []
        for fact, body in self._facts:
            seq += 1
            hash_ = digest(
                prev,
                journal_id=journal_id,
                seq=seq,
                kind=fact.kind,
                subject=fact.subject,
                body=body,
                at=fact.at,
                clock_ms=fact.clock_ms,
            )
            rows.append((seq, journal_id, fact.at, fact.clock_ms, str(fact.kind), fact.subject, body, prev, hash_))
            entries.append(Entry(journal_id, seq, fact, prev, hash_))
            prev = hash_
        connection.executemany(INSERT_ENTRY, rows)
        if self._leave_out_projections:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('projections', 'stale')")
        else:
            self._project(connection, entries)
        return tuple(entries)

    def _project(self, connection: Connection, entries: list[Entry]) -> None:
        for entry in entries:
            if entry.fact.kind is Kind.VOUCHER_REDEEMED:
                _refuse_used(connection, entry.fact)
            if entry.fact.kind in (Kind.REFUND_INTENDED, Kind.REFUND_COMPLETED):
                _refuse_given_back(connection, entry.fact)
            try:
                for sql, parameters in projections.changes(entry.fact, entry.seq):
                    connection.execute(sql, parameters)
            except (ValueError, OverflowError, DatabaseError) as error:
                if error_code(error) not in _PROGRAMMING_CODES or self._journal._strict:
                    raise
                log.exception(
                    "entry %d (%s) has no projection; they are made anew at the next start", entry.seq, entry.fact.kind
                )
                self._leave_out_projections = True
                raise TryAgainError from error


def _refuse_unstorable(fact: Fact) -> None:
    try:
        fact.subject.encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError(f"the subject of {fact.kind} is no text that can be kept: {error}") from error


def _refuse_used(connection: Connection, fact: Fact) -> None:
    code = fact.body.get("code")
    used = connection.execute("SELECT sale_id FROM voucher_use WHERE code = ?", (str(code),)).fetchone()
    if used:
        raise VoucherUsedError(str(code), str(used[0]))


def _refuse_given_back(connection: Connection, fact: Fact) -> None:
    inner = fact.body.get("refund", fact.body)
    body = inner if isinstance(inner, Mapping) else {}
    lines = body.get("lines")
    for line in lines if isinstance(lines, list | tuple) else ():
        if not isinstance(line, Mapping):
            continue
        sale_id, line_id, refund_id = str(body.get("sale_id")), line.get("line_id"), str(fact.body.get("refund_id"))
        # Not only the same first piece: none of a range that another refund has.
        given = connection.execute(
            "SELECT coalesce(sum(pieces), 0) FROM refund_line WHERE sale_id = ? AND line_id = ? AND refund_id <> ?",
            (sale_id, line_id, refund_id),
        ).fetchone()[0]
        if given != line.get("first"):
            raise RefundedError(sale_id, int(str(line_id)))


def rebuild_projections(connection: Connection) -> tuple[int, ...]:
    """Make all projections anew within the caller's transaction; gives the seqs that none could follow. What was given back comes
    where it belongs."""
    projections.clear(connection)
    skipped = []
    given_back = giving_back.by_place(connection)
    for number, row in given_back.pop(0, ()):
        giving_back.project(connection, number, row)
    for entry in map(_entry, connection.execute(f"{SELECT_ENTRY} ORDER BY seq")):
        try:
            for sql, parameters in projections.changes(entry.fact, entry.seq):
                connection.execute(sql, parameters)
        except (ValueError, OverflowError, DatabaseError) as error:
            if error_code(error) not in _PROGRAMMING_CODES:
                raise
            log.error("entry %d (%s) has no projection: %s", entry.seq, entry.fact.kind, error)
            skipped.append(entry.seq)
        for number, row in given_back.pop(entry.seq, ()):
            giving_back.project(connection, number, row)
    connection.execute("DELETE FROM meta WHERE name = 'projections'")
    return tuple(skipped)


def put_anchor(connection: Connection, seq: int, hash_: str, at: str) -> None:
    """Remember `seq` as proven, within the caller's transaction; the older anchors go."""
    connection.execute("DELETE FROM anchor WHERE seq < ?", (seq,))
    connection.execute("INSERT OR REPLACE INTO anchor VALUES (?, ?, ?)", (seq, hash_, at))


def _entry(row: Any) -> Entry:
    seq, journal_id, at, clock, kind, subject, body, prev, hash_ = row
    return Entry(journal_id, seq, Fact(Kind(kind), subject, json.loads(body), at, clock), prev, hash_)
