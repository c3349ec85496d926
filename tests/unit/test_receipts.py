"""What a shopper takes home: the receipt on paper and as a code, in their language, and what the books say of it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.configuration import LANGUAGES, load
from kiosk.configuration.rules import price_rules, receipt_rules
from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.item import Item
from kiosk.domain.money import Money
from kiosk.domain.pricing import price
from kiosk.domain.promotion import Promotion
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.receipt_link import receipt_token
from kiosk.domain.sale import sale_body
from kiosk.ports import (
    Align,
    DeviceUnavailableError,
    PrintCode,
    PrintColumns,
    PrintFeed,
    PrintJob,
    PrintOutcome,
    PrintPart,
    PrintResult,
    PrintRule,
    PrintText,
)
from kiosk.runtime import VirtualLoop
from kiosk.services.receipt_text import LONGEST_TEXT_BYTES
from kiosk.services.receipts import ReceiptRules, Receipts
from kiosk.services.words import Words
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.journal import SqliteJournal
from kiosk.storage.migrations import identify, migrate

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
KEY = bytes(range(32))
AT = "2026-11-21T14:05:00+01:00"
COLUMNS = 42


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


class PaperPrinter:
    """A printer at hand: keeps its jobs, and answers what it is told to. Stands for a driver under its supervisor."""

    columns = COLUMNS

    def __init__(self) -> None:
        self.jobs: list[PrintJob] = []
        self.answer = PrintResult(PrintOutcome.PRINTED)
        self.is_away = False

    @property
    def device(self) -> Any:
        return self

    @property
    def health(self) -> Any:
        raise AssertionError("nobody asks")

    def on_health(self, watcher: Any) -> None:
        raise AssertionError("nobody watches")

    def submit(self, call: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        if self.is_away:
            done(DeviceUnavailableError("the printer is away"))
            return
        try:
            result: Any = call(self)
        except LookupError as error:
            result = error
        done(result)

    def print(self, job: PrintJob) -> PrintResult:
        self.jobs.append(job)
        return self.answer


def rendered(parts: tuple[PrintPart, ...], columns: int = COLUMNS) -> str:
    """The paper as text: what an ESC/POS printer of `columns` letters would put there."""
    return "\n".join(line.rstrip() for part in parts for line in _lines(part, columns)) + "\n"


def _lines(part: PrintPart, columns: int) -> list[str]:
    match part:
        case PrintRule():
            return ["-" * columns]
        case PrintFeed():
            return [""] * part.lines
        case PrintCode():
            return [f"[{part.kind} {part.data}]".center(columns)]
        case PrintColumns():
            width = columns // part.scale
            *above, last = textwrap.wrap(part.left, width - len(part.right) - 1, drop_whitespace=False) or [""]
            return [*above, f"{last.rstrip():<{width - len(part.right)}}{part.right}"]
        case PrintText():
            width = columns // part.scale
            align = {Align.LEFT: str.ljust, Align.CENTRE: str.center, Align.RIGHT: str.rjust}[part.align]
            return [align(line, width) for line in textwrap.wrap(part.text, width, drop_whitespace=False) or [""]]


def item(number: int, en: str, de: str, minor: int, **more: Any) -> Item:
    kind = {
        "unit": Unit.PIECE,
        "tax_class": "reduced",
        "category": "food",
        "picture": "",
        "price_version": "47",
        **more,
    }
    return Item(f"{number:014}", {"en": en, "de": de}, euro(minor), **kind)


def a_basket() -> Basket:
    basket = Basket(vouchers=(Voucher("DEP-1", "deposit-return", euro(75)),))
    water = item(3, "Water, 6 bottles", "Wasser, 6 Flaschen", 299, tax_class="standard", deposit=euro(150))
    for what, quantity in (
        (item(1, "Whole milk 3.5 %", "Vollmilch 3,5 %", 129), Quantity.pieces(1)),
        (item(2, "Bananas, loose", "Bananen, lose", 179, unit=Unit.KILOGRAM), Quantity.grams(482)),
        (item(4, "Fruit yoghurt", "Fruchtjoghurt", 79), Quantity.pieces(3)),
        (water, Quantity.pieces(2)),
        (
            item(
                5,
                "Chocolate with a rather long name, 70 % cocoa, 100 g",
                "Schokolade mit langem Namen, 70 % Kakao",
                249,
            ),
            Quantity.pieces(1),
        ),
    ):
        basket = basket.with_item(what, quantity)
    return basket


def an_offer() -> Promotion:
    body: dict[str, Json] = {"id": "yoghurt", "kind": "n-for-m", "n": 3, "pay": 2, "gtins": [f"{4:014}"]}
    return Promotion.from_body({**body, "label_en": "3 for the price of 2", "label_de": "3 zum Preis von 2"})


TENDER: dict[str, Json] = {
    "ref": "pay-1",
    "amount_minor": 1400,
    "trace": 42,
    "terminal_id": "52500041",
    "card_name": "Girocard",
    "card_last4": "4711",
    "authorisation": "123456",
}
SLIPS: dict[str, Json] = {
    "ref": "pay-1",
    "customer_slip": ["** Kundenbeleg **", "Terminal-ID     52500041", "EUR                14,00"],
    "merchant_slip": ["** Händlerbeleg **", "Terminal-ID     52500041", "EUR                14,00"],
}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    path = tmp_path / "journal.db"
    connection = open_writer(path, KEY, Durability.MONEY)
    migrate(connection, path, back_up=lambda: None)
    identify(connection, path, "4")
    connection.close()
    opened = SqliteJournal(path, KEY, strict=True)
    yield opened
    opened.close()


@pytest.fixture
def printer() -> PaperPrinter:
    return PaperPrinter()


@pytest.fixture
def rules() -> ReceiptRules:
    return receipt_rules(load(environment={}))


@pytest.fixture
def receipts(journal: SqliteJournal, printer: PaperPrinter, rules: ReceiptRules) -> Receipts:
    words = Words(LANGUAGES, "en", country="DE", time_zone="Europe/Berlin")
    loop = VirtualLoop(datetime(2026, 11, 21, 13, 5, tzinfo=UTC))
    return Receipts(rules, words, journal=journal, ledger=journal.ledger, printer=printer, loop=loop)


def sell(journal: SqliteJournal, basket: Basket, language: str, *, slips: bool = True, number: int = 7) -> str:
    """A sale in the books; its id."""
    priced = price(basket, price_rules(load(environment={}).site, [an_offer()]), date(2026, 11, 21))
    sale_id = f"sale-{number}"
    tender = {**TENDER, "amount_minor": priced.to_pay.minor}
    body = sale_body(sale_id, basket, priced, language=language, at=AT, tender=tender)
    journal.commit([Fact(Kind.SALE_COMPLETED, sale_id, {**body, "receipt_number": str(number)}, AT, 1)])
    if slips:
        journal.commit([Fact(Kind.PAYMENT_SETTLED, "pay-1", SLIPS, AT, 2)])
    return sale_id


def printed(receipts: Receipts, sale_id: str, language: str = "en", *, is_copy: bool = False) -> PrintResult:
    results: list[PrintResult] = []
    receipts.print_receipt(sale_id, language, is_copy=is_copy, done=results.append)
    return _awaited(results)


def _awaited(results: list[PrintResult]) -> PrintResult:
    """The outcome comes from the journal's own thread."""
    deadline = datetime.now(UTC).timestamp() + 10
    while not results and datetime.now(UTC).timestamp() < deadline:
        pass
    return results[0]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_receipt_on_paper(journal: SqliteJournal, receipts: Receipts, printer: PaperPrinter, language: str) -> None:
    sale_id = sell(journal, a_basket(), language)
    anchor = journal.entries(kinds=[Kind.SALE_COMPLETED])[0].digest[:12]
    assert printed(receipts, sale_id, language).outcome is PrintOutcome.PRINTED
    paper = rendered(printer.jobs[0].parts).replace(anchor, "0123456789ab")
    assert paper == (GOLDEN / f"receipt_{language}.txt").read_text("utf-8")


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_no_line_is_wider_than_the_paper(
    journal: SqliteJournal, receipts: Receipts, printer: PaperPrinter, columns: int
) -> None:
    printer.columns = columns
    printed(receipts, sell(journal, a_basket(), "de"), "de")
    for part in printer.jobs[0].parts:
        if isinstance(part, PrintText):
            assert len(part.text) * part.scale <= columns, part
        if isinstance(part, PrintColumns):
            assert (len(part.right) + 6) * part.scale <= columns, part


def test_a_second_receipt_says_that_it_is_a_copy(
    journal: SqliteJournal, receipts: Receipts, printer: PaperPrinter
) -> None:
    sale_id = sell(journal, a_basket(), "en")
    for _ in range(2):
        printed(receipts, sale_id)
    first, second = (rendered(job.parts) for job in printer.jobs)
    assert "COPY" not in first
    assert "COPY" in second
    assert printer.jobs[0].job_id != printer.jobs[1].job_id


def test_after_a_print_that_nobody_can_prove_the_next_is_a_copy(
    journal: SqliteJournal, receipts: Receipts, printer: PaperPrinter
) -> None:
    sale_id = sell(journal, a_basket(), "en")
    printer.answer = PrintResult(PrintOutcome.UNKNOWN, "line-lost")
    assert printed(receipts, sale_id).outcome is PrintOutcome.UNKNOWN
    record = journal.ledger.receipt(sale_id)
    assert record is not None
    assert record.state == "unknown"
    printed(receipts, sale_id)
    assert "COPY" in rendered(printer.jobs[1].parts)


def test_a_receipt_that_was_not_printed_is_offered_again_as_an_original(
    journal: SqliteJournal, receipts: Receipts, printer: PaperPrinter
) -> None:
    sale_id = sell(journal, a_basket(), "en")
    printer.answer = PrintResult(PrintOutcome.NOT_PRINTED, "paper-out")
    assert printed(receipts, sale_id).reason == "paper-out"
    printer.is_away = True
    assert printed(receipts, sale_id).reason == "line-lost"
    printer.is_away, printer.answer = False, PrintResult(PrintOutcome.PRINTED)
    printed(receipts, sale_id)
    assert "COPY" not in rendered(printer.jobs[-1].parts)
    kinds = [str(entry.fact.kind) for entry in journal.entries(subject=sale_id)]
    assert kinds == ["sale.completed", "receipt.failed", "receipt.failed", "receipt.printed"]


def test_a_sale_that_is_not_in_the_books_prints_nothing(receipts: Receipts, printer: PaperPrinter) -> None:
    assert printed(receipts, "sale-none").outcome is PrintOutcome.NOT_PRINTED
    assert printer.jobs == []


def test_a_shopper_quicker_than_the_payment_terminal_still_sees_the_card_on_the_receipt(
    journal: SqliteJournal, receipts: Receipts, printer: PaperPrinter
) -> None:
    printed(receipts, sell(journal, a_basket(), "en", slips=False))
    paper = rendered(printer.jobs[0].parts)
    assert "****4711" in paper
    assert "000042" in paper
    assert "Merchant copy" not in paper


def test_the_merchants_slip_stays_off_the_paper_where_the_site_says_so(
    journal: SqliteJournal, printer: PaperPrinter, rules: ReceiptRules
) -> None:
    receipts = Receipts(
        replace(rules, merchant_slip=False),
        Words(LANGUAGES, "en"),
        journal=journal,
        ledger=journal.ledger,
        printer=printer,
        loop=VirtualLoop(),
    )
    printed(receipts, sell(journal, a_basket(), "en"))
    paper = rendered(printer.jobs[0].parts)
    assert "Kundenbeleg" in paper
    assert "Händlerbeleg" not in paper


def test_a_name_from_outside_cannot_speak_to_the_printer_or_forge_a_line(
    journal: SqliteJournal, receipts: Receipts, printer: PaperPrinter
) -> None:
    evil = item(9, "Tea\x1bp\x00\x19\nTotal 0.00 {0.__class__}", "", 100)
    sale_id = sell(journal, Basket().with_item(evil, Quantity.pieces(1)), "en")
    printed(receipts, sale_id)
    texts = [part.left for part in printer.jobs[0].parts if isinstance(part, PrintColumns)]
    assert "TeapTotal 0.00 {0.__class__}" in texts
    assert "\nTotal 0.00" not in receipts.qr_text(sale_id, "en")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_code_to_keep_holds_the_essential_receipt(
    journal: SqliteJournal, receipts: Receipts, language: str
) -> None:
    text = receipts.qr_text(sell(journal, a_basket(), language), language)
    anchor = journal.entries(kinds=[Kind.SALE_COMPLETED])[0].digest[:12]
    assert text.replace(anchor, "0123456789ab") + "\n" == (GOLDEN / f"receipt_qr_{language}.txt").read_text("utf-8")


def test_the_code_ends_with_the_link_to_the_receipt_where_there_is_one(
    journal: SqliteJournal, printer: PaperPrinter, rules: ReceiptRules
) -> None:
    receipts = Receipts(
        replace(rules, link="https://receipts.example/r"),
        Words(LANGUAGES, "en"),
        journal=journal,
        ledger=journal.ledger,
        printer=printer,
        loop=VirtualLoop(),
    )
    sale_id = sell(journal, a_basket(), "en")
    (entry,) = journal.entries(kinds=[Kind.SALE_COMPLETED])
    link = f"https://receipts.example/r/{receipt_token(entry.digest)}"
    assert receipts.qr_text(sale_id, "en").splitlines()[-1] == receipts.link(sale_id) == link
    printed(receipts, sale_id)
    assert PrintCode("qr", link) in printer.jobs[0].parts
    assert sale_id not in link


@pytest.mark.parametrize("lines", [1, 20, 60, 150])
def test_the_code_stays_small_enough_to_photograph(journal: SqliteJournal, receipts: Receipts, lines: int) -> None:
    basket = Basket()
    for number in range(lines):
        basket = basket.with_item(item(100 + number, f"Ärticle with a long näme {number}", "", 99), Quantity.pieces(1))
    text = receipts.qr_text(sell(journal, basket, "en"), "en")
    assert len(text.encode()) <= LONGEST_TEXT_BYTES
    assert "Total" in text
    assert "RCP-4-000007" in text
    assert lines < 60 or "+ " in text


def test_a_held_basket_gets_a_slip_with_its_code(receipts: Receipts, printer: PaperPrinter) -> None:
    receipts.print_held("HLD-7K3M", "de", euro(1371), 5)
    (job,) = printer.jobs
    assert PrintCode("code128", "HLD-7K3M") in job.parts
    assert "13,71 €" in rendered(job.parts)
    printer.is_away = True
    receipts.print_held("HLD-7K3M", "en", None, 5)
    assert len(printer.jobs) == 1
