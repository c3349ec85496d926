"""Feeds: rows with the number of their last change, read as deltas, published whole or in part.

Store "*" is for every store that has none of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Row

from sync.central.database import one, one_locked, rows, run
from sync.central.errors import CentralError, Refusal
from sync.protocol.feed_rows import FORMAT
from sync.protocol.feeds import FeedList, FeedName, FeedPage, FeedRow, FeedState, rows_checksum
from sync.protocol.problems import ProblemType

EVERY_STORE: Final = "*"
# Rows that were taken away are kept for who has not heard of it, until they outnumber the others: then all is fetched anew.
FEWEST_DEAD: Final = 1_000
_ROWS_AT_ONCE: Final = 10_000


def listed(connection: Connection, store_id: str) -> FeedList:
    """Every feed of a store: its own, else the one for every store."""
    found = rows(
        connection,
        "SELECT name, epoch, last_change, live_rows, version FROM feed WHERE store_id IN (:store, :every) ORDER BY store_id = :every DESC",
        store=store_id,
        every=EVERY_STORE,
    )
    by_name = {
        row.name: FeedState(
            name=FeedName(row.name), epoch=row.epoch, cursor=row.last_change, count=row.live_rows, version=row.version
        )
        for row in found
    }
    return FeedList(store_id=store_id, feeds=tuple(by_name[name] for name in sorted(by_name)))


def page(connection: Connection, store_id: str, name: FeedName, epoch: str, *, after: int, limit: int) -> FeedPage:
    """What changed behind `after` within `epoch`, or from the beginning where the epoch is another. Raises Refusal (UNKNOWN)."""
    feed = _feed(connection, store_id, name)
    if feed is None:
        raise Refusal(ProblemType.UNKNOWN, f"store {store_id} has no feed {name}")
    if epoch != feed.epoch or after > feed.last_change:
        after = 0
    found = rows(
        connection,
        "SELECT row_key, body, change FROM feed_row WHERE store_id = :store AND name = :name AND change > :after"
        " ORDER BY change LIMIT :limit",
        store=feed.store_id,
        name=name.value,
        after=after,
        limit=limit,
    )
    done = len(found) < limit
    cursor = feed.last_change if done else found[-1].change
    sent = tuple(FeedRow(key=row.row_key, body=row.body) for row in found)
    return FeedPage(
        store_id=store_id,
        name=name,
        format=feed.format,
        epoch=feed.epoch,
        after=after,
        cursor=cursor,
        rows=sent,
        done=done,
        count=feed.live_rows,
        version=feed.version,
        checksum=rows_checksum(store_id, name.value, feed.epoch, after=after, cursor=cursor, rows=sent),
    )


def publish(
    connection: Connection, store_id: str, name: FeedName, changes: Iterable[FeedRow], *, version: str, whole: bool
) -> int:
    """Take rows into a feed; gives how many differed, for those alone are sent. `whole`: what is not among them is taken away."""
    feed = _own(connection, store_id, name)
    run(connection, "DROP TABLE IF EXISTS feed_stage")
    run(connection, "CREATE TEMPORARY TABLE feed_stage (row_key TEXT PRIMARY KEY, body TEXT)")
    for chunk in _chunks(changes):
        _stage(connection, chunk)
    values = {"store": store_id, "name": name.value}
    if whole:
        run(
            connection,
            "INSERT INTO feed_stage SELECT row_key, NULL FROM feed_row r WHERE store_id = :store AND name = :name AND body IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM feed_stage s WHERE s.row_key = r.row_key)",
            **values,
        )
    differing = _merge(connection, feed.last_change, values)
    counts = one(
        connection,
        "SELECT count(body) AS live, count(*) AS whole FROM feed_row WHERE store_id = :store AND name = :name",
        **values,
    )
    live, dead = (counts.live, counts.whole - counts.live) if counts else (0, 0)
    run(
        connection,
        "UPDATE feed SET last_change = last_change + :differing, live_rows = :live, version = :version, format = :format"
        " WHERE store_id = :store AND name = :name",
        differing=differing,
        live=live,
        version=version,
        format=FORMAT,
        **values,
    )
    if dead > max(live, FEWEST_DEAD):
        begin_epoch(connection, store_id, name)
    run(connection, "DROP TABLE feed_stage")
    return differing


def bodies(connection: Connection, store_id: str, name: FeedName) -> dict[str, str]:
    """What a store's own feed holds now, by key."""
    found = rows(
        connection,
        "SELECT row_key, body FROM feed_row WHERE store_id = :store AND name = :name AND body IS NOT NULL",
        store=store_id,
        name=name.value,
    )
    return {row.row_key: row.body for row in found}


def begin_epoch(connection: Connection, store_id: str, name: FeedName) -> None:
    """Let every terminal fetch this feed anew; what was taken away is forgotten."""
    values = {"store": store_id, "name": name.value}
    run(connection, "DELETE FROM feed_row WHERE store_id = :store AND name = :name AND body IS NULL", **values)
    run(
        connection,
        "UPDATE feed SET epoch = :epoch WHERE store_id = :store AND name = :name",
        epoch=secrets.token_hex(8),
        **values,
    )


def _merge(connection: Connection, last_change: int, values: dict[str, str]) -> int:
    """From the stage into the feed: what differs, numbered on from its last change."""
    made = one(
        connection,
        "SELECT count(*) AS differing FROM feed_stage s LEFT JOIN feed_row r ON r.store_id = :store AND r.name = :name"
        " AND r.row_key = s.row_key WHERE r.body IS DISTINCT FROM s.body",
        **values,
    )
    run(
        connection,
        "INSERT INTO feed_row SELECT :store, :name, s.row_key, CAST(:last AS BIGINT) + row_number() OVER (ORDER BY s.row_key), s.body"
        " FROM feed_stage s LEFT JOIN feed_row r ON r.store_id = :store AND r.name = :name AND r.row_key = s.row_key"
        " WHERE r.body IS DISTINCT FROM s.body"
        " ON CONFLICT (store_id, name, row_key) DO UPDATE SET change = excluded.change, body = excluded.body",
        last=last_change,
        **values,
    )
    return int(made.differing) if made else 0


def _own(connection: Connection, store_id: str, name: FeedName) -> Row[Any]:
    run(
        connection,
        "INSERT INTO feed VALUES (:store, :name, :format, :epoch, 0, 0, '') ON CONFLICT (store_id, name) DO NOTHING",
        store=store_id,
        name=name.value,
        format=FORMAT,
        epoch=secrets.token_hex(8),
    )
    sql = "SELECT * FROM feed WHERE store_id = :store AND name = :name"
    feed = one_locked(connection, sql, store=store_id, name=name.value)
    if feed is None:
        raise CentralError(f"the feed {name} of store {store_id} went away while it was written; publish it again")
    return feed


def _feed(connection: Connection, store_id: str, name: FeedName) -> Row[Any] | None:
    return one(
        connection,
        "SELECT * FROM feed WHERE store_id IN (:store, :every) AND name = :name ORDER BY store_id = :every LIMIT 1",
        store=store_id,
        every=EVERY_STORE,
        name=name.value,
    )


def _stage(connection: Connection, chunk: list[FeedRow]) -> None:
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY feed_stage FROM STDIN") as copy:
            for row in chunk:
                copy.write_row((row.key, row.body))
        return
    connection.exec_driver_sql("INSERT INTO feed_stage VALUES (?, ?)", [(row.key, row.body) for row in chunk])


def _chunks(changes: Iterable[FeedRow]) -> Iterator[list[FeedRow]]:
    waiting = iter(changes)
    while chunk := list(islice(waiting, _ROWS_AT_ONCE)):
        yield chunk
