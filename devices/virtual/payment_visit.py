"""What happens between a customer, a card and the bank at the virtual payment terminal, up to yes or no. No clock: time is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from devices.virtual.payment_cards import EXPIRED_CARD, HOST_WRONG_PIN, Customer, DemoCard, Entry
from devices.virtual.payment_settings import TerminalSettings

SHOW_ENTER_PIN, SHOW_BANK, SHOW_EXPIRED, SHOW_INSERT, SHOW_UNREADABLE, SHOW_WRONG_PIN = (
    0x01,
    0x04,
    0x09,
    0x0A,
    0x0C,
    0x15,
)
CANCELLED, UNREADABLE_CARD, BANK_UNREACHABLE = 0x6C, 0x64, 0xA3
_READ_TRIES = 3


class VisitStage(Enum):
    """What the terminal waits for."""

    CARD = auto()
    PIN = auto()
    BANK = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Show:
    """Tell the customer, and the register, this intermediate status; `minutes` are left for it."""

    code: int
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """The answer: result code 0 is approved. `asked_bank`: the bank or the offline floor decided, rather than the customer."""

    code: int
    asked_bank: bool = False
    offline: bool = False


Step = Show | Over


@dataclass(slots=True)
class CardVisit:
    """One customer in front of the terminal. `customer` acts by themselves; None leaves it to whoever calls the methods."""

    amount_minor: int
    settings: TerminalSettings
    customer: Customer | None = None
    bank_ms: int = 700
    stage: VisitStage = VisitStage.CARD
    card: DemoCard | None = None
    entry: Entry | None = None
    wrong_pins: int = 0
    bad_reads: int = 0
    expires_ms: int | None = None
    customer_ms: int | None = None

    @property
    def deadline_ms(self) -> int | None:
        """When `advance` has something to do next."""
        return min((at for at in (self.expires_ms, self.customer_ms) if at is not None), default=None)

    def begin(self, now_ms: int) -> list[Step]:
        """Ask for a card."""
        return [self._await_card(now_ms)]

    def present(self, card: DemoCard, entry: Entry, now_ms: int) -> list[Step]:
        """A card is tapped or put in; ignored when none is awaited."""
        if self.stage is not VisitStage.CARD:
            return []
        if not card.readable:
            self.bad_reads += 1
            if self.bad_reads >= _READ_TRIES:
                return [Show(SHOW_UNREADABLE), self._over(Over(UNREADABLE_CARD))]
            return [Show(SHOW_UNREADABLE), self._await_card(now_ms)]
        self.card, self.entry = card, entry
        if card.answer == EXPIRED_CARD:
            return [Show(SHOW_EXPIRED), self._over(Over(EXPIRED_CARD))]
        if entry is Entry.TAPPED and self.amount_minor <= self.settings.contactless_limit_minor:
            return [self._ask_bank(now_ms)]
        return [self._await_pin(now_ms)]

    def key_pin(self, digits: str, now_ms: int) -> list[Step]:
        """A PIN and the green key; ignored when none is awaited."""
        if self.stage is not VisitStage.PIN or self.card is None:
            return []
        if digits == self.card.pin:
            return [self._ask_bank(now_ms)]
        self.wrong_pins += 1
        if self.wrong_pins >= self.settings.pin_tries:
            return [Show(SHOW_WRONG_PIN), self._over(Over(HOST_WRONG_PIN, asked_bank=True))]
        return [Show(SHOW_WRONG_PIN), self._await_pin(now_ms)]

    def cancel(self) -> list[Step]:
        """The red key, or the register's abort: possible until the bank is asked."""
        return [self._over(Over(CANCELLED))] if self.stage in (VisitStage.CARD, VisitStage.PIN) else []

    def advance(self, now_ms: int) -> list[Step]:
        """What the passing of time brings."""
        if self.customer_ms is not None and self.customer_ms <= now_ms and self.customer is not None:
            self.customer_ms = None
            return self._customer_acts(self.customer, now_ms)
        if self.expires_ms is None or self.expires_ms > now_ms:
            return []
        return [self._bank_answers()] if self.stage is VisitStage.BANK else [self._over(Over(CANCELLED))]

    def _customer_acts(self, customer: Customer, now_ms: int) -> list[Step]:
        if customer.cancels and (customer.card is None or self.stage is VisitStage.PIN):
            return self.cancel()
        if self.stage is VisitStage.CARD and customer.card is not None:
            return self.present(customer.card, customer.entry, now_ms)
        if self.stage is VisitStage.PIN and customer.pins:
            return self.key_pin(customer.pins[min(self.wrong_pins, len(customer.pins) - 1)], now_ms)
        return []

    def _await_card(self, now_ms: int) -> Step:
        self.stage, self.expires_ms = VisitStage.CARD, now_ms + self.settings.card_timeout_ms
        if self.customer is not None and (self.customer.card is not None or self.customer.cancels):
            self.customer_ms = now_ms + self.customer.card_after_ms
        return Show(SHOW_INSERT, self.settings.card_timeout_ms // 60_000 or None)

    def _await_pin(self, now_ms: int) -> Step:
        self.stage, self.expires_ms = VisitStage.PIN, now_ms + self.settings.pin_timeout_ms
        if self.customer is not None and self.customer.card is not None:
            self.customer_ms = now_ms + self.customer.key_after_ms
        return Show(SHOW_ENTER_PIN, self.settings.pin_timeout_ms // 60_000 or None)

    def _ask_bank(self, now_ms: int) -> Step:
        self.stage, self.expires_ms, self.customer_ms = VisitStage.BANK, now_ms + self.bank_ms, None
        return Show(SHOW_BANK)

    def _bank_answers(self) -> Step:
        assert self.card is not None  # noqa: S101 -- nothing leads to BANK without a card; for the type checker
        if not self.settings.offline:
            return self._over(Over(self.card.answer, asked_bank=True))
        within_floor = self.amount_minor <= self.settings.offline_limit_minor
        return self._over(Over(0 if within_floor else BANK_UNREACHABLE, asked_bank=within_floor, offline=within_floor))

    def _over(self, over: Over) -> Over:
        self.stage, self.expires_ms, self.customer_ms = VisitStage.OVER, None, None
        return over


@dataclass(slots=True)
class Removal:
    """The wait for a card to be taken out again, once everything else is said."""

    until_ms: int | None = None
    remind_ms: int | None = None
    taken_out_ms: int | None = None
    _remind_every_ms: int = 0

    @property
    def deadline_ms(self) -> int | None:
        """When something is due next."""
        times = (self.until_ms, self.remind_ms, self.taken_out_ms)
        return min((at for at in times if at is not None), default=None)

    def begin(self, now_ms: int, settings: TerminalSettings, customer: Customer | None) -> None:
        """Start to wait; a customer who acts by themselves takes the card out, unless they forget it."""
        self.until_ms, self.remind_ms = now_ms + settings.removal_timeout_ms, now_ms + settings.remind_ms
        self._remind_every_ms = settings.remind_ms
        if customer is not None and not customer.leaves_card:
            self.taken_out_ms = now_ms + customer.removes_after_ms

    def is_over(self, now_ms: int) -> bool:
        """Whether the card is out by now, or is waited for no longer."""
        return any(at is not None and at <= now_ms for at in (self.until_ms, self.taken_out_ms))

    def take_reminder(self, now_ms: int) -> bool:
        """Whether to remind the customer now; told once."""
        if self.remind_ms is None or self.remind_ms > now_ms:
            return False
        self.remind_ms = now_ms + self._remind_every_ms
        return True
