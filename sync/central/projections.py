"""What each entry of a journal means to the store's books: pure, as SQL with its values. Whatever it makes can be made again.

Values are portable between SQLite and PostgreSQL. What cannot be followed raises BodyError, is set aside with an alert, and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kiosk.domain.chain import canonical
from kiosk.domain.facts import Kind

Change = tuple[str, Mapping[str, Any]]

# Emptied before a rebuild, for one terminal.
TABLES: Final = (
    "sale",
    "payment",
    "receipt",
    "approval",
    "held_basket",
    "basket_use",
    "voucher_use",
    "projection_failure",
)

# In these states the payment terminal has taken the money, as far as is known.
_CHARGED: Final = ("approved", "settled")


class BodyError(ValueError):
    """An entry's body lacks what a projection needs."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, and whose it is."""

    terminal_id: str
    store_id: str
    journal_id: str
    seq: int
    at: str
    kind: str
    subject: str
    body: Mapping[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """A text of the body. Raises BodyError where it is missing and there is no default."""
        value = self.body.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return str(value)
        if default is None:
            raise BodyError(f"{self.kind} of {self.subject} has no {name}")
        return default

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number of the body. Raises BodyError as above."""
        value = self.optional(name)
        value = default if value is None else value
        if value is None:
            raise BodyError(f"{self.kind} of {self.subject} has no whole number {name}")
        return value

    def optional(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self.body.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def common(self) -> dict[str, Any]:
        """Columns that most tables have."""
        return {
            "terminal": self.terminal_id,
            "store": self.store_id,
            "journal": self.journal_id,
            "seq": self.seq,
            "at": self.at,
            "day": self.at[:10],
        }


def changes(told: Told) -> Iterator[Change]:
    """The SQL that makes the projections follow. Raises BodyError."""
    rule = _RULES.get(told.kind)
    if rule is not None:
        yield from rule(told)


def _sale_completed(told: Told) -> Iterator[Change]:
    total = told.whole("total_minor")
    yield (
        "INSERT INTO sale VALUES (:terminal, :sale, :store, :journal, :seq, :at, :day, :total, :to_pay, :currency, :items, :number,"
        " 'completed') ON CONFLICT (terminal_id, sale_id) DO UPDATE SET store_id = excluded.store_id, journal_id = excluded.journal_id,"
        " seq = excluded.seq, at = excluded.at, day = excluded.day, total_minor = excluded.total_minor,"
        " to_pay_minor = excluded.to_pay_minor, currency = excluded.currency, items = excluded.items,"
        " receipt_number = excluded.receipt_number, state = excluded.state",
        {
            **told.common,
            "sale": told.text("sale_id", told.subject),
            "total": total,
            "to_pay": told.whole("to_pay_minor", total),
            "currency": told.text("currency"),
            "items": told.whole("item_count", 0),
            "number": told.text("receipt_number", ""),
        },
    )


def _sale_voided(told: Told) -> Iterator[Change]:
    yield (
        "UPDATE sale SET state = 'voided' WHERE terminal_id = :terminal AND sale_id = :sale",
        {"terminal": told.terminal_id, "sale": told.text("sale_id", told.subject)},
    )


def _payment_intended(told: Told) -> Iterator[Change]:
    sale = told.body.get("sale")
    yield (
        "INSERT INTO payment VALUES (:terminal, :ref, :store, :journal, :seq, :at, :day, 'intended', 0, :sale, :amount, :currency,"
        " NULL, NULL, '', '', '', '') ON CONFLICT (terminal_id, ref) DO UPDATE SET sale_id = excluded.sale_id,"
        " amount_minor = excluded.amount_minor, currency = excluded.currency",
        {
            **told.common,
            "ref": told.text("ref", told.subject),
            "sale": str(sale.get("sale_id", "")) if isinstance(sale, Mapping) else "",
            "amount": told.whole("amount_minor"),
            "currency": told.text("currency"),
        },
    )


def _payment_moved(told: Told) -> Iterator[Change]:
    """The day of a payment is that of its approval: the payment terminal counts it then."""
    state = told.kind.removeprefix("payment.")
    yield (
        "UPDATE payment SET journal_id = :journal, seq = :seq, state = :state, is_charged = :charged, trace = coalesce(:trace, trace),"
        " receipt_no = coalesce(:receipt, receipt_no), reason = :reason,"
        " payment_terminal = CASE WHEN :device = '' THEN payment_terminal ELSE :device END,"
        " card_name = CASE WHEN :card = '' THEN card_name ELSE :card END,"
        " card_last4 = CASE WHEN :last4 = '' THEN card_last4 ELSE :last4 END,"
        " at = CASE WHEN :state = 'approved' THEN :at ELSE at END, day = CASE WHEN :state = 'approved' THEN :day ELSE day END"
        " WHERE terminal_id = :terminal AND ref = :ref",
        {
            **told.common,
            "ref": told.text("ref", told.subject),
            "state": state,
            "charged": int(state in _CHARGED),
            "trace": told.optional("trace"),
            "receipt": told.optional("receipt_no"),
            "reason": told.text("reason", ""),
            "device": told.text("terminal_id", ""),
            "card": told.text("card_name", ""),
            "last4": told.text("card_last4", "")[-4:],
        },
    )


def _receipt_moved(told: Told) -> Iterator[Change]:
    state = told.kind.removeprefix("receipt.")
    if state == "failed" and told.text("reason", "") == "unknown":
        state = "unknown"  # bytes went out and the proof did not come back
    yield (
        "INSERT INTO receipt VALUES (:terminal, :sale, :store, :number, :state, :copies) ON CONFLICT (terminal_id, sale_id) DO UPDATE SET"
        " state = excluded.state, copies = receipt.copies + excluded.copies,"
        " number = CASE WHEN excluded.number = '' THEN receipt.number ELSE excluded.number END",
        {
            "terminal": told.terminal_id,
            "store": told.store_id,
            "sale": told.text("sale_id", told.subject),
            "number": told.text("receipt_number", told.text("number", "")),
            "state": state,
            "copies": int(state == "printed"),
        },
    )


def _voucher_redeemed(told: Told) -> Iterator[Change]:
    yield (
        "INSERT INTO voucher_use VALUES (:store, :code, :terminal, :sale, :at, :amount, :currency) ON CONFLICT DO NOTHING",
        {
            "store": told.store_id,
            "code": told.text("code"),
            "terminal": told.terminal_id,
            "sale": told.text("sale_id", told.subject),
            "at": told.at,
            "amount": told.whole("amount_minor", 0),
            "currency": told.text("currency", ""),
        },
    )


def _basket_held(told: Told) -> Iterator[Change]:
    basket = told.body.get("basket")
    if not isinstance(basket, Mapping):
        raise BodyError(f"{told.kind} of {told.subject} has no basket")
    yield (
        "INSERT INTO held_basket VALUES (:store, :code, :terminal, :at, :body) ON CONFLICT (store_id, code) DO UPDATE SET"
        " terminal_id = excluded.terminal_id, at = excluded.at, body = excluded.body",
        {
            "store": told.store_id,
            "code": told.text("code"),
            "terminal": told.terminal_id,
            "at": told.at,
            "body": canonical(basket),
        },
    )


def _basket_resumed(told: Told) -> Iterator[Change]:
    yield (
        "INSERT INTO basket_use VALUES (:store, :code, :terminal, :sale, :at) ON CONFLICT DO NOTHING",
        {
            "store": told.store_id,
            "code": told.text("code"),
            "terminal": told.terminal_id,
            "sale": told.text("sale_id", told.subject),
            "at": told.at,
        },
    )


def _approval(told: Told) -> Iterator[Change]:
    yield (
        "INSERT INTO approval VALUES (:terminal, :journal, :seq, :store, :at, :subject, :granted, :staff, :role, :reason)"
        " ON CONFLICT DO NOTHING",
        {
            **told.common,
            "subject": told.subject,
            "granted": int(told.kind == Kind.APPROVAL_GRANTED),
            "staff": told.text("staff", ""),
            "role": told.text("role", ""),
            "reason": told.text("reason", ""),
        },
    )


_Rule = Callable[[Told], Iterator[Change]]

_RULES: Final[dict[str, _Rule]] = {
    Kind.SALE_COMPLETED: _sale_completed,
    Kind.SALE_VOIDED: _sale_voided,
    Kind.PAYMENT_INTENDED: _payment_intended,
    **{kind: _payment_moved for kind in Kind if kind.startswith("payment.") and kind is not Kind.PAYMENT_INTENDED},
    **{kind: _receipt_moved for kind in Kind if kind.startswith("receipt.")},
    Kind.VOUCHER_REDEEMED: _voucher_redeemed,
    Kind.BASKET_HELD: _basket_held,
    Kind.BASKET_RESUMED: _basket_resumed,
    Kind.APPROVAL_GRANTED: _approval,
    Kind.APPROVAL_REFUSED: _approval,
}
