"""A receipt on paper: from the document to the parts that a printer prints, in words of the customer's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kiosk.domain.money import Money
from kiosk.domain.pricing import DepositLine
from kiosk.domain.receipt import Receipt, ReceiptCard
from kiosk.domain.records import dataclass
from kiosk.domain.sale import SaleLine, SaleVoucher
from kiosk.ports import Align, PrintCode, PrintColumns, PrintFeed, PrintPart, PrintRule, PrintText
from kiosk.services.receipt_bills import bill_parts, bill_sums
from kiosk.services.receipt_rows import clean, code_parts, merchant_copy, row
from kiosk.services.words import Words


@dataclass(frozen=True, slots=True)
class Shop:
    """What stands at the top: the shop's name, its address a line each, and its tax number ("" for none)."""

    name: str
    address: tuple[str, ...] = ()
    tax_number: str = ""


def receipt_parts(
    receipt: Receipt, shop: Shop, words: Words, columns: int, *, is_copy: bool, merchant_slip: bool, link: str = ""
) -> tuple[PrintPart, ...]:
    """The receipt from top to bottom, for paper of `columns` letters; `link` is the address of its page, "" where it has none."""
    return tuple(
        part
        for section in (
            _head(shop, words, is_copy=is_copy),
            _goods(receipt, words, columns) if receipt.sale.lines or not receipt.sale.bills else (),
            _bills(receipt, words, columns) if receipt.sale.bills else (),
            _card(receipt.card, words) if receipt.card else (),
            _foot(receipt, words, link),
            merchant_copy(receipt.card.merchant_slip, words) if receipt.card and merchant_slip else (),
        )
        for part in section
    )


def held_parts(
    code: str, shop: Shop, words: Words, *, at: datetime, item_count: int, total: Money | None
) -> tuple[PrintPart, ...]:
    """The slip of a basket on hold: the code under which the terminal takes it up again."""
    parts: list[PrintPart] = [
        PrintText(clean(shop.name), Align.CENTRE, bold=True, scale=2),
        PrintFeed(),
        PrintText(clean(words("receipt.held")), Align.CENTRE, bold=True),
        PrintText(clean(words("receipt.held-hint")), Align.CENTRE),
        PrintFeed(),
        *code_parts(code),
        PrintFeed(),
        PrintColumns(clean(words("receipt.items", count=item_count)), clean(words.money(total)) if total else ""),
        PrintColumns(clean(words.date(at)), clean(words.time(at))),
    ]
    return tuple(parts)


def _head(shop: Shop, words: Words, *, is_copy: bool) -> Iterator[PrintPart]:
    yield PrintText(clean(shop.name), Align.CENTRE, bold=True, scale=2)
    for line in shop.address:
        yield PrintText(clean(line), Align.CENTRE)
    if shop.tax_number:
        yield PrintText(clean(f"{words('receipt.tax-number')} {shop.tax_number}"), Align.CENTRE)
    if is_copy:
        yield PrintFeed()
        yield PrintText(clean(f" {words('receipt.copy')} "), Align.CENTRE, bold=True, scale=2, inverse=True)
    yield PrintRule()


def _goods(receipt: Receipt, words: Words, columns: int) -> Iterator[PrintPart]:
    if receipt.sale.bills:
        yield PrintText(clean(words("receipt.bill.goods")), Align.CENTRE, bold=True)
    yield from _lines(receipt, words)
    yield from _sums(receipt, words)
    yield from _taxes(receipt, words, columns)


def _bills(receipt: Receipt, words: Words, columns: int) -> Iterator[PrintPart]:
    yield from bill_parts(receipt.sale, words, columns)
    yield from bill_sums(receipt.sale, words)
    if receipt.card:
        yield row(_paid_by(receipt.card, words), words.money(receipt.card.amount))
    yield PrintRule()


def _lines(receipt: Receipt, words: Words) -> Iterator[PrintPart]:
    for line in receipt.sale.lines:
        yield PrintColumns(clean(line.name), _marked(words.amount(line.gross), receipt.mark(line)))
        if how_much := _quantity(line, words):
            yield PrintText(clean(f"  {how_much}"))
        for saving in line.savings:
            yield PrintColumns(clean(f"  {saving.label}"), _marked(words.amount(-saving.amount), ""))
        if deposit := receipt.deposit(line):
            yield PrintColumns(
                clean(f"  {_deposit(deposit, words)}"), _marked(words.amount(deposit.total), receipt.mark(deposit))
            )
    yield PrintRule()


def _quantity(line: SaleLine, words: Words) -> str:
    price = words.amount(line.unit_price)
    if line.weight_g:
        return words("receipt.weighed", weight=words.weight(line.weight_g), price=price)
    return words("receipt.each", count=line.count, price=price) if line.count > 1 else ""


def _deposit(deposit: DepositLine, words: Words) -> str:
    label = words("receipt.deposit")
    if deposit.count == 1:
        return label
    return f"{label} {words('receipt.each', count=deposit.count, price=words.amount(deposit.unit))}"


def _sums(receipt: Receipt, words: Words) -> Iterator[PrintPart]:
    sale = receipt.sale
    yield PrintText(clean(words("receipt.items", count=sale.item_count)))
    if sale.savings or sale.tax_added:
        yield row(words("receipt.subtotal"), words.money(sale.subtotal))
    if sale.savings:
        yield row(words("receipt.you-saved"), words.money(-sale.savings))
    if sale.tax_added:
        yield row(words("receipt.vat"), words.money(sale.tax_added))
    yield row(words("receipt.total"), words.money(sale.total), bold=True, scale=1 if sale.bills else 2)
    for voucher in sale.vouchers:
        yield row(words(voucher_key(voucher)), words.money(-voucher.used))
        if voucher.unused:
            yield row(f"  {words('receipt.voucher-rest')}", words.money(voucher.unused))
    if sale.rounding:
        yield row(words("receipt.rounding"), words.money(sale.rounding))
    if sale.goods_to_pay != sale.total:
        yield row(words("receipt.to-pay"), words.money(sale.goods_to_pay), bold=True)
    if receipt.card and not sale.bills:
        yield row(_paid_by(receipt.card, words), words.money(receipt.card.amount))
    yield PrintRule()


def voucher_key(voucher: SaleVoucher) -> str:
    """The words for a voucher's kind."""
    return "receipt.deposit-returned" if voucher.kind == "deposit-return" else "receipt.voucher"


def _paid_by(card: ReceiptCard, words: Words) -> str:
    name = card.card_name or words("receipt.card")
    return f"{words('receipt.tender')} {name}" + (f" ****{card.card_last4}" if card.card_last4 else "")


def _taxes(receipt: Receipt, words: Words, columns: int) -> Iterator[PrintPart]:
    heads = (words("receipt.tax-class"), "%", words("receipt.net"), words("receipt.vat"), words("receipt.gross"))
    yield PrintText(_table_row(heads, columns))
    for tax in receipt.sale.taxes:
        amounts = (words.amount(one) for one in (tax.net, tax.tax, tax.gross))
        yield PrintText(_table_row((receipt.mark(tax), words.percent_bp(tax.rate_bp), *amounts), columns))
    yield PrintRule()


def _table_row(cells: tuple[str, ...], columns: int) -> str:
    """Class at the left, the other four in columns of their own, right-aligned, the last at the edge of the paper."""
    mark, rate, *amounts = map(clean, cells)
    each = (columns - 13) // len(amounts)
    rest = columns - 13 - each * len(amounts)
    return f"{mark:<6}{rate:>7}{' ' * rest}" + "".join(f"{amount:>{each}}" for amount in amounts)


def _card(card: ReceiptCard, words: Words) -> Iterator[PrintPart]:
    if card.customer_slip:
        for line in card.customer_slip:  # which says itself whose copy it is
            yield PrintText(clean(line))
    else:
        for key, value in (
            ("receipt.card-kind", card.card_name),
            ("receipt.card-number", f"****{card.card_last4}" if card.card_last4 else ""),
            ("receipt.approval", card.authorisation),
            ("receipt.trace", f"{card.trace:06d}" if card.trace is not None else ""),
            ("receipt.terminal-id", card.terminal_id),
        ):
            if value:
                yield row(words(key), value)
    yield PrintRule()


def _foot(receipt: Receipt, words: Words, link: str) -> Iterator[PrintPart]:
    at = datetime.fromisoformat(receipt.sale.at)
    yield row(words("receipt.number"), receipt.sale.receipt_number)
    yield row(words.date(at), words.time(at))
    yield row(words("receipt.terminal"), f"{receipt.store_id} / {receipt.terminal_id}")
    if receipt.anchor:
        yield row(words("receipt.signature"), receipt.anchor)
    yield PrintFeed()
    yield from code_parts(receipt.code)
    yield PrintFeed()
    if link:
        yield PrintText(clean(words("receipt.online")), Align.CENTRE)
        yield PrintCode("qr", link)
        yield PrintFeed()
    thanks = "receipt.thanks" if receipt.sale.lines or not receipt.sale.bills else "receipt.bill.thanks"
    yield PrintText(clean(words(thanks)), Align.CENTRE)


def _marked(amount: str, mark: str) -> str:
    """An amount with its tax class behind it; without one the place stays, so that the amounts stand in one column."""
    return f"{clean(amount)} {mark or ' '}"
