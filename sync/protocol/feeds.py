"""Feeds: what comes down. Versioned rows, fetched as deltas behind a cursor, in pages that prove themselves.

`GET /v1/feeds` lists what there is; `GET /v1/feeds/{name}?epoch=E&after=CURSOR&limit=N` gives a page. A cursor is good within its epoch
only: an answer with another epoch than the one asked for begins anew from nothing (the terminal stages it beside what it has). Rows come in
order of their last change; a row that changes while someone pages comes again later. `done` says that nothing is left at this moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sync.protocol.wire import Answer, Digest, Name


class FeedName(StrEnum):
    """Every feed that there is. What their rows hold stands in `sync.protocol.feed_rows`."""

    CATALOGUE = "catalogue"
    PRICES = "prices"
    PROMOTIONS = "promotions"
    RECALLS = "recalls"
    VOUCHERS = "vouchers"
    STAFF = "staff"
    POLICY = "policy"
    CONTENT = "content"
    ACCOUNTS = "accounts"


class FeedRow(Answer):
    """A row. `body` is the text of its canonical JSON object; None: the row was taken away."""

    key: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,128}$")]
    body: str | None


class FeedPage(Answer):
    """A page. `count` is how many rows the whole feed has behind `cursor`'s change, `checksum` is `rows_checksum` of what it holds.

    `version` names the state that this page leads to (the price version that a sale keeps); `format` is the schema of the bodies.
    """

    store_id: Name
    name: FeedName
    format: int
    epoch: Name
    after: int
    cursor: int
    rows: tuple[FeedRow, ...]
    done: bool
    count: int
    version: str
    checksum: Digest


class FeedState(Answer):
    """A feed as `GET /v1/feeds` lists it."""

    name: FeedName
    epoch: Name
    cursor: int
    count: int
    version: str


class FeedList(Answer):
    """`GET /v1/feeds`: where every feed of this terminal's store stands. Asked often, for it is small."""

    store_id: Name
    feeds: tuple[FeedState, ...]


def rows_checksum(store_id: str, name: str, epoch: str, *, after: int, cursor: int, rows: Iterable[FeedRow]) -> str:
    """sha256 over what the page is and each of its rows, as 64 hex digits: a cut, reordered or foreign page has another."""
    whole = hashlib.sha256(f"{store_id}\n{name}\n{epoch}\n{after}\n{cursor}\n".encode())
    for row in rows:
        whole.update(f"{row.key}\n{'' if row.body is None else row.body}\n".encode())
    return whole.hexdigest()
