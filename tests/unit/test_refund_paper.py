"""A refund's receipt: what went back, to where, and what the counter has to give; in the customer's language, on paper and as a code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kiosk.configuration import LANGUAGES
from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.pricing import price
from kiosk.domain.refund_facts import completion_body
from kiosk.domain.sale import Sale, sale_body
from kiosk.ports import PrintCode, PrintColumns, PrintText
from kiosk.services.receipt_paper import Shop
from kiosk.services.receipt_text import LONGEST_TEXT_BYTES
from kiosk.services.refund_paper import RefundPaper, refund_parts, refund_text
from kiosk.services.refunds.money import refund_in_hand
from kiosk.services.refunds.view import RefundView
from kiosk.services.words import Words
from tests.unit.shop import TODAY, a_basket, an_item, euro, the_rules

AT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SHOP = Shop("Hofmarkt", ("Marktstraße 1",), "DE 999")


def paper(basket: Basket, chosen: dict[int, int], **view: Any) -> RefundPaper:
    """The receipt of a refund as the machine books it."""
    priced = price(basket, the_rules(), TODAY)
    body = sale_body("sale-1", basket, priced, language="en", at="2026-11-21T10:00:00+01:00")
    tender = {"amount_minor": priced.to_pay.minor, "trace": 7, "receipt_no": 7, "card_last4": "0010"}
    sale = Sale.from_body(json.loads(json.dumps({**body, "receipt_number": "42", "tender": tender})))
    seen = RefundView("r1", "RCP-4-000042", sale=sale, number=3, chosen=chosen, reason="damaged")
    refund = refund_in_hand(replace(seen, **view), AT, "en")
    assert refund is not None
    booked = json.loads(json.dumps(completion_body(refund)))
    return RefundPaper(booked, "RCP-4-R3", "4", "0001", "abcdef123456")


def printed(refund: RefundPaper, language: str = "en", *, is_copy: bool = False) -> str:
    parts = refund_parts(refund, SHOP, words(language), is_copy=is_copy, merchant_slip=True)
    lines = []
    for part in parts:
        if isinstance(part, PrintText):
            lines.append(part.text)
        elif isinstance(part, PrintColumns):
            lines.append(f"{part.left} {part.right}")
        elif isinstance(part, PrintCode):
            lines.append(f"{part.kind}:{part.data}")
    return "\n".join(lines).replace("\u00a0", " ")


def words(language: str) -> Words:
    return Words(LANGUAGES, language, country="DE", time_zone="UTC")


def test_it_names_goods_deposit_reason_card_tax_and_its_own_code() -> None:
    text = printed(paper(a_basket((an_item(1, 119, deposit=euro(25)), 4)), {1: 2}))
    for line in (
        "Refund",
        "Of receipt no. 42",
        "Item 1 -2.38",
        "2 pieces",
        "Deposit -0.50",
        "Reason It is damaged",
        "Refunded 2.88 €",
        "2.88 € to Card ****0010",
        "VAT 19% -0.46",
        "Refund no. R3",
        "code128:RCP-4-R3",
    ):
        assert line in text, f"{line!r} is not in\n{text}"
    assert "voucher" not in text and "COPY" not in text


def test_what_a_voucher_paid_is_for_the_counter_to_give() -> None:
    basket = a_basket((an_item(1, 100), 3), vouchers=(Voucher("GIFT-1", "gift", euro(250)),))
    text = printed(paper(basket, {1: 3}), is_copy=True)
    assert "0.50 € to Card ****0010" in text
    assert "2.50 € by voucher: please show this at the counter" in text
    assert "COPY" in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_code_on_the_screen_is_small_enough_for_a_phone(language: str) -> None:
    many = a_basket(
        *((an_item(number, 100, names={"en": "A very long name of an article " * 3}), 2) for number in range(1, 31))
    )
    text = refund_text(paper(many, dict.fromkeys(range(1, 31), 1)), SHOP, words(language))
    assert len(text.encode()) <= LONGEST_TEXT_BYTES
    assert "RCP-4-R3" in text and "+ 22" in text


def test_only_a_whole_receipt_of_the_same_day_is_reversed() -> None:
    basket = a_basket((an_item(1, 100), 2))
    assert paper(basket, {1: 2}).tender["method"] == "refund", "the day after"
    priced = price(basket, the_rules(), TODAY)
    body = sale_body("sale-1", basket, priced, language="en", at=AT.isoformat())
    tender = {"amount_minor": 200, "trace": 7, "receipt_no": 7, "card_last4": "0010"}
    sale = Sale.from_body(json.loads(json.dumps({**body, "tender": tender})))
    view = RefundView("r1", sale=sale, chosen={1: 2}, reason="damaged")
    whole, part = (refund_in_hand(replace(view, chosen=chosen), AT, "en") for chosen in ({1: 2}, {1: 1}))
    assert whole is not None and whole.by_reversal
    assert part is not None and not part.by_reversal
