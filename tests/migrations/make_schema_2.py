"""Makes journal-2.db, the journal as version 2 wrote it. Run once, with the software of that version; the file then never changes.

python tests/migrations/make_schema_2.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.storage.boot import open_books
from kiosk.storage.database import copy_into

KEY_TEXT = "7465726e" * 8  # known, for a journal of nobody's sales
AT = "2026-11-21T10:00:00+01:00"


def fact(kind: Kind, subject: str, **body: Json) -> Fact:
    return Fact(kind, subject, body, AT, 1000)


def commits() -> list[list[Fact]]:
    """A little of everything that has a table."""
    sale: dict[str, Json] = {
        "sale_id": "s1",
        "total_minor": 250,
        "currency": "EUR",
        "receipt_number": "1",
        "lines": [{"gtin": "09526001040018"}],
    }
    return [
        [fact(Kind.TERMINAL_STARTED, "T1")],
        [fact(Kind.PAYMENT_INTENDED, "p1", ref="p1", amount_minor=250, currency="EUR", last_trace=0, sale=sale)],
        [
            fact(Kind.PAYMENT_APPROVED, "p1", ref="p1", trace=1, receipt_no=1),
            fact(Kind.SALE_COMPLETED, "p1", **sale),
            fact(Kind.VOUCHER_REDEEMED, "p1", code="DEP-1", amount_minor=25, currency="EUR", sale_id="s1"),
            fact(Kind.RECEIPT_PENDING, "p1", sale_id="s1", receipt_number="1"),
        ],
        [fact(Kind.PAYMENT_SETTLED, "p1", ref="p1"), fact(Kind.RECEIPT_PRINTED, "p1", sale_id="s1")],
        [fact(Kind.BASKET_HELD, "basket:H1", code="H1", basket={"lines": []})],
        [fact(Kind.APPROVAL_GRANTED, "s2", staff="Ada Brandt", role="attendant", reason="age")],
    ]


def main() -> None:
    target = Path(__file__).with_name("journal-2.db")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        key = directory / "key"
        key.touch(0o600)
        key.write_text(KEY_TEXT, "ascii")
        books = open_books(directory, "T1", strict=True)
        for facts in commits():
            books.journal.commit(facts)
        books.drafts.save({"sale_id": "s3", "basket": {"lines": []}})
        books.close()
        copy_into(directory / "journal.db", bytes.fromhex(KEY_TEXT), directory / "copy.db")
        shutil.move(directory / "copy.db", target)


if __name__ == "__main__":
    main()
