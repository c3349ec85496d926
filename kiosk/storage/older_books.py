"""What a restored journal lost and was given back: `kiosk.ports.OlderBooks` over the journal's own file."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.ports import GivenBack, JournalError, OlderPlace, StoredEntry
from kiosk.storage.database import DatabaseError
from kiosk.storage.giving_back import TakeBack, link_of
from kiosk.storage.journal import SqliteJournal


class SqliteOlderBooks:
    """The older journals beside `journal`."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.terminal_id = journal.terminal_id
        self.journal_id = journal.journal_id

    def is_wanted(self) -> bool:
        """As `kiosk.ports.OlderBooks.is_wanted`."""
        kinds = (Kind.JOURNAL_RESTORED, Kind.JOURNAL_RETRIEVED)
        told = self._journal.entries(kinds=kinds, subject=self.terminal_id, limit=100_000)
        return bool(told) and told[-1].fact.kind is Kind.JOURNAL_RESTORED

    def held(self, place: OlderPlace) -> int | None:
        """As `kiosk.ports.OlderBooks.held`."""
        try:
            link = link_of(self._journal.readers.get(), self.terminal_id, place)
        except DatabaseError as error:
            raise JournalError(f"the journal cannot be read ({error}); restart the terminal to check it") from error
        return None if link is None else link.seq

    def take_back(self, entries: Sequence[StoredEntry]) -> int:
        """As `kiosk.ports.OlderBooks.take_back`."""
        return int(self._journal.writer.call(TakeBack(self.terminal_id, entries))) if entries else 0

    def finish(self, at: str, clock_ms: int) -> GivenBack:
        """As `kiosk.ports.OlderBooks.finish`."""
        sql = (
            "SELECT journal_id, min(seq), max(seq), count(*), sum(kind = 'sale.completed') FROM given_back GROUP BY journal_id"
            " ORDER BY min(id)"
        )
        try:
            found = self._journal.readers.get().execute(sql).fetchall()
        except DatabaseError as error:
            raise JournalError(f"the journal cannot be read ({error}); restart the terminal to check it") from error
        journals: list[Json] = [
            {"journal_id": journal_id, "from_seq": first, "to_seq": last, "entries": count, "sales": sales}
            for journal_id, first, last, count, sales in found
        ]
        total = GivenBack(sum(row[3] for row in found), sum(row[4] for row in found))
        body: dict[str, Json] = {"entries": total.entries, "sales": total.sales, "journals": journals}
        self._journal.commit([Fact(Kind.JOURNAL_RETRIEVED, self.terminal_id, body, at, clock_ms)])
        return total
