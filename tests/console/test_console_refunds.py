"""What the centre shows of refunds: in the day's figures, with their sale, to the back office, and where a piece came back twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from back_shop import AT, TODAY, Browser, Till, both_databases, until

from kiosk.domain.facts import Kind
from sync.central import settlement
from sync.central.backoffice import refunds as office

STORE = "/console/stores/S1"


def refund(till: Till, refund_id: str, *, sale_id: str, first: int = 0, pieces: int = 1, amount: int = 129) -> None:
    """A refund as a terminal books it."""
    line: dict[str, Any] = {
        "line_id": 1,
        "first": first,
        "pieces": pieces,
        "gtin": "09526001040018",
        "plu": "",
        "name": "Whole milk",
        "count": pieces,
        "weight_g": 0,
        "total_minor": amount - 25,
        "deposit_minor": 25,
    }
    body = {
        "refund_id": refund_id,
        "sale_id": sale_id,
        "receipt_code": "RCP-4-000007",
        "number": 3,
        "at": AT,
        "amount_minor": amount,
        "card_minor": amount,
        "voucher_minor": 0,
        "currency": "EUR",
        "reason": "damaged",
        "lines": [line],
        "tender": {"method": "refund"},
        "approval": {"staff": "Mara Lind"},
    }
    till.write(Kind.REFUND_COMPLETED, refund_id, body)
    followed(till)


def followed(till: Till) -> None:
    until(lambda: not till.centre.count("SELECT count(*) FROM journal WHERE projected_seq < seq"))


@both_databases
def test_what_went_back_stands_beside_the_turnover_and_with_its_sale(auditor: Browser, till: Till) -> None:
    sale_id = till.sell()
    refund(till, "r1", sale_id=sale_id)
    (total,) = till.centre.database.read(lambda connection: settlement.day_totals(connection, "S1", TODAY))
    assert (total.refunds, total.refunds_minor) == (1, 129)
    page = auditor.get(f"{STORE}/sales?day={TODAY}").text.replace("\u00a0", " ")
    assert "1.29 € refunded" in page
    assert "refund.completed" in auditor.get(f"{STORE}/sales/T1/{sale_id}").text


@both_databases
def test_the_back_office_learns_what_came_back_to_the_store(till: Till) -> None:
    refund(till, "r1", sale_id=till.sell(), pieces=2, amount=258)
    found = till.centre.database.read(lambda connection: office.of_day(connection, "S1", TODAY))
    (one,) = json.loads(found.model_dump_json())["refunds"]
    assert (one["amount_minor"], one["method"], one["staff"], one["reason"]) == (258, "refund", "Mara Lind", "damaged")
    assert [(line["number"], line["count"], line["total_minor"]) for line in one["lines"]] == [
        ("09526001040018", 2, 258)
    ]


@both_databases
@pytest.mark.parametrize(("first", "is_twice"), [(0, True), (1, True), (2, False)])
def test_a_piece_that_came_back_at_two_terminals_is_for_people_to_look_at(
    till: Till, first: int, is_twice: bool
) -> None:
    sale_id = till.sell()
    refund(till, "r1", sale_id=sale_id, pieces=2)
    refund(Till(till.centre, "T2"), "r2", sale_id=sale_id, first=first)
    assert till.centre.count("SELECT count(*) FROM alert WHERE kind = 'refunded-twice'") == int(is_twice)
