"""What the shop sells, in cache.db: looked up by number in microseconds, searched by the beginnings of words, swapped while selling.

Everything is loaded beside what is in use (two slots), then shown in one commit. The file may be lost: it is loaded anew.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.domain.basket import Voucher
from kiosk.domain.facts import Json
from kiosk.domain.item import Category, Item
from kiosk.domain.money import Money
from kiosk.domain.promotion import Promotion
from kiosk.domain.quantity import Unit
from kiosk.ports import StaffMember
from kiosk.storage.badges import salted
from kiosk.storage.catalogue_schema import ITEM_COLUMNS, REFERENCE_BASE, create_cache
from kiosk.storage.database import DatabaseError, Durability, Readers, is_damage, open_reader, open_writer
from kiosk.storage.errors import DamagedError
from kiosk.storage.key import derived
from kiosk.storage.writer import Writer

SOURCE_PREFIX = "central:"  # an edition's source, where it came from the central service
LONGEST_SEARCH = 80
MOST_WORDS = 6
MOST_SALTS = 4  # of badges: while one is taken over by another there are two; each takes 30 ms to try
# A word's beginning may match a hundred thousand names; of these the first are ranked, so that a search is bounded.
MOST_RANKED = 200


class SqliteCatalogue:
    """`kiosk.ports.Catalogue`, `StaffDirectory` and `Vouchers`, and the promotions. Thread-safe."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open or make cache.db. Raises StorageError; a DamagedError means: delete it and load it anew."""
        self._key = key
        self._path = path
        connection = open_writer(path, key, Durability.REBUILDABLE)
        create_cache(connection)
        self.writer = Writer(connection, path)
        self.readers = Readers(lambda: open_reader(path, key))
        self._use(self._slot_on_disk())

    @property
    def key(self) -> bytes:
        """The key under which badges are hashed."""
        return self._key

    @property
    def edition(self) -> str:
        """What was loaded last, as its loader named it; "" for an empty catalogue."""
        return self._source

    @property
    def price_version(self) -> str:
        """The price list in use."""
        return self._price_version

    def by_gtin(self, gtin: str) -> Item | None:
        """As `kiosk.ports.Catalogue.by_gtin`."""
        return self._one(self._by_number, _number(gtin))

    def by_reference(self, reference: str) -> Item | None:
        """As `kiosk.ports.Catalogue.by_reference`."""
        return self._one(self._by_reference, _number(reference))

    def by_plu(self, plu: str) -> Item | None:
        """As `kiosk.ports.Catalogue.by_plu`."""
        return self._one(self._by_plu, _number(plu))

    def categories(self) -> Sequence[Category]:
        """As `kiosk.ports.Catalogue.categories`."""
        counts: dict[str, int] = dict(self._all(self._counts))
        rows = self._all(
            "SELECT code, names, picture, place FROM category WHERE slot = ? AND touch ORDER BY place, code", self._slot
        )
        return tuple(
            Category(code, json.loads(names), picture, place, on_touch=True, item_count=counts.get(code, 0))
            for code, names, picture, place in rows
        )

    def in_category(self, category: str, limit: int = 60) -> Sequence[Item]:
        """As `kiosk.ports.Catalogue.in_category`: what has a PLU or is marked as quick."""
        rows = self._all(self._popular, limit) if not category else self._all(self._in_category, category, limit)
        return tuple(map(self._item, rows))

    def search(self, text: str, language: str, limit: int = 24) -> Sequence[Item]:
        """As `kiosk.ports.Catalogue.search`. Accents and case do not count. Digits also find a PLU."""
        wanted = text[:LONGEST_SEARCH]
        words = _words(wanted)
        if not words:
            return ()
        column = f"name_{language}"
        query = " AND ".join(f'"{word}"*' for word in words)
        if column in self._name_columns:
            query = f"{{{column}}} : ({query})"
        found = [self._item(row) for row in self._all(self._search, query, MOST_RANKED)]
        found.sort(key=lambda item: (not item.plu, len(item.name(language)), item.gtin))
        produce = self.by_plu(words[0]) if len(words) == 1 and words[0].isdigit() else None
        if produce is not None:
            found = [produce, *(item for item in found if item.gtin != produce.gtin)]
        return tuple(found[:limit])

    def is_recalled(self, gtin: str, batch: str | None) -> bool:
        """As `kiosk.ports.Catalogue.is_recalled`."""
        number = _number(gtin)
        if number is None:
            return False
        return bool(
            self._all(
                "SELECT 1 FROM recall WHERE slot = ? AND number = ? AND batch IN ('', ?)",
                self._slot,
                number,
                batch or "",
            )
        )

    def promotions(self, today: date) -> tuple[Promotion, ...]:
        """The offers that run on `today` or will: a terminal runs for months, and pricing asks each offer for its days."""
        return tuple(promotion for promotion in self._promotions if promotion.valid_to >= today)

    def voucher(self, code: str) -> Voucher | None:
        """What a voucher is worth; whether it was used is the journal's to say."""
        rows = self._all(
            "SELECT code, kind, amount_minor FROM voucher WHERE slot = ? AND code = ?", self._slot, _sound(code)
        )
        return Voucher(rows[0][0], rows[0][1], Money(rows[0][2], self._currency)) if rows else None

    def by_badge(self, badge: str) -> StaffMember | None:
        """As `kiosk.ports.StaffDirectory.by_badge`."""
        # Those of the store's own files have no salt, for they are in the clear there; those that came down share one.
        for (salt,) in self._all("SELECT DISTINCT salt FROM staff WHERE slot = ? LIMIT ?", self._slot, MOST_SALTS):
            rows = self._all(
                "SELECT name, role, pin_hash FROM staff WHERE slot = ? AND badge_hash = ?",
                self._slot,
                badge_hash(self._key, salted(badge, salt) if salt else badge),
            )
            if rows:
                return StaffMember(*rows[0])
        return None

    def badge_mark(self, badge: str) -> str:
        """As `kiosk.ports.StaffDirectory.badge_mark`: 128 bits under the terminal's key."""
        return badge_hash(self._key, badge)[:32]

    def show(self, slot: int) -> None:
        """Use what was loaded into `slot`; called by the loader after its last commit."""
        self._use(slot)

    def policy(self) -> dict[str, Json] | None:
        """What the central service sets for every terminal of the store, by dotted key; None where it never said."""
        if not self._all("SELECT 1 FROM feed WHERE name = 'policy' AND epoch <> ''"):
            return None
        return {
            key: json.loads(value)
            for key, value in self._all("SELECT key, value FROM policy WHERE slot = ?", self._slot)
        }

    def content(self) -> dict[str, dict[str, str]]:
        """The texts of the attract screen that the central service sent: name -> language -> text."""
        return {
            key: json.loads(texts)
            for key, texts in self._all("SELECT key, texts FROM content WHERE slot = ?", self._slot)
        }

    def accounts(self, number_mark: str) -> Sequence[tuple[str, str, str, str]]:
        """Accounts of the store's copy that are found by this mark of a number: mark, sealed, hash of the PIN, name of the key."""
        sql = "SELECT account, sealed, pin_hash, key_name FROM account, json_each(numbers) WHERE slot = 0 AND value = ?"
        return self._all(sql, number_mark)

    def account_key_names(self) -> frozenset[str]:
        """Under which keys the accounts of the store's copy are sealed; none where there are no accounts."""
        return frozenset(name for (name,) in self._all("SELECT DISTINCT key_name FROM account WHERE slot = 0"))

    def hand_over(self) -> None:
        """Let another process write the file from now on; this one only reads it, and `refresh` says when to look."""
        self.writer.close()

    def refresh(self) -> None:
        """Use what another process has shown."""
        self._use(self._slot_on_disk())

    def close(self) -> None:
        """Close the file. Callable more than once."""
        self.writer.close()
        self.readers.close()

    # --- the slot in use

    def _slot_on_disk(self) -> int:
        row = self.readers.get().execute("SELECT value FROM meta WHERE name = 'slot'").fetchone()
        return int(row[0])

    def _use(self, slot: int) -> None:
        edition = (
            self.readers.get()
            .execute("SELECT currency, price_version, source, languages FROM edition WHERE slot = ?", (slot,))
            .fetchone()
        )
        currency, price_version, source, languages = edition or ("", "", "", "[]")
        self._currency, self._price_version, self._source = str(currency), str(price_version), str(source)
        self._name_columns = frozenset(f"name_{language}" for language in json.loads(languages))
        columns = ", ".join(f"i.{name}" for name in ITEM_COLUMNS)
        # With its price comes the version that it is of, from the same snapshot: another process may just be showing a new one.
        version = f"(SELECT price_version FROM edition WHERE slot = {slot})"  # noqa: S608 - a slot of our own
        select = f"SELECT {columns}, {version} FROM item_{slot} i"  # noqa: S608 - names of our own; every value is bound
        self._by_number = f"{select} WHERE i.number = ?"
        self._by_plu = f"{select} WHERE i.plu = ?"
        self._by_reference = f"{select} WHERE i.reference = ?"
        self._in_category = f"{select} WHERE i.rank < 3 AND i.category = ? ORDER BY i.rank, i.number LIMIT ?"
        self._popular = f"{select} WHERE i.rank < 3 ORDER BY i.rank, i.number LIMIT ?"
        self._counts = f"SELECT category, count(*) FROM item_{slot} WHERE rank < 3 GROUP BY category"  # noqa: S608 - as above
        hits = f"SELECT rowid FROM search_{slot} WHERE search_{slot} MATCH ? LIMIT ?"  # noqa: S608 - as above
        self._search = f"{select} WHERE i.number IN ({hits})"
        bodies = self._all("SELECT body FROM promotion WHERE slot = ? ORDER BY id", slot)
        self._promotions = tuple(Promotion.from_body(json.loads(body)) for (body,) in bodies)
        self._slot = slot

    def _one(self, sql: str, number: int | None) -> Item | None:
        if number is None:
            return None
        rows = self._all(sql, number)
        return self._item(rows[0]) if rows else None

    def _all(self, sql: str, *parameters: str | int) -> list[Any]:
        try:
            return self.readers.get().execute(sql, parameters).fetchall()
        except DatabaseError as error:
            if not is_damage(error):
                raise
            damage_mark(self._path).touch()  # the next start makes the file anew
            raise DamagedError(self._path, str(error)) from error

    def _item(self, row: Any) -> Item:
        number, plu, names, category, unit, price, tax, age, deposit, picture, member_price, price_version = row
        currency = self._currency
        return Item(
            gtin=f"{number:014d}",
            names=json.loads(names),
            price=Money(price, currency),
            unit=Unit(unit),
            tax_class=tax,
            category=category,
            picture=picture,
            price_version=price_version,
            plu=str(plu) if plu is not None else "",
            minimum_age=age,
            deposit=Money(deposit, currency) if deposit else None,
            member_price=Money(member_price, currency) if member_price is not None else None,
        )


def damage_mark(path: Path) -> Path:
    """The file that says that `path` was found damaged while it was in use."""
    return path.with_name(f"{path.name}.damaged")


def badge_hash(key: bytes, badge: str) -> str:
    """By what a badge is found: a keyed hash, so that the file alone does not give badges away."""
    return derived(key, "badge", badge).hex()


def reference_number(reference: str) -> int:
    """The number under which an article is kept that has only a reference inside the shop: GS1 prefix 020, which is nobody's."""
    return REFERENCE_BASE + int(reference)


def _number(digits: str) -> int | None:
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        return None
    return int(digits)


def _words(text: str) -> list[str]:
    """The words of `text` as FTS5's unicode61 cuts them: letters and digits, nothing that its query language knows."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(letter if letter.isalnum() else " " for letter in composed)
    return spaced.split()[:MOST_WORDS]


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
