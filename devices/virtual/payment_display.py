"""What the virtual payment terminal shows to the person in front of it, for whoever draws it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from devices.virtual.payment_cards import Entry
from devices.virtual.payment_core import TerminalCore
from devices.virtual.payment_ledger import LedgerEntry
from devices.virtual.payment_settings import Fault
from devices.virtual.payment_visit import VisitStage

_NEWEST = 4


class Prompt(StrEnum):
    """What it asks for, or does."""

    IDLE = "idle"
    WORKING = "working"
    CARD = "card"
    CARD_AGAIN = "card-again"  # the last one could not be read
    PIN = "pin"
    PIN_AGAIN = "pin-again"  # the last one was wrong
    BANK = "bank"
    REGISTER = "register"  # approved, and waiting for the register's answer
    REMOVE_CARD = "remove-card"


@dataclass(frozen=True, slots=True)
class Display:
    """The terminal at one moment. `amount_minor` is 0 where no payment is in hand; `newest` are the ledger's last entries, oldest first."""

    prompt: Prompt
    amount_minor: int
    connected: bool
    card_in: bool
    armed: frozenset[Fault]
    newest: tuple[LedgerEntry, ...]


def display_of(core: TerminalCore) -> Display:
    """What `core` shows now."""
    visit = core.visit
    return Display(
        prompt=_prompt(core),
        amount_minor=visit.amount_minor if visit is not None else 0,
        connected=core.connected,
        card_in=visit is not None and visit.entry is Entry.INSERTED,
        armed=frozenset(core.faults),
        newest=tuple(core.books.ledger.entries[-_NEWEST:]),
    )


def _prompt(core: TerminalCore) -> Prompt:
    visit = core.visit
    if visit is None:
        return Prompt.WORKING if core.busy else Prompt.IDLE
    if visit.stage is VisitStage.CARD:
        return Prompt.CARD_AGAIN if visit.bad_reads else Prompt.CARD
    if visit.stage is VisitStage.PIN:
        return Prompt.PIN_AGAIN if visit.wrong_pins else Prompt.PIN
    if visit.stage is VisitStage.BANK:
        return Prompt.BANK
    if core.removal.until_ms is not None:
        return Prompt.REMOVE_CARD
    return Prompt.REGISTER if core.held is not None else Prompt.WORKING
