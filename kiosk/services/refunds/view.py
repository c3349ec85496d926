"""What a session knows of a refund: a part of the one session, gone with it; and what the site decided about refunds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from kiosk.domain.facts import Json
from kiosk.domain.records import dataclass
from kiosk.domain.sale import Sale

CUSTOMER = "customer"  # the role of whoever stands at the terminal: what may go back without a member of staff


@dataclass(frozen=True, slots=True)
class RefundRules:
    """What a site decides about refunds, in minor units of its currency. `ceilings` by role: what it may give back at once, `customer`
    without anybody. `days` after the sale; `offline_minor` of one refund that the store could not be asked about. `terminal_id` and
    `prefixes` are how this terminal's receipts call themselves."""

    ceilings: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    days: int = 30
    offline_minor: int = 0
    terminal_id: str = ""
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundView:
    """The refund in hand. `problem` is the stable code of what went wrong, `terminal` whose receipt it is where it is another one's.

    `sale`, `given_back`, `number` and `is_proven` are those of `SaleFound`; `chosen` are the pieces that are to come back, by line id.
    `message` is the payment terminal's word to the customer, a stable code. `qr_text` is the refund's receipt for a phone.
    """

    refund_id: str
    code: str = ""
    looking: bool = False
    sale: Sale | None = None
    given_back: Mapping[int, int] = field(default_factory=dict)
    number: int = 0
    is_proven: bool = True
    chosen: Mapping[int, int] = field(default_factory=dict)
    reason: str = ""
    approval: Mapping[str, Json] | None = None
    message: str = ""
    is_reversing: bool = False  # the payment terminal does it alone: nobody can stop it, and no card is asked for
    cancelling: bool = False
    is_unclear: bool = False
    is_done: bool = False
    qr_text: str = ""
    paper_problem: bool = False
    is_copy: bool = False
    problem: str = ""
    terminal: str = ""
