"""What a card reader is to the terminal: a card came, or went. Whatever looks like a payment card never becomes an event."""

from __future__ import annotations

from typing import Protocol

from kiosk.domain.account import Holder
from kiosk.domain.cards.layout import CardLayout
from kiosk.domain.records import dataclass
from kiosk.ports.devices import Device


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card that one of the site's layouts knows was swiped or put in. `stays`: it is in the reader, and CardGone will follow."""

    holder: Holder
    stays: bool = False


@dataclass(frozen=True, slots=True)
class CardRefused:
    """A card that cannot be used. `reason`: "payment-card" (dropped unread), "unknown-card", "not-readable", "removed-early"."""

    reason: str


@dataclass(frozen=True, slots=True)
class CardGone:
    """The card that was in the reader is out."""


CardEvent = CardShown | CardRefused | CardGone


class CardReader(Device, Protocol):
    """A reader for members' and account holders' cards; never for payment cards."""

    def know(self, layouts: tuple[CardLayout, ...]) -> None:
        """The site's layouts, told before `connect`; without any, every card is an unknown one."""

    def read(self, timeout_ms: int) -> CardEvent | None:
        """What happened next, or None when `timeout_ms` passed. Raises DeviceUnavailableError when the line is lost."""
