"""The cards and the customers of the virtual payment terminal. The only place of the product where whole card numbers stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

HOST_DECLINED, HOST_NO_CREDIT, HOST_WRONG_PIN = 5, 51, 55
EXPIRED_CARD = 0x78


class Entry(Enum):
    """How a card meets the reader."""

    TAPPED = auto()
    INSERTED = auto()


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card that no bank knows; `answer` is what the bank's host says to it (0 approves), the number passes its Luhn digit."""

    name: str
    pan: str = field(repr=False)
    brand: str
    pin: str = field(default="1234", repr=False)
    answer: int = 0
    readable: bool = True

    @property
    def last4(self) -> str:
        """What may be shown of the number."""
        return self.pan[-4:]


CARDS: Mapping[str, DemoCard] = {
    card.name: card
    for card in (
        DemoCard("visa", "4761739001010010", "VISA"),
        DemoCard("mastercard", "5413330089604111", "MASTERCARD"),
        DemoCard("girocard", "6799998900000060018", "GIROCARD"),
        DemoCard("declined", "4111111111111111", "VISA", answer=HOST_DECLINED),
        DemoCard("no-credit", "4000000000009995", "VISA", answer=HOST_NO_CREDIT),
        DemoCard("expired", "5555555555554444", "MASTERCARD", answer=EXPIRED_CARD),
        DemoCard("unreadable", "4012888888881881", "VISA", readable=False),
    )
}


@dataclass(frozen=True, slots=True)
class Customer:
    """What a customer does of their own accord at the terminal; times in milliseconds after the terminal asked.

    No `card` is somebody who never comes. `pins` are keyed in turn; the last is repeated. `cancels` presses the red key instead of
    a card or, with a card, instead of a PIN. `leaves_card` never takes it out.
    """

    card: DemoCard | None = None
    entry: Entry = Entry.INSERTED
    pins: tuple[str, ...] = ("1234",)
    cancels: bool = False
    leaves_card: bool = False
    card_after_ms: int = 1500
    key_after_ms: int = 1500
    removes_after_ms: int = 1500


CUSTOMERS: Mapping[str, Customer] = {
    "good": Customer(CARDS["visa"], Entry.TAPPED),
    "pin": Customer(CARDS["girocard"]),
    "declined": Customer(CARDS["declined"], Entry.TAPPED),
    "no-credit": Customer(CARDS["no-credit"]),
    "expired": Customer(CARDS["expired"]),
    "unreadable": Customer(CARDS["unreadable"]),
    "wrong-pin": Customer(CARDS["mastercard"], pins=("0000",)),
    "second-pin": Customer(CARDS["mastercard"], pins=("0000", "1234")),
    "left-in": Customer(CARDS["girocard"], leaves_card=True),
    "cancelled": Customer(cancels=True),
    "cancelled-at-pin": Customer(CARDS["girocard"], cancels=True),
    "none": Customer(),
}
