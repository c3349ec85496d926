"""Makes journal-N.db, the journal as schema N writes it. Run once, with the software of that schema; once that is released, the file
never changes again. As long as it is not, make it anew with every change of the schema.

python tests/migrations/make_schema.py N
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
from kiosk.storage.schema import MIGRATIONS

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
        *(
            [bill_commit("k1"), bill_commit("k2"), [bill_voided("k2")], *refund_commits(), [form_submitted()]]
            if len(MIGRATIONS) >= 3
            else []
        ),
    ]


def refund_commits() -> list[list[Fact]]:
    """A refund of a piece."""
    refund: dict[str, Json] = {
        "sale_id": "s1",
        "number": 1,
        "amount_minor": 250,
        "currency": "EUR",
        "lines": [{"line_id": 1, "first": 0, "pieces": 1}],
    }
    return [
        [fact(Kind.REFUND_INTENDED, "r1", refund_id="r1", refund=refund)],
        [fact(Kind.REFUND_APPROVED, "r1", refund_id="r1", trace=2)],
        [fact(Kind.REFUND_COMPLETED, "r1", refund_id="r1", **refund)],
    ]


def bill_commit(key: str) -> list[Fact]:
    """A sale of one bill."""
    bill: dict[str, Json] = {
        "line_id": 1,
        "standard": "epc",
        "payee": "Stadtwerke",
        "account": "DE89370400440532013000",
        "reference": "RF18539007547034",
        "amount_minor": 4200,
        "fee_minor": 50,
        "currency": "EUR",
        "due": "2026-12-01",
        "message": None,
        "payment_ref": f"r-{key}",
        "key": key,
        "is_confirmed": False,
    }
    sale_id = f"s-{key}"
    return [
        fact(Kind.SALE_COMPLETED, sale_id, sale_id=sale_id, total_minor=0, currency="EUR", lines=[], bills=[bill]),
        fact(Kind.BILL_PAID, f"bill:{key}", **bill, sale_id=sale_id),
    ]


def bill_voided(key: str) -> Fact:
    return fact(Kind.BILL_VOIDED, f"bill:{key}", key=key, payment_ref=f"r-{key}", sale_id=f"s-{key}", reason="x")


def form_submitted() -> Fact:
    body: dict[str, Json] = {
        "submission_id": "f1",
        "form": "appointment",
        "version": 1,
        "end": "slot",
        "day": "2026-11-21",
        "prefix": "D",
        "running": 1,
        "number": "261121-D001",
        "slot": "2026-11-24T09:30",
        "fixed": True,
        "answers": [],
        "consent": "",
    }
    return fact(Kind.FORM_SUBMITTED, "f1", **body)


def main(schema: int) -> None:
    if schema != len(MIGRATIONS):
        raise SystemExit(f"this software writes schema {len(MIGRATIONS)}; journal-{schema}.db is made with its own")
    target = Path(__file__).with_name(f"journal-{schema}.db")
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
    main(int(sys.argv[1]))
