"""What a feed's changed rows change in the catalogue that is in use: within one commit of the writer, as much as changed and no more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from kiosk.domain.records import dataclass
from kiosk.ports import FeedRefusedError
from kiosk.storage.badges import salt_of
from kiosk.storage.catalogue import badge_hash
from kiosk.storage.catalogue_stage import StoredItem, put_items
from kiosk.storage.database import DatabaseError, error_code

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

CATALOGUE: Final = "catalogue"
PRICES: Final = "prices"
SQLITE_CONSTRAINT: Final = 19

Row = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A feed that is in use: its place, version, and the generation that holds its `live` rows."""

    name: str
    epoch: str
    cursor: int
    version: str
    generation: int
    live: int

    def put(self, connection: Connection) -> None:
        """It is in use from now on, and no longer staged."""
        connection.execute(
            "INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?, ?)",
            (self.name, self.epoch, self.cursor, self.version, self.generation, self.live),
        )
        connection.execute("DELETE FROM feed_stage WHERE name = ?", (self.name,))


def stored_item(item: Mapping[str, Any], price: Mapping[str, Any]) -> StoredItem:
    """An article and its price, as the feeds have them."""
    return StoredItem(
        number=item["number"],
        names=item["names"],
        category=item["category"],
        unit=item["unit"],
        price_minor=price["price_minor"],
        tax=item["tax"],
        picture=item.get("picture", ""),
        plu=item.get("plu"),
        reference=item.get("reference"),
        minimum_age=item.get("minimum_age", 0),
        deposit_minor=item.get("deposit_minor", 0),
        member_price_minor=price.get("member_price_minor"),
        quick=item.get("quick", False),
    )


def put_category(connection: Connection, slot: int, body: Mapping[str, Any]) -> None:
    """A category of the touch picker."""
    values = (body.get("picture", ""), body.get("order", 0), int(body.get("on_touch", False)))
    connection.execute(
        "INSERT OR REPLACE INTO category VALUES (?, ?, ?, ?, ?, ?)",
        (slot, body["code"], json.dumps(body["names"]), *values),
    )


# --- articles and prices


def change_edition(connection: Connection, staged: Shown) -> int:
    """Put the staged changes of articles or prices into what is in use; gives its slot. Raises FeedRefusedError."""
    slot = _slot(connection)
    rows = _staged(connection, staged.generation)
    generations = dict(connection.execute("SELECT name, generation FROM feed").fetchall())
    live = _merge(connection, staged, generations[staged.name], rows)
    languages = _edition(connection, slot, rows)
    for key, body in rows:
        if key.startswith("category:"):
            _change_category(connection, slot, key.removeprefix("category:"), body)
    numbers = sorted({int(key.removeprefix("item:")) for key, _ in rows if key.startswith("item:")})
    if staged.name == PRICES:
        numbers = _reprice(connection, slot, rows)
        connection.execute("UPDATE edition SET price_version = ? WHERE slot = ?", (staged.version, slot))
    with _refusing(staged.name):
        _put_anew(connection, slot, languages, numbers, generations)
    connection.execute("DELETE FROM feed_row WHERE generation = ?", (staged.generation,))
    Shown(staged.name, staged.epoch, staged.cursor, staged.version, generations[staged.name], live).put(connection)
    return slot


def _merge(connection: Connection, staged: Shown, generation: int, rows: list[Row]) -> int:
    """The staged rows into those in use; gives how many there are then, which must be as many as the feed says."""
    live = int(connection.execute("SELECT live FROM feed WHERE name = ?", (staged.name,)).fetchone()[0])
    for key, body in rows:
        there = connection.execute(
            "SELECT 1 FROM feed_row WHERE generation = ? AND key = ?", (generation, key)
        ).fetchone()
        live += int(body is not None) - int(there is not None)
        if body is None:
            connection.execute("DELETE FROM feed_row WHERE generation = ? AND key = ?", (generation, key))
        else:
            connection.execute("INSERT OR REPLACE INTO feed_row VALUES (?, ?, ?)", (generation, key, body))
    if live != staged.live:
        raise FeedRefusedError(f"{staged.name} would have {live} rows instead of {staged.live}; it is fetched anew")
    return live


def _edition(connection: Connection, slot: int, rows: list[Row]) -> tuple[str, ...]:
    """The languages of the edition in use. One in another currency or with other languages is another edition."""
    currency, known = connection.execute("SELECT currency, languages FROM edition WHERE slot = ?", (slot,)).fetchone()
    languages: tuple[str, ...] = tuple(json.loads(known))
    for key, body in rows:
        if key == "edition":
            about = json.loads(body) if body else {}
            if (about.get("currency"), tuple(about.get("languages", ()))) != (currency, languages):
                raise FeedRefusedError("the catalogue changes its currency or languages; it is fetched anew")
    return languages


def _change_category(connection: Connection, slot: int, code: str, body: str | None) -> None:
    if body is None:
        connection.execute("DELETE FROM category WHERE slot = ? AND code = ?", (slot, code))
    else:
        put_category(connection, slot, json.loads(body))


def _reprice(connection: Connection, slot: int, rows: list[Row]) -> list[int]:
    """New prices of articles that are there; gives the numbers for which that is not all: to be put anew."""
    others = []
    for key, body in rows:
        price = json.loads(body) if body else None
        if price is None:
            others.append(int(key))
            continue
        done = connection.execute(
            f"UPDATE item_{slot} SET price_minor = ?, member_price_minor = ? WHERE number = ?",  # noqa: S608 - a slot of our own
            (price["price_minor"], price.get("member_price_minor"), int(key)),
        )
        if not done.rowcount:
            others.append(int(key))
    return others


def _put_anew(
    connection: Connection, slot: int, languages: tuple[str, ...], numbers: list[int], generations: Mapping[str, int]
) -> None:
    """Take these articles out, then put in those that have a row and a price: two may have changed places."""
    columns = ", ".join(f"name_{language}" for language in languages)
    marks = ", ".join("?" * len(languages))
    fresh = []
    for number in numbers:
        old = connection.execute(f"SELECT names FROM item_{slot} WHERE number = ?", (number,)).fetchone()  # noqa: S608 - as above
        if old is not None:
            names = json.loads(old[0])
            # A contentless index forgets only the very words that it was given.
            connection.execute(
                f"INSERT INTO search_{slot} (search_{slot}, rowid, {columns}) VALUES ('delete', ?, {marks})",  # noqa: S608 - as above
                (number, *(names.get(language, "") for language in languages)),
            )
            connection.execute(f"DELETE FROM item_{slot} WHERE number = ?", (number,))  # noqa: S608 - as above
        pair = connection.execute(
            "SELECT c.body, p.body FROM feed_row c JOIN feed_row p ON p.generation = ? AND p.key = ?"
            " WHERE c.generation = ? AND c.key = ?",
            (generations[PRICES], f"{number:014d}", generations[CATALOGUE], f"item:{number:014d}"),
        ).fetchone()
        if pair is not None:
            fresh.append(stored_item(json.loads(pair[0]), json.loads(pair[1])))
    put_items(slot, languages, fresh, connection)


# --- what is small


def change_small(connection: Connection, staged: Shown, key: bytes, *, whole: bool) -> int:
    """Put the staged rows of a small feed into what is in use, in place of all of it where `whole`; gives its slot.

    `key` is the catalogue's, under which badges are hashed. Raises FeedRefusedError.
    """
    in_use = _slot(connection)
    small = SMALL_FEEDS[staged.name]
    slot = 0 if small.is_apart else in_use
    if small.is_apart:
        connection.execute("PRAGMA secure_delete = ON")  # what is taken away leaves nothing in pages that are free
    if whole:
        connection.execute(f"DELETE FROM {small.table} WHERE slot = ?", (slot,))  # noqa: S608 - a table of our own
    rows = _staged(connection, staged.generation)
    where = " AND ".join(f"{column} = ?" for column in small.columns)
    with _refusing(staged.name):
        for row_key, _ in rows:
            connection.execute(
                f"DELETE FROM {small.table} WHERE slot = ? AND {where}",  # noqa: S608 - as above
                (slot, *small.key(row_key)),
            )
        for _, body in rows:
            if body is not None:
                values = (slot, *small.values(json.loads(body), key))
                connection.execute(f"INSERT INTO {small.table} VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - as above
    count = connection.execute(f"SELECT count(*) FROM {small.table} WHERE slot = ?", (slot,)).fetchone()[0]  # noqa: S608 - as above
    if count != staged.live:
        raise FeedRefusedError(f"{staged.name} would have {count} rows instead of {staged.live}; it is fetched anew")
    connection.execute("DELETE FROM feed_row WHERE generation = ?", (staged.generation,))
    staged.put(connection)
    if small.is_apart:
        connection.execute("PRAGMA secure_delete = OFF")  # it would write every page of an edition that is dropped
    return in_use


@dataclass(frozen=True, slots=True)
class _Small:
    """A feed whose rows are those of one table: by which columns a row's key finds it, and what stands in it behind the slot.

    `is_apart`: it is private, and no part of an edition.
    """

    table: str
    columns: tuple[str, ...]
    key: Callable[[str], tuple[str | int, ...]]
    values: Callable[[dict[str, Any], bytes], tuple[str | int, ...]]
    is_apart: bool = False


def _recall_key(key: str) -> tuple[str | int, ...]:
    number, _, batch = key.partition(":")
    return int(number), batch


SMALL_FEEDS: Final[Mapping[str, _Small]] = {
    "promotions": _Small(
        "promotion",
        ("id",),
        lambda key: (key,),
        lambda body, _: (body["promotion"]["id"], json.dumps(body["promotion"])),
    ),
    "recalls": _Small(
        "recall",
        ("number", "batch"),
        _recall_key,
        lambda body, _: (body["number"], body["batch"], body["reason"], body["since"]),
    ),
    "vouchers": _Small(
        "voucher",
        ("code",),
        lambda key: (key,),
        lambda body, _: (body["code"], body["kind"], body["amount_minor"]),
    ),
    "policy": _Small(
        "policy",
        ("key",),
        lambda key: (key,),
        lambda body, _: (body["key"], json.dumps(body["value"])),
    ),
    "content": _Small(
        "content",
        ("key",),
        lambda key: (key,),
        lambda body, _: (body["key"], json.dumps(body["values"])),
    ),
    "staff": _Small(
        "staff",
        ("staff",),
        lambda key: (key,),
        lambda body, key: (
            badge_hash(key, body["badge"]),
            body["staff"],
            body["name"],
            body["role"],
            body["pin_hash"],
            salt_of(body["badge"]),
        ),
    ),
    "accounts": _Small(
        "account",
        ("account",),
        lambda key: (key,),
        lambda body, _: (
            body["account"],
            json.dumps(body["numbers"]),
            body["sealed"],
            body["pin_hash"],
            body["key_name"],
        ),
        is_apart=True,
    ),
}


def _slot(connection: Connection) -> int:
    return int(connection.execute("SELECT value FROM meta WHERE name = 'slot'").fetchone()[0])


def _staged(connection: Connection, generation: int) -> list[Row]:
    return list(
        connection.execute("SELECT key, body FROM feed_row WHERE generation = ? ORDER BY key", (generation,)).fetchall()
    )


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """What breaks a rule of the tables (two articles of one PLU, one badge twice) is the feed's fault, not the disk's."""
    try:
        yield
    except DatabaseError as error:
        if error_code(error) != SQLITE_CONSTRAINT:
            raise
        raise FeedRefusedError(f"two rows of {name} cannot be together ({error}); it is fetched anew") from error
