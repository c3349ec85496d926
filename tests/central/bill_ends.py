"""The ends of a bill's way for tests: bills of the trade, a demo biller, and terminals that ask over the real line."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.money import Money
from kiosk.ports.billing import BillAnswer
from sync.billing import StoreBills
from sync.central.billers.configured import Billers, Serves
from sync.central.billers.demo_biller import DemoBiller
from sync.central.billers.http_connector import HttpConnector
from sync.faults.faulty import FaultyLine
from sync.identity import Identity
from sync.line import Line, ServiceClock
from tests.central.service import Service, Terminal

POWER = Bill(
    standard="swiss-qr",
    account="CH4431999123000889012",
    currency="CHF",
    payee="Stadtwerke Muster",
    reference="210000000003139471430009017",
    amount=Money(19_975, "CHF"),
    due=date(2026, 12, 15),
)
DONATION = replace(POWER, reference=None, amount=None, due=None)


def bill_of(minor: int, reference: str = "210000000003139471430009017") -> Bill:
    """A bill over `minor` rappen."""
    return replace(POWER, amount=Money(minor, "CHF"), reference=reference)


def billers(biller: DemoBiller, accounts: str = "*", within_s: float = 1.0, key: str = "") -> Billers:
    connector = HttpConnector("stadtwerke", biller.url, within_s=within_s, key=key)
    return Billers([Serves(connector, (accounts,))])


@contextmanager
def asking(terminal: Terminal) -> Iterator[tuple[StoreBills, FaultyLine]]:
    """The terminal's own end of asking, on a line that can fail."""
    line = FaultyLine(terminal.service.port)
    line.start()
    identity = Identity(line.url, terminal.terminal_id, terminal.store_id, terminal.key_id, "", terminal.key)
    bills = StoreBills(Line(identity, ServiceClock()))
    bills.start()
    try:
        yield bills, line
    finally:
        bills.stop()
        line.close()


def answer(bills: StoreBills, bill: Bill, sale_id: str = "T1-s1") -> BillAnswer:
    answers: queue.Queue[BillAnswer] = queue.Queue()
    bills.ask(bill, sale_id, answers.put)
    return answers.get(timeout=20)


def pay(terminal: Terminal, bill: Bill, ref: str, sale_id: str = "", *, minor: int = 0, **more: Any) -> None:
    """A card sale of one bill, as a terminal writes it; sent."""
    amount = minor or (bill.amount.minor if bill.amount else 0)
    sale_id = sale_id or f"{terminal.terminal_id}-{ref}"
    paid = {"ref": f"p-{ref}", "amount_minor": amount, "currency": bill.currency}
    terminal.write("payment.intended", f"p-{ref}", **paid, sale={"sale_id": sale_id})
    card = {"trace": 77, "receipt_no": 12, "terminal_id": "ZVT-1", "card_name": "girocard", "card_last4": "4321"}
    terminal.write("payment.approved", f"p-{ref}", **paid, **card)
    terminal.write(
        "sale.completed", sale_id, sale_id=sale_id, total_minor=amount, to_pay_minor=amount, currency=bill.currency
    )
    key = bill_key(bill)
    body = {
        "line_id": 1,
        "standard": bill.standard,
        "payee": bill.payee,
        "account": bill.account,
        "reference": bill.reference,
        "amount_minor": amount,
        "fee_minor": 0,
        "currency": bill.currency,
        "due": bill.due.isoformat() if bill.due else None,
        "message": None,
        "payment_ref": ref,
        "key": key,
        "is_confirmed": True,
        "sale_id": sale_id,
        "receipt_number": "000007",
    }
    terminal.write("bill.paid", f"bill:{key}", **{**body, **more})
    assert terminal.send().status == 200


def stands(service: Service) -> list[tuple[str, str, str]]:
    """terminal, payment_ref, state of every bill payment, in the order of their references."""
    return service.rows("SELECT terminal_id, payment_ref, state FROM bill_posting ORDER BY payment_ref, terminal_id")
