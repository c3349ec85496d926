"""Reads a store's files (see assets/store/README.md) into a catalogue."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.domain.basket import Voucher
from kiosk.domain.item import Category
from kiosk.domain.money import Money
from kiosk.domain.promotion import Promotion, PromotionError
from kiosk.domain.quantity import Unit
from kiosk.storage.catalogue import SqliteCatalogue, reference_number
from kiosk.storage.catalogue_stage import Edition, NewStaff, Recall, StoredItem, load
from kiosk.storage.errors import StoreFileError

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

FILES = ("items.csv", "categories.csv", "promotions.toml", "recalls.csv", "vouchers.csv", "staff.toml")
MOST_ERRORS_TOLD = 20
HIGHEST_AGE = 99
HIGHEST_PRICE_MINOR = 100_000_000

T = TypeVar("T")


def load_store(
    catalogue: SqliteCatalogue, directory: Path, currency: str, tax_classes: Collection[str] | None = None
) -> bool:
    """Load the store in `directory`, with prices in `currency`; False where it is the one in use already. An article taxed in a class
    that is not of `tax_classes` is wrong (None: the classes are not known here), for the scan of it could not be priced.

    Raises StoreFileError, which names every wrong line of the first wrong file, and JournalError; what is in use then stays.
    """
    contents, version = _contents(directory, currency, tax_classes)
    if catalogue.edition == f"store:{version}":
        return False
    load(catalogue, _edition(directory, contents, currency, version, tax_classes), _follow_anew)
    return True


def read_store(directory: Path, currency: str, tax_classes: Collection[str] | None = None) -> Edition:
    """The store in `directory`, for whoever does not load it here. Raises StoreFileError, as `load_store` does."""
    contents, version = _contents(directory, currency, tax_classes)
    return _edition(directory, contents, currency, version, tax_classes)


def _follow_anew(connection: Connection, _: int) -> None:
    """What came down before is not in this edition: it is fetched again where it is followed."""
    connection.execute("DELETE FROM feed")
    connection.execute("DELETE FROM feed_stage")


def check_digit(digits: str) -> str:
    """The last digit of a GTIN from those before it (GS1 General Specifications, 7.9: weights 3, 1 from the right)."""
    total = 3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


# --- the store's files


def _contents(directory: Path, currency: str, tax_classes: Collection[str] | None) -> tuple[dict[str, bytes], str]:
    """Every file, and the version that they make: the same for the same files and site."""
    contents = {name: _content(directory / name) for name in FILES}
    site = " ".join([currency, *sorted(tax_classes or ())])
    return contents, hashlib.sha256(b"".join(contents.values()) + site.encode()).hexdigest()[:16]


def _edition(
    directory: Path,
    contents: Mapping[str, bytes],
    currency: str,
    version: str,
    tax_classes: Collection[str] | None,
) -> Edition:
    categories, languages = _categories(directory / "categories.csv", contents["categories.csv"])
    known = {category.code for category in categories}
    items = _lines(
        directory / "items.csv", contents["items.csv"], lambda row: _item(row, languages, known, tax_classes)
    )
    _refuse_twice(directory / "items.csv", items)
    numbers = {str(item.reference).zfill(5): item.number for item in items if item.reference is not None}
    return Edition(
        currency=currency,
        price_version=version,
        source=f"store:{version}",
        languages=languages,
        items=items,
        categories=categories,
        promotions=_tables(
            directory / "promotions.toml",
            contents["promotions.toml"],
            "promotion",
            lambda row: _promotion(row, numbers),
        ),
        recalls=tuple(_lines(directory / "recalls.csv", contents["recalls.csv"], _recall)),
        vouchers=tuple(
            _lines(directory / "vouchers.csv", contents["vouchers.csv"], lambda row: _voucher(row, currency))
        ),
        staff=_tables(directory / "staff.toml", contents["staff.toml"], "staff", _staff),
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreFileError(f"{path} cannot be read ({error.strerror}); a store needs {', '.join(FILES)}") from error


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StoreFileError(f"{path}:{line}: not UTF-8; save it as UTF-8") from error


def _lines(path: Path, content: bytes, parse: Callable[[dict[str, str]], T]) -> list[T]:
    """Every line of a CSV file through `parse`, which raises ValueError or KeyError for a wrong one."""
    reader = csv.DictReader(io.StringIO(_text(path, content)), strict=True)
    found, wrong = [], []
    try:
        for row in reader:
            if None in row or None in row.values():
                wrong.append(
                    f"{path}:{reader.line_num}: not {len(reader.fieldnames or ())} columns; quote what holds a comma"
                )
                continue
            try:
                found.append(parse(row))
            except KeyError as error:
                wrong.append(f"{path}:1: there is no column {error}")
                break
            except ValueError as error:
                wrong.append(f"{path}:{reader.line_num}: {error}")
    except csv.Error as error:
        wrong.append(f"{path}:{reader.line_num}: {error}")
    _refuse(wrong)
    return found


def _tables(path: Path, content: bytes, name: str, parse: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    """Every [[name]] of a TOML file through `parse`."""
    text = _text(path, content)
    try:
        rows = tomllib.loads(text).get(name, [])
    except tomllib.TOMLDecodeError as error:
        raise StoreFileError(f"{path}: {error}") from error
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{name}]]"]
    found, wrong = [], []
    for row, line in zip(rows, starts + [1] * len(rows), strict=False):
        try:
            found.append(parse(row))
        except KeyError as error:
            wrong.append(f"{path}:{line}: this [[{name}]] has no {error}")
        except (ValueError, TypeError, PromotionError) as error:
            wrong.append(f"{path}:{line}: {error}")
    _refuse(wrong)
    return tuple(found)


def _refuse(wrong: list[str]) -> None:
    if wrong:
        more = [f"and {len(wrong) - MOST_ERRORS_TOLD} more"] if len(wrong) > MOST_ERRORS_TOLD else []
        raise StoreFileError("\n".join([*wrong[:MOST_ERRORS_TOLD], *more]))


def _refuse_twice(path: Path, items: list[StoredItem]) -> None:
    seen: set[int] = set()
    twice = []
    for line, item in enumerate(items, 2):
        if item.number in seen:
            twice.append(
                f"{path}: article {line - 1} ({next(iter(item.names.values()))}) has a number that occurs before"
            )
        seen.add(item.number)
    _refuse(twice)


def _categories(path: Path, content: bytes) -> tuple[tuple[Category, ...], tuple[str, ...]]:
    header = next(csv.reader(io.StringIO(_text(path, content))), [])
    languages = tuple(name.removeprefix("name_") for name in header if name.startswith("name_"))
    if not languages or not all(code.isascii() and code.isalpha() and len(code) in (2, 3) for code in languages):
        raise StoreFileError(f"{path}:1: there must be columns name_en, name_de ...: name_ and two or three letters")
    rows = _lines(path, content, lambda row: _category(row, languages))
    return tuple(rows), languages


def _category(row: Mapping[str, str], languages: tuple[str, ...]) -> Category:
    return Category(
        _word(row, "id"), _names(row, languages), row["picture"], _whole(row, "order"), on_touch=_flag(row, "touch")
    )


def _item(
    row: Mapping[str, str], languages: tuple[str, ...], categories: set[str], tax_classes: Collection[str] | None
) -> StoredItem:
    gtin, plu, reference = row["gtin"], row["plu"], row["item_ref"]
    if sum(map(bool, (gtin, plu, reference))) != 1:
        raise ValueError("exactly one of gtin, plu, item_ref must be filled")
    category = _word(row, "category")
    if category not in categories:
        raise ValueError(f"category {category!r} is not in categories.csv")
    tax = _word(row, "tax")
    if tax_classes is not None and tax not in tax_classes:
        raise ValueError(
            f"tax is {tax!r}; allowed by [site.tax] of the configuration: {', '.join(sorted(tax_classes))}"
        )
    if row["unit"] not in tuple(Unit):
        raise ValueError(f"unit is {row['unit']!r}; allowed: {', '.join(Unit)}")
    return StoredItem(
        number=_gtin(gtin)
        if gtin
        else _digits(plu, "plu")
        if plu
        else reference_number(str(_digits(reference, "item_ref"))),
        names=_names(row, languages),
        category=category,
        unit=row["unit"],
        price_minor=_whole(row, "price_minor", HIGHEST_PRICE_MINOR),
        tax=tax,
        picture=row["picture"],
        plu=_digits(plu, "plu") if plu else None,
        reference=_digits(reference, "item_ref") if reference else None,
        minimum_age=_whole(row, "min_age", HIGHEST_AGE),
        deposit_minor=_whole(row, "deposit_minor", HIGHEST_PRICE_MINOR),
        member_price_minor=_whole(row, "member_price_minor", HIGHEST_PRICE_MINOR)
        if row["member_price_minor"]
        else None,
        quick=_flag(row, "quick"),
    )


def _recall(row: Mapping[str, str]) -> Recall:
    return Recall(_gtin(row["gtin"]), row["batch"], _word(row, "reason"), date.fromisoformat(row["since"]).isoformat())


def _voucher(row: Mapping[str, str], currency: str) -> Voucher:
    kind = row["kind"]
    if kind not in ("deposit-return", "gift"):
        raise ValueError(f"kind is {kind!r}; allowed: deposit-return, gift")
    return Voucher(_word(row, "code"), kind, Money(_whole(row, "amount_minor", HIGHEST_PRICE_MINOR), currency))


def _promotion(row: Mapping[str, Any], references: Mapping[str, int]) -> Promotion:
    """An item reference stands for the number under which the catalogue keeps the article."""
    numbers = [f"{references[code]:014d}" if code in references else code for code in row.get("gtins", ())]
    return Promotion.from_body({**row, "gtins": numbers})


def _staff(row: Mapping[str, Any]) -> NewStaff:
    words = {name: row[name] for name in ("id", "name", "role", "badge", "pin")}
    for name, value in words.items():
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name} is not a text in quotes")
    if not (words["pin"].isascii() and words["pin"].isdigit() and 4 <= len(words["pin"]) <= 12):
        raise ValueError("pin is not 4 to 12 digits")
    return NewStaff(words["id"], words["name"], words["role"], words["badge"], words["pin"])


def _names(row: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    return {language: _word(row, f"name_{language}") for language in languages}


def _word(row: Mapping[str, str], name: str) -> str:
    if not row[name].strip():
        raise ValueError(f"{name} is empty")
    return row[name]


def _whole(row: Mapping[str, str], name: str, highest: int = 1_000_000) -> int:
    text = row[name]
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) > highest:
        raise ValueError(f"{name} is {text!r}; a whole number from 0 to {highest} is needed")
    return int(text)


def _flag(row: Mapping[str, str], name: str) -> bool:
    if row[name] not in ("0", "1"):
        raise ValueError(f"{name} is {row[name]!r}; 0 or 1 is needed")
    return row[name] == "1"


def _digits(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) not in (4, 5):
        raise ValueError(f"{name} is {text!r}; 4 or 5 digits are needed")
    return int(text)


def _gtin(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) != 14:
        raise ValueError(f"gtin is {text!r}; 14 digits are needed, filled with zeros on the left")
    if check_digit(text[:-1]) != text[-1]:
        raise ValueError(f"gtin {text} has a wrong check digit; it would be {check_digit(text[:-1])}")
    return int(text)
