"""A refund's receipt, in words of the customer's language: on paper, and as the short text of a QR code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kiosk.domain.money import Money
from kiosk.domain.records import dataclass
from kiosk.ports import Align, PrintColumns, PrintFeed, PrintPart, PrintRule, PrintText
from kiosk.services.receipt_paper import Shop
from kiosk.services.receipt_rows import clean, code_parts, merchant_copy, row
from kiosk.services.words import Words, printable

# As long as a receipt's own code may be in Code 128 on 80 mm paper.
_LINES_IN_TEXT = 8
_NAME_LETTERS = 24


@dataclass(frozen=True, slots=True)
class RefundPaper:
    """A refund in the books: `body` is that of its `refund.completed`, `code` what its bar code says, `anchor` the first digits of its
    entry's hash."""

    body: Mapping[str, Any]
    code: str
    terminal_id: str
    store_id: str
    anchor: str

    def money(self, name: str) -> Money:
        """The amount `name`."""
        return Money(int(self.body[f"{name}_minor"]), str(self.body["currency"]))

    @property
    def tender(self) -> Mapping[str, Any]:
        """How the money went."""
        found = self.body["tender"]
        return found if isinstance(found, Mapping) else {}


def refund_parts(
    refund: RefundPaper, shop: Shop, words: Words, *, is_copy: bool, merchant_slip: bool
) -> tuple[PrintPart, ...]:
    """The receipt from top to bottom."""
    return tuple(
        part
        for section in (
            _head(refund, shop, words, is_copy=is_copy),
            _lines(refund, words),
            _sums(refund, words),
            _customer_slip(refund),
            _foot(refund, words),
            merchant_copy(map(str, refund.tender.get("merchant_slip") or ()), words) if merchant_slip else (),
        )
        for part in section
    )


def refund_text(refund: RefundPaper, shop: Shop, words: Words) -> str:
    """Shop, date, number, what came back, the money and the code: small enough for a QR code on the screen."""
    at = datetime.fromisoformat(str(refund.body["at"]))
    lines = refund.body["lines"]
    told = [f"{line['name'][:_NAME_LETTERS]} {words.amount(_of_line(refund, line))}" for line in lines[:_LINES_IN_TEXT]]
    more = len(lines) - len(told)
    return "\n".join(
        map(
            printable,
            (
                shop.name[:60],
                words("receipt.refund.title"),
                f"{words.date(at)} {words.time(at)}",
                *told,
                *([f"+ {words('receipt.items', count=more)}"] if more > 0 else []),
                f"{words('receipt.refund.total')} {words.money(refund.money('amount'))}",
                *([_to_card(refund, words)] if refund.money("card") else []),
                *([_to_voucher(refund, words)] if refund.money("voucher") else []),
                refund.code,
                refund.anchor,
            ),
        )
    )


def _head(refund: RefundPaper, shop: Shop, words: Words, *, is_copy: bool) -> Iterator[PrintPart]:
    yield PrintText(clean(shop.name), Align.CENTRE, bold=True, scale=2)
    for line in shop.address:
        yield PrintText(clean(line), Align.CENTRE)
    if shop.tax_number:
        yield PrintText(clean(f"{words('receipt.tax-number')} {shop.tax_number}"), Align.CENTRE)
    yield PrintFeed()
    yield PrintText(clean(words("receipt.refund.title")), Align.CENTRE, bold=True, scale=2)
    yield PrintText(clean(words("receipt.refund.of", number=refund.body["receipt_number"])), Align.CENTRE)
    if is_copy:
        yield PrintText(clean(f" {words('receipt.copy')} "), Align.CENTRE, bold=True, scale=2, inverse=True)
    yield PrintRule()


def _lines(refund: RefundPaper, words: Words) -> Iterator[PrintPart]:
    for line in refund.body["lines"]:
        yield row(str(line["name"]), words.amount(-Money(line["total_minor"], refund.body["currency"])))
        if line["weight_g"]:
            yield PrintText(clean(f"  {words.weight(line['weight_g'])}"))
        elif line["count"] > 1:
            yield PrintText(clean(f"  {words('receipt.refund.pieces', count=line['count'])}"))
        if line["deposit_minor"]:
            deposit = Money(line["deposit_minor"], refund.body["currency"])
            yield row(f"  {words('receipt.deposit')}", words.amount(-deposit))
    yield row(words("receipt.refund.reason"), words(f"screen.refund-reason.{refund.body['reason']}"))
    yield PrintRule()


def _sums(refund: RefundPaper, words: Words) -> Iterator[PrintPart]:
    if refund.money("rounding"):
        yield row(words("receipt.rounding"), words.money(-refund.money("rounding")))
    total = words.money(refund.money("amount"))
    yield PrintColumns(clean(words("receipt.refund.total")), clean(total), bold=True, scale=2)
    if refund.money("card"):
        yield PrintText(clean(_to_card(refund, words)))
    if refund.money("voucher"):
        yield PrintText(clean(_to_voucher(refund, words)), bold=True)
    for tax in refund.body["taxes"]:
        amount = Money(tax["tax_minor"], refund.body["currency"])
        yield row(words("receipt.vat-rate", rate=words.percent_bp(tax["tax_rate_bp"])), words.amount(-amount))
    yield PrintRule()


def _to_card(refund: RefundPaper, words: Words) -> str:
    name = str(refund.tender.get("card_name") or words("receipt.card"))
    last4 = str(refund.tender.get("card_last4") or "")
    return words(
        "receipt.refund.to-card",
        card=f"{name} ****{last4}" if last4 else name,
        amount=words.money(refund.money("card")),
    )


def _to_voucher(refund: RefundPaper, words: Words) -> str:
    return words("receipt.refund.to-voucher", amount=words.money(refund.money("voucher")))


def _customer_slip(refund: RefundPaper) -> Iterator[PrintPart]:
    lines = refund.tender.get("customer_slip") or ()
    if lines:
        for line in lines:
            yield PrintText(clean(str(line)))
        yield PrintRule()


def _foot(refund: RefundPaper, words: Words) -> Iterator[PrintPart]:
    at = datetime.fromisoformat(str(refund.body["at"]))
    yield row(words("receipt.refund.number"), f"R{refund.body['number']}")
    yield row(words.date(at), words.time(at))
    yield row(words("receipt.terminal"), f"{refund.store_id} / {refund.terminal_id}")
    yield row(words("receipt.signature"), refund.anchor)
    yield PrintFeed()
    yield from code_parts(refund.code)


def _of_line(refund: RefundPaper, line: Mapping[str, Any]) -> Money:
    return Money(line["total_minor"] + line["deposit_minor"], str(refund.body["currency"]))
