"""Books on a disk for tests: opened, sold into, read back, and damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.storage.boot import Books, open_books

AT = "2026-11-21T10:00:00+01:00"


def fact(kind: Kind, subject: str, **body: Json) -> Fact:
    return Fact(kind, subject, body, AT, 1000)


def sell(books: Books, *numbers: int) -> None:
    for number in numbers:
        sale = f"s{number}"
        filler = "x" * 1500  # a page or so a sale, so that damage hits one sale and not all
        books.journal.commit(
            [
                fact(
                    Kind.SALE_COMPLETED,
                    sale,
                    sale_id=sale,
                    total_minor=number,
                    currency="EUR",
                    receipt_number=str(number),
                    note=filler,
                )
            ]
        )


@contextmanager
def opened(directory: Path, terminal_id: str = "T1") -> Iterator[Books]:
    books = open_books(directory, terminal_id, strict=True)
    try:
        yield books
    finally:
        books.close()


def codes(books: Books) -> list[str]:
    return [line.code for line in books.report]


def sold(books: Books) -> list[str]:
    return [entry.fact.subject for entry in books.journal.entries(kinds=[Kind.SALE_COMPLETED])]


def flip(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 0x40]))


def drop_backups(directory: Path) -> None:
    shutil.rmtree(directory / "backups", ignore_errors=True)
