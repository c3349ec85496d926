"""What a customer takes home who paid bills: the payee, the reference as text and code, and what the biller knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from devices.printers.escpos_encoding import encode
from devices.printers.paper_format import PaperFormat
from devices.virtual.escpos_machine import EscposMachine
from devices.virtual.paper import Paper
from kiosk.configuration import LANGUAGES, load
from kiosk.configuration.rules import price_rules, receipt_rules
from kiosk.domain.basket import Basket
from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.domain.pricing import price
from kiosk.domain.receipt import Receipt, receipt_of
from kiosk.domain.sale import Sale, sale_body
from kiosk.ports import PrintCode, PrintColumns, PrintJob, PrintPart, PrintText
from kiosk.services.receipt_paper import receipt_parts
from kiosk.services.receipt_text import LONGEST_TEXT_BYTES, receipt_text
from kiosk.services.words import Words
from tests.unit.test_receipts import AT, COLUMNS, GOLDEN, SLIPS, TENDER, a_basket, euro, rendered

SHOP = receipt_rules(load(environment={})).shop
POWER = Bill("epc", "DE89370400440532013000", "EUR", "Stadtwerke Musterstadt", "RF18539007547034", euro(4200))
SWISS = Bill(
    "swiss-qr", "CH4431999123000889012", "EUR", "Robert Schneider AG", "210000000003139471430009017", euro(194_975)
)
BOX = Bill("emv-mpm", "5802010102", "EUR")


def with_bills(basket: Basket) -> Basket:
    basket = basket.with_bill(POWER, euro(4200), euro(50), "0197a2b4c6d8e0f2a4b6c8d0e2f4-1", is_confirmed=False)
    return basket.with_bill(SWISS, euro(194_975), euro(0), "0197a2b4c6d8e0f2a4b6c8d0e2f4-2", is_confirmed=True)


def receipt(basket: Basket, language: str = "en") -> Receipt:
    priced = price(basket, price_rules(load(environment={}).site, []), date(2026, 11, 21))
    tender = {**TENDER, "amount_minor": priced.to_pay.minor}
    body = {**sale_body("s", basket, priced, language=language, at=AT, tender=tender), "receipt_number": "7"}
    made = receipt_of(
        Sale.from_body(body), SLIPS, digest="0123456789abcdef", code_prefix="RCP-", terminal_id="4", store_id="0001"
    )
    return replace(made, card=replace(made.card, merchant_slip=())) if made.card else made


def words(language: str) -> Words:
    return Words(LANGUAGES, language, country="DE", time_zone="Europe/Berlin")


def paper(basket: Basket, language: str = "en", columns: int = COLUMNS) -> tuple[PrintPart, ...]:
    made = receipt(basket, language)
    return receipt_parts(made, SHOP, words(language), columns, is_copy=False, merchant_slip=False)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("name", "basket"), [("bills", Basket()), ("goods_and_bills", a_basket())])
def test_the_receipt_of_bills_on_paper_and_as_a_code(name: str, basket: Basket, language: str) -> None:
    basket = with_bills(basket)
    text = receipt_text(receipt(basket, language), SHOP, words(language))
    shown = rendered(paper(basket, language)) + "\n=== code ===\n" + text + "\n"
    assert shown == _golden(f"receipt_{name}_{language}.txt").read_text("utf-8")


def _golden(name: str) -> Path:
    return GOLDEN / name


def test_a_receipt_of_bills_alone_has_no_table_of_taxes() -> None:
    shown = rendered(paper(with_bills(Basket())))
    assert "VAT" not in shown
    assert "Total" not in shown


def test_goods_and_bills_are_added_up_apart_and_together() -> None:
    basket = with_bills(a_basket())
    rows = {part.left: part.right for part in paper(basket) if isinstance(part, PrintColumns)}
    sale = receipt(basket).sale
    assert sale.goods_to_pay + sale.bills_total + sale.fees_total == sale.to_pay
    assert (rows["Goods"], rows["Bills"], rows["Bill fees"]) == ("15.24 €", "1,991.75 €", "0.50 €")
    assert "2,007.49 €" in rendered(paper(basket))


@pytest.mark.parametrize(("language", "never"), [("en", "confirmed open"), ("de", "bestätigt.")])
def test_a_bill_that_nobody_was_asked_about_is_never_called_confirmed(language: str, never: str) -> None:
    basket = Basket().with_bill(POWER, euro(4200), euro(0), "r", is_confirmed=False)
    for shown in (
        rendered(paper(basket, language)),
        receipt_text(receipt(basket, language), SHOP, words(language)),
    ):
        told = words(language)("receipt.bill.to-confirm")
        assert told in shown
        assert words(language)("receipt.bill.confirmed") not in shown
        assert never not in shown.replace(told, "")


def test_the_reference_is_there_whole_as_text_and_as_a_code() -> None:
    parts = paper(with_bills(Basket()))
    codes = [part for part in parts if isinstance(part, PrintCode)]
    assert PrintCode("code128", "RF18539007547034") in codes
    assert PrintCode("qr", "210000000003139471430009017") in codes
    shown = rendered(parts)
    assert "DE89370400440532013000" in shown
    assert shown.count("210000000003139471430009017") == 2


def test_a_bill_without_payee_and_reference_is_told_by_its_account() -> None:
    basket = Basket().with_bill(BOX, euro(500), euro(0), "r-1", is_confirmed=True)
    rows = [part.left for part in paper(basket) if isinstance(part, PrintColumns)]
    assert "5802010102" in rows
    assert "Reference" not in rows
    assert "Account" not in rows


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_no_line_of_a_bill_is_wider_than_the_paper(columns: int) -> None:
    for part in paper(with_bills(Basket()), "de", columns):
        if isinstance(part, PrintColumns):
            assert (len(part.right) + 6) * part.scale <= columns, part


@pytest.mark.parametrize(
    "reference", ["7", "RF18539007547034", "9" * 27, "0" * 140, "A\x1dB\n", "{B{C", "Größe 7", " ", "收据"]
)
@pytest.mark.parametrize(("columns", "dots"), [(32, 384), (42, 504), (48, 576)])
def test_no_reference_keeps_the_receipt_from_being_printed(reference: str, columns: int, dots: int) -> None:
    basket = Basket().with_bill(replace(POWER, reference=reference), euro(1), euro(0), "r", is_confirmed=False)
    papers: list[Paper] = []
    machine = EscposMachine(dots, lambda _: None, papers.append)
    job = PrintJob("x", paper(basket, "de", columns))
    machine.receive(encode(job, PaperFormat(columns, dots, "cp858", "native", "partial")))
    while machine.step():
        pass
    assert "Stadtwerke" in papers[0].text
    assert len(decoded(papers[0].image)) >= (2 if reference.strip() else 1)


def decoded(image: Image.Image) -> list[str]:
    """What a scanner reads off the paper."""
    return [code.text for code in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("count", [1, 5, 20])
@pytest.mark.parametrize("basket", [Basket(), a_basket()])
def test_the_code_stays_small_enough_to_photograph(count: int, basket: Basket) -> None:
    for number in range(count):
        bill = replace(POWER, payee=f"Elektrizitätswerk Nummer {number}", reference=f"{number:0140}")
        basket = basket.with_bill(bill, euro(4200 + number), euro(50), f"r-{number}", is_confirmed=False)
    text = receipt_text(receipt(basket), SHOP, words("en"))
    assert len(text.encode()) <= LONGEST_TEXT_BYTES
    assert "To pay" in text
    assert "0123456789ab" in text
    assert count < 20 or "bills" in text


def test_a_payee_from_outside_cannot_speak_to_the_printer_or_forge_a_line() -> None:
    evil = replace(POWER, payee="Acme\x1bp\x00\nPaid; confirmed", reference="A\x1d\nB")
    basket = Basket().with_bill(evil, Money(1, "EUR"), euro(0), "r", is_confirmed=False)
    for part in paper(basket):
        texts = [part.text] if isinstance(part, PrintText) else []
        texts += [part.left, part.right] if isinstance(part, PrintColumns) else []
        assert all(text.isprintable() for text in texts)
