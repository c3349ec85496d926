"""What the books are to the terminal: journal, ledger, drafts, catalogue, staff and vouchers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from kiosk.domain.basket import Voucher
from kiosk.domain.facts import Entry, Fact, Json
from kiosk.domain.item import Category, Item
from kiosk.domain.records import dataclass


class JournalError(Exception):
    """The journal could not be read or written."""


class JournalFullError(JournalError):
    """No room for another entry: stop selling before losing a sale."""


class VoucherUsedError(JournalError):
    """A voucher was redeemed before. Nothing of the commit was written."""

    def __init__(self, code: str, sale_id: str) -> None:
        super().__init__(f"voucher {code} was redeemed before, with sale {sale_id}; take it out of the basket")
        self.code = code
        self.sale_id = sale_id


class Journal(Protocol):
    """The append-only, hash-chained record. Thread-safe; every write runs on the one writer thread."""

    def append(
        self, facts: Sequence[Fact], done: Callable[[Sequence[Entry] | JournalError], None] | None = None
    ) -> None:
        """Queue `facts` as entries of one commit. `done` is called on the writer's thread with the durable entries, or the error."""

    def commit(self, facts: Sequence[Fact]) -> Sequence[Entry]:
        """As `append`, waiting until durable. Raises JournalError."""

    def entries(
        self, *, after_seq: int = 0, kinds: Iterable[str] = (), subject: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        """Entries in order of `seq`, on a reader's connection."""

    def latest(self, subject: str, count: int) -> Sequence[Entry]:
        """The last `count` entries about `subject`, the newest first, on a reader's connection; behind them what was given back."""

    def entry(self, number: int) -> Entry | None:
        """One entry: by its seq, or by the negative number under which the ledger knows what was given back after a restore."""

    def head(self) -> tuple[int, str]:
        """The highest seq and its hash (hex)."""


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment as the journal has it. `state` is the last fact's ("intended", "approved", "unknown", "reversing", ...); `intent`
    the body of its `payment.intended`, which holds the whole sale."""

    ref: str
    state: str
    amount_minor: int
    currency: str
    last_trace: int | None
    trace: int | None
    receipt_no: int | None
    reason: str
    at: str
    intent: Mapping[str, Json]


class RefundedError(JournalError):
    """A piece of a sale was given back before. Nothing of the commit was written."""

    def __init__(self, sale_id: str, line_id: int) -> None:
        super().__init__(f"line {line_id} of sale {sale_id} was given back before; look at the receipt's refunds")
        self.sale_id = sale_id
        self.line_id = line_id


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """A refund that is not over. `intent` is the body of its latest `refund.intended`, which holds all of it; `trace` the terminal's, once
    it approved."""

    refund_id: str
    state: str
    trace: int | None
    intent: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class SaleRecord:
    """A sale in one line; the whole of it is the body of `Journal.entry(seq)`."""

    sale_id: str
    seq: int
    at: str
    total_minor: int
    currency: str
    items: int
    receipt_number: str
    state: str


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """What became of a sale's receipt. `state`: pending, printed, unknown, failed, shown, declined. `copies`: how often it came out."""

    sale_id: str
    number: str
    state: str
    copies: int


@dataclass(frozen=True, slots=True)
class BillRecord:
    """A bill that was paid here. `key` is its `bill_key`, `payment_ref` our reference for the biller. `state`: paid, or voided where its
    sale turned out to have no money. The whole of it is the body of `Journal.entry(seq)`."""

    seq: int
    key: str
    payment_ref: str
    sale_id: str
    at: str
    account: str
    amount_minor: int
    fee_minor: int
    currency: str
    is_confirmed: bool
    state: str


@dataclass(frozen=True, slots=True)
class BillsTaken:
    """How many bills were paid to an account, and how much, without fees. `oldest_at` is wall time, ISO 8601."""

    account: str
    currency: str
    count: int
    total_minor: int
    oldest_at: str


class Ledger(Protocol):
    """Questions to the books. Thread-safe; reads only."""

    def unresolved_payments(self) -> Sequence[PaymentRecord]:
        """Payments that are not over: intended, approved and not yet settled, unknown, reversing; the oldest first."""

    def sale(self, sale_id: str) -> SaleRecord | None:
        """A sale by its id."""

    def sale_of_receipt(self, number: str) -> SaleRecord | None:
        """A sale by its receipt's number."""

    def unresolved_refunds(self) -> Sequence[RefundRecord]:
        """Refunds that are not over, the oldest first."""

    def given_back(self, sale_id: str) -> Mapping[int, int]:
        """How many pieces of each line of a sale were given back, or are about to be; by line id."""

    def refund_number(self) -> int:
        """The number of the latest refund's receipt, 0 before the first."""

    def last_receipt_number(self) -> str:
        """The receipt number of the latest sale, "" before the first."""

    def receipt(self, sale_id: str) -> ReceiptRecord | None:
        """What became of a sale's receipt."""

    def voucher_used_in(self, code: str) -> str | None:
        """The sale that redeemed this voucher, None while it is good."""

    def bill_paid(self, key: str) -> BillRecord | None:
        """The latest payment of the bill with this key, where one stands. A bill that names neither amount nor reference, such as a
        collecting box's, may well be paid again."""

    def unconfirmed_bills(self) -> Sequence[BillsTaken]:
        """For each account what was paid without the biller's word and has not reached the central service; the longest waiting first.
        From its acknowledgement on it is the central service's to settle with the biller, and counts no more here."""

    def bills_of(self, day: date) -> Sequence[BillRecord]:
        """The bills paid on a day (by the terminal's wall clock) that stand, confirmed or not, the oldest first."""

    def held_basket(self, code: str) -> Mapping[str, Json] | None:
        """A basket on hold that nobody has taken up again."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who a badge belongs to. `pin_hash` is argon2id in PHC text form."""

    name: str
    role: str
    pin_hash: str


class StaffDirectory(Protocol):
    """Who may do what at the terminal. Thread-safe."""

    def by_badge(self, badge: str) -> StaffMember | None:
        """The member of staff with this badge code."""

    def badge_mark(self, badge: str) -> str:
        """By what the journal knows this badge: always the same for it at this terminal, and never the badge itself."""


class Vouchers(Protocol):
    """What deposit slips and gift vouchers are worth. Thread-safe."""

    def voucher(self, code: str) -> Voucher | None:
        """The voucher with this code, whether used or not."""


class Drafts(Protocol):
    """The basket in progress, kept across a power cut; not journalled. Thread-safe."""

    def save(self, body: Mapping[str, Json]) -> None:
        """Keep `body` soon, in place of what was kept. Never blocks; of many saves the newest counts. Raises nothing."""

    def load(self) -> Mapping[str, Json] | None:
        """What was saved last, if it was not cleared."""

    def clear(self) -> None:
        """Forget it. Never blocks."""


class Catalogue(Protocol):
    """What the shop sells, for reading. Thread-safe."""

    def by_gtin(self, gtin: str) -> Item | None:
        """The item with this 14-digit GTIN."""

    def by_reference(self, reference: str) -> Item | None:
        """The item with this reference in restricted-circulation codes."""

    def by_plu(self, plu: str) -> Item | None:
        """Produce by its PLU number."""

    def categories(self) -> Sequence[Category]:
        """The categories of the touch picker, in order."""

    def in_category(self, category: str, limit: int = 60) -> Sequence[Item]:
        """Items of the touch picker, the popular ones first. "" gives the popular ones of all."""

    def search(self, text: str, language: str, limit: int = 24) -> Sequence[Item]:
        """Items whose name in `language` has words that begin with those of `text`; `text` is data, never a query language."""

    def is_recalled(self, gtin: str, batch: str | None) -> bool:
        """Whether this batch (or the whole article, where the recall names no batch) is recalled."""
