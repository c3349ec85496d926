"""The central service beside a till that is measured: a process of its own, which fills its feeds, changes them, and serves them.

feed_centre.py stock DIR TERMINAL ITEMS     a service with ITEMS made-up articles; says a pairing code and where the feeds stand
feed_centre.py change DIR ITEMS COUNT ROUND COUNT of them get another name and another price; says where the feeds stand
feed_centre.py serve DIR PORT               says its port, then notes in DIR/pages when which page was asked for
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from kiosk.storage.catalogue_generate import made_up_edition
from kiosk.storage.catalogue_stage import StoredItem
from sync.central.app import create_app
from sync.central.authority import tls_files
from sync.central.database import Database
from sync.central.enrolment import make_code
from sync.central.feeds import listed, publish
from sync.central.migrations import migrate
from sync.central.serving import RunningService, listen
from sync.central.settings import Settings
from sync.protocol.feed_rows import CategoryRow, EditionRow, ItemRow, PriceRow, feed_row
from sync.protocol.feeds import FeedName, FeedRow
from ui.feeder import give_way

STORE: Final = "measured"
PAGES: Final = "pages"

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


def main(argv: Sequence[str]) -> int:
    """As the module says."""
    what, directory = argv[0], Path(argv[1])
    give_way()  # in life it is another machine: here it takes what the till leaves of this one
    if what == "stock":
        _stock(directory, argv[2], int(argv[3]))
    elif what == "change":
        _change(directory, *map(int, argv[2:5]))
    else:
        _serve(directory, int(argv[2]))
    return 0


def pages(directory: Path) -> Iterator[tuple[float, str, int]]:
    """When (time.monotonic) which feed was asked for behind which change, in order."""
    path = directory / PAGES
    for line in path.read_text("ascii").splitlines() if path.exists() else ():
        at, name, after = line.split()
        yield float(at), name, int(after)


def _stock(directory: Path, terminal_id: str, items: int) -> None:
    database = Database(_url(directory))
    migrate(database)
    made_up = made_up_edition(items)
    about = [
        EditionRow(currency=made_up.currency, languages=made_up.languages),
        *(
            CategoryRow(code=one.code, names=dict(one.names), picture=one.picture, order=one.order, on_touch=True)
            for one in made_up.categories
        ),
    ]

    def articles() -> Iterator[FeedRow]:
        yield from map(feed_row, about)
        yield from (feed_row(_article(item)) for item in made_up_edition(items).items)

    prices = (feed_row(PriceRow(number=item.number, price_minor=item.price_minor)) for item in made_up.items)
    _publish(database, FeedName.CATALOGUE, articles(), "0")
    _publish(database, FeedName.PRICES, prices, "0")
    code = database.write(lambda c: make_code(c, terminal_id, STORE, who="measure", now_s=time.time()))
    print(code, _stand(database))  # noqa: T201 - the answer
    database.close()


def _change(directory: Path, items: int, count: int, number: int) -> None:
    database = Database(_url(directory))
    every = max(1, items // count)
    chosen = [item for place, item in enumerate(made_up_edition(items).items) if place % every == number % every]
    named = (feed_row(_article(item, f" {number}")) for item in chosen[:count])
    priced = (feed_row(PriceRow(number=item.number, price_minor=50 + number)) for item in chosen[:count])
    _publish(database, FeedName.CATALOGUE, named, str(number))
    _publish(database, FeedName.PRICES, priced, str(number))
    print(_stand(database))  # noqa: T201 - the answer
    database.close()


def _article(item: StoredItem, suffix: str = "") -> ItemRow:
    return ItemRow(
        number=item.number,
        names={language: f"{name}{suffix}" for language, name in item.names.items()},
        category=item.category,
        unit="kg" if item.unit == "kg" else "piece",
        tax=item.tax,
        picture=item.picture,
        plu=item.plu,
        quick=item.quick,
    )


def _publish(database: Database, name: FeedName, changed: Iterator[FeedRow], version: str) -> None:
    # Rows are made once: a transaction that is tried again reads them anew.
    whole = list(changed)
    database.write(lambda connection: publish(connection, STORE, name, whole, version=version, whole=False))


def _stand(database: Database) -> str:
    found = database.read(lambda connection: listed(connection, STORE))
    return json.dumps({state.name.value: state.cursor for state in found.feeds})


def _serve(directory: Path, port: int) -> None:
    tls = tls_files(directory / "tls", ["127.0.0.1"], datetime.now(UTC))
    settings = Settings(_url(directory), ca_pem=tls.ca.read_text("ascii"))
    running = RunningService(_noting(create_app(settings), directory / PAGES), listen("127.0.0.1", port), tls)  # type: ignore[arg-type]  # ASGI around ASGI
    running.start()
    print(running.port, flush=True)  # noqa: T201 - the answer
    threading.Event().wait()


def _noting(app: Any, path: Path) -> App:
    """`app`, with a line in `path` for every page of a feed that is asked for."""

    async def noted(
        scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/feeds/"):
            name = scope["path"].rpartition("/")[2]
            after = parse_qs(scope["query_string"].decode("ascii")).get("after", ["0"])[0]
            with path.open("a", encoding="ascii") as notes:
                notes.write(f"{time.monotonic()!r} {name} {after}\n")
        await app(scope, receive, send)

    return noted


def _url(directory: Path) -> str:
    return f"sqlite:///{directory.absolute()}/central.db"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
