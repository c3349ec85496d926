"""The essential receipt as a short text, small enough for a QR code that a phone reads off the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kiosk.domain.receipt import Receipt
from kiosk.domain.sale import SaleLine
from kiosk.domain.sale_bills import SaleBill
from kiosk.services.receipt_paper import Shop, voucher_key
from kiosk.services.words import Words, printable

# A QR code of version 20 with error correction M holds 666 bytes (ISO/IEC 18004, table 7); larger ones are hard to photograph.
LONGEST_TEXT_BYTES = 640
_NAME_LETTERS = (40, 28, 20, 14, 10)
_VOUCHERS = 6
_TO_CONFIRM = "*"  # behind a bill, and before the words for it at the end


def receipt_text(receipt: Receipt, shop: Shop, words: Words, link: str = "") -> str:
    """Shop, date, number, lines, bills, total, tax, card and the journal's anchor, in at most 640 bytes of UTF-8; at its end the `link`
    to the whole receipt, where there is one.

    Where it is too much, names are cut first; then the lines at the end become one that counts them, and the bills at the end after that.
    """
    head, foot = list(_head(receipt, shop, words)), list(_foot(receipt, words, link))
    sold, paid = receipt.sale.lines, receipt.sale.bills
    for letters in _NAME_LETTERS:
        lines = [_line(receipt, line, words, letters) for line in sold]
        bills = [_bill(bill, words, letters) for bill in paid]
        if _fits(text := _text(head, lines, bills, foot)):
            return text
    for kept in range(len(sold) - 1, -1, -1):
        rest = words("receipt.items", count=sum(line.count or 1 for line in sold[kept:]))
        lines = [*lines[:kept], f"+ {rest}"]
        if _fits(text := _text(head, lines, bills, foot)):
            return text
    for kept in range(len(paid) - 1, -1, -1):
        rest = words("receipt.bill.count", count=len(paid) - kept)
        if _fits(text := _text(head, lines, [*bills[:kept], f"+ {rest}"], foot)):
            break
    return text


def _head(receipt: Receipt, shop: Shop, words: Words) -> Iterator[str]:
    at = datetime.fromisoformat(receipt.sale.at)
    yield ", ".join((shop.name, *shop.address))[:120]
    if shop.tax_number:
        yield f"{words('receipt.tax-number')} {shop.tax_number[:40]}"
    yield f"{words.date(at)} {words.time(at)}"
    yield f"{words('receipt.number')} {receipt.sale.receipt_number}, {receipt.store_id}/{receipt.terminal_id}"


def _line(receipt: Receipt, line: SaleLine, words: Words, letters: int) -> str:
    name = line.name if len(line.name) <= letters else line.name[: letters - 1].rstrip() + "."
    if line.weight_g:
        name = f"{words.weight(line.weight_g)} {name}"
    elif line.count > 1:
        name = f"{line.count} {name}"
    text = f"{name} {words.amount(line.total)}{receipt.mark(line)}"
    if deposit := receipt.deposit(line):
        text += f" + {words.amount(deposit.total)}{receipt.mark(deposit)}"
    return text


def _bill(bill: SaleBill, words: Words, letters: int) -> str:
    payee = bill.payee or bill.account
    name = payee if len(payee) <= letters else payee[: letters - 1].rstrip() + "."
    text = " ".join(part for part in (name, bill.reference, words.amount(bill.amount)) if part)
    if bill.fee:
        text += f" + {words.amount(bill.fee)}"
    return text if bill.is_confirmed else f"{text} {_TO_CONFIRM}"


def _foot(receipt: Receipt, words: Words, link: str) -> Iterator[str]:
    sale, card = receipt.sale, receipt.card
    if sale.savings:
        yield f"{words('receipt.you-saved')} {words.money(sale.savings)}"
    if sale.lines or not sale.bills:
        yield f"{words('receipt.total')} {words.money(sale.total)}"
    for tax in sale.taxes:
        yield f"{receipt.mark(tax)} {words('receipt.vat-rate', rate=words.percent_bp(tax.rate_bp))} {words.amount(tax.tax)}"
    for voucher in sale.vouchers[:_VOUCHERS]:
        yield f"{words(voucher_key(voucher))} {words.money(-voucher.used)}"
    if sale.bills:
        yield f"{words('receipt.bill.bills')} {words.money(sale.bills_total)}"
        if sale.fees_total:
            yield f"{words('receipt.bill.fees')} {words.money(sale.fees_total)}"
        yield f"{words('receipt.to-pay')} {words.money(sale.to_pay)}"
    if not all(bill.is_confirmed for bill in sale.bills):
        yield f"{_TO_CONFIRM} {words('receipt.bill.to-confirm')}"
    if card:
        yield f"{card.card_name[:20] or words('receipt.card')} {card.card_last4} {words.money(card.amount)}"
    yield receipt.code
    yield receipt.anchor
    if link:
        yield link


def _text(*parts: list[str]) -> str:
    return "\n".join(printable(line) for part in parts for line in part)


def _fits(text: str) -> bool:
    return len(text.encode()) <= LONGEST_TEXT_BYTES
