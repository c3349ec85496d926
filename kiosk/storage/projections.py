"""The tables that follow from the journal, written in the same commit: what each fact changes in them, and how they are asked.

`changes` is pure: the SQL that a fact means. Whatever it makes can be made again from the entries alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from kiosk.domain.chain import canonical
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.storage.schema import PROJECTIONS

if TYPE_CHECKING:
    from kiosk.storage.database import Connection

Change = tuple[str, tuple[int | str | None, ...]]


class BodyError(ValueError):
    """A fact's body lacks what its projection needs: a bug of whoever wrote it. The entry itself stands."""


def changes(fact: Fact, seq: int) -> Iterator[Change]:
    """The SQL that makes the projections follow from `fact` at `seq`. Raises BodyError."""
    rule = _RULES.get(fact.kind)
    if rule is not None:
        yield from rule(_Body(fact), seq)


def clear(connection: Connection) -> None:
    """Empty every projection, within the caller's transaction."""
    for table in PROJECTIONS:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own


class _Body:
    """A fact's body, asked for what a column needs."""

    __slots__ = ("_body", "at", "kind", "subject")

    def __init__(self, fact: Fact) -> None:
        self._body = fact.body
        self.at = fact.at
        self.kind = fact.kind
        self.subject = fact.subject

    def text(self, name: str, default: str | None = None) -> str:
        value = self._body.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return str(value)
        if default is None:
            raise BodyError(f"{self.kind} of {self.subject} has no {name}")
        return default

    def whole(self, name: str, default: int | None = None) -> int:
        value = self.optional(name)
        if value is not None:
            return value
        if default is None:
            raise BodyError(f"{self.kind} of {self.subject} has no whole number {name}")
        return default

    def optional(self, name: str) -> int | None:
        value = self._body.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        return self._body.get(name) is True

    def json(self, name: str) -> str:
        value = self._body.get(name)
        if not isinstance(value, Mapping):
            raise BodyError(f"{self.kind} of {self.subject} has no {name}")
        return canonical(value)

    def inner(self, name: str) -> _Body:
        """The body within, of the same fact."""
        value = self._body.get(name)
        if not isinstance(value, Mapping):
            raise BodyError(f"{self.kind} of {self.subject} has no {name}")
        return self._of(value)

    def parts(self, name: str) -> Iterator[_Body]:
        """The bodies of a list within."""
        found = self._body.get(name)
        for part in found if isinstance(found, (list, tuple)) else ():
            if isinstance(part, Mapping):
                yield self._of(part)

    def _of(self, body: Mapping[str, Json]) -> _Body:
        return _Body(Fact(self.kind, self.subject, body, self.at, 0))

    def item_count(self) -> int:
        lines: Json = self._body.get("lines")
        count = len(lines) if isinstance(lines, (list, tuple)) else 0
        return self.whole("items", self.whole("item_count", count))


def _sale_completed(body: _Body, seq: int) -> Iterator[Change]:
    yield (
        "INSERT OR REPLACE INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'completed')",
        (
            body.text("sale_id", body.subject),
            seq,
            body.at,
            body.at[:10],
            body.whole("total_minor"),
            body.text("currency"),
            body.item_count(),
            body.text("receipt_number", ""),
        ),
    )


def _sale_voided(body: _Body, seq: int) -> Iterator[Change]:  # noqa: ARG001 - every rule takes the seq
    yield "UPDATE sale SET state = 'voided' WHERE sale_id = ?", (body.text("sale_id", body.subject),)


def _payment_intended(body: _Body, seq: int) -> Iterator[Change]:
    yield (
        "INSERT OR REPLACE INTO payment VALUES (?, ?, ?, ?, 'intended', ?, ?, ?, NULL, NULL, '')",
        (
            body.text("ref", body.subject),
            seq,
            seq,
            body.at,
            body.whole("amount_minor"),
            body.text("currency"),
            body.optional("last_trace"),
        ),
    )


def _payment_moved(body: _Body, seq: int) -> Iterator[Change]:
    yield (
        "UPDATE payment SET seq = ?, state = ?, trace = coalesce(?, trace), receipt_no = coalesce(?, receipt_no), reason = ?"
        " WHERE ref = ?",
        (
            seq,
            body.kind.removeprefix("payment."),
            body.optional("trace"),
            body.optional("receipt_no"),
            body.text("reason", ""),
            body.text("ref", body.subject),
        ),
    )


def _receipt_pending(body: _Body, seq: int) -> Iterator[Change]:
    sale_id = body.text("sale_id", body.subject)
    number = body.text("receipt_number", body.text("number", ""))
    yield (
        "INSERT INTO receipt VALUES (?, ?, coalesce(nullif(?, ''), (SELECT receipt_number FROM sale WHERE sale_id = ?), ''),"
        " 'pending', 0) ON CONFLICT (sale_id) DO UPDATE SET seq = excluded.seq, state = 'pending'",
        (sale_id, seq, number, sale_id),
    )


def _receipt_moved(body: _Body, seq: int) -> Iterator[Change]:
    state = body.kind.removeprefix("receipt.")
    if state == "failed" and body.text("reason", "") == "unknown":
        state = "unknown"  # bytes went out and the proof did not come back
    copies = 1 if state == "printed" else 0
    yield (
        "INSERT INTO receipt VALUES (?, ?, '', ?, ?)"
        " ON CONFLICT (sale_id) DO UPDATE SET seq = excluded.seq, state = excluded.state, copies = copies + excluded.copies",
        (body.text("sale_id", body.subject), seq, state, copies),
    )


def _voucher_redeemed(body: _Body, seq: int) -> Iterator[Change]:
    yield (
        "INSERT INTO voucher_use VALUES (?, ?, ?, ?, ?)",
        (
            body.text("code"),
            seq,
            body.text("sale_id", body.subject),
            body.whole("amount_minor", 0),
            body.text("currency", ""),
        ),
    )


def _bill_paid(body: _Body, seq: int) -> Iterator[Change]:
    yield (
        "INSERT INTO bill_payment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'paid')",
        (
            seq,
            body.text("key"),
            body.text("payment_ref"),
            body.text("sale_id"),
            body.at,
            body.text("account"),
            body.whole("amount_minor"),
            body.whole("fee_minor", 0),
            body.text("currency"),
            int(body.flag("is_confirmed")),
        ),
    )


def _bill_voided(body: _Body, seq: int) -> Iterator[Change]:  # noqa: ARG001 - every rule takes the seq
    yield (
        "UPDATE bill_payment SET state = 'voided' WHERE key = ? AND payment_ref = ?",
        (body.text("key"), body.text("payment_ref")),
    )


def _basket_held(body: _Body, seq: int) -> Iterator[Change]:
    yield (
        "INSERT OR REPLACE INTO held_basket VALUES (?, ?, ?, ?, 0)",
        (body.text("code"), seq, body.at, body.json("basket")),
    )


def _basket_resumed(body: _Body, seq: int) -> Iterator[Change]:
    yield "UPDATE held_basket SET taken = 1, seq = ? WHERE code = ?", (seq, body.text("code"))


def _refund_intended(body: _Body, seq: int) -> Iterator[Change]:
    refund_id = body.text("refund_id", body.subject)
    yield from _refund_lines(body.inner("refund"), refund_id)
    yield from _refund(body.inner("refund"), refund_id, seq, "intended", seq)


def _refund_completed(body: _Body, seq: int) -> Iterator[Change]:
    refund_id = body.text("refund_id", body.subject)
    yield from _refund_lines(body, refund_id)
    yield from _refund(body, refund_id, seq, "completed", None)


def _refund(body: _Body, refund_id: str, seq: int, state: str, intended_seq: int | None) -> Iterator[Change]:
    yield (
        "INSERT INTO refund VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '') ON CONFLICT (refund_id) DO UPDATE SET"
        " seq = excluded.seq, intended_seq = coalesce(excluded.intended_seq, intended_seq), state = excluded.state,"
        # A refund that failed and is tried again under its id begins anew: what its terminal said then is not said of this one.
        " trace = CASE excluded.state WHEN 'intended' THEN NULL ELSE trace END, reason = ''",
        (
            refund_id,
            seq,
            intended_seq,
            body.at,
            state,
            body.text("sale_id"),
            body.whole("number"),
            body.whole("amount_minor"),
            body.text("currency"),
        ),
    )


def _refund_lines(body: _Body, refund_id: str) -> Iterator[Change]:
    yield "DELETE FROM refund_line WHERE refund_id = ?", (refund_id,)
    for line in body.parts("lines"):
        yield (
            "INSERT INTO refund_line VALUES (?, ?, ?, ?, ?)",
            (body.text("sale_id"), line.whole("line_id"), line.whole("first"), line.whole("pieces"), refund_id),
        )


def _refund_moved(body: _Body, seq: int) -> Iterator[Change]:
    refund_id, state = body.text("refund_id", body.subject), body.kind.removeprefix("refund.")
    yield (
        "UPDATE refund SET seq = ?, state = ?, trace = coalesce(?, trace), reason = ? WHERE refund_id = ?",
        (seq, state, body.optional("trace"), body.text("reason", ""), refund_id),
    )
    if state == "failed":
        yield "DELETE FROM refund_line WHERE refund_id = ?", (refund_id,)


def _approval(body: _Body, seq: int) -> Iterator[Change]:
    granted = int(body.kind == Kind.APPROVAL_GRANTED)
    yield (
        "INSERT INTO approval VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, body.at, body.subject, granted, body.text("staff", ""), body.text("role", ""), body.text("reason", "")),
    )


def _form_submitted(body: _Body, seq: int) -> Iterator[Change]:
    yield (
        "INSERT OR REPLACE INTO form_submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            body.text("submission_id", body.subject),
            seq,
            body.at,
            body.text("form"),
            body.text("day"),
            body.text("prefix"),
            body.whole("running"),
            body.text("slot", ""),
            int(body.flag("fixed")),
        ),
    )


_Rule = Callable[[_Body, int], Iterator[Change]]

_RULES: Final[dict[Kind, _Rule]] = {
    Kind.SALE_COMPLETED: _sale_completed,
    Kind.SALE_VOIDED: _sale_voided,
    Kind.PAYMENT_INTENDED: _payment_intended,
    **{kind: _payment_moved for kind in Kind if kind.startswith("payment.") and kind is not Kind.PAYMENT_INTENDED},
    Kind.RECEIPT_PENDING: _receipt_pending,
    **{kind: _receipt_moved for kind in Kind if kind.startswith("receipt.") and kind is not Kind.RECEIPT_PENDING},
    Kind.VOUCHER_REDEEMED: _voucher_redeemed,
    Kind.BILL_PAID: _bill_paid,
    Kind.BILL_VOIDED: _bill_voided,
    Kind.BASKET_HELD: _basket_held,
    Kind.BASKET_RESUMED: _basket_resumed,
    Kind.REFUND_INTENDED: _refund_intended,
    Kind.REFUND_COMPLETED: _refund_completed,
    **dict.fromkeys((Kind.REFUND_APPROVED, Kind.REFUND_UNKNOWN, Kind.REFUND_FAILED), _refund_moved),
    Kind.APPROVAL_GRANTED: _approval,
    Kind.APPROVAL_REFUSED: _approval,
    Kind.FORM_SUBMITTED: _form_submitted,
}
