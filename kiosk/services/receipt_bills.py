"""The part of a receipt that tells of bills: whom each was paid to, under what reference, and what the biller knows of it."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.domain.sale import Sale
from kiosk.domain.sale_bills import SaleBill
from kiosk.ports import Align, PrintCode, PrintPart, PrintRule, PrintText
from kiosk.services.receipt_rows import clean, pair, row
from kiosk.services.words import Words

# As bars of two dots a module, on 80 mm paper and on narrower; what is longer, or no letters and digits, is a QR code.
_LONGEST_BARS, _LONGEST_BARS_58_MM, _WIDE = 18, 10, 42


def bill_parts(sale: Sale, words: Words, columns: int) -> Iterator[PrintPart]:
    """A section of its own, on paper of `columns` letters. What whoever pays has to be told afterwards (PSD2, article 49): the reference,
    the payee, the amount, the charges; and who is asked where anything is wrong with it, so nothing of it is masked."""
    yield PrintText(clean(words("receipt.bill.title")), Align.CENTRE, bold=True)
    for bill in sale.bills:
        yield from _bill(bill, words, columns)
        yield PrintRule()


def bill_sums(sale: Sale, words: Words) -> Iterator[PrintPart]:
    """Goods and bills apart, then what was paid for all of it."""
    if sale.lines:
        yield row(words("receipt.bill.goods"), words.money(sale.goods_to_pay))
    yield row(words("receipt.bill.bills"), words.money(sale.bills_total))
    if sale.fees_total:
        yield row(words("receipt.bill.fees"), words.money(sale.fees_total))
    yield row(words("receipt.to-pay"), words.money(sale.to_pay), bold=True, scale=2)


def _bill(bill: SaleBill, words: Words, columns: int) -> Iterator[PrintPart]:
    yield row(bill.payee or bill.account, words.money(bill.amount), bold=True)
    if bill.payee:
        yield from pair(words("receipt.bill.account"), bill.account, columns)
    if bill.reference:
        yield from pair(words("receipt.bill.reference"), bill.reference, columns)
    if bill.fee:
        yield row(words("receipt.bill.fee"), words.money(bill.fee))
    yield from pair(words("receipt.bill.payment-ref"), bill.payment_ref, columns)
    yield PrintText(clean(words(told_key(bill))))
    if reference := clean(bill.reference or ""):
        is_short = len(reference) <= (_LONGEST_BARS if columns >= _WIDE else _LONGEST_BARS_58_MM)
        is_for_bars = is_short and reference.isascii() and reference.isalnum()
        yield PrintCode("code128" if is_for_bars else "qr", reference)


def told_key(bill: SaleBill) -> str:
    """The words for what the biller has said of the bill: a payment that he was not asked about is never called confirmed."""
    return "receipt.bill.confirmed" if bill.is_confirmed else "receipt.bill.to-confirm"
