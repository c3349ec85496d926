"""What a checkout asks for: plain data, which `kiosk.services.checkout.register` has performed."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.basket import Basket
from kiosk.domain.facts import Fact, Json
from kiosk.domain.records import dataclass
from kiosk.domain.scan import ItemCode
from kiosk.ports import ClaimKind


@dataclass(frozen=True, slots=True)
class LookUp:
    """Find the article of a code: answered by ItemFound or ItemMissing, in the order asked."""

    code: ItemCode


@dataclass(frozen=True, slots=True)
class FillPicker:
    """Answered by PickerFilled."""

    category: str
    query: str
    language: str


@dataclass(frozen=True, slots=True)
class FindVoucher:
    """What it is worth, claimed for `sale_id`: answered by VoucherFound or VoucherRefused."""

    code: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class VerifyStaff:
    """Answered by StaffVerified or StaffRefused."""

    badge: str
    pin: str

    def __repr__(self) -> str:
        return f"VerifyStaff(badge={self.badge!r}, pin=...)"


@dataclass(frozen=True, slots=True)
class Record:
    """Write facts to the journal; nothing waits for it."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep the basket across a power cut."""

    body: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ClearDraft:
    """Nothing is in progress."""


@dataclass(frozen=True, slots=True)
class Pay:
    """Charge a card for this sale; answered by PaymentMessage, PaymentDone, PaymentFailed, PaymentUnclear, ..."""

    ref: str
    amount_minor: int
    sale: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class BookSale:
    """A sale that needs no card: answered by PaymentDone or PaymentFailed."""

    sale: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """The customer wants the basket back: ask the payment terminal to give up."""


@dataclass(frozen=True, slots=True)
class LeavePayment:
    """Nobody waits for the goods of the unclear payment any more."""


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """Answered by ReceiptPrinted."""

    sale_id: str
    language: str
    is_copy: bool


@dataclass(frozen=True, slots=True)
class MakeQr:
    """Answered by QrReady."""

    sale_id: str
    language: str


@dataclass(frozen=True, slots=True)
class HoldBasket:
    """Answered by BasketHeld; a slip is printed where a printer is ready."""

    code: str
    basket: Basket
    language: str


@dataclass(frozen=True, slots=True)
class TakeUp:
    """A basket on hold, claimed for `sale_id`: answered by BasketTakenUp or TakeUpRefused."""

    code: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class ReleaseClaim:
    """The sale does not use what was claimed for it."""

    kind: ClaimKind
    code: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Start, or start anew, the timer `name`; answered by TimerRang."""

    name: str
    delay_ms: int


@dataclass(frozen=True, slots=True)
class StopTimer:
    """Forget the timer `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Sound:
    """ "good", "bad", "attention" or "warning"."""

    name: str


@dataclass(frozen=True, slots=True)
class CallStaff:
    """Show on the attendant's light that someone is needed, and why (a stable code). "" ends the call."""

    reason: str


@dataclass(frozen=True, slots=True)
class ForgetCustomer:
    """The session is over: drop what any layer still holds of it."""


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """Tell the central service what became of its order. `status` and `reason` as in `kiosk.ports.OrderOutcome`."""

    order_id: str
    status: str
    reason: str = ""
