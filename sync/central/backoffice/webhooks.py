"""Webhooks: what the exports hold, in order, signed (Standard Webhooks 1.0), tried again with growing pauses, paused when it does not help.

A webhook is a cursor on the export, so nothing piles up while the other end is away, and nothing is left out when it is back. What was
sent and not acknowledged is sent again: the receiver tells it by `webhook-id`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import logging
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row

from sync.central import alerts
from sync.central.backoffice import bills, forms, sales
from sync.central.backoffice.models import (
    BillPage,
    FormPage,
    NewWebhook,
    NewWebhookAnswer,
    RefundCasePage,
    SalePage,
    Tells,
    Webhook,
    WebhookList,
)
from sync.central.backoffice.problems import ApiProblem, Refused
from sync.central.database import Database, changed, one, rows, run

log = logging.getLogger(__name__)
MOST_OF_A_STORE: Final = 10
AT_ONCE: Final = 100
TIMEOUT_S: Final = 5.0
# Some seven hours; then people are told and it is paused.
PAUSES_S: Final = (2, 5, 15, 60, 300, 900, 3600, 7200, 14_400)
_LEASE_S: Final = 60  # longer than a delivery takes: no other process sends the same meanwhile
_PAGES: Final[dict[Tells, Callable[[Connection, str, int, int], SalePage | BillPage | RefundCasePage | FormPage]]] = {
    Tells.SALES: sales.page,
    Tells.BILL_PAYMENTS: bills.payments,
    Tells.REFUND_CASES: bills.refund_cases,
    Tells.FORMS: forms.page,
}


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be made."""

    store_id: str
    webhook_id: str
    url: str
    secret: str
    failures: int
    delivery_id: str
    body: bytes
    next_number: int


def add(connection: Connection, store_id: str, new: NewWebhook, now_s: float) -> NewWebhookAnswer:
    """A webhook that begins with the first of what it tells. Raises Refused."""
    try:
        parts = urlsplit(new.url)
        is_good = bool(parts.hostname) and (parts.port or 1) > 0 and not parts.username and not parts.fragment
    except ValueError:
        is_good = False
    if not is_good:
        raise Refused(ApiProblem.MALFORMED, "the url is http or https, with a host, without user and fragment", "url")
    if len(rows(connection, "SELECT 1 FROM webhook WHERE store_id = :store", store=store_id)) >= MOST_OF_A_STORE:
        raise Refused(ApiProblem.STATE, f"a store has at most {MOST_OF_A_STORE} webhooks; take one away first")
    webhook_id, secret = f"w-{secrets.token_hex(8)}", f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    run(
        connection,
        "INSERT INTO webhook VALUES (:store, :id, :url, :secret, :now, 0, 0, 0, 0, '', :tells)",
        store=store_id,
        id=webhook_id,
        url=new.url,
        secret=secret,
        now=int(now_s * 1000),
        tells=new.tells.value,
    )
    return NewWebhookAnswer(**find(connection, store_id, webhook_id).model_dump(), secret=secret)


def find(connection: Connection, store_id: str, webhook_id: str) -> Webhook:
    """A webhook. Raises Refused."""
    sql = "SELECT * FROM webhook WHERE store_id = :store AND webhook_id = :id"
    row = one(connection, sql, store=store_id, id=webhook_id)
    if row is None:
        raise Refused(ApiProblem.UNKNOWN, f"store {store_id} has no webhook {webhook_id}")
    return _webhook(row)


def listed(connection: Connection, store_id: str) -> WebhookList:
    """Every webhook of a store."""
    sql = "SELECT * FROM webhook WHERE store_id = :store ORDER BY made_ms, webhook_id"
    return WebhookList(webhooks=[_webhook(row) for row in rows(connection, sql, store=store_id)])


def remove(connection: Connection, store_id: str, webhook_id: str) -> None:
    """Send nothing there any more. Raises Refused."""
    sql = "DELETE FROM webhook WHERE store_id = :store AND webhook_id = :id"
    if not changed(connection, sql, store=store_id, id=webhook_id):
        raise Refused(ApiProblem.UNKNOWN, f"store {store_id} has no webhook {webhook_id}")


def resume(connection: Connection, store_id: str, webhook_id: str) -> Webhook:
    """Try again from where it stopped, at once. Raises Refused."""
    sql = "UPDATE webhook SET is_paused = 0, failures = 0, next_ms = 0 WHERE store_id = :store AND webhook_id = :id"
    run(connection, sql, store=store_id, id=webhook_id)
    return find(connection, store_id, webhook_id)


def deliver(database: Database, now_s: float, ends: Callable[[], bool] = lambda: False) -> bool:
    """Make one delivery that is due; whether there was one.

    A delivery that is under way when the service `ends` is left as leased, and is made again under the same id.
    """
    if database.read(lambda connection: _waiting(connection, now_s)) is None:
        return False
    due = database.write(lambda connection: _lease(connection, now_s))
    if due is None:
        return False
    status = send(due, now_s)
    if ends():
        return False
    database.write(lambda connection: _settle(connection, due, status, now_s))
    return True


def send(due: Due, now_s: float) -> str:
    """The request; gives its status, or why there is none. Redirects are not followed, of the answer nothing is read."""
    parts = urlsplit(due.url)
    host, target = parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    made: http.client.HTTPConnection
    if parts.scheme == "https":
        made = http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    else:
        made = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
    stamp = str(int(now_s))
    headers = {
        "content-type": "application/json",
        "webhook-id": due.delivery_id,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(due.secret, due.delivery_id, stamp, due.body),
    }
    try:
        made.request("POST", target, due.body, headers)
        return str(made.getresponse().status)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__
    finally:
        made.close()


def signature(secret: str, delivery_id: str, stamp: str, body: bytes) -> str:
    """`webhook-signature` of Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{delivery_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _waiting(connection: Connection, now_s: float) -> Row[Any] | None:
    return one(
        connection,
        "SELECT w.* FROM webhook w WHERE w.is_paused = 0 AND w.next_ms <= :now AND CASE w.tells"
        " WHEN 'sales' THEN EXISTS (SELECT 1 FROM sale_export x WHERE x.store_id = w.store_id AND x.number > w.after_number)"
        " WHEN 'bill-payments' THEN EXISTS (SELECT 1 FROM bill_posting b WHERE b.store_id = w.store_id AND b.number > w.after_number)"
        " WHEN 'forms' THEN EXISTS (SELECT 1 FROM form_state f WHERE f.store_id = w.store_id AND f.number > w.after_number)"
        " ELSE EXISTS (SELECT 1 FROM refund_case c WHERE c.store_id = w.store_id AND c.number > w.after_number) END"
        " ORDER BY w.next_ms LIMIT 1",
        now=int(now_s * 1000),
    )


def _lease(connection: Connection, now_s: float) -> Due | None:
    row = _waiting(connection, now_s)
    if row is None:
        return None
    taken = changed(
        connection,
        "UPDATE webhook SET next_ms = :later WHERE store_id = :store AND webhook_id = :id AND next_ms = :seen",
        later=int((now_s + _LEASE_S) * 1000),
        store=row.store_id,
        id=row.webhook_id,
        seen=row.next_ms,
    )
    if not taken:
        return None
    page = _PAGES[Tells(row.tells)](connection, row.store_id, row.after_number, AT_ONCE)
    delivery_id = f"{row.webhook_id}-{row.after_number}-{page.next}"
    body = page.model_dump_json().encode()
    return Due(row.store_id, row.webhook_id, row.url, row.secret, row.failures, delivery_id, body, page.next)


def _settle(connection: Connection, due: Due, status: str, now_s: float) -> None:
    is_taken = status.startswith("2")
    failures = 0 if is_taken else due.failures + 1
    is_paused = failures > len(PAUSES_S)
    pause_s = 0 if is_taken else PAUSES_S[min(failures, len(PAUSES_S)) - 1]
    run(
        connection,
        "UPDATE webhook SET after_number = CASE WHEN :taken = 1 THEN :next ELSE after_number END, failures = :failures,"
        " next_ms = :later, is_paused = :paused, last_status = :status WHERE store_id = :store AND webhook_id = :id",
        taken=int(is_taken),
        next=due.next_number,
        failures=failures,
        later=int((now_s + pause_s) * 1000),
        paused=int(is_paused),
        status=status[:60],
        store=due.store_id,
        id=due.webhook_id,
    )
    if is_paused:
        words = f"webhook {due.webhook_id} failed {failures} times, at last with {status}; it waits until it is resumed"
        alerts.raise_alert(connection, "", "webhook", due.webhook_id, words, store_id=due.store_id, now_s=now_s)


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        webhook_id=row.webhook_id,
        store_id=row.store_id,
        tells=Tells(row.tells),
        url=row.url,
        after=row.after_number,
        failures=row.failures,
        is_paused=bool(row.is_paused),
        last_status=row.last_status,
    )
