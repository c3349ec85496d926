"""What can happen at a checkout: what its customer and its staff do, and what comes back from outside. Plain data."""

from __future__ import annotations

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.item import Category, Item
from kiosk.domain.records import dataclass
from kiosk.domain.scan import ItemCode, Scan
from kiosk.ports import Health, PrintOutcome, UplinkState

# --- what the customer does. Each of these keeps the session alive. ---


class CustomerAct:
    """Base of everything a customer (or a member of staff at the terminal) does with their hands."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Scanned(CustomerAct):
    """A code was scanned, or its digits typed."""

    scan: Scan


@dataclass(frozen=True, slots=True)
class Picked(CustomerAct):
    """An article was touched in the picker."""

    item: Item


@dataclass(frozen=True, slots=True)
class WeightGiven(CustomerAct):
    """The weight of the article in hand."""

    weight_g: int


@dataclass(frozen=True, slots=True)
class PriceQuestioned(CustomerAct):
    """The newest line has another price on the shelf."""


@dataclass(frozen=True, slots=True)
class PriceGiven(CustomerAct):
    """The price that the shopper saw, in minor units."""

    price_minor: int


@dataclass(frozen=True, slots=True)
class CountChanged(CustomerAct):
    """A line is to have `count` pieces; 0 takes it out."""

    line_id: int
    count: int


@dataclass(frozen=True, slots=True)
class LineRemoved(CustomerAct):
    """A line is to go."""

    line_id: int


@dataclass(frozen=True, slots=True)
class CouponRemoved(CustomerAct):
    """A coupon or voucher is to go back to the customer's pocket."""

    code: str


@dataclass(frozen=True, slots=True)
class Undone(CustomerAct):
    """The last change is to be taken back."""


@dataclass(frozen=True, slots=True)
class Opened(CustomerAct):
    """A step is to be opened from the basket: "picker", "keypad" or "coupon"."""

    step: str


@dataclass(frozen=True, slots=True)
class CategoryChosen(CustomerAct):
    """The picker is to show a category."""

    category: str


@dataclass(frozen=True, slots=True)
class SearchTyped(CustomerAct):
    """The picker is to show what matches `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Back(CustomerAct):
    """One step back."""


@dataclass(frozen=True, slots=True)
class GoOn(CustomerAct):
    """Yes, continue."""


@dataclass(frozen=True, slots=True)
class PayPressed(CustomerAct):
    """The customer wants to pay."""


@dataclass(frozen=True, slots=True)
class ReceiptChosen(CustomerAct):
    """ "none", "paper" or "qr"."""

    choice: str


@dataclass(frozen=True, slots=True)
class HoldPressed(CustomerAct):
    """The basket is to be put on hold."""


@dataclass(frozen=True, slots=True)
class EmptyPressed(CustomerAct):
    """The customer gives the whole basket up."""


@dataclass(frozen=True, slots=True)
class HelpCalled(CustomerAct):
    """A member of staff is to come."""


@dataclass(frozen=True, slots=True)
class PinEntered(CustomerAct):
    """A member of staff typed their PIN. Never shown, never logged."""

    pin: str

    def __repr__(self) -> str:
        return "PinEntered(pin=...)"


@dataclass(frozen=True, slots=True)
class StaffChose(CustomerAct):
    """What a verified member of staff decided: "approve", "refuse", "void", "take-over" or "done"."""

    choice: str


@dataclass(frozen=True, slots=True)
class LanguageChosen(CustomerAct):
    """The screen is to speak another language."""

    language: str


@dataclass(frozen=True, slots=True)
class EasierChosen(CustomerAct):
    """A way of making the terminal easier to use was switched; `setting` is a field of `Easier`."""

    setting: str
    on: bool


@dataclass(frozen=True, slots=True)
class OverlayOpened(CustomerAct):
    """ "help", "language", "easier", or "" to close."""

    overlay: str


@dataclass(frozen=True, slots=True)
class MoreTime(CustomerAct):
    """The customer is still there."""


# --- what comes back from outside ---


@dataclass(frozen=True, slots=True)
class ItemFound:
    """The catalogue knows the article. `recalled`: this batch must not be sold."""

    code: ItemCode
    item: Item
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class ItemMissing:
    """The catalogue does not know the code."""

    code: ItemCode


@dataclass(frozen=True, slots=True)
class PickerFilled:
    """What the picker asked for."""

    categories: tuple[Category, ...]
    items: tuple[Item, ...]
    category: str
    query: str


@dataclass(frozen=True, slots=True)
class VoucherFound:
    """The voucher is worth something and has not been used; `is_proven`: in the whole store, as far as there is anybody to ask."""

    voucher: Voucher
    sale_id: str
    is_proven: bool = True


@dataclass(frozen=True, slots=True)
class VoucherRefused:
    """`reason`: "voucher-unknown" or "voucher-used"."""

    code: str
    reason: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class ClaimWaits:
    """Whether the sale may have a voucher or a basket is still being asked."""

    code: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class StaffVerified:
    """Badge and PIN belong together."""

    staff: str
    role: str


@dataclass(frozen=True, slots=True)
class StaffRefused:
    """`reason`: "wrong-pin", "unknown-badge", "locked"."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentMessage:
    """The payment terminal says something to the customer."""

    code: str


@dataclass(frozen=True, slots=True)
class PaymentDone:
    """Payment and sale are in the books. Also for a sale that vouchers paid in full."""

    sale_id: str
    receipt_number: str


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    """Nothing was charged. `reason` is a stable code: "declined", "cancelled", "wrong-pin", "timeout", "unreachable", ..."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentUnclear:
    """Nobody knows yet whether the card was charged; it is being found out."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentGivenBack:
    """An unclear payment ended without goods: the money went back, or the books were put right."""


@dataclass(frozen=True, slots=True)
class PaymentsClear:
    """No payment is unresolved any more: cards are taken again."""


@dataclass(frozen=True, slots=True)
class ReceiptPrinted:
    """How the print job ended."""

    outcome: PrintOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QrReady:
    """The essential receipt as text, and the address of its page, "" where it has none or the line is away: the code holds the address
    where there is one."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class BasketHeld:
    """The basket is in the books under `code`."""

    code: str


@dataclass(frozen=True, slots=True)
class BasketTakenUp:
    """A held basket is back, for the sale it was claimed for."""

    code: str
    basket: Basket
    sale_id: str


@dataclass(frozen=True, slots=True)
class TakeUpRefused:
    """`reason`: "held-unknown", "held-taken" or "held-offline"."""

    code: str
    reason: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class DraftFound:
    """After a power cut: the basket that was in progress, with its sale id and language."""

    basket: Basket
    sale_id: str
    language: str


@dataclass(frozen=True, slots=True)
class PaymentLeftOver:
    """After a power cut: a payment is unresolved and is being cleared up."""

    ref: str
    amount_minor: int
    customer_present: bool


@dataclass(frozen=True, slots=True)
class TimerRang:
    """A timer of `StartTimer` ran out."""

    name: str


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """`kind`: "scanner", "printer" or "payment"."""

    kind: str
    health: Health


@dataclass(frozen=True, slots=True)
class LineChanged:
    """What waits to be sent to the central service."""

    line: UplinkState


@dataclass(frozen=True, slots=True)
class BooksFailed:
    """The journal cannot take another sale: stop selling before losing one."""

    reason: str


@dataclass(frozen=True, slots=True)
class BooksMended:
    """The journal has room again."""
