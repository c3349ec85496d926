"""The real journal under many schedules: every history of commits is written once, through `SqliteJournal`, into a file of its own.

What a history leads to depends on nothing else, so a schedule that commits the same facts again gets the page that was made then.
Only times may differ, which nobody reads but for the age of an intent.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.chain import canonical
from kiosk.domain.facts import Entry, Fact, Kind
from kiosk.ports import PaymentRecord, RefundRecord
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.journal import SqliteJournal
from kiosk.storage.migrations import identify, migrate

KEY = bytes(range(32))
TERMINAL = "T1"
_TOLD_BY_A_CLOCK = "terminal_at"


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """The journal after some history of commits, as the real code reads it back. `essence` is all of it that a decision can depend on."""

    history: tuple[tuple[Fact, ...], ...]
    entries: tuple[Entry, ...]  # those of the last commit
    unresolved: tuple[PaymentRecord, ...]
    receipt_number: str
    sold: tuple[str, ...]  # the ids of the sales that stand
    fault: str  # "" where chain and projections are sound
    essence: tuple[object, ...]
    unresolved_refunds: tuple[RefundRecord, ...] = ()
    given_back: tuple[str, ...] = ()  # the ids of the refunds that are completed


class Books:
    """Every page made so far. `directory` is best in memory: what a disk keeps is not what is tried here."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._template = directory / "empty.db"
        make_file(self._template)
        self._made: dict[tuple[Page | str, ...], Page] = {}
        self.empty = self._write((), "")

    def __len__(self) -> int:
        return len(self._made)

    def after(self, page: Page, facts: Sequence[Fact]) -> Page:
        """The page that a commit of `facts` on `page` makes."""
        key = (page, *map(_timeless, facts))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._write((*page.history, tuple(facts)), f"{len(self._made)}")
        return made

    def _write(self, history: tuple[tuple[Fact, ...], ...], name: str) -> Page:
        path = self._directory / f"journal-{name}.db"
        shutil.copy(self._template, path)
        journal = SqliteJournal(path, KEY, strict=True)
        try:
            entries: Sequence[Entry] = ()
            for facts in history:
                entries = journal.commit(facts)
            return _read(journal, history, tuple(entries))
        finally:
            journal.close()
            path.unlink()


def make_file(path: Path) -> None:
    """A journal without an entry."""
    connection = open_writer(path, KEY, Durability.MONEY)
    migrate(connection, path, back_up=lambda: None)
    identify(connection, path, TERMINAL)
    connection.close()


def _read(journal: SqliteJournal, history: tuple[tuple[Fact, ...], ...], entries: tuple[Entry, ...]) -> Page:
    told = journal.entries()
    unresolved = journal.ledger.unresolved_payments()
    receipt_number = journal.ledger.last_receipt_number()
    refunds = journal.ledger.unresolved_refunds()
    completed = tuple(entry.fact.subject for entry in told if entry.fact.kind is Kind.REFUND_COMPLETED)
    sales = [str(entry.fact.body["sale_id"]) for entry in told if entry.fact.kind is Kind.SALE_COMPLETED]
    records = {sale_id: journal.ledger.sale(sale_id) for sale_id in sales}
    standing = tuple(sale_id for sale_id in sales if (found := records[sale_id]) and found.state == "completed")
    return Page(
        history,
        entries,
        unresolved,
        receipt_number,
        standing,
        _fault(journal, told, standing),
        (
            tuple(_record_essence(record) for record in unresolved),
            receipt_number,
            tuple(sales),
            standing,
            tuple((record.refund_id, record.state, record.trace, record.intent["method"]) for record in refunds),
            completed,
        ),
        refunds,
        completed,
    )


def _fault(journal: SqliteJournal, told: Sequence[Entry], standing: tuple[str, ...]) -> str:
    verdict = journal.verify()
    if not verdict.ok or verdict.checked != len(told):
        return f"the chain is broken at {verdict.seq}: {verdict.reason}"
    completed = [entry.fact.body["sale_id"] for entry in told if entry.fact.kind is Kind.SALE_COMPLETED]
    voided = [entry.fact.body["sale_id"] for entry in told if entry.fact.kind is Kind.SALE_VOIDED]
    for sale_id in voided:
        completed.remove(sale_id)
    if tuple(completed) != standing:
        return f"entries and projections disagree: {completed} and {standing}"
    return _fault_of_bills(journal, told, standing)


def _fault_of_bills(journal: SqliteJournal, told: Sequence[Entry], standing: tuple[str, ...]) -> str:
    """A bill is paid once with its sale, in the same commit, and falls with it."""
    paid = [entry.fact.body for entry in told if entry.fact.kind is Kind.BILL_PAID]
    with_bill = [entry.fact.body["sale_id"] for entry in told if entry.fact.body.get("bills")]
    if [bill["sale_id"] for bill in paid] != with_bill:
        return f"sales {with_bill} have a bill, and paid are {paid}"
    stand = [bill["sale_id"] for bill in paid if journal.ledger.bill_paid(str(bill["key"]))]
    owed = [sale_id for sale_id in with_bill if sale_id in standing]
    return "" if stand == owed else f"bills of {stand} stand, and sales {owed}"


def _record_essence(record: PaymentRecord) -> tuple[object, ...]:
    return (record.ref, record.state, record.amount_minor, record.last_trace, record.trace, record.receipt_no)


def _timeless(fact: Fact) -> str:
    return f"{fact.kind} {fact.subject} {json.dumps(_without_clock(json.loads(canonical(fact.body))), sort_keys=True)}"


def _without_clock(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_clock(inner) for name, inner in value.items() if name != _TOLD_BY_A_CLOCK}
    return value
