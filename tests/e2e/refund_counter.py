"""What the tests of refunds share: a shop that takes goods back, and a customer who bought some."""

from __future__ import annotations

from collections.abc import Callable

from devices.virtual.payment_settings import Fault
from devices.virtual.printer import Fault as PrinterFault
from kiosk.configuration import Configuration
from tests.e2e.shop_floor import ShopFloor, walk_away
from ui.tour.hands import Hands
from ui.tour.visit import MILK, Visit

MILK_MINOR = 129


def with_refunds(customer_minor: int = 10_000) -> Callable[[Configuration], Configuration]:
    """A shop whose customers may take so much back without a member of staff."""

    def changed(configuration: Configuration) -> Configuration:
        refunds = configuration.refunds.model_copy(
            update={"ceilings_minor": {"customer": customer_minor, "attendant": 200, "supervisor": 50_000}}
        )
        terminal = configuration.terminal.model_copy(update={"profile": "shop"})
        return configuration.model_copy(update={"refunds": refunds, "terminal": terminal})

    return changed


def clear(floor: ShopFloor) -> None:
    """Nobody at the terminal, everything mended."""
    hands = floor.visit.hands
    assert floor.far.printer is not None
    for fault in PrinterFault:
        floor.far.printer.set_fault(fault, on=False)
    floor.visit.payment.disarm(*Fault)
    floor.visit.payment.expect(None)
    register = floor.kiosk.terminal.register

    def is_free() -> bool:
        if hands.step == "refund-money":
            floor.visit.payment.cancel_key()
        elif hands.step != "attract":
            walk_away(floor.kiosk)
        devices = register.state.devices
        return hands.step == "attract" and devices.can_print and devices.can_charge

    hands.wait(is_free, "everybody to leave", 60)


def bought(visit: Visit, count: int = 1) -> str:
    """So many milks, paid; gives the receipt's code."""
    for _ in range(count):
        visit.scan_item(MILK)
    visit.hands.press("action.pay")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")
    assert visit.session.receipt is not None
    number = visit.session.receipt.receipt_number
    visit.hands.press("action.no-receipt")
    visit.hands.wait_for_step("thanks")
    walk_away(visit.kiosk)
    visit.hands.wait_for_step("attract")
    return f"RCP-4-{int(number):06d}"


def at_the_reason(visit: Visit, code: str, *, pieces: int = 0) -> None:
    """The receipt is scanned, and all of it or so many pieces are chosen."""
    visit.scan(code, "]C0")
    visit.hands.wait_for_step("refund-lines")
    if pieces:
        for _ in range(pieces):
            visit.hands.press_label(more(visit.hands, visit))
    else:
        visit.hands.press("action.all-of-it")
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("refund-reason")


def more(hands: Hands, visit: Visit) -> str:
    """What the plus beside the only line is called."""
    assert visit.session.refund is not None and visit.session.refund.sale is not None
    words = hands.kiosk.terminal.words
    return words("name.more", item=visit.session.refund.sale.lines[0].name)


def at_the_card(visit: Visit) -> None:
    """The reason is given, and the payment terminal asks for a card."""
    visit.hands.press("screen.refund-reason.damaged")
    wait_for_word(visit, "insert-card")


def wait_for_word(visit: Visit, word: str) -> None:
    visit.hands.wait(
        lambda: visit.session.refund is not None and visit.session.refund.message == word,
        f"the payment terminal to say {word}",
    )


def charged(visit: Visit) -> int:
    return visit.payment.ledger.charged_minor()
