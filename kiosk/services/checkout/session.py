"""What the terminal knows while a customer stands there. One object owns everything of the customer's; ending the session drops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.basket import Basket
from kiosk.domain.facts import Json
from kiosk.domain.forms import FormBook
from kiosk.domain.item import Category, Item
from kiosk.domain.money import Money
from kiosk.domain.pricing import Priced, PriceRules, price
from kiosk.domain.records import dataclass
from kiosk.domain.resolver import ScanRules
from kiosk.domain.scan import ItemCode
from kiosk.ports import Health, HealthState, UplinkState
from kiosk.services.account_lookup.view import AccountRules, AccountView
from kiosk.services.bill_payment.rules import BillPayRules
from kiosk.services.bill_payment.view import BillView
from kiosk.services.forms.view import FormView
from kiosk.services.refunds.view import RefundRules, RefundView

SELF_CHECKOUT, CLOSED = "self-checkout", "closed"


class Tone(StrEnum):
    """How a notice is meant."""

    GOOD = "good"
    PLAIN = "plain"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Notice:
    """A short word in passing: the key of a sentence and its parameters, never a sentence itself."""

    key: str
    params: Mapping[str, Json] = field(default_factory=dict)
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Easier:
    """How this customer wants the terminal to be."""

    large_text: bool = False
    low_reach: bool = False
    high_contrast: bool = False
    reduced_motion: bool = False
    speech: bool = False
    steady_touch: bool = False  # a second strike within half a second does not count (EN 301 549, 5.8)


@dataclass(frozen=True, slots=True)
class PickerView:
    """What the touch picker shows: the categories, and the items of `category` ("" for the popular ones) or of a search."""

    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()
    category: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class StaffView:
    """A member of staff at the terminal: `badge` scanned, then `staff` and `role` once the PIN is right."""

    purpose: str  # "age", "price", "refused", "help" or "service"
    badge: str = ""
    staff: str = ""
    role: str = ""
    refusal: str = ""
    checking: bool = False


@dataclass(frozen=True, slots=True)
class PriceAsked:
    """A shopper says that a line costs `wanted` and not `before`, a piece."""

    line_id: int
    name: str
    before: Money
    wanted: Money


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The payment as the customer sees it. `message` is the payment terminal's word to them, a stable code."""

    ref: str
    amount_minor: int
    message: str = "connecting"
    reason: str = ""
    cancelling: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The receipt of the sale that was just paid."""

    sale_id: str
    receipt_number: str
    qr_text: str = ""
    qr_link: str = ""  # what the code holds instead, where the receipt has a page
    problem: str = ""
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Devices:
    """How the hardware is, as far as the journey cares."""

    scanner: Health = field(default_factory=lambda: Health(HealthState.CONNECTING))
    printer: Health = field(default_factory=lambda: Health(HealthState.CONNECTING))
    payment: Health = field(default_factory=lambda: Health(HealthState.CONNECTING))
    card: Health = field(
        default_factory=lambda: Health(HealthState.ABSENT)
    )  # for members' and account holders' cards; few have one

    @property
    def can_print(self) -> bool:
        """Whether a paper receipt can be promised now."""
        return self.printer.state in (HealthState.READY, HealthState.DEGRADED)

    @property
    def can_charge(self) -> bool:
        """Whether a card can be taken now."""
        return self.payment.state in (HealthState.READY, HealthState.DEGRADED)

    @property
    def can_read_cards(self) -> bool:
        """Whether a member's or account holder's card can be swiped or put in now."""
        return self.card.state in (HealthState.READY, HealthState.DEGRADED)


@dataclass(frozen=True, slots=True)
class Session:
    """One customer at the terminal. `sale_id` is "" until the first thing is in the basket, or claimed for it.

    `history` holds the baskets before each change, for undo, the oldest first. `looking_up` counts codes whose article is still being
    looked up. `payment_unresolved`: an earlier payment is being cleared up, and no card is taken until it is.
    `line` is what waits to be sent to the central service, `message` the office's word to the attendant,
    `books` what staff should know of the books. `profile` is what the terminal serves.
    `claiming` are the vouchers and held baskets that are being claimed for this sale.
    `bill`, `account`, `refund` and `form` are what those services have in hand.
    `overlay` is "help", "language", "easier" or "". `countdown_s` is the seconds left of a time-out warning, else None.
    """

    language: str
    step: str = "attract"
    sale_id: str = ""
    basket: Basket = field(default_factory=Basket)
    priced: Priced | None = None
    history: tuple[Basket, ...] = ()
    newest_line_id: int | None = None
    looking_up: int = 0
    claiming: tuple[str, ...] = ()
    notice: Notice | None = None
    problem: str = ""
    problem_params: Mapping[str, Json] = field(default_factory=dict)
    pending_code: ItemCode | None = None
    pending_item: Item | None = None
    price_asked: PriceAsked | None = None
    picker: PickerView = field(default_factory=PickerView)
    staff: StaffView | None = None
    payment: PaymentView | None = None
    paper_known: bool = False
    receipt: ReceiptView | None = None
    held_code: str = ""
    help_called: bool = False
    overlay: str = ""
    countdown_s: int | None = None
    easier: Easier = field(default_factory=Easier)
    devices: Devices = field(default_factory=Devices)
    payment_unresolved: bool = False
    line: UplinkState = field(default_factory=UplinkState)
    message: str = ""
    books: Notice | None = None
    profile: str = SELF_CHECKOUT
    bill: BillView | None = None
    account: AccountView | None = None
    refund: RefundView | None = None
    form: FormView | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a basket and a payment may hold. Minor units of the site's currency. `offline_voucher_minor`: of vouchers a sale that nobody
    could be asked about."""

    lines: int = 200
    pieces_a_line: int = 99
    weight_g: int = 50_000
    payment_minor: int = 1_000_000
    offline_voucher_minor: int = 1_000
    undo_steps: int = 20


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long the terminal waits for a customer, in seconds (WCAG 2.2.1: warn at least 20 s before)."""

    idle_s: int = 60
    countdown_s: int = 20
    staff_s: int = 300
    finish_s: int = 30
    leave_s: int = 8
    notice_s: int = 6


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site decides about its checkout."""

    price: PriceRules
    scan: ScanRules
    languages: tuple[str, ...] = ("en",)
    limits: Limits = field(default_factory=Limits)
    timeouts: Timeouts = field(default_factory=Timeouts)
    undo_allowed: bool = True
    profiles: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {SELF_CHECKOUT: ("checkout",)})
    forms: FormBook = field(default_factory=FormBook)
    age_roles: frozenset[str] = frozenset({"attendant", "supervisor"})
    price_ceilings: Mapping[str, int] = field(default_factory=dict)  # by role: what it may give on a line, minor units
    accounts: AccountRules = field(default_factory=AccountRules)
    bills: BillPayRules = BillPayRules()
    refunds: RefundRules = field(default_factory=RefundRules)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a decision may know of the world: the site's rules, the time, and an id that nothing else has."""

    rules: Rules
    at: datetime
    clock_ms: int
    fresh_id: str

    @property
    def today(self) -> date:
        """The local date, for prices and expiry."""
        return self.at.date()


def repriced(session: Session, basket: Basket, turn: Turn) -> Session:
    """The session with `basket` and its price; a sale id from the first thing on."""
    priced = price(basket, turn.rules.price, turn.today) if not basket.is_empty else None
    return replace(session, basket=basket, priced=priced, sale_id=session.sale_id or turn.fresh_id)


def changed(session: Session, basket: Basket, turn: Turn) -> Session:
    """As `repriced`, remembering the basket before for undo."""
    history = (*session.history, session.basket)[-turn.rules.limits.undo_steps :]
    return replace(repriced(session, basket, turn), history=history)


def fresh(session: Session, rules: Rules) -> Session:
    """A new session on the same terminal: nothing of the customer's goes on, only how the machine itself is."""
    return Session(
        language=rules.languages[0],
        devices=session.devices,
        payment_unresolved=session.payment_unresolved,
        line=session.line,
        message=session.message,
        books=session.books,
        profile=session.profile,
        picker=PickerView(),
    )
