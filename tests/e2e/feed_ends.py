"""A terminal's process with nothing but its books and its feeds, to be killed at any moment.

feed_ends.py DIR      says "at FEED CURSOR" for what is staged of articles and prices as it comes, and "shown FEED" for what is shown
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kiosk.configuration import Configuration, load
from kiosk.storage.boot import open_books
from kiosk.storage.feeds import EDITION_FEEDS, SqliteFeeds
from sync.identity import load_identity
from ui.feeding import FeedProcess

TERMINAL = "T1"


def configured() -> Configuration:
    """The product's own, asking what changed as often as it may."""
    found = load(environment={})
    return found.model_copy(update={"sync": found.sync.model_copy(update={"feeds_every_s": 1})})


def follow(directory: Path) -> None:
    books = open_books(directory, TERMINAL)
    identity = load_identity(directory)
    assert identity is not None
    FeedProcess(books, configured(), identity.url, lambda name: print("shown", name, flush=True)).start()  # noqa: T201 - what the test waits for
    store = SqliteFeeds(books.catalogue)
    said = {}
    while True:
        for name in EDITION_FEEDS:
            place = store.staged(name)
            if place is not None and place.cursor != said.get(name):
                said[name] = place.cursor
                print("at", name, place.cursor, flush=True)  # noqa: T201 - as above
        time.sleep(0.02)


if __name__ == "__main__":
    follow(Path(sys.argv[1]))
