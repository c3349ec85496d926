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
from kiosk.services.words import Words, printable

# Longer ones are wider than 80 mm paper in Code 128 at two dots a module, and go out as a QR code.
_LONGEST_CODE128 = 18


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
            _lines(receipt, words),
            _sums(receipt, words),
            _taxes(receipt, words, columns),
            _card(receipt.card, words) if receipt.card else (),
            _foot(receipt, words, link),
            _merchant(receipt.card, words) if receipt.card and merchant_slip else (),
        )
        for part in section
    )


def held_parts(
    code: str, shop: Shop, words: Words, *, at: datetime, item_count: int, total: Money | None
) -> tuple[PrintPart, ...]:
    """The slip of a basket on hold: the code under which the terminal takes it up again."""
    parts: list[PrintPart] = [
        PrintText(_clean(shop.name), Align.CENTRE, bold=True, scale=2),
        PrintFeed(),
        PrintText(_clean(words("receipt.held")), Align.CENTRE, bold=True),
        PrintText(_clean(words("receipt.held-hint")), Align.CENTRE),
        PrintFeed(),
        *_code(code),
        PrintFeed(),
        PrintColumns(_clean(words("receipt.items", count=item_count)), _clean(words.money(total)) if total else ""),
        PrintColumns(_clean(words.date(at)), _clean(words.time(at))),
    ]
    return tuple(parts)


def _head(shop: Shop, words: Words, *, is_copy: bool) -> Iterator[PrintPart]:
    yield PrintText(_clean(shop.name), Align.CENTRE, bold=True, scale=2)
    for line in shop.address:
        yield PrintText(_clean(line), Align.CENTRE)
    if shop.tax_number:
        yield PrintText(_clean(f"{words('receipt.tax-number')} {shop.tax_number}"), Align.CENTRE)
    if is_copy:
        yield PrintFeed()
        yield PrintText(_clean(f" {words('receipt.copy')} "), Align.CENTRE, bold=True, scale=2, inverse=True)
    yield PrintRule()


def _lines(receipt: Receipt, words: Words) -> Iterator[PrintPart]:
    for line in receipt.sale.lines:
        yield PrintColumns(_clean(line.name), _marked(words.amount(line.gross), receipt.mark(line)))
        if how_much := _quantity(line, words):
            yield PrintText(_clean(f"  {how_much}"))
        for saving in line.savings:
            yield PrintColumns(_clean(f"  {saving.label}"), _marked(words.amount(-saving.amount), ""))
        if deposit := receipt.deposit(line):
            yield PrintColumns(
                _clean(f"  {_deposit(deposit, words)}"), _marked(words.amount(deposit.total), receipt.mark(deposit))
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
    yield PrintText(_clean(words("receipt.items", count=sale.item_count)))
    if sale.savings or sale.tax_added:
        yield _row(words("receipt.subtotal"), words.money(sale.subtotal))
    if sale.savings:
        yield _row(words("receipt.you-saved"), words.money(-sale.savings))
    if sale.tax_added:
        yield _row(words("receipt.vat"), words.money(sale.tax_added))
    yield PrintColumns(_clean(words("receipt.total")), _clean(words.money(sale.total)), bold=True, scale=2)
    for voucher in sale.vouchers:
        yield _row(words(voucher_key(voucher)), words.money(-voucher.used))
        if voucher.unused:
            yield _row(f"  {words('receipt.voucher-rest')}", words.money(voucher.unused))
    if sale.rounding:
        yield _row(words("receipt.rounding"), words.money(sale.rounding))
    if sale.to_pay != sale.total:
        yield PrintColumns(_clean(words("receipt.to-pay")), _clean(words.money(sale.to_pay)), bold=True)
    if receipt.card:
        yield _row(_paid_by(receipt.card, words), words.money(receipt.card.amount))
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
    mark, rate, *amounts = map(_clean, cells)
    each = (columns - 13) // len(amounts)
    rest = columns - 13 - each * len(amounts)
    return f"{mark:<6}{rate:>7}{' ' * rest}" + "".join(f"{amount:>{each}}" for amount in amounts)


def _card(card: ReceiptCard, words: Words) -> Iterator[PrintPart]:
    if card.customer_slip:
        for line in card.customer_slip:  # which says itself whose copy it is
            yield PrintText(_clean(line))
    else:
        for key, value in (
            ("receipt.card-kind", card.card_name),
            ("receipt.card-number", f"****{card.card_last4}" if card.card_last4 else ""),
            ("receipt.approval", card.authorisation),
            ("receipt.trace", f"{card.trace:06d}" if card.trace is not None else ""),
            ("receipt.terminal-id", card.terminal_id),
        ):
            if value:
                yield _row(words(key), value)
    yield PrintRule()


def _foot(receipt: Receipt, words: Words, link: str) -> Iterator[PrintPart]:
    at = datetime.fromisoformat(receipt.sale.at)
    yield _row(words("receipt.number"), receipt.sale.receipt_number)
    yield _row(words.date(at), words.time(at))
    yield _row(words("receipt.terminal"), f"{receipt.store_id} / {receipt.terminal_id}")
    if receipt.anchor:
        yield _row(words("receipt.signature"), receipt.anchor)
    yield PrintFeed()
    yield from _code(receipt.code)
    yield PrintFeed()
    if link:
        yield PrintText(_clean(words("receipt.online")), Align.CENTRE)
        yield PrintCode("qr", link)
        yield PrintFeed()
    yield PrintText(_clean(words("receipt.thanks")), Align.CENTRE)


def _merchant(card: ReceiptCard, words: Words) -> Iterator[PrintPart]:
    if not card.merchant_slip:
        return
    yield PrintFeed()
    yield PrintRule()
    yield PrintText(_clean(words("receipt.merchant-copy")), Align.CENTRE, bold=True)
    for line in card.merchant_slip:
        yield PrintText(_clean(line))


def _code(code: str) -> Iterator[PrintPart]:
    """The code, with its letters below: printers write them under bars by themselves."""
    if len(code) <= _LONGEST_CODE128:
        yield PrintCode("code128", code)
        return
    yield PrintCode("qr", code)
    yield PrintText(_clean(code), Align.CENTRE)


def _row(left: str, right: str) -> PrintColumns:
    return PrintColumns(_clean(left), _clean(right))


def _marked(amount: str, mark: str) -> str:
    """An amount with its tax class behind it; without one the place stays, so that the amounts stand in one column."""
    return f"{_clean(amount)} {mark or ' '}"


def _clean(text: str) -> str:
    return printable(text)
