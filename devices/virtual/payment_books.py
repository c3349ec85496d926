"""How the virtual payment terminal keeps its ledger: new transactions, what may be reversed, and what became of the last one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from devices.virtual.payment_cards import DemoCard
from devices.virtual.payment_ledger import Kind, Ledger, LedgerEntry

ALREADY_REVERSED, CANNOT_REVERSE = 0xB4, 0xB5


@dataclass(slots=True)
class Books:
    """The ledger and the terminal's clock: `epoch` is when its milliseconds began. Nothing here writes into the ledger."""

    ledger: Ledger = field(default_factory=Ledger)
    epoch: datetime = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)

    def new_entry(
        self,
        kind: Kind,
        amount_minor: int,
        currency: int,
        now_ms: int,
        *,
        code: int = 0,
        card: DemoCard | None = None,
        offline: bool = False,
    ) -> LedgerEntry:
        """A transaction under the next number."""
        blank = LedgerEntry(
            kind=kind,
            amount_minor=amount_minor,
            currency=currency,
            code=code,
            card_last4=card.last4 if card is not None else "",
            card_brand=card.brand if card is not None else "",
            offline=offline,
            at=self.at(now_ms),
        )
        return self.ledger.numbered(blank)

    def reversal_of(self, receipt_no: int, now_ms: int, *, only_last: bool) -> LedgerEntry | int:
        """The reversal of the payment with this receipt number, under the next number; or the error code that refuses it."""
        entry = self.ledger.by_receipt(receipt_no)
        if entry is None:
            return CANNOT_REVERSE
        if self.ledger.is_closed(entry):
            return CANNOT_REVERSE  # its batch is the bank's by now: only a refund gives that money back
        if self.ledger.is_reversed(entry.trace):
            return ALREADY_REVERSED
        if only_last and self.ledger.last() is not entry:
            return CANNOT_REVERSE
        return self.ledger.numbered(entry.followed_by(Kind.REVERSAL, self.at(now_ms)))

    def last_as_it_stands(self) -> tuple[LedgerEntry | None, int | None]:
        """The last transaction, and the code to tell instead of its own where it was let go again."""
        last = self.ledger.last()
        undone = last is not None and last.kind is not Kind.REVERSAL and self.ledger.is_reversed(last.trace)
        return last, ALREADY_REVERSED if undone else None

    def at(self, now_ms: int) -> str:
        """The terminal's date and time, ISO 8601 without offset."""
        return (self.epoch + timedelta(milliseconds=now_ms)).strftime("%Y-%m-%dT%H:%M:%S")
