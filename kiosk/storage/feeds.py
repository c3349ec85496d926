"""Feeds from the central service into the catalogue: staged page by page, shown in one commit, resumed after an interruption.

A whole catalogue is built in the slot that is not in use; a change of ten thousand rows touches ten thousand rows of the one that is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.domain.records import dataclass
from kiosk.ports import FeedPart, FeedPlace, FeedRefusedError
from kiosk.storage.catalogue import SOURCE_PREFIX, SqliteCatalogue
from kiosk.storage.catalogue_stage import Edition, StoredItem, load
from kiosk.storage.feed_changes import (
    CATALOGUE,
    PRICES,
    SMALL_FEEDS,
    Shown,
    change_edition,
    change_small,
    put_category,
    stored_item,
)

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

EDITION_FEEDS: Final = (CATALOGUE, PRICES)
_ROWS_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Stage:
    """What is staged of a feed. `whole`: all of it; else what changed behind what is in use. `ready`: nothing is missing."""

    name: str
    epoch: str
    cursor: int
    version: str
    generation: int
    whole: int
    ready: int

    def shown(self, live: int) -> Shown:
        return Shown(self.name, self.epoch, self.cursor, self.version, self.generation, live)


class SqliteFeeds:
    """`kiosk.ports.FeedStore` in the catalogue's file."""

    def __init__(self, catalogue: SqliteCatalogue) -> None:
        self._catalogue = catalogue
        self._is_tidy = False

    def shown(self, name: str) -> FeedPlace:
        """As `kiosk.ports.FeedStore.shown`."""
        found = _live(self._connection, name)
        return FeedPlace(found.epoch, found.cursor) if found else FeedPlace()

    def staged(self, name: str) -> FeedPlace | None:
        """As `kiosk.ports.FeedStore.staged`."""
        found = _stage(self._connection, name)
        return FeedPlace(found.epoch, found.cursor) if found else None

    def stage(self, part: FeedPart) -> None:
        """As `kiosk.ports.FeedStore.stage`. Raises FeedRefusedError for a part that goes on behind nothing."""
        if not self._is_tidy:
            self._tidy()
        self._catalogue.writer.call(lambda connection: _put(connection, part))

    def show(self, name: str, count: int) -> bool:
        """As `kiosk.ports.FeedStore.show`."""
        stage = _stage(self._connection, name)
        if stage is None:
            return False
        try:
            return self._show(stage, count)
        except FeedRefusedError:
            self.forget(name)
            raise
        finally:
            self._is_tidy = False

    def forget(self, name: str) -> None:
        """As `kiosk.ports.FeedStore.forget`."""

        def work(connection: Connection) -> None:
            connection.execute("DELETE FROM feed_stage WHERE name = ?", (name,))
            connection.execute("UPDATE feed SET epoch = '', cursor = 0 WHERE name = ?", (name,))

        self._catalogue.writer.call(work)
        self._is_tidy = False

    # --- showing

    @property
    def _connection(self) -> Connection:
        return self._catalogue.readers.get()

    def _show(self, stage: _Stage, count: int) -> bool:
        call = self._catalogue.writer.call
        if stage.name in SMALL_FEEDS:
            key = self._catalogue.key
            slot = call(lambda connection: change_small(connection, stage.shown(count), key, whole=bool(stage.whole)))
        elif stage.whole:
            return self._show_whole(stage, count)
        else:
            slot = call(lambda connection: change_edition(connection, stage.shown(count)))
        self._catalogue.show(slot)
        return True

    def _show_whole(self, stage: _Stage, count: int) -> bool:
        held = _size(self._connection, stage.generation)
        if held != count:
            raise FeedRefusedError(f"{stage.name} has {held} rows instead of {count}; it is fetched anew")
        self._catalogue.writer.call(
            lambda connection: connection.execute("UPDATE feed_stage SET ready = 1 WHERE name = ?", (stage.name,))
        )
        parts = {stage.name: stage.shown(held)}
        for name in EDITION_FEEDS:
            other = _stage(self._connection, name)
            if name != stage.name and other is not None and other.whole and other.ready:
                parts[name] = other.shown(_size(self._connection, other.generation))
            elif name != stage.name and (live := _live(self._connection, name)) is not None:
                parts[name] = live
        if len(parts) < len(EDITION_FEEDS):
            return False  # articles without prices, or prices without articles: nothing that could be sold
        self._build(parts)
        return True

    def _build(self, parts: dict[str, Shown]) -> None:
        catalogue, prices = parts[CATALOGUE], parts[PRICES]
        row = self._connection.execute(
            "SELECT body FROM feed_row WHERE generation = ? AND key = 'edition'", (catalogue.generation,)
        ).fetchone()
        if row is None:
            raise FeedRefusedError("the catalogue does not say its currency and languages; it is fetched anew")
        about = json.loads(row[0])
        edition = Edition(
            currency=about["currency"],
            price_version=prices.version,
            source=f"{SOURCE_PREFIX}{catalogue.epoch}",
            languages=tuple(about["languages"]),
            items=self._items(catalogue.generation, prices.generation),
        )

        def also(connection: Connection, slot: int) -> None:
            for table in ("promotion", "recall", "voucher", "staff", "policy", "content"):
                columns = ", ".join(_columns(connection, table))
                connection.execute(
                    f"INSERT INTO {table} SELECT {slot}, {columns} FROM {table} WHERE slot = {1 - slot}"  # noqa: S608 - names of our own
                )
            for _, body in _rows(connection, catalogue.generation, "category:", "category;"):
                put_category(connection, slot, json.loads(body))
            for part in parts.values():
                part.put(connection)

        load(self._catalogue, edition, also)

    def _items(self, catalogue: int, prices: int) -> Iterator[StoredItem]:
        """Every article that has a price, in the order of their numbers."""
        after = "item:"
        while True:
            rows = self._connection.execute(
                "SELECT c.key, c.body, p.body FROM feed_row c JOIN feed_row p ON p.generation = ? AND p.key = substr(c.key, 6)"
                " WHERE c.generation = ? AND c.key > ? AND c.key < 'item;' ORDER BY c.key LIMIT ?",
                (prices, catalogue, after, _ROWS_AT_ONCE),
            ).fetchall()
            for _, item, price in rows:
                yield stored_item(json.loads(item), json.loads(price))
            if len(rows) < _ROWS_AT_ONCE:
                return
            after = rows[-1][0]

    def _tidy(self) -> None:
        """Generations that nothing refers to any more, a little at a time."""
        for generation in _unused(self._connection):
            while self._catalogue.writer.call(partial(_drop_some, generation)):
                pass
        self._is_tidy = True


def _drop_some(generation: int, connection: Connection) -> int:
    done = connection.execute(
        "DELETE FROM feed_row WHERE generation = ? AND key IN (SELECT key FROM feed_row WHERE generation = ? LIMIT ?)",
        (generation, generation, _ROWS_AT_ONCE),
    )
    return done.rowcount


def _unused(connection: Connection) -> list[int]:
    """Found from one generation to the next: to look at every row of a million articles would take seconds."""
    query = "SELECT generation FROM feed UNION SELECT generation FROM feed_stage"
    used = {int(row[0]) for row in connection.execute(query).fetchall()}
    found: list[int] = []
    after = -1
    while True:
        row = connection.execute("SELECT min(generation) FROM feed_row WHERE generation > ?", (after,)).fetchone()
        if row[0] is None:
            return found
        after = int(row[0])
        if after not in used:
            found.append(after)


def _put(connection: Connection, part: FeedPart) -> None:
    stage = _stage(connection, part.name)
    if stage is None or (stage.epoch, stage.cursor) != (part.epoch, part.after):
        stage = _begin(connection, part)
    generation = stage.generation
    if stage.whole:
        gone = [(generation, key) for key, body in part.rows if body is None]
        connection.executemany("DELETE FROM feed_row WHERE generation = ? AND key = ?", gone)
    kept = [(generation, key, body) for key, body in part.rows if body is not None or not stage.whole]
    connection.executemany("INSERT OR REPLACE INTO feed_row VALUES (?, ?, ?)", kept)
    connection.execute(
        "INSERT OR REPLACE INTO feed_stage VALUES (?, ?, ?, ?, ?, ?, 0)",
        (part.name, part.epoch, part.cursor, part.version, generation, stage.whole),
    )


def _begin(connection: Connection, part: FeedPart) -> _Stage:
    live = _live(connection, part.name)
    is_change = live is not None and (live.epoch, live.cursor) == (part.epoch, part.after)
    if not is_change and part.after:
        raise FeedRefusedError(f"{part.name} goes on behind {part.after}, where nothing ends; it is fetched anew")
    connection.execute("DELETE FROM feed_stage WHERE name = ?", (part.name,))
    highest = connection.execute(
        "SELECT max(coalesce((SELECT max(generation) FROM feed_row), 0), coalesce((SELECT max(generation) FROM feed), 0),"
        " coalesce((SELECT max(generation) FROM feed_stage), 0))"
    ).fetchone()[0]
    return _Stage(part.name, part.epoch, part.after, part.version, highest + 1, int(not is_change), 0)


def _stage(connection: Connection, name: str) -> _Stage | None:
    row = connection.execute("SELECT * FROM feed_stage WHERE name = ?", (name,)).fetchone()
    return _Stage(*row) if row else None


def _live(connection: Connection, name: str) -> Shown | None:
    row = connection.execute("SELECT * FROM feed WHERE name = ?", (name,)).fetchone()
    return Shown(*row) if row else None


def _size(connection: Connection, generation: int) -> int:
    found = connection.execute("SELECT count(*) FROM feed_row WHERE generation = ?", (generation,)).fetchone()
    return int(found[0])


def _rows(connection: Connection, generation: int, first: str, behind: str) -> Iterator[tuple[str, str]]:
    yield from connection.execute(
        "SELECT key, body FROM feed_row WHERE generation = ? AND key >= ? AND key < ? ORDER BY key",
        (generation, first, behind),
    ).fetchall()


def _columns(connection: Connection, table: str) -> list[str]:
    found = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return [str(row[1]) for row in found if row[1] != "slot"]
