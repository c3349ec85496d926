"""Performs what a refund asks for: the sale of a receipt, claimed in the store; the money given back; the receipt printed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from kiosk.domain.sale import Sale, SaleBodyError
from kiosk.ports import ClaimAnswer, ClaimKind, Claims, Journal, Ledger, Verdict
from kiosk.services.payments import Payments
from kiosk.services.refunds.effects import FindSale, GiveMoneyBack, LeaveReceipt, MakeRefundQr, PrintRefund
from kiosk.services.refunds.events import (
    RefundFailed,
    RefundQrReady,
    RefundReceiptPrinted,
    SaleFound,
    SaleRefused,
)
from kiosk.services.refunds.receipts import RefundReceipts
from kiosk.workers import Worker

log = logging.getLogger(__name__)

Post = Callable[[object], None]
REFUND_MARK = "R"  # before the number of a refund's own receipt


class RefundDesk:
    """The effects of `kiosk.services.refunds.effects`. `claims` gives whoever is asked for the store now, `room` whether the books have
    room; `open` brings the payments before the first refund."""

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        receipts: RefundReceipts,
        office: Worker,
        room: Callable[[], bool],
        *,
        terminal_id: str,
        prefixes: tuple[str, ...],
    ) -> None:
        self._journal = journal
        self._ledger = ledger
        self._receipts = receipts
        self._office = office
        self._room = room
        self._terminal_id = terminal_id
        self._prefixes = prefixes
        self._payments: Payments | None = None
        self._claims: Callable[[], Claims] | None = None

    def open(self, payments: Payments, claims: Callable[[], Claims]) -> None:
        """Who gives money back, and who is asked for the store."""
        self._payments = payments
        self._claims = claims

    def performers(self) -> Mapping[type, Callable[[Any, Post], None]]:
        """As `kiosk.services.checkout.register.Desk.performers`."""
        return {
            FindSale: self._find,
            LeaveReceipt: self._leave,
            GiveMoneyBack: self._give_back,
            PrintRefund: self._print,
            MakeRefundQr: self._make_qr,
        }

    def after_failure(self, effect: object) -> object | None:
        """As `kiosk.services.checkout.register.Desk.after_failure`."""
        if isinstance(effect, FindSale):
            return SaleRefused(effect.refund_id, "unknown")
        if isinstance(effect, GiveMoneyBack):
            return RefundFailed("unreachable")
        if isinstance(effect, PrintRefund):
            return RefundReceiptPrinted(is_printed=False)
        return RefundQrReady(effect.refund_id) if isinstance(effect, MakeRefundQr) else None

    def _find(self, effect: FindSale, post: Post) -> None:
        def looked(found: SaleFound | SaleRefused | Exception) -> None:
            if isinstance(found, SaleFound) and self._claims is not None:
                self._claims().claim(
                    ClaimKind.RECEIPT, effect.code, effect.refund_id, lambda answer: post(_claimed(found, answer))
                )
            else:
                post(found if isinstance(found, SaleRefused) else SaleRefused(effect.refund_id, "unknown"))

        self._office.submit(lambda: self._look(effect), looked)

    def _look(self, effect: FindSale) -> SaleFound | SaleRefused:
        terminal_id, number = self._read(effect.code)
        if number.startswith(REFUND_MARK):
            return SaleRefused(effect.refund_id, "refund-receipt")
        if terminal_id and terminal_id != self._terminal_id:
            return SaleRefused(effect.refund_id, "elsewhere", terminal_id)
        record = self._ledger.sale_of_receipt(str(int(number))) if number.isdecimal() else None
        entry = self._journal.entry(record.seq) if record else None
        if record is None or entry is None:
            return SaleRefused(effect.refund_id, "unknown")
        if record.state != "completed":
            return SaleRefused(effect.refund_id, "voided")
        try:
            sale = Sale.from_body(entry.fact.body)
        except SaleBodyError as error:
            log.error("a receipt cannot be refunded: %s", error)
            return SaleRefused(effect.refund_id, "unknown")
        given_back = self._ledger.given_back(sale.sale_id)
        return SaleFound(effect.refund_id, sale, given_back, self._ledger.refund_number() + 1, is_proven=True)

    def _read(self, code: str) -> tuple[str, str]:
        """The terminal and the number that a receipt's code names: numbers have no dash, terminals may."""
        rest = next((code.removeprefix(prefix) for prefix in self._prefixes if code.startswith(prefix)), code)
        terminal_id, _, number = rest.rpartition("-")
        return terminal_id, number

    def _leave(self, effect: LeaveReceipt, _: Post) -> None:
        if self._claims is not None:
            self._claims().release(ClaimKind.RECEIPT, effect.code, effect.refund_id)

    def _give_back(self, effect: GiveMoneyBack, post: Post) -> None:
        if self._payments is None or not self._room():
            post(RefundFailed("books"))
            return
        self._payments.give_back(effect.refund)

    def _print(self, effect: PrintRefund, post: Post) -> None:
        self._receipts.print_refund(
            effect.refund_id,
            effect.language,
            is_copy=effect.is_copy,
            done=lambda is_printed: post(RefundReceiptPrinted(is_printed)),
        )

    def _make_qr(self, effect: MakeRefundQr, post: Post) -> None:
        def made(text: str | Exception) -> None:
            post(RefundQrReady(effect.refund_id if isinstance(text, Exception) else text))

        self._office.submit(lambda: self._receipts.text(effect.refund_id, effect.language), made)


def _claimed(found: SaleFound, answer: ClaimAnswer) -> SaleFound | SaleRefused:
    if answer.verdict is Verdict.TAKEN:
        return SaleRefused(found.refund_id, "taken")
    is_proven = answer.verdict is not Verdict.AWAY
    return SaleFound(found.refund_id, found.sale, found.given_back, found.number, is_proven)
