"""Loads a catalogue beside the one in use, in bounded commits, and shows it in one."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from kiosk.domain.basket import Voucher
from kiosk.domain.item import Category
from kiosk.domain.promotion import Promotion
from kiosk.domain.records import dataclass
from kiosk.storage.catalogue import SqliteCatalogue, badge_hash
from kiosk.storage.catalogue_schema import empty_slot

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

# Rows a commit: lookups never wait for a writer, but other writes do, and the log grows by some 10 MB.
ROWS_A_COMMIT = 20_000


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An article as it is kept. `number` is its GTIN, PLU, or reference number; amounts in minor units of the edition's currency."""

    number: int
    names: Mapping[str, str]
    category: str
    unit: str
    price_minor: int
    tax: str
    picture: str
    plu: int | None = None
    reference: int | None = None
    minimum_age: int = 0
    deposit_minor: int = 0
    member_price_minor: int | None = None
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Recall:
    """A recalled batch; "" is every batch."""

    number: int
    batch: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class NewStaff:
    """A member of staff, with badge and PIN in the clear: only on the way into the catalogue, which keeps a keyed hash and argon2id."""

    staff: str
    name: str
    role: str
    badge: str
    pin: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A whole catalogue. `source` names what it was made from, so that the same is not loaded twice."""

    currency: str
    price_version: str
    source: str
    languages: tuple[str, ...]
    items: Iterable[StoredItem]
    categories: tuple[Category, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    recalls: tuple[Recall, ...] = ()
    vouchers: tuple[Voucher, ...] = ()
    staff: tuple[NewStaff, ...] = ()


def load(
    catalogue: SqliteCatalogue, edition: Edition, also: Callable[[Connection, int], None] = lambda _, __: None
) -> int:
    """Load `edition` beside what is in use and show it in one commit; gives the number of items. Waits; lookups go on.

    `also(connection, slot)` is done in the commit that shows it. Raises JournalError (also where two items share a number): what is in
    use then stays.
    """
    row = catalogue.readers.get().execute("SELECT value FROM meta WHERE name = 'slot'").fetchone()
    slot = 1 - int(row[0])
    call = catalogue.writer.call
    staff = [_staff_row(slot, catalogue.key, member) for member in edition.staff]
    call(lambda connection: _begin(connection, slot, edition, staff))
    count = 0
    for chunk in _chunks(edition.items):
        call(partial(put_items, slot, edition.languages, chunk))
        count += len(chunk)
    call(lambda connection: _swap(connection, slot, also))
    catalogue.show(slot)
    return count


def _swap(connection: Connection, slot: int, also: Callable[[Connection, int], None]) -> None:
    connection.execute("UPDATE meta SET value = ? WHERE name = 'slot'", (str(slot),))
    also(connection, slot)


def _begin(connection: Connection, slot: int, edition: Edition, staff: list[tuple[str | int, ...]]) -> None:
    for statement in empty_slot(slot, edition.languages):
        connection.execute(statement)
    languages = json.dumps(edition.languages)
    connection.execute(
        "INSERT INTO edition VALUES (?, ?, ?, ?, ?)",
        (slot, edition.currency, edition.price_version, edition.source, languages),
    )
    connection.executemany(
        "INSERT INTO category VALUES (?, ?, ?, ?, ?, ?)",
        [
            (slot, one.code, json.dumps(dict(one.names)), one.picture, one.order, int(one.on_touch))
            for one in edition.categories
        ],
    )
    connection.executemany(
        "INSERT INTO promotion VALUES (?, ?, ?)",
        [(slot, one.promotion_id, json.dumps(one.to_body())) for one in edition.promotions],
    )
    connection.executemany(
        "INSERT INTO recall VALUES (?, ?, ?, ?, ?)",
        [(slot, one.number, one.batch, one.reason, one.since) for one in edition.recalls],
    )
    connection.executemany(
        "INSERT INTO voucher VALUES (?, ?, ?, ?)",
        [(slot, one.code, one.kind, one.amount.minor) for one in edition.vouchers],
    )
    connection.executemany("INSERT INTO staff VALUES (?, ?, ?, ?, ?, ?, '')", staff)


def put_items(slot: int, languages: tuple[str, ...], items: list[StoredItem], connection: Connection) -> None:
    """Put articles that are not there yet into `slot` and its search index, within the caller's transaction."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    connection.executemany(
        f"INSERT INTO item_{slot} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - names of our own
        [
            (
                one.number,
                one.plu,
                one.reference,
                encode(one.names),
                one.category,
                one.unit,
                one.price_minor,
                one.tax,
                one.minimum_age,
                one.deposit_minor,
                one.picture,
                one.member_price_minor,
                _rank(one),
            )
            for one in items
        ],
    )
    columns = ", ".join(f"name_{language}" for language in languages)
    marks = ", ".join("?" * (1 + len(languages)))
    connection.executemany(
        f"INSERT INTO search_{slot} (rowid, {columns}) VALUES ({marks})",  # noqa: S608 - checked by empty_slot
        [(one.number, *(one.names.get(language, "") for language in languages)) for one in items],
    )


def _rank(item: StoredItem) -> int:
    """Where the touch picker shows an item: quick ones first; 3 is not shown."""
    if item.plu is not None:
        return 0 if item.quick else 1
    return 2 if item.quick else 3


def _staff_row(slot: int, key: bytes, member: NewStaff) -> tuple[str | int, ...]:
    from argon2 import PasswordHasher  # noqa: PLC0415 - not needed on the way to the first scan

    pin_hash = PasswordHasher().hash(member.pin)
    return slot, badge_hash(key, member.badge), member.staff, member.name, member.role, pin_hash


def _chunks(items: Iterable[StoredItem]) -> Iterator[list[StoredItem]]:
    waiting = iter(items)
    while chunk := list(itertools.islice(waiting, ROWS_A_COMMIT)):
        yield chunk
