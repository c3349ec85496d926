"""Journals of every released schema, opened with today's software, twice: all that was sold is still there, and the chain holds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.facts import Kind
from kiosk.storage.boot import open_books
from kiosk.storage.schema import MIGRATIONS, PROJECTIONS

HERE = Path(__file__).parent
KEY_TEXT = "7465726e" * 8  # as in make_schema.py


def test_every_schema_there_was_has_a_journal_here():
    assert [path.name for path in sorted(HERE.glob("journal-*.db"))] == [
        f"journal-{version}.db" for version in range(1, len(MIGRATIONS) + 1)
    ]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_journal_of_an_older_version_opens_twice_with_all_that_was_sold(tmp_path, version):
    shutil.copy(HERE / f"journal-{version}.db", tmp_path / "journal.db")
    (tmp_path / "key").touch(0o600)
    (tmp_path / "key").write_text(KEY_TEXT, "ascii")
    for start in (1, 2):
        books = open_books(tmp_path, "T1", strict=True)
        try:
            upgraded = [line.code for line in books.report]
            assert upgraded == (["books-upgraded"] if start == 1 and version < len(MIGRATIONS) else [])
            sold = [entry.fact.subject for entry in books.journal.entries(kinds=[Kind.SALE_COMPLETED])]
            assert [subject for subject in sold if subject == "p1"] == ["p1"] * start
            assert books.journal.verify().ok
            assert books.drafts.load() == {"sale_id": "s3", "basket": {"lines": []}}
            ledger = books.journal.ledger
            assert ledger.unresolved_payments() == ()
            sale, receipt = ledger.sale("s1"), ledger.receipt("s1")
            assert sale is not None and (sale.total_minor, sale.currency) == (250, "EUR")
            assert receipt is not None and receipt.state == "printed"
            assert ledger.voucher_used_in("DEP-1") == "s1"
            assert ledger.held_basket("H1") == {"lines": []}
            if version >= 3:
                bill = ledger.bill_paid("k1")
                assert bill is not None and (bill.sale_id, bill.amount_minor, bill.fee_minor) == ("s-k1", 4200, 50)
            assert ledger.bill_paid("k2") is None
            before = projected(books)
            assert books.journal.rebuild() == ()
            assert projected(books) == before
            again = books.journal.entries(kinds=[Kind.SALE_COMPLETED])[0].fact
            books.journal.commit([replace(again, body={**again.body, "sale_id": f"sold-{start}"})])
        finally:
            books.close()


def projected(books) -> dict[str, list[tuple[object, ...]]]:
    reader = books.journal.readers.get()
    return {table: sorted(reader.execute(f"SELECT * FROM {table}").fetchall()) for table in PROJECTIONS}  # noqa: S608 - names of our own
