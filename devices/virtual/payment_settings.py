"""How the virtual payment terminal is set up, and how it can be made to fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong, once, when it is armed. The names are those of the bench and the command line."""

    UNPLUG = "unplug"  # the line drops as the card is read; the terminal goes on by itself
    SLOW = "slow"  # everything until the end of the next command comes late, within the register's patience
    GARBAGE = "garbage"  # noise instead of the next message after a card was read
    HALF_FRAME = "half-frame"  # the approval stops in the middle of its message
    APPROVAL_LOST = "approval-lost"  # charged, given back or reversed; the line drops instead of the approval
    ACK_LOST = "ack-lost"  # the approval arrives; the line drops before its answer
    LATE_REPLY = "late-reply"  # the approval comes after the register's own time-out
    COMPLETION_LOST = "completion-lost"  # charged and acknowledged; the line drops instead of the completion
    DUPLICATE_APPROVAL = "duplicate-approval"  # the approval is sent twice in a row
    BUSY = "busy"  # the next command is refused: please wait
    POWER_CYCLE = (
        "power-cycle"  # the terminal starts anew as the card is read: the session is forgotten, the ledger kept
    )


class OnLostAck(StrEnum):
    """What becomes of an approval whose answer never came because the line broke."""

    KEEP = "keep"  # captured: the usual one, and the dangerous one
    REVERSE = "reverse"


class SlipStyle(StrEnum):
    """How slips reach the register: as it asked at registration, or always as lines, or always as blocks."""

    AUTO = "auto"
    LINES = "lines"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """The terminal's own set-up. Amounts in minor units, times in milliseconds. `password` None takes any; `idle_drop_ms` 0 never."""

    password: int | None = None
    currency: int = 978
    terminal_id: int = 50291234
    merchant: str = "DEMO STORE"
    contactless_limit_minor: int = 5000
    pin_tries: int = 3
    card_timeout_ms: int = 60_000
    pin_timeout_ms: int = 30_000
    host_ms: int = 700
    late_reply_ms: int = 180_000
    slow_ms: int = 900
    removal_timeout_ms: int = 60_000
    remind_ms: int = 5_000
    answer_timeout_ms: int = 5_000
    answer_tries: int = 3
    ask_again_ms: int = 2_000
    max_asks: int = 10
    idle_drop_ms: int = 0
    on_lost_ack: OnLostAck = OnLostAck.KEEP
    only_last_reversible: bool = True
    offline: bool = False
    offline_limit_minor: int = 10_000
    slip_style: SlipStyle = SlipStyle.AUTO

    @property
    def keeps_on_lost_ack(self) -> bool:
        """Whether an approval whose answer never came stays charged."""
        return self.on_lost_ack is OnLostAck.KEEP
