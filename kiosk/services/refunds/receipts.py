"""Receipts of refunds: found in the books, printed, and what became of each written back into the journal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count

from kiosk.domain.facts import Entry, Fact, Json, Kind
from kiosk.domain.receipt import ANCHOR_DIGITS
from kiosk.ports import Attended, Journal, Ledger, Printer, PrintJob, PrintOutcome, PrintPart, PrintResult
from kiosk.runtime import Loop
from kiosk.services.receipts import ReceiptRules
from kiosk.services.refund_paper import RefundPaper, refund_parts, refund_text
from kiosk.services.words import Words

log = logging.getLogger(__name__)

_ENTRIES_OF_A_REFUND = 20
_OUT = frozenset({"printed", "unknown"})


class UnknownRefundError(LookupError):
    """No refund of this id is in the books."""


class RefundReceipts:
    """Prints refunds' receipts and puts them into words. Callable from any thread; `text` reads the books."""

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
        self._words = words
        self._journal = journal
        self._ledger = ledger
        self._printer = printer
        self._loop = loop
        self._job_numbers = count(1)

    def print_refund(self, refund_id: str, language: str, *, is_copy: bool, done: Callable[[bool], None]) -> None:
        """Print; `done` is told whether it is proven, once that is in the journal, from any thread."""

        def work(printer: Printer) -> PrintResult:
            job = f"{refund_id}/{next(self._job_numbers)}"
            return printer.print(PrintJob(job, self._parts(refund_id, language, is_copy=is_copy)))

        def printed(outcome: PrintResult | Exception) -> None:
            if isinstance(outcome, Exception):
                log.warning("the receipt of refund %s was not printed: %s", refund_id, outcome)
                outcome = PrintResult(PrintOutcome.NOT_PRINTED, "line-lost")
            is_printed = outcome.outcome is PrintOutcome.PRINTED
            self._journal.append([self._fact(refund_id, outcome)], lambda _: done(is_printed))

        self._printer.submit(work, printed)

    def text(self, refund_id: str, language: str) -> str:
        """The receipt as a short text. Raises UnknownRefundError, JournalError."""
        return refund_text(self._paper(refund_id), self._rules.shop, self._words.speaking(language))

    def _parts(self, refund_id: str, language: str, *, is_copy: bool) -> tuple[PrintPart, ...]:
        record = self._ledger.receipt(refund_id)
        was_out = record is not None and (record.copies > 0 or record.state in _OUT)
        return refund_parts(
            self._paper(refund_id),
            self._rules.shop,
            self._words.speaking(language),
            is_copy=is_copy or was_out,
            merchant_slip=self._rules.merchant_slip,
        )

    def _paper(self, refund_id: str) -> RefundPaper:
        entry = self._entry(refund_id)
        return RefundPaper(
            entry.fact.body,
            code=f"{self._rules.code_prefix}{self._rules.terminal_id}-R{entry.fact.body['number']}",
            terminal_id=self._rules.terminal_id,
            store_id=self._rules.store_id,
            anchor=entry.digest[:ANCHOR_DIGITS],
        )

    def _entry(self, refund_id: str) -> Entry:
        told = self._journal.latest(refund_id, _ENTRIES_OF_A_REFUND)
        found = next((entry for entry in told if entry.fact.kind is Kind.REFUND_COMPLETED), None)
        if found is None:
            raise UnknownRefundError(f"refund {refund_id} is not in the books; ask for one that was completed here")
        return found

    def _fact(self, refund_id: str, result: PrintResult) -> Fact:
        is_printed = result.outcome is PrintOutcome.PRINTED
        reason = "unknown" if result.outcome is PrintOutcome.UNKNOWN else result.reason
        body: dict[str, Json] = {"refund_id": refund_id, "reason": reason}
        kind = Kind.RECEIPT_PRINTED if is_printed else Kind.RECEIPT_FAILED
        return Fact(kind, refund_id, body, self._loop.wall().isoformat(timespec="milliseconds"), self._loop.now_ms())
