"""The virtual payment terminal for QML: its display, the cards and keys of the person in front of it, its faults and its books."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from devices.virtual.payment_cards import CARDS, CUSTOMERS, Entry
from devices.virtual.payment_display import Display, Prompt
from devices.virtual.payment_settings import Fault
from devices.virtual.payment_terminal import VirtualPaymentTerminal
from ui.viewmodels.rows import Row, Rows, TileRow
from ui.viewmodels.shown import Shown, part, shown

_LOOK_EVERY_MS = 80
_LONGEST_PIN = 12  # ISO 9564-1
_PIN_PROMPTS = (Prompt.PIN, Prompt.PIN_AGAIN)


@dataclass(frozen=True, slots=True)
class LedgerRow(Row):
    """A line of the terminal's own books; `kind` and `result` are codes, `amountMinor` of the site's currency."""

    kind: str
    result: str
    trace: int
    amountMinor: float
    card: str


class PaymentBench(Shown):
    """`prompt` is a code of `devices.virtual.payment_display.Prompt`; `pinLength` digits were keyed; `pinHint` is what the card wants."""

    changed = Signal()
    prompt = shown(str, "prompt", changed)
    amountMinor = shown(float, "amountMinor", changed)
    pinLength = shown(int, "pinLength", changed)
    pinHint = shown(str, "pinHint", changed)
    faulty = shown(bool, "faulty", changed)
    cardIn = shown(bool, "cardIn", changed)
    inserting = shown(bool, "inserting", changed)
    customerPays = shown(bool, "customerPays", changed)
    cards = part(Rows, "cards")
    faults = part(Rows, "faults")
    ledger = part(Rows, "ledger")

    def __init__(self, terminal: VirtualPaymentTerminal, parent: QObject | None = None) -> None:
        super().__init__(
            parent,
            prompt="idle",
            amountMinor=0.0,
            pinLength=0,
            pinHint="",
            faulty=False,
            cardIn=False,
            inserting=False,
            customerPays=False,
        )
        self._terminal = terminal
        self._digits = ""
        self._seen: Display | None = None
        self._cards = Rows(TileRow, self)
        self._faults = Rows(TileRow, self)
        self._ledger = Rows(LedgerRow, self)
        self._cards.replace([TileRow(card.name, card.brand) for card in CARDS.values()])
        self._eye = QTimer(self, interval=_LOOK_EVERY_MS)
        self._eye.timeout.connect(self.look)
        self._eye.start()
        self.look()

    @Slot()
    def toggleInserting(self) -> None:
        """Insert the next cards, or tap them."""
        self.show(inserting=not self.value("inserting"))

    @Slot()
    def toggleCustomerPays(self) -> None:
        """A customer with a good card comes by themselves, or nobody: then the person at the bench holds the cards."""
        pays = not self.value("customerPays")
        self._terminal.expect(CUSTOMERS["good"] if pays else None)
        self.show(customerPays=pays)

    @Slot(str)
    def presentCard(self, name: str) -> None:
        """Tap the card called `name`, or put it in."""
        if name in CARDS:
            self._terminal.present_card(CARDS[name], Entry.INSERTED if self.value("inserting") else Entry.TAPPED)
            self.show(pinHint=CARDS[name].pin)
            self.look()

    @Slot(str)
    def pressKey(self, key: str) -> None:
        """A key of the terminal: a digit, "green", "red" or "yellow"."""
        if key == "red":
            self._terminal.cancel_key()
        elif key == "green" and self._digits:
            self._terminal.enter_pin(self._digits)
        asked_for = Prompt(self.value("prompt")) in _PIN_PROMPTS
        keyed = self._digits + key if key.isdigit() and asked_for else ""
        self._key(keyed[:_LONGEST_PIN])
        self.look()

    @Slot()
    def removeCard(self) -> None:
        """Take the card out."""
        self._terminal.remove_card()
        self.look()

    @Slot()
    def powerCycle(self) -> None:
        """Pull the terminal's plug and put it back."""
        self._terminal.power_cycle()
        self.look()

    @Slot()
    def dropLine(self) -> None:
        """Break the line between the terminal and the kiosk."""
        self._terminal.drop_line()
        self.look()

    @Slot(str)
    def toggleFault(self, name: str) -> None:
        """Let this go wrong once, at its next chance; or not after all."""
        if name in set(Fault):
            fault = Fault(name)
            (self._terminal.disarm if fault in self._terminal.display.armed else self._terminal.arm)(fault)
            self.look()

    @Slot()
    def look(self) -> None:
        """Show how the terminal is now."""
        display = self._terminal.display
        if display == self._seen:
            return
        if self._seen is None or display.prompt is not self._seen.prompt:
            self._key("")
        self._seen = display
        self._faults.replace([TileRow(fault.value, fault.value, chosen=fault in display.armed) for fault in Fault])
        self._ledger.replace(
            [
                LedgerRow(
                    f"{entry.kind}-{entry.trace}-{entry.of_trace}",
                    entry.kind.value,
                    "approved" if entry.code == 0 else "declined",
                    entry.trace,
                    float(entry.amount_minor),
                    entry.card_last4,
                )
                for entry in reversed(display.newest)
            ]
        )
        self.show(
            prompt=display.prompt.value,
            amountMinor=float(display.amount_minor),
            cardIn=display.card_in,
            faulty=bool(display.armed),
        )

    def _key(self, digits: str) -> None:
        self._digits = digits
        self.show(pinLength=len(digits))
