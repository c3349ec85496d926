"""What a receipt printer is to the terminal: a document in words, and what is known of it on paper."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from kiosk.domain.records import dataclass
from kiosk.ports.devices import Device


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
