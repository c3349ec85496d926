"""Random customers at the real window, for soak and crash tests: may be killed at any moment and started again on the same data."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from devices.virtual.far_sides import KINDS, FarSides
from devices.virtual.payment_cards import CUSTOMERS
from devices.virtual.payment_settings import Fault
from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.domain.item import Item
from kiosk.services.checkout.events import TimerRang
from kiosk.storage.boot import Books
from ui.tour.guide import own_books, prefer_offscreen
from ui.tour.hands import Hands, TourError
from ui.tour.summary import books_problems, completed_sales

_CUSTOMERS = ("good", "good", "good", "pin", "declined", "wrong-pin", "cancelled", "second-pin")
_FAULTS = (
    Fault.UNPLUG,
    Fault.APPROVAL_LOST,
    Fault.ACK_LOST,
    Fault.COMPLETION_LOST,
    Fault.POWER_CYCLE,
    Fault.HALF_FRAME,
)
_BADGE, _PIN = "STF-1001-7QXK", "2580"
# One payment in this many meets a fault of the line.
_FAULT_EVERY = 5


class Crowd:
    """Customers out of a seed: what the next one does depends on the step that the terminal stands at."""

    def __init__(self, hands: Hands, far: FarSides, books: Books, seed: int) -> None:
        self._hands = hands
        self._far = far
        self._books = books
        # Repeatable on purpose: a crowd that found something can be asked to come again.
        self._chance = random.Random(seed)  # noqa: S311
        self._goods: tuple[Item, ...] = ()
        self._acts: Mapping[str, Callable[[], None]] = {
            "attract": self._scan,
            "resume": lambda: self._press("action.continue", "action.discard"),
            "basket": self._shop,
            "picker": self._pick,
            "weight": self._weigh,
            "keypad": lambda: self._press("action.back-to-basket"),
            "coupon": lambda: self._press("action.back-to-basket"),
            "unknown-code": self._scan,
            "refused": lambda: self._press("action.continue"),
            "age-check": lambda: self._scan_code(_BADGE, "]C0"),
            "staff-login": self._log_in,
            "staff-menu": lambda: self._press("action.approve", "action.void", "action.done"),
            "paper-out": lambda: self._press("action.go-on-without-paper"),
            "pay": lambda: self._hands.settle(100),
            "clarifying": lambda: self._hands.settle(200),
            "pay-problem": lambda: self._press("action.try-again", "action.other-card", "action.back-to-basket"),
            "receipt-choice": lambda: self._press("action.no-receipt", "action.print", "action.show-qr"),
            "printing": lambda: self._hands.settle(100),
            "receipt-qr": lambda: self._press("action.done"),
            "thanks": lambda: self._press("action.done"),
            "held": lambda: self._press("action.done"),
            "out-of-service": lambda: self._hands.settle(200),
        }

    def act(self) -> None:
        """What somebody does next. Who finds no button waits, and in the end leaves."""
        step = self._hands.step
        try:
            self._acts[step]()
        except TourError:
            if self._hands.step == step:
                self._hands.kiosk.terminal.register.post(TimerRang("idle"))
        self._hands.settle(20)

    def _press(self, *keys: str) -> None:
        open_ways = [key for key in keys if self._hands.can_press(key)]
        if not open_ways:
            raise TourError(f"none of {', '.join(keys)} at {self._hands.step}")
        self._hands.press(self._chance.choice(open_ways))

    def _scan(self) -> None:
        catalogue = self._books.catalogue
        self._goods = self._goods or tuple(
            item for category in catalogue.categories() for item in catalogue.in_category(category.code)
        )
        known = ("9526001040018", "9526001010295", "9526001030170", "9526001180011")
        self._scan_code(self._chance.choice((*known, *known, "9526001999996", "rubbish")), "]E0")

    def _scan_code(self, data: str, aim: str) -> None:
        if self._far.scanner is not None:
            self._far.scanner.scan(data, aim)
        self._hands.settle(60)

    def _shop(self) -> None:
        count = self._hands.kiosk.terminal.register.state.basket.item_count
        if count and self._chance.random() < count / 8:
            self._prepare_payment()
            self._press("action.pay")
            return
        act = self._chance.choice((self._scan, self._scan, self._scan, self._change))
        act()

    def _change(self) -> None:
        self._press(
            "action.undo", "action.produce", "action.keypad", "action.coupon", "action.help", "screen.basket.more"
        )
        self._hands.settle(50)
        if self._hands.kiosk.terminal.register.state.overlay:
            self._press("action.close", "action.hold" if self._hands.can_press("action.hold") else "action.close")

    def _prepare_payment(self) -> None:
        terminal = self._far.payment
        if terminal is None:
            return
        terminal.expect(CUSTOMERS[self._chance.choice(_CUSTOMERS)])
        if self._chance.randrange(_FAULT_EVERY) == 0:
            terminal.arm(self._chance.choice(_FAULTS))

    def _pick(self) -> None:
        items = self._hands.kiosk.terminal.register.state.picker.items
        if not items:
            self._press("action.back-to-basket")
            return
        self._hands.press_label(self._chance.choice(items[:4]).name(self._hands.kiosk.terminal.register.state.language))

    def _weigh(self) -> None:
        self._hands.type_digits(str(self._chance.randrange(100, 2_000)))
        self._press("action.add")

    def _log_in(self) -> None:
        self._hands.type_digits(_PIN)
        self._press("action.continue")
        self._hands.settle(150)


def play_crowd(configuration: Configuration, *, seed: int, minutes: float) -> int:
    """Let customers come for `minutes`. 0; or 1 where books and payment terminal disagree in the end, said on stderr."""
    prefer_offscreen()
    from ui.terminal import Kiosk, application, transports_of  # noqa: PLC0415 - Qt reads its platform when it is loaded

    application()
    data = PROJECT_ROOT / Path(configuration.data.directory)
    far = FarSides(KINDS, data / "virtual", customer="good")
    kiosk = Kiosk(own_books(configuration, data), transports_of(configuration, far.urls))
    try:
        kiosk.open()
        hands, books = Hands(kiosk), kiosk.terminal.books
        hands.settle()
        crowd = Crowd(hands, far, books, seed)
        until = time.monotonic() + minutes * 60
        while time.monotonic() < until:
            crowd.act()
        return _account(hands, far, books)
    finally:
        kiosk.close()
        far.close()


def _account(hands: Hands, far: FarSides, books: Books) -> int:
    register = hands.kiosk.terminal.register
    resting = ("pay", "clarifying", "printing")
    hands.wait(
        lambda: register.state.step not in resting and not books.journal.ledger.unresolved_payments(), "rest", 180
    )
    hands.kiosk.terminal.settle()
    problems = books_problems(books, far)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(
        f"{len(completed_sales(books))} sales, {books.journal.head()[0]} entries, {'wrong' if problems else 'all right'}"
    )
    return 1 if problems else 0
