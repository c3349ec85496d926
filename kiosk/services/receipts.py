"""Receipts: found in the books, put into words, printed, and what became of each written back into the journal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from itertools import count

from kiosk.domain.facts import Entry, Fact, Json, Kind
from kiosk.domain.money import Money
from kiosk.domain.receipt import Receipt, receipt_of
from kiosk.domain.receipt_link import receipt_token
from kiosk.domain.records import dataclass
from kiosk.domain.sale import Sale
from kiosk.ports import (
    Attended,
    DeviceUnavailableError,
    Journal,
    Ledger,
    Printer,
    PrintJob,
    PrintOutcome,
    PrintPart,
    PrintResult,
)
from kiosk.runtime import Loop
from kiosk.services.receipt_paper import Shop, held_parts, receipt_parts
from kiosk.services.receipt_text import receipt_text
from kiosk.services.words import Words

log = logging.getLogger(__name__)

# What came out, or may have: the next one is a copy and says so.
_OUT = frozenset({"printed", "unknown"})
_ENTRIES_OF_A_PAYMENT = 20


class UnknownSaleError(LookupError):
    """No sale of this id is in the books."""


@dataclass(frozen=True, slots=True)
class ReceiptRules:
    """What the site decided: whose receipts these are, how their codes begin, and whether the merchant's slip is printed below."""

    shop: Shop
    terminal_id: str
    store_id: str
    code_prefix: str = "RCP-"
    merchant_slip: bool = True
    link: str = ""  # https: address before the receipt's token (kiosk.domain.receipt_link), under which it can be seen; "" for nowhere


class Receipts:
    """Prints receipts and held-basket slips, and gives the text for a QR code. Callable from any thread; nothing here blocks
    but `qr_text` and `link`, which read the books."""

    def __init__(
        self,
        rules: ReceiptRules,
        words: Words,
        *,
        journal: Journal,
        ledger: Ledger,
        printer: Attended[Printer],
        loop: Loop,
    ) -> None:
        self._rules = rules
        self._address = rules.link
        self._words = words
        self._journal = journal
        self._ledger = ledger
        self._printer = printer
        self._loop = loop
        self._job_numbers = count(1)

    def print_receipt(self, sale_id: str, language: str, *, is_copy: bool, done: Callable[[PrintResult], None]) -> None:
        """Print a sale's receipt, marked COPY where one came out before or may have. `done` is called once the outcome is in the
        journal, from any thread."""

        def work(printer: Printer) -> PrintResult:
            return printer.print(
                PrintJob(self._job_id(sale_id), self._parts(sale_id, language, printer.columns, is_copy=is_copy))
            )

        def printed(outcome: PrintResult | Exception) -> None:
            result = _result(outcome, sale_id)
            self._journal.append([self._outcome_fact(sale_id, result)], lambda _: done(result))

        self._printer.submit(work, printed)

    def print_held(self, code: str, language: str, total: Money | None, item_count: int) -> None:
        """Print the slip of a held basket, if there is a printer; the code stands on the screen too."""
        words, at = self._words.speaking(language), self._loop.wall()
        parts = held_parts(code, self._rules.shop, words, at=at, item_count=item_count, total=total)
        job = PrintJob(self._job_id(code), parts)

        def printed(outcome: PrintResult | Exception) -> None:
            _result(outcome, code)

        self._printer.submit(lambda printer: printer.print(job), printed)

    def qr_text(self, sale_id: str, language: str) -> str:
        """The essential receipt as text, at most 640 bytes. Raises UnknownSaleError, JournalError."""
        receipt = self._receipt(sale_id)
        return receipt_text(receipt, self._rules.shop, self._words.speaking(language), self.link(sale_id))

    def link(self, sale_id: str) -> str:
        """The address of the receipt's own page, which nobody can guess; "" where the shop has none. Raises UnknownSaleError,
        JournalError."""
        return f"{self._address.rstrip('/')}/{receipt_token(self._entry(sale_id).digest)}" if self._address else ""

    def see_at(self, address: str) -> None:
        """Receipts can be seen under `address`: told by the central service, where the site's file says nothing."""
        self._address = self._rules.link or address

    def _parts(self, sale_id: str, language: str, columns: int, *, is_copy: bool) -> tuple[PrintPart, ...]:
        record = self._ledger.receipt(sale_id)
        was_out = record is not None and (record.copies > 0 or record.state in _OUT)
        return receipt_parts(
            self._receipt(sale_id),
            self._rules.shop,
            self._words.speaking(language),
            columns,
            is_copy=is_copy or was_out,
            merchant_slip=self._rules.merchant_slip,
            link=self.link(sale_id),
        )

    def _entry(self, sale_id: str) -> Entry:
        record = self._ledger.sale(sale_id)
        if record is None:
            raise UnknownSaleError(f"sale {sale_id} is not in the books; ask for one that was completed here")
        entry = self._journal.entry(record.seq)
        if entry is None:
            raise UnknownSaleError(
                f"sale {sale_id} is in the books without its entry; check them: kiosk journal verify"
            )
        return entry

    def _receipt(self, sale_id: str) -> Receipt:
        entry = self._entry(sale_id)
        sale = Sale.from_body(entry.fact.body)
        return receipt_of(
            sale,
            self._settlement(sale),
            digest=entry.digest,
            code_prefix=self._rules.code_prefix,
            terminal_id=self._rules.terminal_id,
            store_id=self._rules.store_id,
        )

    def _settlement(self, sale: Sale) -> Mapping[str, Json]:
        """The slips of the card payment; none yet where the shopper was quicker than the payment terminal's own end."""
        ref = str((sale.tender or {}).get("ref"))
        told = self._journal.latest(ref, _ENTRIES_OF_A_PAYMENT)
        return next((entry.fact.body for entry in reversed(told) if entry.fact.kind is Kind.PAYMENT_SETTLED), {})

    def _outcome_fact(self, sale_id: str, result: PrintResult) -> Fact:
        kind = Kind.RECEIPT_PRINTED if result.outcome is PrintOutcome.PRINTED else Kind.RECEIPT_FAILED
        reason = "unknown" if result.outcome is PrintOutcome.UNKNOWN else result.reason
        body: dict[str, Json] = {"sale_id": sale_id, "reason": reason}
        return Fact(kind, sale_id, body, self._loop.wall().isoformat(timespec="milliseconds"), self._loop.now_ms())

    def _job_id(self, subject: str) -> str:
        return f"{subject}/{next(self._job_numbers)}"


def _result(outcome: PrintResult | Exception, subject: str) -> PrintResult:
    """What is known of a print job; a printer that is away, or a mistake of ours, printed nothing."""
    if isinstance(outcome, PrintResult):
        return outcome
    if isinstance(outcome, DeviceUnavailableError):
        return PrintResult(PrintOutcome.NOT_PRINTED, "line-lost")
    log.error("the receipt of %s was not printed: %s", subject, outcome, exc_info=outcome)
    return PrintResult(PrintOutcome.NOT_PRINTED, "internal")
