"""What can happen while an account is looked up. Nothing here says a PIN, a number or a name when it is written down."""

from __future__ import annotations

from kiosk.domain.records import dataclass
from kiosk.ports import CardEvent
from kiosk.services.checkout.events import CustomerAct


@dataclass(frozen=True, slots=True)
class CardSeen(CustomerAct):
    """Something happened at the reader for members' and account holders' cards."""

    event: CardEvent
