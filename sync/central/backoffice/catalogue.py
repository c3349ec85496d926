"""A catalogue from outside: read line by line with a report, staged whole, then published as an edition of the feeds."""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection

from sync.central import audit, feeds
from sync.central.backoffice.models import (
    MOST_LINES,
    MOST_REPORTED,
    CatalogueLine,
    ImportMode,
    ImportReport,
    LineProblem,
)
from sync.central.backoffice.problems import ApiProblem, Refused
from sync.central.backoffice.tokens import Caller
from sync.central.database import one, one_locked, rows, run
from sync.protocol.feed_rows import CategoryRow, EditionRow, ItemRow, PriceRow, feed_row
from sync.protocol.feeds import FeedName, FeedRow

KEPT: Final = 20  # imports of a store; the oldest go
_WHOLE: Final = ("number", "price_minor", "member_price_minor", "deposit_minor", "minimum_age", "plu")
_FIELDS: Final = frozenset(CatalogueLine.model_fields) - {"names"}
csv.field_size_limit(10_000)

Numbered = tuple[int, dict[str, Any]]


def read_csv(raw: bytes) -> list[Numbered]:
    """Lines of RFC 4180, UTF-8, comma or semicolon; columns as in CatalogueLine, names as `name_en`, `name_de` ... Raises Refused."""
    text = _text(raw)
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True
    )
    found: list[Numbered] = []
    try:
        columns = [column.strip() for column in next(reader, [])]
        for unknown in (c for c in columns if c not in _FIELDS and not c.startswith("name_")):
            raise Refused(ApiProblem.MALFORMED, f"the column {unknown[:40]!r} is not known", unknown[:40])
        if "number" not in columns or len(set(columns)) != len(columns):
            raise Refused(
                ApiProblem.MALFORMED, "the first line names the columns, each once; number must be one", "number"
            )
        for cells in reader:
            if len(found) >= MOST_LINES:
                raise _too_many()
            if cells:
                found.append((reader.line_num, _from_cells(columns, cells)))
    except csv.Error as error:
        raise Refused(ApiProblem.MALFORMED, f"line {reader.line_num} is no CSV: {error}") from None
    return found


def read_json(raw: bytes) -> list[Numbered]:
    """A list of objects. Raises Refused."""
    try:
        found = json.loads(_text(raw))
    except (ValueError, RecursionError) as error:
        raise Refused(ApiProblem.MALFORMED, f"the body is no JSON: {str(error)[:150]}") from None
    if not isinstance(found, list):
        raise Refused(ApiProblem.MALFORMED, "the body is a list of lines")
    if len(found) > MOST_LINES:
        raise _too_many()
    return [(place, line if isinstance(line, dict) else {"": line}) for place, line in enumerate(found, 1)]


def stage(
    connection: Connection,
    caller: Caller,
    store_id: str,
    lines: list[Numbered],
    *,
    mode: ImportMode,
    currency: str,
    now_s: float,
) -> ImportReport:
    """Check every line and keep the import. One bad line refuses the whole: half a catalogue is none."""
    problems: list[LineProblem] = []
    good: dict[int, CatalogueLine] = {}
    for number, line in lines:
        problem = _check(number, line, good)
        problems += problem
    edition = _edition(connection, store_id)
    if edition and edition["currency"] != currency:
        told = f"the catalogue of this store is in {edition['currency']}"
        problems.insert(0, LineProblem(line=0, field="currency", message=told))
    if not lines:
        problems.append(LineProblem(line=0, field="", message="there are no lines"))
    report = ImportReport(
        import_id=f"i-{secrets.token_hex(10)}",
        store_id=store_id,
        status="refused" if problems else "staged",
        mode=mode,
        currency=currency,
        lines=len(lines),
        good_lines=len(good),
        problem_count=len(problems),
        problems=problems[:MOST_REPORTED],
    )
    content = "[]" if problems else json.dumps([line.model_dump() for line in good.values()])
    run(
        connection,
        "INSERT INTO catalogue_import VALUES (:store, :id, :now, :by, :status, :report, :content)",
        store=store_id,
        id=report.import_id,
        now=int(now_s * 1000),
        by=caller.name,
        status=report.status,
        report=report.model_dump_json(),
        content=content,
    )
    run(
        connection,
        "DELETE FROM catalogue_import WHERE store_id = :store AND import_id NOT IN (SELECT import_id FROM catalogue_import"
        " WHERE store_id = :store ORDER BY made_ms DESC, import_id LIMIT :kept)",
        store=store_id,
        kept=KEPT,
    )
    return report


def find(connection: Connection, store_id: str, import_id: str) -> ImportReport:
    """The report of an import. Raises Refused."""
    sql = "SELECT report FROM catalogue_import WHERE store_id = :store AND import_id = :id"
    row = one(connection, sql, store=store_id, id=import_id)
    if row is None:
        raise Refused(ApiProblem.UNKNOWN, f"store {store_id} has no import {import_id}")
    return ImportReport.model_validate_json(row.report)


def publish(connection: Connection, caller: Caller, store_id: str, import_id: str, now_s: float) -> ImportReport:
    """A staged import becomes an edition of the store's feeds, in this transaction. Done twice it is done once. Raises Refused."""
    sql = "SELECT status, report, content FROM catalogue_import WHERE store_id = :store AND import_id = :id"
    row = one_locked(connection, sql, store=store_id, id=import_id)
    if row is None:
        raise Refused(ApiProblem.UNKNOWN, f"store {store_id} has no import {import_id}")
    report = ImportReport.model_validate_json(row.report)
    if row.status == "published":
        return report
    if row.status != "staged":
        raise Refused(
            ApiProblem.STATE, f"import {import_id} is {row.status}; mend what its report says and import again"
        )
    lines = [CatalogueLine(**line) for line in json.loads(row.content)]
    version, is_whole = import_id, report.mode is ImportMode.WHOLE
    items = [*_frame(connection, store_id, lines, report.currency), *map(_item, lines)]
    changed = feeds.publish(connection, store_id, FeedName.CATALOGUE, items, version=version, whole=is_whole)
    changed += feeds.publish(connection, store_id, FeedName.PRICES, map(_price, lines), version=version, whole=is_whole)
    done = report.model_copy(update={"status": "published", "version": version, "changed_rows": changed})
    run(
        connection,
        "UPDATE catalogue_import SET status = 'published', report = :report, content = '[]' WHERE store_id = :store AND import_id = :id",
        report=done.model_dump_json(),
        store=store_id,
        id=import_id,
    )
    audit.write(connection, audit.Act(store_id, caller.name, "catalogue.published", import_id, str(changed)), now_s)
    return done


def _check(number: int, line: dict[str, Any], good: dict[int, CatalogueLine]) -> list[LineProblem]:
    try:
        found = CatalogueLine.model_validate(line)
    except ValidationError as error:
        return [
            LineProblem(line=number, field=".".join(map(str, one["loc"]))[:80], message=one["msg"][:200])
            for one in error.errors(include_url=False, include_context=False, include_input=False)[:5]
        ]
    if found.number in good:
        return [LineProblem(line=number, field="number", message="this number stands in an earlier line already")]
    if not found.remove and not found.names:
        return [LineProblem(line=number, field="names", message="an article needs a name")]
    if not found.remove and found.price_minor is None:
        return [LineProblem(line=number, field="price_minor", message="an article needs a price")]
    good[found.number] = found
    return []


def _frame(connection: Connection, store_id: str, lines: list[CatalogueLine], currency: str) -> Iterator[FeedRow]:
    """What a catalogue has besides articles: its edition and its categories, those that there are and those that are new."""
    kept = {
        row.row_key: row.body
        for row in rows(
            connection,
            "SELECT row_key, body FROM feed_row WHERE store_id = :store AND name = 'catalogue' AND body IS NOT NULL"
            " AND row_key NOT LIKE 'item:%'",
            store=store_id,
        )
    }
    known = tuple(json.loads(kept["edition"])["languages"]) if "edition" in kept else ()
    languages = tuple(dict.fromkeys((*known, *(name for line in lines for name in line.names)))) or ("en",)
    yield feed_row(EditionRow(currency=currency, languages=languages))
    for key, body in kept.items():
        if key != "edition":
            yield FeedRow(key=key, body=body)
    for category in sorted({line.category for line in lines if not line.remove}):
        if f"category:{category}" not in kept:
            yield feed_row(CategoryRow(code=category, names=dict.fromkeys(languages, category)))


def _item(line: CatalogueLine) -> FeedRow:
    if line.remove:
        return FeedRow(key=f"item:{line.number:014d}", body=None)
    row = ItemRow(
        number=line.number,
        names=line.names,
        category=line.category,
        unit=line.unit,
        tax=line.tax,
        picture=line.picture,
        plu=line.plu,
        minimum_age=line.minimum_age,
        deposit_minor=line.deposit_minor,
    )
    return feed_row(row)


def _price(line: CatalogueLine) -> FeedRow:
    if line.remove or line.price_minor is None:
        return FeedRow(key=f"{line.number:014d}", body=None)
    return feed_row(
        PriceRow(number=line.number, price_minor=line.price_minor, member_price_minor=line.member_price_minor)
    )


def _edition(connection: Connection, store_id: str) -> dict[str, Any] | None:
    sql = "SELECT body FROM feed_row WHERE store_id = :store AND name = 'catalogue' AND row_key = 'edition' AND body IS NOT NULL"
    row = one(connection, sql, store=store_id)
    return dict(json.loads(row.body)) if row else None


def _from_cells(columns: list[str], cells: list[str]) -> dict[str, Any]:
    """A line of CSV as the JSON would be: empty cells are not there, whole numbers are numbers."""
    found: dict[str, Any] = {"names": {}}
    if len(cells) > len(columns):
        found["cells"] = "more than there are columns"
    for column, cell in zip(columns, map(str.strip, cells), strict=False):
        if not cell:
            continue
        if column.startswith("name_"):
            found["names"][column.removeprefix("name_")] = cell
        elif column in _WHOLE and cell.isascii() and cell.isdigit() and len(cell) <= 18:
            found[column] = int(cell)
        else:
            found[column] = cell
    return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(ApiProblem.MALFORMED, "the body is not UTF-8") from None


def _too_many() -> Refused:
    return Refused(ApiProblem.TOO_LARGE, f"an import has at most {MOST_LINES} lines; send several with mode=changes")
