"""The scripted visit: what a shopper, a second one and a member of staff do at the terminal, from the first scan to the last receipt."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from devices.virtual.far_sides import FarSides
from devices.virtual.payment_cards import CARDS, CUSTOMERS, Entry
from devices.virtual.payment_settings import Fault
from devices.virtual.payment_terminal import VirtualPaymentTerminal
from devices.virtual.printer import Fault as PrinterFault
from kiosk.ports import HealthState
from kiosk.services.checkout.events import TimerRang
from kiosk.services.checkout.session import Session
from ui.terminal import Kiosk
from ui.tour.hands import Hands, TourError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot: its file's name, and what it shows."""

    file: str
    caption: str


@dataclass
class Visit:
    """One visit to one terminal. `pictures` are taken into `directory`; `failures` are the scenes that went wrong."""

    kiosk: Kiosk
    far: FarSides
    directory: Path
    prefix: str = ""
    pictures: list[Picture] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hands = Hands(self.kiosk)

    @property
    def session(self) -> Session:
        """The checkout's session as it is now."""
        return self.kiosk.terminal.register.state

    # --- what a visitor can do ---

    def picture(self, name: str, caption: str) -> None:
        """Take a picture of the screen."""
        self.hands.settle()
        file = f"{self.prefix}{len(self.pictures) + 1:02d}-{name}.png"
        if not self.kiosk.grab().save(str(self.directory / file)):
            raise TourError(f"the picture {file} cannot be written to {self.directory}")
        self.pictures.append(Picture(file, caption))

    def scan(self, data: str, aim: str = "]E0") -> None:
        """Hold a code before the scanner."""
        if self.far.scanner is None:
            raise TourError("the tour needs a virtual scanner: set [devices.scanner] transport to virtual:")
        self.far.scanner.scan(data, aim)

    def scan_item(self, data: str, aim: str = "]E0") -> None:
        """Scan an article and wait until it lies in the basket."""
        before = self._count()
        self.scan(data, aim)
        self.hands.wait(lambda: self._count() > before, f"the article {data} in the basket")

    def _count(self) -> int:
        return self.session.basket.item_count

    def tap_card(self, name: str) -> None:
        """Hold a card to the payment terminal, when it asks for one."""
        terminal = self.payment
        self.hands.wait(lambda: self.message == "insert-card", "the payment terminal to ask for a card")
        terminal.present_card(CARDS[name], Entry.TAPPED)

    @property
    def payment(self) -> VirtualPaymentTerminal:
        """The far side of the payment terminal's wire."""
        if self.far.payment is None:
            raise TourError("the tour needs a virtual payment terminal: set [devices.payment] transport to virtual:")
        return self.far.payment

    @property
    def message(self) -> str:
        """What the payment terminal says to the customer, a stable code."""
        payment = self.session.payment
        return payment.message if payment else ""

    # --- playing ---

    def play(self, scenes: Callable[[Visit], Iterator[Callable[[], None]]]) -> None:
        """Play scenes in order; one that goes wrong is noted with a picture, and ends the visit."""
        for scene in scenes(self):
            try:
                scene()
            except TourError as error:
                name = scene.__name__.replace("_", " ").strip()
                self.failures.append(f"{name}: {error}")
                self.picture("went-wrong", f"{name} went wrong")
                return


# Articles and staff of the demo store, under assets/store.
MILK, ORANGES, BREAD, BEER = "9526001040018", "9526001010295", "9526001030170", "9526001180011"
BADGE, PIN = "STF-1001-7QXK", "2580"


def first_shopper(visit: Visit) -> Iterator[Callable[[], None]]:
    """Scans, touches, types, is asked for age, pays by card with a PIN, takes paper."""
    hands, scan_item, picture = visit.hands, visit.scan_item, visit.picture

    def welcome() -> None:
        hands.wait(lambda: visit.session.devices.can_charge, "the payment terminal to be ready")
        hands.wait(lambda: visit.session.devices.can_print, "the printer to be ready")
        hands.wait(lambda: visit.session.devices.scanner.state is HealthState.READY, "the scanner")
        picture("attract", "The terminal waits: the first scan starts a sale")

    def first_scan() -> None:
        scan_item(MILK)
        hands.wait_for_step("basket")
        picture("basket-first", "The first article")

    def offer() -> None:
        scan_item(ORANGES)
        scan_item(ORANGES)
        scan_item(BREAD)
        picture("basket", "An offer is said where it arises")

    def without_code() -> None:
        hands.press("action.produce")
        hands.wait_for_step("picker")
        hands.wait(lambda: visit.session.picker.items, "pictures in the picker")
        picture("picker", "Goods without a code, by picture")
        fruit = visit.session.picker.categories[0]
        hands.press_label(fruit.name(visit.session.language))
        hands.wait(lambda: visit.session.picker.category == fruit.code, "the shelf of fruit")
        loose = next(item for item in visit.session.picker.items if item.unit.value == "kg")
        hands.press_label(loose.name(visit.session.language))
        hands.wait_for_step("weight")
        hands.type_digits("842")
        picture("weight", "The weight of loose goods")
        hands.press("action.add")
        hands.wait_for_step("basket")

    def unknown() -> None:
        visit.scan("9526001999996")
        hands.wait_for_step("unknown-code")
        picture("unknown-code", "A code that nobody knows is no dead end")
        hands.press("action.keypad")
        hands.wait_for_step("keypad")
        picture("keypad", "The number, typed")
        hands.press("action.back-to-basket")
        hands.wait_for_step("basket")

    def expired() -> None:
        visit.scan(f"01{MILK.zfill(14)}17200101", "]C1")
        hands.wait_for_step("refused")
        picture("refused", "A batch past its date is refused, kindly")
        hands.press("action.continue")
        hands.wait_for_step("basket")

    yield from (welcome, first_scan, offer, without_code, unknown, expired)


def ways_to_see(visit: Visit) -> Iterator[Callable[[], None]]:
    """Help, language, large text, low reach: the same corner on every screen."""
    hands, picture = visit.hands, visit.picture

    def helped() -> None:
        hands.press("action.help")
        hands.wait(lambda: visit.session.overlay == "help", "help")
        picture("help", "Help answers first, then calls a person")
        hands.press("action.close")

    def languages() -> None:
        hands.press("action.language")
        hands.wait(lambda: visit.session.overlay == "language", "languages")
        picture("language", "Languages by their own names")
        hands.press_label("Deutsch")
        hands.wait(lambda: visit.session.language == "de", "German")
        picture("basket-german", "The same basket in German")
        hands.press("action.language")
        hands.press_label("English")
        hands.wait(lambda: visit.session.language == "en", "English")

    def easier() -> None:
        hands.press("action.easier")
        hands.wait(lambda: visit.session.overlay == "easier", "easier to use")
        picture("easier", "Easier to use")
        hands.press("screen.easier.large-text")
        hands.press("action.close")
        picture("basket-large", "Large text")
        hands.press("action.easier")
        hands.press("screen.easier.large-text")
        hands.press("screen.easier.low-reach")
        hands.press("action.close")
        picture("basket-low", "Everything within low reach")
        hands.press("action.easier")
        hands.press("screen.easier.low-reach")
        hands.press("action.close")

    def still_there() -> None:
        # The minute without a touch is not waited for: its end is told.
        visit.kiosk.terminal.register.post(TimerRang("idle"))
        hands.wait(lambda: visit.session.countdown_s is not None, "the time-out warning")
        picture("time-out", "A warning before anything is cleared")
        hands.press("action.more-time")
        hands.wait(lambda: visit.session.countdown_s is None, "the warning to go")

    yield from (helped, languages, easier, still_there)


def age_and_card(visit: Visit) -> Iterator[Callable[[], None]]:
    """Beer waits for staff; a card with a PIN pays; the receipt comes out on paper."""
    hands, picture = visit.hands, visit.picture

    def beer() -> None:
        visit.scan_item(BEER)
        hands.press("action.pay")
        hands.wait_for_step("age-check")
        picture("age-check", "Age is checked by a member of staff")
        visit.scan(BADGE, "]C0")
        hands.wait_for_step("staff-login")
        picture("staff-login", "Badge, then PIN")
        hands.type_digits(PIN)
        hands.press("action.continue")
        hands.wait_for_step("staff-menu")
        picture("staff-menu", "What the member of staff may decide")
        hands.press("action.approve")
        hands.wait_for_step("pay")

    def pay_with_pin() -> None:
        terminal = visit.payment
        hands.wait(lambda: visit.message == "insert-card", "the payment terminal to ask for a card")
        picture("pay", "Amount, what to do, where")
        terminal.present_card(CARDS["girocard"])
        hands.wait(lambda: visit.message == "enter-pin", "the payment terminal to ask for the PIN")
        picture("pay-pin", "What the payment terminal says, in our words")
        terminal.enter_pin("1234")
        hands.wait(lambda: visit.message == "remove-card", "the payment terminal to give the card back")
        terminal.remove_card()
        hands.wait_for_step("receipt-choice")
        picture("receipt-choice", "The receipt is a choice")

    def on_paper() -> None:
        papers = len(visit.far.printer.papers) if visit.far.printer else 0
        hands.press("action.print")
        hands.wait_for_step("printing", "thanks")
        hands.wait_for_step("thanks")
        picture("thanks", "Done")
        if visit.far.printer is not None:
            hands.wait(lambda: len(visit.far.printer.papers) > papers, "the receipt to come out")  # type: ignore[union-attr]
        hands.press("action.done")
        hands.wait_for_step("attract")

    yield from (beer, pay_with_pin, on_paper)


def second_shopper(visit: Visit) -> Iterator[Callable[[], None]]:
    """A declined card, another one, a receipt as a QR code; then a line that breaks in the middle of a payment."""
    hands, picture = visit.hands, visit.picture

    def declined() -> None:
        visit.scan_item(BREAD)
        hands.press("action.pay")
        hands.wait_for_step("pay")
        visit.tap_card("declined")
        hands.wait_for_step("pay-problem")
        picture("declined", "A declined card is no disgrace")
        hands.press("action.other-card")
        hands.wait_for_step("pay")
        visit.tap_card("visa")
        hands.wait_for_step("receipt-choice")

    def qr_code() -> None:
        hands.press("action.show-qr")
        hands.wait_for_step("receipt-qr")
        picture("receipt-qr", "The receipt to keep, as a code")
        hands.press("action.done")
        hands.wait_for_step("attract")

    def line_lost() -> None:
        visit.scan_item(MILK)
        hands.press("action.pay")
        hands.wait_for_step("pay")
        visit.payment.arm(Fault.APPROVAL_LOST)
        visit.tap_card("visa")
        hands.wait(lambda: hands.step in ("clarifying", "receipt-choice"), "the payment to be cleared up")
        if hands.step == "clarifying":
            picture("clarifying", "Nobody has to pay twice: the payment is being cleared up")
        hands.wait_for_step("receipt-choice")
        hands.press("action.no-receipt")
        hands.wait_for_step("thanks")
        hands.press("action.done")
        hands.wait_for_step("attract")

    yield from (declined, qr_code, line_lost)


def third_shopper(visit: Visit) -> Iterator[Callable[[], None]]:
    """A basket on hold and taken up again; paper that is out is told before paying."""
    hands, picture = visit.hands, visit.picture

    def hold() -> None:
        visit.scan_item(MILK)
        visit.scan_item(BREAD)
        hands.press("screen.basket.more")
        hands.press("action.hold")
        hands.wait_for_step("held")
        picture("held", "The basket waits under its code")
        code = visit.session.held_code
        hands.press("action.done")
        hands.wait_for_step("attract")
        visit.scan(code, "]C0")
        hands.wait_for_step("basket")
        picture("taken-up", "Taken up again")

    def paper_out() -> None:
        printer = visit.far.printer
        if printer is None:
            return
        printer.set_fault(PrinterFault.PAPER_OUT)
        hands.wait(lambda: not visit.session.devices.can_print, "the printer to miss its paper")
        hands.press("action.pay")
        hands.wait_for_step("paper-out")
        picture("paper-out", "Told before paying, not after")
        printer.set_fault(PrinterFault.PAPER_OUT, on=False)
        hands.press("action.go-on-without-paper")
        hands.wait_for_step("pay")
        visit.payment.expect(CUSTOMERS["good"])
        visit.tap_card("visa")
        hands.wait_for_step("receipt-choice")
        visit.payment.expect(None)
        hands.press("action.no-receipt")
        hands.wait_for_step("thanks")

    yield from (hold, paper_out)


def portrait(visit: Visit) -> Iterator[Callable[[], None]]:
    """The same terminal upright, in German: the screens that a shopper sees most."""
    hands, picture = visit.hands, visit.picture

    def upright() -> None:
        visit.kiosk.window.resize(1080, 1920)
        hands.wait_for_step("attract", "thanks")
        if hands.step == "thanks":
            hands.press("action.done")
            hands.wait_for_step("attract")
        hands.press("action.language")
        hands.press_label("Deutsch")
        hands.wait(lambda: visit.session.language == "de", "German")
        picture("attract", "Upright: 1080 x 1920")

    def basket() -> None:
        for code in (MILK, ORANGES, ORANGES, BREAD):
            visit.scan_item(code)
        picture("basket", "Total and the way on in the lower third")

    def pay() -> None:
        hands.press("action.pay")
        hands.wait_for_step("pay")
        hands.wait(lambda: visit.message == "insert-card", "the payment terminal to ask for a card")
        picture("pay", "Pay, upright")
        visit.tap_card("visa")
        hands.wait_for_step("receipt-choice")
        picture("receipt-choice", "The receipt is a choice, upright")
        hands.press("action.print")
        hands.wait_for_step("thanks")
        picture("thanks", "Done, upright")
        hands.press("action.done")
        hands.wait_for_step("attract")

    yield from (upright, basket, pay)
