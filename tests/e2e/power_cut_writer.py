"""Sells until it is killed, and says each sale only once it is durable; started again and again by test_power_cut_storage.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kiosk.domain.facts import Fact, Kind
from kiosk.storage.boot import open_books

AT = "2026-11-21T10:00:00+01:00"


def main(directory: Path) -> None:
    books = open_books(directory, "T1", strict=True)
    say(f"report {' '.join(line.code for line in books.report)}")
    number = books.journal.head()[0]
    while True:
        number += 1
        sale, ref = f"s{number}", f"p{number}"
        body = {"sale_id": sale, "total_minor": 1, "currency": "EUR", "receipt_number": str(number), "note": "x" * 2000}
        books.journal.commit(
            [
                Fact(Kind.PAYMENT_INTENDED, ref, {"ref": ref, "amount_minor": 1, "currency": "EUR", "sale": {}}, AT, 0),
                Fact(Kind.SALE_COMPLETED, sale, body, AT, 0),
                Fact(Kind.RECEIPT_PENDING, sale, {"sale_id": sale}, AT, 0),
            ]
        )
        say(f"sold {sale}")
        books.drafts.save({"lines": number})
        if number % 40 == 0:
            books.backups.make_soon()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
