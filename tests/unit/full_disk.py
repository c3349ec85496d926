"""Fills a small disk under open books; run in a mount namespace of its own by test_books_room.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kiosk.domain.facts import Fact, Kind
from kiosk.ports import JournalFullError
from kiosk.storage.boot import open_books


def fact(number: int) -> Fact:
    body = {"sale_id": f"s{number}", "total_minor": 1, "currency": "EUR", "note": "x" * 20_000}
    return Fact(Kind.SALE_COMPLETED, f"s{number}", body, "2026-11-21T10:00:00+01:00", 0)


def main(mount_point: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", str(mount_point)], check=False)
    if mounted.returncode:
        sys.exit("a small disk cannot be mounted")
    books = open_books(mount_point / "books", "T1", strict=True)
    assert books.room()
    ballast = mount_point / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65_536)
        except OSError:
            say("full")
    written = 0
    for number in range(5):
        books.journal.commit([fact(number)])
        written += 1
    assert not (mount_point / "books" / "reserve").exists(), "the reserve was not needed: nothing was tested"
    say("in-flight-written")
    say("room" if books.room() else "no-room")
    try:
        for number in range(5, 1000):
            books.journal.commit([fact(number)])
            written += 1
    except JournalFullError:
        say("refused")
    ballast.unlink()
    say("room-again" if books.room() else "no-room")
    books.journal.commit([fact(5000)])
    say("sold")
    books.close()
    books = open_books(mount_point / "books", "T1", strict=True)
    assert books.journal.head()[0] == written + 1
    assert books.journal.verify().ok
    say("ok" if not books.report else str(books.report))
    books.close()


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
