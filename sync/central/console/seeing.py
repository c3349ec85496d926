"""The pages that only show. Each is `(connection, visit) -> Page`, in a transaction that writes nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from kiosk.domain.receipt_link import TOKEN
from sync.central import forms
from sync.central.billers import cases
from sync.central.console import books, receipts, terminals
from sync.central.console.pages import Page
from sync.central.console.people import May
from sync.central.console.visits import Ended, Visit

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def store_list(connection: Connection, visit: Visit) -> Page:
    """Every store that the person works in."""
    found = terminals.stores(connection, visit.person.store_id, visit.now_s)
    return Page("stores.html", {"stores": found, "store_id": "", "tab": "stores"})


def store(connection: Connection, visit: Visit) -> Page:
    """Every terminal of a store."""
    found = terminals.terminals(connection, visit.store_id, visit.now_s)
    return store_page(connection, visit, "store.html", "terminals", terminals=found)


def approvals(connection: Connection, visit: Visit) -> Page:
    """What waits to be approved."""
    found = terminals.asked(connection, visit.store_id, visit.now_s)
    may = {asked.request.request_id: may_answer(visit, asked.request.kind) for asked in found}
    return store_page(connection, visit, "approvals.html", "approvals", asked=found, may_answer=may)


def sales(connection: Connection, visit: Visit) -> Page:
    """The sales of a day, the newest first."""
    today = datetime.fromtimestamp(visit.now_s, UTC).astimezone().date().isoformat()
    day = visit.asked.get("day", today)
    if not is_day(day):
        raise Ended(400, "console.error.form")
    return store_page(
        connection,
        visit,
        "sales.html",
        "sales",
        day=day,
        totals=books.day_totals(connection, visit.store_id, day),
        sales=books.day_sales(connection, visit.store_id, day),
        most=books.MOST_SALES,
        may_read=visit.person.may(May.READ_JOURNAL),
    )


def sale(connection: Connection, visit: Visit) -> Page:
    """One sale: all its entries, their chain, its receipt."""
    visit.needs(May.READ_JOURNAL)
    found = books.one_sale(connection, visit.store_id, visit.place["terminal"], visit.place["sale"])
    if found is None:
        raise Ended(404, "console.error.not-found")
    return store_page(connection, visit, "sale.html", "sales", found=found, receipt=receipts.view(found))


def command_list(connection: Connection, visit: Visit) -> Page:
    """What was asked of the terminals, and the form to ask."""
    found = terminals.terminals(connection, visit.store_id, visit.now_s)
    return store_page(
        connection,
        visit,
        "commands.html",
        "commands",
        commands=books.commands(connection, visit.store_id),
        terminals=[view.terminal_id for view in found if view.light is not terminals.Light.REVOKED],
        may={what.value: visit.person.may(what) for what in May},
    )


def alert_list(connection: Connection, visit: Visit) -> Page:
    """What people have to look at."""
    return store_page(
        connection,
        visit,
        "alerts.html",
        "alerts",
        alerts=books.open_alerts(connection, visit.store_id),
        failures=books.failures(connection, visit.store_id),
        revoked=books.revoked_keys(connection, visit.store_id),
        may_close=visit.person.may(May.CLOSE_ALERTS),
    )


def audit_trail(connection: Connection, visit: Visit) -> Page:
    """Who did what."""
    visit.needs(May.READ_AUDIT)
    return store_page(connection, visit, "audit.html", "audit", acts=books.audit_trail(connection, visit.store_id))


def public_receipt(connection: Connection, token: str) -> Page | None:
    """The receipt behind a QR code: what was bought and paid, and nothing about who."""
    if not TOKEN.fullmatch(token):
        return None
    found = receipts.behind(connection, token)
    return None if found is None else Page("receipt.html", {"receipt": found})


def may_answer(visit: Visit, kind: str) -> bool:
    """An age by whoever is on the floor; what moves money by a supervisor."""
    return visit.person.may(May.APPROVE_AGE if kind == "age" else May.APPROVE_MONEY)


def store_page(connection: Connection, visit: Visit, template: str, tab: str, **values: Any) -> Page:
    """A page of a store, with what its tabs count."""
    store_id = visit.store_id
    counts = {
        "approvals": sum(not asked.answer for asked in terminals.asked(connection, store_id, visit.now_s)),
        "alerts": books.count_alerts(connection, store_id),
        "forms": forms.count_open(
            connection, store_id, datetime.fromtimestamp(visit.now_s, UTC).astimezone().date().isoformat()
        ),
        "bills": cases.count_open(connection, store_id),
    }
    return Page(template, {"store_id": store_id, "tab": tab, "counts": counts, **values})


def is_day(text: str) -> bool:
    """Whether it is a day, as ISO writes it."""
    try:
        return bool(_DAY.fullmatch(text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False
