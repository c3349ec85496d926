"""Tells billers what was paid: a queue in the database, one telling at a time by one process, for ever until the biller has answered.

Before each attempt the row is leased in a commit of its own, so that whoever is killed after the biller took the payment leaves it to be
told again under the same reference, which is the same payment to him.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row

from kiosk.domain.money import Money
from sync.central import alerts
from sync.central.billers import cases, standing
from sync.central.billers.configured import Billers
from sync.central.billers.connector import UNKNOWN_PAYMENT, BillerConnector, Payment, Posted, Refused, UnreachableError
from sync.central.billers.standing import State
from sync.central.database import Database, changed, many, rows, run
from sync.central.feeds import EVERY_STORE

log = logging.getLogger(__name__)
LEASE_S: Final = 60  # longer than a telling takes
PAUSES_S: Final = (2, 5, 15, 60, 300, 900)
ALERT_AFTER_S: Final = 86_400
_LOOKED_AT: Final = 200


class Posting:
    """One process's work at the queue. Several processes may each have one."""

    def __init__(self, database: Database, billers: Billers, now_s: Callable[[], float]) -> None:
        self._database = database
        self._billers = billers
        self._now_s = now_s
        self._paused: dict[
            str, float
        ] = {}  # until when a biller is left alone, so that his payments do not hold up the others'

    def step(self, ends: Callable[[], bool] = lambda: False) -> bool:
        """One telling that is due; whether there was one. Raises DatabaseAwayError.

        One that is under way when the service `ends` is left as leased, and told again under the same reference.
        """
        now_s = self._now_s()
        due = self._database.read(lambda connection: _due(connection, now_s))
        row = self._next(due, now_s)
        if row is None:
            return bool(due)
        connector = self._billers.of(row.account)
        if not self._database.write(lambda connection: _lease(connection, row, _name(connector), now_s)):
            return True
        found = _told(connector, row)
        if ends():
            return False
        if isinstance(found, UnreachableError):
            self._put_off(connector, row, str(found))
        else:
            if self._paused.pop(_name(connector), None) is not None:
                log.info("bill payments go on: %s answers again", _name(connector))
            self._database.write(lambda connection: _settle(connection, row, found, _name(connector), self._now_s()))
        return True

    def _next(self, due: Sequence[Row[Any]], now_s: float) -> Row[Any] | None:
        """The first whose biller is not left alone just now; those before it are put off with him."""
        later: list[dict[str, Any]] = []
        found = None
        for row in due:
            until_s = self._paused.get(_name(self._billers.of(row.account)), 0.0)
            if until_s <= now_s:
                found = row
                break
            later.append(
                {"terminal": row.terminal_id, "ref": row.payment_ref, "seen": row.next_ms, "next": int(until_s * 1000)}
            )
        if later:
            sql = (
                "UPDATE bill_posting SET next_ms = :next WHERE terminal_id = :terminal AND payment_ref = :ref AND next_ms = :seen"
                " AND state IN ('pending', 'undoing')"
            )
            self._database.write(lambda connection: many(connection, sql, later))
        return found

    def _put_off(self, connector: BillerConnector | None, row: Row[Any], why: str) -> None:
        now_s, name = self._now_s(), _name(connector)
        pause_s = PAUSES_S[min(row.failures, len(PAUSES_S) - 1)]
        if name not in self._paused:
            log.warning("bill payments wait: %s", why)
        self._paused[name] = now_s + pause_s
        is_told = now_s - row.heard_ms / 1000 > ALERT_AFTER_S

        def put_off(connection: Connection) -> None:
            _fail(connection, row, int((now_s + pause_s) * 1000), why)
            if is_told:
                words = f"bill payment {row.payment_ref} of terminal {row.terminal_id} has waited for more than a day: {why}"
                alerts.raise_alert(connection, "", alerts.BILLER_AWAY, name, words, store_id=EVERY_STORE, now_s=now_s)

        self._database.write(put_off)


def _due(connection: Connection, now_s: float) -> Sequence[Row[Any]]:
    sql = (
        "SELECT * FROM bill_posting WHERE state IN ('pending', 'undoing') AND next_ms <= :now"
        " ORDER BY next_ms, heard_ms, terminal_id, payment_ref LIMIT :most"
    )
    return rows(connection, sql, now=int(now_s * 1000), most=_LOOKED_AT)


def _lease(connection: Connection, row: Row[Any], name: str, now_s: float) -> bool:
    return bool(
        changed(
            connection,
            "UPDATE bill_posting SET next_ms = :until, attempts = attempts + 1, biller = :name WHERE terminal_id = :terminal"
            " AND payment_ref = :ref AND next_ms = :seen AND state = :state AND attempts = :attempts",
            until=int((now_s + LEASE_S) * 1000),
            name=name,
            terminal=row.terminal_id,
            ref=row.payment_ref,
            seen=row.next_ms,
            state=row.state,
            attempts=row.attempts,
        )
    )


def _told(connector: BillerConnector | None, row: Row[Any]) -> Posted | Refused | UnreachableError:
    if connector is None:
        return UnreachableError(f"no connector serves account {row.account}")
    payment = Payment(row.payment_ref, row.account, row.reference, Money(row.amount_minor, row.currency), row.at)
    try:
        return connector.post(payment) if row.state == State.PENDING else connector.undo(row.payment_ref)
    except UnreachableError as error:
        return error
    except Exception as error:
        log.exception("the connector of %s failed", connector.name)
        return UnreachableError(f"the connector of {connector.name} failed ({type(error).__name__})")


def _settle(connection: Connection, row: Row[Any], found: Posted | Refused, name: str, now_s: float) -> None:
    """What the biller said. Where the row was voided meanwhile, it stays so: he is asked next to give the payment back."""
    if row.failures:
        alerts.close_alert(connection, "", alerts.BILLER_AWAY, name, who=name, now_s=now_s)
    if row.state == State.PENDING:
        if isinstance(found, Posted):
            told = {"receipt_id": found.receipt_id, "posted_at": found.at, "reason": ""}
            standing.move(connection, row, State.POSTED, now_s, told)
        elif standing.move(connection, row, State.REFUSED, now_s, {"reason": _why(found)}):
            cases.open_case(connection, row, cases.Why.REFUSED, _why(found), now_s)
        return
    if isinstance(found, Posted):
        standing.move(connection, row, State.UNDONE, now_s, {"reason": f"taken back as {found.receipt_id}"})
    elif found.reason == UNKNOWN_PAYMENT:
        standing.move(connection, row, State.VOIDED, now_s, {"reason": ""})
    elif standing.move(connection, row, State.KEPT, now_s, {"reason": _why(found)}):
        words = (
            f"{name} keeps {row.amount_minor} {row.currency} of sale {row.sale_id}, which has no money: {_why(found)}"
        )
        alerts.raise_alert(
            connection,
            row.terminal_id,
            alerts.BILLER_KEEPS,
            row.payment_ref,
            words,
            store_id=row.store_id,
            now_s=now_s,
        )


def _fail(connection: Connection, row: Row[Any], next_ms: int, why: str) -> None:
    run(
        connection,
        "UPDATE bill_posting SET failures = failures + 1, next_ms = :next, reason = :why WHERE terminal_id = :terminal"
        " AND payment_ref = :ref AND state IN ('pending', 'undoing')",
        next=next_ms,
        why=why[:300],
        terminal=row.terminal_id,
        ref=row.payment_ref,
    )


def _why(found: Refused) -> str:
    return f"{found.reason}: {found.detail}" if found.detail else found.reason


def _name(connector: BillerConnector | None) -> str:
    return connector.name if connector else "-"
