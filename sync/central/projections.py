"""What an entry of a journal means to the store's books beyond how sales, payments and receipts stand: pure, as SQL with its values.

Values are portable between SQLite and PostgreSQL. What cannot be followed raises BodyError, is set aside with an alert, and blocks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kiosk.domain.chain import canonical
from kiosk.domain.facts import Kind
from sync.central import forms, refunds
from sync.central.told import BodyError, Told

Change = tuple[str, Mapping[str, Any]]
_MARK: Final = re.compile(r"[0-9a-f]{32}")

# Emptied before a rebuild, for one terminal.
TABLES: Final = (
    "sale",
    "payment",
    "receipt",
    "approval",
    "held_basket",
    "basket_use",
    "voucher_use",
    "form_submission",
    "refund",
    "refund_piece",
    "account_consent",
    "projection_failure",
)


def has_rule(kind: str) -> bool:
    """Whether entries of this kind mean something here."""
    return kind in _RULES


def changes(told: Told) -> Iterator[Change]:
    """The SQL that makes the projections follow, none for an entry that means nothing here. Raises BodyError."""
    rule = _RULES.get(told.kind)
    if rule is not None:
        yield from rule(told)


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


def _consent_given(told: Told) -> Iterator[Change]:
    """Of a holder whose mark only this terminal knows, it means nothing here."""
    mark = told.subject.removeprefix("account:")
    if _MARK.fullmatch(mark):
        yield (
            "INSERT INTO account_consent VALUES (:terminal, :journal, :seq, :store, :at, :mark, :version) ON CONFLICT DO NOTHING",
            {**told.common, "mark": mark, "version": told.text("version")[:64]},
        )


_Rule = Callable[[Told], Iterator[Change]]

_RULES: Final[dict[str, _Rule]] = {
    Kind.VOUCHER_REDEEMED: _voucher_redeemed,
    Kind.BASKET_HELD: _basket_held,
    Kind.BASKET_RESUMED: _basket_resumed,
    Kind.CONSENT_GIVEN: _consent_given,
    Kind.APPROVAL_GRANTED: _approval,
    Kind.APPROVAL_REFUSED: _approval,
    Kind.FORM_SUBMITTED: forms.projected,
    Kind.REFUND_COMPLETED: refunds.projected,
}
