"""What shows only across a store: a voucher or basket used twice, a sale paid twice. The first to arrive stands, the other is a case.

Nothing is refused to a terminal for it, and nothing is undone by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from kiosk.domain.facts import Kind
from sync.central import alerts, forms, refunds
from sync.central.billers import heard
from sync.central.database import among, changed, one, rows, run
from sync.central.told import Told


@dataclass(frozen=True, slots=True)
class _Use:
    """A second use: `ref` tells it from others of the same `code` (the sale's id, or the payment's), minor units of `currency`."""

    kind: str
    code: str
    ref: str
    sale_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class _Stands:
    terminal_id: str
    sale_id: str
    ref: str


def has_rule(kind: str) -> bool:
    """Whether entries of this kind are looked at here."""
    return kind in _RULES


def look(connection: Connection, told: Told, now_s: float) -> None:
    """After an entry was projected: does it use what was used before, or set right what was paid twice?"""
    rule = _RULES.get(told.kind)
    if rule is not None:
        rule(connection, told, now_s)


def may_be_paid_twice(connection: Connection, approved: Sequence[Told], sale_ids: Sequence[str]) -> bool:
    """Whether any of these approvals of one terminal, which are projected, or the sales that they paid, needs to be looked at."""
    whose = {"store": approved[0].store_id, "terminal": approved[0].terminal_id}
    sales, values = among(connection, "sale_id", sale_ids, "sales")
    sql = f"SELECT 1 FROM payment WHERE terminal_id = :terminal AND {sales} AND is_charged = 1 GROUP BY sale_id HAVING count(*) > 1"  # noqa: S608 - words of our own
    if one(connection, f"{sql} LIMIT 1", **whose, **values) is not None:
        return True
    refs, values = among(connection, "ref", [told.text("ref", told.subject) for told in approved], "refs")
    sql = f"SELECT 1 FROM payment WHERE store_id = :store AND {refs} AND terminal_id <> :terminal AND is_charged = 1 LIMIT 1"  # noqa: S608 - as above
    return one(connection, sql, **whose, **values) is not None


def subject_of(kind: str, code: str, ref: str) -> str:
    """How the alert of a case is called."""
    return f"{kind}:{code}:{ref}"


def _voucher_used(connection: Connection, told: Told, now_s: float) -> None:
    sale_id = told.text("sale_id", told.subject)
    amount, currency = told.whole("amount_minor", 0), told.text("currency", "")
    use = _Use("voucher", told.text("code"), sale_id, sale_id, amount, currency)
    _used(connection, told, use, now_s)


def _basket_used(connection: Connection, told: Told, now_s: float) -> None:
    sale_id = told.text("sale_id", told.subject)
    _used(connection, told, _Use("basket", told.text("code"), sale_id, sale_id, 0, ""), now_s)


def _used(connection: Connection, told: Told, use: _Use, now_s: float) -> None:
    """The row of `first_use` is made once, whoever projects: of two at once the second waits for the first."""
    values = {"store": told.store_id, "kind": use.kind, "code": use.code}
    run(
        connection,
        "INSERT INTO first_use VALUES (:store, :kind, :code, :terminal, :sale) ON CONFLICT DO NOTHING",
        terminal=told.terminal_id,
        sale=use.sale_id,
        **values,
    )
    sql = "SELECT terminal_id, sale_id FROM first_use WHERE store_id = :store AND kind = :kind AND code = :code"
    first = one(connection, sql, **values)
    if first is not None and (first.terminal_id, first.sale_id) != (told.terminal_id, use.sale_id):
        _open(connection, told, use, _Stands(first.terminal_id, first.sale_id, first.sale_id), now_s)
    sql = "DELETE FROM claim WHERE store_id = :store AND kind = :kind AND code = :code"
    run(connection, sql, **values)  # from here on the books themselves tell who has it


def _paid(connection: Connection, told: Told, now_s: float) -> None:
    ref = told.text("ref", told.subject)
    this = one(
        connection,
        "SELECT sale_id, amount_minor, currency FROM payment WHERE terminal_id = :terminal AND ref = :ref AND is_charged = 1",
        terminal=told.terminal_id,
        ref=ref,
    )
    if this is None:
        return
    other = one(
        connection,
        "SELECT ref FROM payment WHERE terminal_id = :terminal AND sale_id = :sale AND ref <> :ref AND is_charged = 1 AND sale_id <> ''"
        " ORDER BY at LIMIT 1",
        terminal=told.terminal_id,
        sale=this.sale_id,
        ref=ref,
    )
    use = _Use("payment", this.sale_id, ref, this.sale_id, this.amount_minor, this.currency)
    if other is not None:
        _open(connection, told, use, _Stands(told.terminal_id, this.sale_id, other.ref), now_s)
    elsewhere = one(
        connection,
        "SELECT terminal_id, sale_id FROM payment WHERE store_id = :store AND ref = :ref AND terminal_id <> :terminal AND is_charged = 1"
        " AND NOT EXISTS (SELECT 1 FROM settlement_case c WHERE c.store_id = :store AND c.kind = 'payment' AND c.code = :ref"
        " AND c.stands_terminal = :terminal) LIMIT 1",
        store=told.store_id,
        ref=ref,
        terminal=told.terminal_id,
    )
    if elsewhere is not None:
        use = _Use("payment", ref, ref, this.sale_id, this.amount_minor, this.currency)
        _open(connection, told, use, _Stands(elsewhere.terminal_id, elsewhere.sale_id, ref), now_s)


def _given_back(connection: Connection, told: Told, now_s: float) -> None:
    """A payment is charged no more: a sale that was paid twice by it is paid once, and nobody has to act."""
    ref = told.text("ref", told.subject)
    cases = rows(
        connection,
        "SELECT kind, code, ref, terminal_id FROM settlement_case WHERE store_id = :store AND kind = 'payment'"
        " AND ((terminal_id = :terminal AND ref = :ref) OR (stands_terminal = :terminal AND stands_ref = :ref))",
        store=told.store_id,
        terminal=told.terminal_id,
        ref=ref,
    )
    for case in cases:
        subject = subject_of(case.kind, case.code, case.ref)
        alerts.close_alert(connection, case.terminal_id, alerts.TWICE, subject, who=told.kind, now_s=now_s)


def _open(connection: Connection, told: Told, use: _Use, stands: _Stands, now_s: float) -> None:
    """A case, once: a rebuild of the projections does not open it again."""
    is_new = changed(
        connection,
        "INSERT INTO settlement_case VALUES (:store, :kind, :code, :terminal, :ref, :sale, :at, :amount, :currency, :first_terminal,"
        " :first_sale, :first_ref) ON CONFLICT DO NOTHING",
        store=told.store_id,
        kind=use.kind,
        code=use.code,
        terminal=told.terminal_id,
        ref=use.ref,
        sale=use.sale_id,
        at=told.at,
        amount=use.amount_minor,
        currency=use.currency,
        first_terminal=stands.terminal_id,
        first_sale=stands.sale_id,
        first_ref=stands.ref,
    )
    if is_new:
        words = (
            f"{use.kind} {use.code}: used a second time in {told.terminal_id}/{use.sale_id} ({use.amount_minor} {use.currency});"
            f" {stands.terminal_id}/{stands.sale_id} stands"
        )
        subject = subject_of(use.kind, use.code, use.ref)
        alerts.raise_alert(
            connection, told.terminal_id, alerts.TWICE, subject, words, store_id=told.store_id, now_s=now_s
        )


_RULES: Final[dict[str, Callable[[Connection, Told, float], None]]] = {
    Kind.VOUCHER_REDEEMED: _voucher_used,
    Kind.BASKET_RESUMED: _basket_used,
    Kind.PAYMENT_APPROVED: _paid,
    Kind.PAYMENT_REVERSED: _given_back,
    Kind.BILL_PAID: heard.paid,
    Kind.BILL_VOIDED: heard.voided,
    Kind.FORM_SUBMITTED: forms.heard,
    Kind.REFUND_COMPLETED: refunds.heard,
}
