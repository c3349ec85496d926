"""What the hardware and the books are to the terminal: contracts, the events they emit, their errors and their health.

Drivers (`devices`) and storage (`kiosk.storage`) implement these; services use them. Every event is immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from kiosk.domain.basket import Voucher
from kiosk.domain.facts import Entry, Fact, Json
from kiosk.domain.item import Category, Item
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, TerminalStatus
from kiosk.domain.scan import Scan


class DeviceError(Exception):
    """Something a device did or did not do; the message says what, to what, and what to do."""


class DeviceUnavailableError(DeviceError):
    """The device cannot be reached now: transient, its supervisor tries again."""


class DeviceRefusedError(DeviceError):
    """The device answered and said no: permanent for this request. `reason` is a stable code."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class HealthState(StrEnum):
    """How a device is, as its supervisor sees it."""

    ABSENT = "absent"
    CONNECTING = "connecting"
    READY = "ready"
    DEGRADED = "degraded"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Health:
    """A device's state with a stable `reason` code ("paper-low", "cover-open", "line-lost", ...) where there is one."""

    state: HealthState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a driver is: its name in the configuration, the kind of device, models known to work, transports it speaks over.

    `settings` maps each setting's name to (default value, one line of explanation); unknown settings are refused at load.
    """

    driver: str
    kind: str
    models: tuple[str, ...]
    transports: tuple[str, ...]
    settings: dict[str, tuple[object, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The outcome of a device's self-test: `ok`, and one plain line a technician can act on."""

    ok: bool
    report: str


class Device(Protocol):
    """What every driver offers its supervisor. All calls are made on the supervisor's thread and may block, within bounds."""

    manifest: Manifest

    def connect(self) -> Health:
        """Open the transport and greet the device. Raises DeviceUnavailableError."""

    def watch(self) -> Health:
        """Look after the device while it is idle (status, keep-alive); called about once a second. Raises DeviceUnavailableError."""

    def self_test(self) -> SelfTest:
        """Prove the device works, without printing money or charging any. Raises DeviceUnavailableError."""

    def close(self) -> None:
        """Close the transport; callable from any thread, more than once; wakes a blocked call."""


class Scanner(Device, Protocol):
    """A bar code scanner."""

    def read(self, timeout_ms: int) -> Scan | None:
        """The next code, or None when `timeout_ms` passed. Raises DeviceUnavailableError when the line is lost."""


# --- printing ------------------------------------------------------------------------------------------------------------


class Align(StrEnum):
    """Where a printed line stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class PrintText:
    """A line of text. `scale` is 1 or 2; no control character reaches the printer."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    scale: int = 1
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class PrintColumns:
    """Text at the left, text at the right, of one line; the left is wrapped, the right never."""

    left: str
    right: str
    bold: bool = False
    scale: int = 1


@dataclass(frozen=True, slots=True)
class PrintRule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class PrintCode:
    """A code, centred: `kind` is "qr" or "code128"."""

    kind: str
    data: str


@dataclass(frozen=True, slots=True)
class PrintFeed:
    """Empty lines."""

    lines: int = 1


PrintPart = PrintText | PrintColumns | PrintRule | PrintCode | PrintFeed


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A document in words, ready for paper: parts from top to bottom, then a cut."""

    job_id: str
    parts: tuple[PrintPart, ...]


class PrintOutcome(StrEnum):
    """What is known of a print job. UNKNOWN: bytes went out and the proof did not come back."""

    PRINTED = "printed"
    NOT_PRINTED = "not-printed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrintResult:
    """A job's outcome; `reason` is a stable code ("paper-out", "cover-open", "cutter-jam", "line-lost", ...) or ""."""

    outcome: PrintOutcome
    reason: str = ""


class Printer(Device, Protocol):
    """A receipt printer."""

    columns: int

    def print(self, job: PrintJob) -> PrintResult:
        """Print and wait for the printer's own proof. Never raises for a device's fault: the result says it."""


# --- paying --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TerminalMessage:
    """What the payment terminal says to the customer: a stable code ("insert-card", "enter-pin", "wrong-pin", "remove-card", ...)."""

    code: str
    timeout_s: int | None = None


class PaymentListener(Protocol):
    """Whom a payment terminal tells how an authorisation goes; called on the device's thread, must not block."""

    def progress(self, message: TerminalMessage) -> None:
        """The terminal shows something to the customer."""

    def approved(self, outcome: Outcome) -> None:
        """The commit point: approved, not yet acknowledged. The driver asks the terminal for time until `decide` is called."""


class PaymentTerminal(Device, Protocol):
    """A payment terminal. One call at a time, from the supervisor's thread; `cancel` and `decide` from any thread."""

    def authorise(self, ref: str, amount: Money, listener: PaymentListener) -> Outcome:
        """Charge `amount`. Blocks until the terminal's completion. An approved outcome is announced to `listener.approved`
        before it is acknowledged, and acknowledged only after `decide(keep=True)`.

        A lost line or a time-out is Outcome UNKNOWN, never a decline. Raises DeviceUnavailableError only if nothing was sent.
        """

    def decide(self, *, keep: bool) -> None:
        """Answer the commit point: keep the approval (acknowledge), or refuse the goods (the terminal reverses by itself)."""

    def cancel(self) -> None:
        """Ask the terminal to give up the authorisation in hand, at its next chance."""

    def fence(self) -> None:
        """Abort and close whatever session is open on the terminal, and return when it is proven idle: after this nothing asked
        before can still charge. Raises DeviceUnavailableError, or DeviceRefusedError("busy")."""

    def status(self) -> TerminalStatus:
        """The terminal's last transaction. Raises DeviceUnavailableError, DeviceRefusedError."""

    def reverse(self, receipt_no: int, amount: Money) -> Outcome:
        """Reverse a payment. APPROVED means reversed. A lost line is UNKNOWN."""

    def end_of_day(self) -> None:
        """Close the terminal's batch. Raises DeviceUnavailableError, DeviceRefusedError."""


# --- the books -----------------------------------------------------------------------------------------------------------


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
        """The last `count` entries about `subject`, the newest first, on a reader's connection."""

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


@dataclass(frozen=True, slots=True)
class SaleRecord:
    """A sale in one line; the whole of it is the body of entry `seq`."""

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


class Ledger(Protocol):
    """Questions to the books. Thread-safe; reads only."""

    def unresolved_payments(self) -> Sequence[PaymentRecord]:
        """Payments that are not over: intended, approved and not yet settled, unknown, reversing; the oldest first."""

    def sale(self, sale_id: str) -> SaleRecord | None:
        """A sale by its id."""

    def last_receipt_number(self) -> str:
        """The receipt number of the latest sale, "" before the first."""

    def receipt(self, sale_id: str) -> ReceiptRecord | None:
        """What became of a sale's receipt."""

    def voucher_used_in(self, code: str) -> str | None:
        """The sale that redeemed this voucher, None while it is good."""

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


# --- attended devices ----------------------------------------------------------------------------------------------------

D_co = TypeVar("D_co", covariant=True)
T = TypeVar("T")


class Attended(Protocol[D_co]):
    """A device under its supervisor: one thread, connected and reconnected, its health published."""

    @property
    def device(self) -> D_co:
        """The driver itself, for the calls that are allowed from any thread."""

    @property
    def health(self) -> Health:
        """The latest health."""

    def submit(self, call: Callable[[D_co], T], done: Callable[[T | Exception], None]) -> None:
        """Run `call(device)` on the device's thread, then `done(result or exception)` on that thread. Calls run in order.

        A device that is not connected gives DeviceUnavailableError to `done`, at once."""

    def on_health(self, watcher: Callable[[Health], None]) -> None:
        """Call `watcher` on the device's thread at every change of health."""
