"""How sales, payments and receipts stand: folded all at once or entry by entry, it comes to the same."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.chain import canonical
from sync.central.standing import Row, Standing, is_standing, read_body
from sync.central.told import BodyError, Told

SALE = {"sale_id": "s1", "total_minor": 250, "currency": "EUR", "item_count": 2, "receipt_number": "7"}
PAID = {"ref": "p1", "amount_minor": 250, "currency": "EUR"}
JOURNAL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("payment.intended", {**PAID, "sale": SALE}),
    ("payment.unknown", {"ref": "p1", "reason": "timeout"}),
    ("payment.approved", {"ref": "p1", "trace": 5, "terminal_id": "ZVT", "card_last4": "991234"}),
    ("sale.completed", SALE),
    ("receipt.pending", {"sale_id": "s1", "receipt_number": "7"}),
    ("receipt.printed", {"sale_id": "s1"}),
    ("payment.settled", {"ref": "p1"}),
    ("receipt.failed", {"sale_id": "s1", "reason": "unknown"}),
    ("sale.voided", {"sale_id": "s1"}),
    ("payment.intended", {**PAID, "amount_minor": 300, "sale": {"sale_id": "s2"}}),
)


def told(seq: int, kind: str, body: dict[str, Any]) -> Told:
    return Told("T1", "S1", "J1", seq, f"2026-11-2{seq % 10}T10:00:00+01:00", kind, "subject", body)


ENTRIES = [told(seq, kind, body) for seq, (kind, body) in enumerate(JOURNAL, start=1)]


def stood(entries: list[Told], a_time: int) -> dict[str, dict[str, Row]]:
    held: dict[str, dict[str, Row]] = {"sale": {}, "payment": {}, "receipt": {}}
    for first in range(0, len(entries), a_time):
        standing = Standing()
        standing.before = held
        for entry in entries[first : first + a_time]:
            standing.follow(entry)
        held = {name: {**rows, **standing.after[name]} for name, rows in held.items()}
    return held


def test_all_at_once_is_as_one_by_one() -> None:
    assert stood(ENTRIES, 100) == stood(ENTRIES, 1) == stood(ENTRIES, 3)


def test_a_payment_keeps_what_was_said_of_it_before() -> None:
    payment = stood(ENTRIES, 100)["payment"]["p1"]
    assert (payment["state"], payment["is_charged"], payment["trace"], payment["card_last4"]) == (
        "settled",
        1,
        5,
        "1234",
    )
    assert (payment["day"], payment["seq"], payment["sale_id"], payment["amount_minor"]) == ("2026-11-23", 7, "s2", 300)
    assert stood(ENTRIES, 100)["receipt"]["s1"] == {
        "terminal_id": "T1",
        "sale_id": "s1",
        "store_id": "S1",
        "number": "7",
        "state": "unknown",
        "copies": 1,
    }
    assert stood(ENTRIES, 100)["sale"]["s1"]["state"] == "voided"


def test_what_moves_nothing_that_is_there_makes_nothing() -> None:
    held = stood([told(1, "sale.voided", {}), told(2, "payment.approved", {"ref": "p9"})], 100)
    assert not any(held.values())


def test_an_entry_without_what_it_must_say_changes_nothing() -> None:
    standing = Standing()
    for body in ({}, {"total_minor": "much"}, {"total_minor": True}):
        with pytest.raises(BodyError):
            standing.follow(told(1, "sale.completed", body))
    assert not any(standing.after.values())
    assert not is_standing("basket.held")


def test_what_is_read_of_a_body_is_all_that_the_rules_ask_for() -> None:
    read = [told(entry.seq, entry.kind, dict(read_body(canonical({**entry.body, "lines": [1]})))) for entry in ENTRIES]
    assert stood(read, 100) == stood(ENTRIES, 100)
    assert "lines" not in read[0].body


@pytest.mark.parametrize("text", ['{"sale":5,"ref":"p"}', '{"ref":"p","note":"\\ud800"}'])
def test_an_unusual_body_is_read_the_slow_way(text: str) -> None:
    assert read_body(text)["ref"] == "p"
