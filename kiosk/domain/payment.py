"""The payment: what a terminal answers, and the machine that never charges twice, never charges without a sale.

Found by trying every schedule of crashes and lost messages: intent before the call, fence before asking, and an answer that is
durable before the terminal is acknowledged; each of the three is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.money import Money


class Result(StrEnum):
    """What the payment terminal said. UNKNOWN is not an answer: the line was lost or time ran out."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a transaction on the payment terminal ended. `reason` is a stable code ("declined", "wrong-pin", "timeout", "cancelled",
    "line-lost", ...). Of the card number only the last four digits ever exist here. Slips are the lines the terminal had printed."""

    result: Result
    reason: str = ""
    amount: Money | None = None
    trace: int | None = None
    receipt_no: int | None = None
    terminal_id: str = ""
    card_name: str = ""
    card_last4: str = ""
    authorisation: str = ""
    at: str = ""  # the terminal's own date and time, ISO 8601 without offset
    customer_slip: tuple[str, ...] = ()
    merchant_slip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TerminalStatus:
    """A terminal's answer to "what was your last transaction": `last` is None where it has made none."""

    busy: bool
    last: Outcome | None
