"""The virtual payment terminal's own books: what it authorised, captured, reversed and refunded. Journals are held against them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path


class LedgerError(Exception):
    """The ledger's file could not be read or written."""


class Kind(StrEnum):
    """What an entry records. An approved authorisation holds money; a capture takes it, a reversal lets it go."""

    AUTHORISATION = "authorisation"
    CAPTURE = "capture"
    REVERSAL = "reversal"
    REFUND = "refund"
    END_OF_DAY = "end-of-day"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One fact. `code` is the ZVT result code (0 approved); captures and reversals carry in `of_trace` the transaction they act upon."""

    kind: Kind
    amount_minor: int
    currency: int
    trace: int = 0
    receipt_no: int = 0
    code: int = 0
    of_trace: int | None = None
    card_last4: str = ""
    card_brand: str = ""
    offline: bool = False
    at: str = ""  # the terminal's clock, ISO 8601 without offset

    def followed_by(self, kind: Kind, at: str) -> LedgerEntry:
        """The capture or the reversal of this transaction, under its own numbers."""
        return replace(self, kind=kind, of_trace=self.trace, code=0, at=at)

    def as_json(self) -> str:
        """The entry as one line of the ledger's file."""
        body = asdict(self)
        body["receipt"] = body.pop("receipt_no")
        body["amount"] = body.pop("amount_minor")
        body["result"] = "approved" if self.code == 0 else "declined"
        return json.dumps(body, separators=(",", ":"))


@dataclass(slots=True)
class Ledger:
    """The entries in order, and the numbers that go on from them."""

    entries: list[LedgerEntry] = field(default_factory=list)

    def numbered(self, entry: LedgerEntry) -> LedgerEntry:
        """`entry` under the next trace number; the receipt number goes with it and starts again after 9999."""
        trace = max((known.trace for known in self.entries), default=0) + 1
        return replace(entry, trace=trace, receipt_no=(trace - 1) % 9999 + 1)

    def last(self) -> LedgerEntry | None:
        """The newest transaction, whatever became of it: an authorisation, a refund, or the reversal that a register asked for."""
        for entry in reversed(self.entries):
            if entry.kind in (Kind.AUTHORISATION, Kind.REFUND) or (
                entry.kind is Kind.REVERSAL and entry.trace != entry.of_trace
            ):
                return entry
        return None

    def by_receipt(self, receipt_no: int) -> LedgerEntry | None:
        """The newest approved payment or refund with this receipt number."""
        for entry in reversed(self.entries):
            if entry.receipt_no == receipt_no and entry.code == 0 and entry.kind in (Kind.AUTHORISATION, Kind.REFUND):
                return entry
        return None

    def is_reversed(self, trace: int) -> bool:
        """Whether the transaction was let go again."""
        return trace in self._settled(Kind.REVERSAL)

    def is_closed(self, entry: LedgerEntry) -> bool:
        """Whether an end of day came after the transaction."""
        return any(known.kind is Kind.END_OF_DAY and known.trace > entry.trace for known in self.entries)

    def open_authorisations(self) -> list[LedgerEntry]:
        """Approved, and neither captured nor reversed: what a power cut leaves behind."""
        settled = self._settled(Kind.CAPTURE) | self._settled(Kind.REVERSAL)
        held = (entry for entry in self.entries if entry.kind is Kind.AUTHORISATION and entry.code == 0)
        return [entry for entry in held if entry.trace not in settled]

    def charges(self) -> list[LedgerEntry]:
        """The captures that stand: taken, and not reversed."""
        reversed_traces = self._settled(Kind.REVERSAL)
        return [entry for entry in self.entries if entry.kind is Kind.CAPTURE and entry.of_trace not in reversed_traces]

    def refunds(self) -> list[LedgerEntry]:
        """What was given back, besides reversals, and stands."""
        reversed_traces = self._settled(Kind.REVERSAL)
        given_back = (entry for entry in self.entries if entry.kind is Kind.REFUND and entry.code == 0)
        return [entry for entry in given_back if entry.trace not in reversed_traces]

    def charged_minor(self) -> int:
        """What stands on customers' cards: captures less what was reversed or refunded."""
        return sum(one.amount_minor for one in self.charges()) - sum(one.amount_minor for one in self.refunds())

    def _settled(self, kind: Kind) -> set[int]:
        return {entry.of_trace for entry in self.entries if entry.kind is kind and entry.of_trace is not None}


class LedgerFile:
    """The ledger as JSON lines; an entry is on the disk before `append` returns. One thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create. Raises LedgerError."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._mend()
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise LedgerError(f"the ledger {path} cannot be written ({error.strerror}); name another file") from error

    def read(self) -> Ledger:
        """The entries so far. Raises LedgerError."""
        try:
            return Ledger([_entry(line) for line in _lines(self.path.read_text(encoding="utf-8"))])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LedgerError(
                f"the ledger {self.path} cannot be read ({error}); move it away to begin a new one"
            ) from error

    def append(self, entry: LedgerEntry) -> None:
        """Write one entry through to the disk. Raises LedgerError."""
        try:
            self._file.write(entry.as_json() + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise LedgerError(
                f"the ledger {self.path} cannot be written ({error.strerror}); is the disk full?"
            ) from error

    def close(self) -> None:
        """Close the file; may be called more than once."""
        self._file.close()

    def _mend(self) -> None:
        """Cut off a last line that a power cut left half-written: its answer never went out."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            with self.path.open("r+b") as file:
                file.truncate(len(whole))


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.splitlines() if line.strip())


def _entry(line: str) -> LedgerEntry:
    body = json.loads(line)
    return LedgerEntry(
        kind=Kind(body["kind"]),
        trace=int(body["trace"]),
        receipt_no=int(body["receipt"]),
        amount_minor=int(body["amount"]),
        currency=int(body["currency"]),
        code=int(body["code"]),
        of_trace=None if body["of_trace"] is None else int(body["of_trace"]),
        card_last4=str(body["card_last4"]),
        card_brand=str(body["card_brand"]),
        offline=bool(body["offline"]),
        at=str(body["at"]),
    )
