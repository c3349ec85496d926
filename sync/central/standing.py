"""How a terminal's sales, payments and receipts stand after its entries: folded in memory, many entries for one write. Pure.

These three make up nearly all of a journal, and a statement an entry took twenty times as long. Whatever else an entry means is SQL of its
own (`sync.central.projections`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from kiosk.domain.facts import Kind
from sync.central.told import Told

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one row for each `key` of a terminal."""

    name: str
    key: str
    columns: tuple[str, ...]


SALE: Final = Table(
    "sale",
    "sale_id",
    (
        *("terminal_id", "sale_id", "store_id", "journal_id", "seq", "at", "day", "total_minor", "to_pay_minor"),
        *("currency", "items", "receipt_number", "state"),
    ),
)
PAYMENT: Final = Table(
    "payment",
    "ref",
    (
        *("terminal_id", "ref", "store_id", "journal_id", "seq", "at", "day", "state", "is_charged", "sale_id"),
        *("amount_minor", "currency", "trace", "receipt_no", "payment_terminal", "card_name", "card_last4", "reason"),
    ),
)
RECEIPT: Final = Table("receipt", "sale_id", ("terminal_id", "sale_id", "store_id", "number", "state", "copies"))
STANDING: Final = (SALE, PAYMENT, RECEIPT)

# What the rules below read of a body, and what is looked at of these kinds afterwards. Nothing is made of the rest: the lines of a sale are
# most of a journal, and to make objects of them took most of a replay.
_WORDS: Final = (
    *(
        "sale_id",
        "total_minor",
        "to_pay_minor",
        "currency",
        "item_count",
        "receipt_number",
        "number",
        "ref",
        "amount_minor",
    ),
    *("trace", "receipt_no", "reason", "terminal_id", "card_name", "card_last4"),
)


def _some_of(**fields: CoreSchema) -> CoreSchema:
    optional = {name: core_schema.typed_dict_field(each, required=False) for name, each in fields.items()}
    return core_schema.typed_dict_schema(optional, extra_behavior="ignore")


_ANY: Final = core_schema.any_schema()
_BODY: Final = SchemaValidator(_some_of(sale=_some_of(sale_id=_ANY), **dict.fromkeys(_WORDS, _ANY)))

# In these states the payment terminal has taken the money, as far as is known.
_CHARGED: Final = ("approved", "settled")


class Standing:
    """The rows that some entries speak of: as they were, and as they are after `follow`. None where there is no row."""

    def __init__(self) -> None:
        self.before: dict[str, dict[str, Row]] = {table.name: {} for table in STANDING}
        self.after: dict[str, dict[str, Row]] = {table.name: {} for table in STANDING}

    def follow(self, told: Told) -> None:
        """What one more entry changes. Raises BodyError, and nothing is changed."""
        table, change = _RULES[told.kind]
        key = key_of(told)
        changed = self.after[table.name]
        row = change(changed.get(key) or self.before[table.name].get(key), told)
        if row is not None:
            changed[key] = row


def is_standing(kind: str) -> bool:
    """Whether entries of this kind are folded."""
    return kind in _RULES


def read_body(text: str) -> Mapping[str, Any]:
    """What the rules read of the body of an entry of a folded kind, which is JSON."""
    try:
        read: Mapping[str, Any] = _BODY.validate_json(text)
    except ValidationError:  # half a surrogate pair, or a sale that is no object
        read = json.loads(text)
    return read


def keys(entries: Iterable[Told]) -> Mapping[str, list[str]]:
    """Which rows to bring before `follow`: by table."""
    found: dict[str, dict[str, None]] = {table.name: {} for table in STANDING}
    for told in entries:
        found[_RULES[told.kind][0].name][key_of(told)] = None
    return {name: list(known) for name, known in found.items()}


def key_of(told: Told) -> str:
    """The key of the one row that an entry of a folded kind changes."""
    return told.text(_RULES[told.kind][0].key, told.subject)


def _sale_completed(_: Row | None, told: Told) -> Row:
    total = told.whole("total_minor")
    return {
        **told.whose,
        "sale_id": key_of(told),
        "total_minor": total,
        "to_pay_minor": told.whole("to_pay_minor", total),
        "currency": told.text("currency"),
        "items": told.whole("item_count", 0),
        "receipt_number": told.text("receipt_number", ""),
        "state": "completed",
    }


def _sale_voided(row: Row | None, _: Told) -> Row | None:
    return row and {**row, "state": "voided"}


def _payment_intended(row: Row | None, told: Told) -> Row:
    sale = told.body.get("sale")
    said = {
        "sale_id": str(sale.get("sale_id", "")) if isinstance(sale, Mapping) else "",
        "amount_minor": told.whole("amount_minor"),
        "currency": told.text("currency"),
    }
    if row is not None:
        return {**row, **said}
    words = dict.fromkeys(("payment_terminal", "card_name", "card_last4", "reason"), "")
    begun = {"ref": key_of(told), "state": "intended", "is_charged": 0, "trace": None, "receipt_no": None}
    return {**told.whose, **begun, **words, **said}


def _payment_moved(row: Row | None, told: Told) -> Row | None:
    """The day of a payment is that of its approval: the payment terminal counts it then."""
    if row is None:
        return None
    state = told.kind.removeprefix("payment.")
    trace, receipt_no = told.optional("trace"), told.optional("receipt_no")
    moved = {
        **row,
        "journal_id": told.journal_id,
        "seq": told.seq,
        "state": state,
        "is_charged": int(state in _CHARGED),
        "trace": row["trace"] if trace is None else trace,
        "receipt_no": row["receipt_no"] if receipt_no is None else receipt_no,
        "reason": told.text("reason", ""),
        "payment_terminal": told.text("terminal_id", "") or row["payment_terminal"],
        "card_name": told.text("card_name", "") or row["card_name"],
        "card_last4": told.text("card_last4", "")[-4:] or row["card_last4"],
    }
    if state == "approved":
        moved |= {"at": told.at, "day": told.day}
    return moved


def _receipt_moved(row: Row | None, told: Told) -> Row:
    state = told.kind.removeprefix("receipt.")
    if state == "failed" and told.text("reason", "") == "unknown":
        state = "unknown"  # bytes went out and the proof did not come back
    number = told.text("receipt_number", told.text("number", ""))
    copies = int(state == "printed")
    if row is not None:
        return {**row, "number": number or row["number"], "state": state, "copies": row["copies"] + copies}
    whose = {"terminal_id": told.terminal_id, "sale_id": key_of(told), "store_id": told.store_id}
    return {**whose, "number": number, "state": state, "copies": copies}


_Change = Callable[[Row | None, Told], Row | None]

_RULES: Final[dict[str, tuple[Table, _Change]]] = {
    Kind.SALE_COMPLETED: (SALE, _sale_completed),
    Kind.SALE_VOIDED: (SALE, _sale_voided),
    Kind.PAYMENT_INTENDED: (PAYMENT, _payment_intended),
    **{
        kind: (PAYMENT, _payment_moved)
        for kind in Kind
        if kind.startswith("payment.") and kind is not Kind.PAYMENT_INTENDED
    },
    **{kind: (RECEIPT, _receipt_moved) for kind in Kind if kind.startswith("receipt.")},
}
