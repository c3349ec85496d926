"""Random customers at the real window, for soak and crash tests: may be killed at any moment and started again on the same data."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from devices.virtual.far_sides import KINDS, FarSides
from devices.virtual.payment_cards import CUSTOMERS, Customer
from devices.virtual.payment_settings import Fault, TerminalSettings
from devices.virtual.printer import Fault as PrinterFault
from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.services.checkout.events import TimerRang
from kiosk.services.checkout.session import Session
from kiosk.storage.boot import Books
from ui.tour.guide import own_books, prefer_offscreen
from ui.tour.hands import Hands, TourError
from ui.tour.summary import books_problems, completed_sales

_PAYERS = ("good", "good", "good", "pin", "declined", "wrong-pin", "cancelled", "cancelled-at-pin", "second-pin")
_FAULTS = (
    Fault.UNPLUG,
    Fault.APPROVAL_LOST,
    Fault.ACK_LOST,
    Fault.COMPLETION_LOST,
    Fault.DUPLICATE_APPROVAL,
    Fault.POWER_CYCLE,
    Fault.HALF_FRAME,
    Fault.BUSY,
)
_BADGE, _PIN = "STF-1001-7QXK", "2580"
# What is scanned besides articles: coupons, a member, vouchers, an expired and a recalled batch, a weight in the code, nonsense.
_OTHER_CODES = (
    ("CPN-COFFEE150", "]C0"),
    ("CPN-WELCOME10", "]C0"),
    ("MBR-20418837", "]C0"),
    ("DEP-7K2M9Q4T", "]C0"),
    ("VCH-4TQ7ZC8P", "]C0"),
    ("010952600104001817200101", "]C1"),
    ("010952600107002210LX4471", "]C1"),
    ("9526001999996", "]E0"),
    ("https://example.com/<b>?", "]Q1"),
)
_BASKET_WAYS = (
    "action.undo",
    "action.produce",
    "action.keypad",
    "action.coupon",
    "action.help",
    "action.language",
    "screen.basket.more",
)
# One payment in this many meets a fault of the line; one act in this many is somebody who walks away, or a roll that ends.
_FAULT_EVERY, _LEAVE_EVERY, _PAPER_EVERY = 5, 60, 80
_SETTINGS = TerminalSettings(host_ms=150, removal_timeout_ms=2_000)
_PATIENCE_S = 2.0
_REST_S = 180.0


class Crowd:
    """Customers out of a seed: what the next one does depends on the step that the terminal stands at."""

    def __init__(self, hands: Hands, far: FarSides, books: Books, seed: int) -> None:
        self._hands = hands
        self._far = far
        if far.printer is not None:
            far.printer.ms_per_line = 1
        # Repeatable on purpose: a crowd that found something can be asked to come again.
        self._chance = random.Random(seed)  # noqa: S311
        catalogue = books.catalogue
        self._goods = sorted(
            {item.gtin for shelf in catalogue.categories() for item in catalogue.in_category(shelf.code) if item.gtin}
        )
        self._held: list[str] = []
        self._acts: Mapping[str, Callable[[], None]] = {
            "attract": self._arrive,
            "resume": lambda: self._press("action.continue", "action.continue", "action.discard"),
            "basket": self._shop,
            "picker": self._pick,
            "weight": self._weigh,
            "keypad": self._key_in,
            "coupon": lambda: self._press("action.back-to-basket"),
            "unknown-code": lambda: self._press(*3 * ("action.scan-again",), "action.keypad", "action.call-staff"),
            "refused": lambda: self._press("action.continue"),
            "age-check": lambda: self._scan(_BADGE, "]C0"),
            "price": self._name_a_price,
            "price-check": lambda: self._scan(_BADGE, "]C0"),
            "staff-login": self._log_in,
            "staff-menu": self._attend,
            "paper-out": lambda: self._press("action.go-on-without-paper", "action.back-to-basket"),
            "pay": self._pay,
            "clarifying": self._wait,
            "pay-problem": lambda: self._press("action.try-again", "action.other-card", "action.back-to-basket"),
            "receipt-choice": lambda: self._press("action.no-receipt", "action.print", "action.show-qr"),
            "printing": self._wait,
            "receipt-qr": lambda: self._press("action.done"),
            "thanks": lambda: self._press("action.done"),
            "held": self._keep_slip,
            "out-of-service": self._wait,
        }

    @property
    def _session(self) -> Session:
        return self._hands.kiosk.terminal.register.state

    def act(self) -> None:
        """What somebody does next. Who finds no button walks away."""
        step = self._hands.step
        try:
            self._look_over()
            self._acts[step]()
        except TourError:
            if self._hands.step == step:
                self._walk_away()
        self._hands.settle(20)

    def _look_over(self) -> None:
        """Close what lies over the screen; somebody answers "are you still there?" or does not."""
        if self._session.countdown_s is not None:
            self._press("action.more-time")
        elif self._session.overlay:
            self._press(
                "action.hold",
                "action.other-price",
                "action.close",
                "action.empty-basket",
                "screen.more.yes",
                "action.call-staff",
            )

    def _press(self, *keys: str) -> None:
        open_ways = [key for key in keys if self._hands.can_press(key)]
        if not open_ways:
            raise TourError(f"none of {', '.join(keys)} at {self._hands.step}")
        self._hands.press(self._chance.choice(open_ways))

    def _wait(self) -> None:
        self._hands.settle(100)

    def _walk_away(self) -> None:
        """The minute without a touch and the countdown after it, told at once."""
        register = self._hands.kiosk.terminal.register
        register.post(TimerRang("idle"))
        for _ in range(register.rules.timeouts.countdown_s):
            register.post(TimerRang("countdown"))
        self._hands.settle(50)

    # --- scanning and touching ---

    def _scan(self, data: str, aim: str = "]E0") -> None:
        if self._far.scanner is not None:
            self._far.scanner.scan(data, aim)
        self._hands.settle(60)

    def _scan_something(self) -> None:
        if self._chance.randrange(7) == 0:
            self._scan(*self._chance.choice(_OTHER_CODES))
        else:
            self._scan(self._chance.choice(self._goods)[-13:])

    def _arrive(self) -> None:
        if self._held and self._chance.randrange(3) == 0:
            self._scan(self._held.pop(), "]C0")
        elif self._chance.randrange(8) == 0:
            self._press("action.language", "action.help", "action.easier", "action.produce")
        else:
            self._scan_something()

    def _shop(self) -> None:
        self._mind_the_paper()
        if self._chance.randrange(_LEAVE_EVERY) == 0:
            self._walk_away()
            return
        count = self._session.basket.item_count
        if count and self._chance.random() < count / 6:
            self._expect_payment()
            self._press("action.pay")
            return
        if self._chance.randrange(4):
            self._scan_something()
        elif self._chance.randrange(3) == 0:
            self._recount()
        else:
            self._press(*_BASKET_WAYS)

    def _recount(self) -> None:
        """One more or one less of what was scanned last."""
        newest = self._session.newest_line_id
        line = None if newest is None else self._session.basket.line(newest)
        if line is None:
            return
        words = self._hands.kiosk.terminal.words
        key = self._chance.choice(("name.more", "name.less", "name.remove"))
        self._hands.press_label(words(key, item=line.item.name(self._session.language)))

    def _pick(self) -> None:
        items = self._session.picker.items
        if not items:
            self._press("action.back-to-basket")
            return
        self._hands.press_label(self._chance.choice(items[:4]).name(self._session.language))

    def _name_a_price(self) -> None:
        self._hands.type_digits(str(self._chance.randrange(1, 300)))
        self._press("action.continue", "action.back-to-basket")

    def _weigh(self) -> None:
        self._hands.type_digits(str(self._chance.randrange(100, 2_000)))
        self._press("action.add")

    def _key_in(self) -> None:
        if self._chance.randrange(2):
            self._press("action.back-to-basket")
            return
        self._hands.type_digits(self._chance.choice(("4011", "9526001040018", "12")))
        self._press("action.add", "action.continue", "action.search")

    def _keep_slip(self) -> None:
        self._held.append(self._session.held_code)
        self._press("action.done")

    # --- staff ---

    def _log_in(self) -> None:
        if self._session.staff is not None and self._session.staff.checking:
            self._wait()
            return
        if self._chance.randrange(6) == 0:
            self._press("action.back")
            return
        self._hands.type_digits(_PIN if self._chance.randrange(8) else "1111")
        self._press("action.continue")

    def _attend(self) -> None:
        usual = ("action.approve", "action.back", "action.take-over")
        self._press(*usual, *usual, "action.refuse", "action.void")

    # --- paying ---

    def _pay(self) -> None:
        match self._chance.randrange(40):
            case 0:
                self._press("action.back-to-basket")
            case 1:
                self._scan(_BADGE, "]C0")
            case _:
                self._wait()

    def _expect_payment(self) -> None:
        terminal = self._far.payment
        if terminal is None:
            return
        payer: Customer = CUSTOMERS[self._chance.choice(_PAYERS)]
        # They hurry here: what they do counts, not how long they think.
        terminal.expect(replace(payer, card_after_ms=120, key_after_ms=80, removes_after_ms=80))
        if self._chance.randrange(_FAULT_EVERY) == 0:
            terminal.arm(self._chance.choice(_FAULTS))

    def _mind_the_paper(self) -> None:
        printer = self._far.printer
        if printer is None:
            return
        if self._chance.randrange(_PAPER_EVERY) == 0:
            printer.set_fault(PrinterFault.PAPER_OUT)
        elif not self._session.devices.can_print and self._chance.randrange(6) == 0:
            printer.set_fault(PrinterFault.PAPER_OUT, on=False)


def play_crowd(configuration: Configuration, *, seed: int, minutes: float) -> int:
    """Let customers come for `minutes`. 0; or 1 where books and payment terminal disagree in the end, said on stderr.

    Raises TourError where the terminal does not come to rest, and what `Kiosk` raises.
    """
    prefer_offscreen()
    from ui.terminal import Kiosk, application, transports_of  # noqa: PLC0415 - Qt reads its platform when it is loaded

    application()
    data = PROJECT_ROOT / Path(configuration.data.directory)
    far = FarSides(KINDS, data / "virtual", settings=_SETTINGS)
    try:
        kiosk = Kiosk(own_books(configuration, data), transports_of(configuration, far.urls))
        try:
            return _play(Hands(kiosk, _PATIENCE_S), far, seed, minutes)
        finally:
            kiosk.close()
    finally:
        far.close()


def _play(hands: Hands, far: FarSides, seed: int, minutes: float) -> int:
    is_open: list[bool] = []
    hands.kiosk.open(lambda: is_open.append(True))
    hands.wait(lambda: is_open, "the first frame", 60)
    crowd = Crowd(hands, far, hands.kiosk.terminal.books, seed)
    until = time.monotonic() + minutes * 60
    while time.monotonic() < until:
        crowd.act()
    return _account(hands, far)


def _account(hands: Hands, far: FarSides) -> int:
    """Wait until no payment and no print is under way, and hold the books against the payment terminal."""
    kiosk, busy = hands.kiosk, ("pay", "clarifying", "printing")
    books = kiosk.terminal.books
    ledger = books.journal.ledger
    hands.wait(
        lambda: hands.step not in busy and not ledger.unresolved_payments(),
        "every payment to be cleared up",
        _REST_S,
    )
    kiosk.terminal.settle()
    problems = books_problems(books, far)
    for problem in problems:
        print(problem, file=sys.stderr)
    verdict = "wrong" if problems else "all right"
    print(f"{len(completed_sales(books))} sales, {books.journal.head()[0]} entries, {verdict}")
    return 1 if problems else 0
