"""The services beside the checkout, as visitors use them: a bill paid with groceries, an account looked into, a number drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from devices.virtual.payment_cards import CARDS, Entry
from kiosk.configuration import PROJECT_ROOT
from ui.bench.bills import sheaf
from ui.bench.holders import read_holders
from ui.tour.visit import BADGE, MILK, PIN, Visit

_SERIAL = 4_711  # in the references of the bills: this terminal's books and billers are as new as the tour
_HOLDERS = PROJECT_ROOT / "assets" / "store" / "accounts.toml"


def bill_payer(visit: Visit) -> Iterator[Callable[[], None]]:
    """A bill beside a bottle of milk: one payment, two sections on the receipt."""
    hands, picture = visit.hands, visit.picture
    bills = {bill.id: bill for bill in sheaf(date.today(), _SERIAL)}  # noqa: DTZ011 - a day that stands on paper has no zone

    def shown() -> None:
        visit.scan(bills["epc"].data.decode(), bills["epc"].aim)
        hands.wait_for_step("bill")
        picture("bill", "A bill: to whom, how much, for what")
        hands.press("action.take-bill")
        hands.wait_for_step("basket")

    def paid_before() -> None:
        visit.scan(bills["paid"].data.decode(), bills["paid"].aim)
        hands.wait_for_step("bill-problem")
        picture("bill-paid", "What is paid already is not paid twice")
        hands.press("action.back")
        hands.wait_for_step("basket")

    def paid() -> None:
        visit.scan_item(MILK)
        picture("bill-basket", "Bills and groceries, apart, in one payment")
        hands.press("action.pay")
        hands.wait_for_step("pay")
        visit.tap_card("visa")
        # Above fifty euros a card that is held to the reader asks for its PIN.
        hands.wait(lambda: visit.message == "enter-pin", "the payment terminal to ask for the PIN")
        visit.payment.enter_pin("1234")
        hands.wait_for_step("receipt-choice")
        hands.press("action.print")
        hands.wait_for_step("thanks")
        hands.press("action.done")
        hands.wait_for_step("attract")

    yield from (shown, paid_before, paid)


def returner(visit: Visit) -> Iterator[Callable[[], None]]:
    """The milk of the last receipt goes back: its bill is the biller's, a member of staff says yes, the money goes to the same card."""
    hands, picture = visit.hands, visit.picture
    configuration = visit.kiosk.configuration

    def chosen() -> None:
        number = visit.kiosk.terminal.books.journal.ledger.last_receipt_number()
        prefix = configuration.site.scan.receipt_prefixes[0]
        visit.scan(f"{prefix}{configuration.terminal.id}-{number.zfill(6)}", "]C0")
        hands.wait_for_step("refund-lines")
        hands.press("action.all-of-it")
        picture("refund-lines", "What goes back, of what was bought")
        hands.press("action.continue")
        hands.wait_for_step("refund-reason")
        picture("refund-reason", "Why, in one touch")
        hands.press("screen.refund-reason.damaged")

    def approved() -> None:
        hands.wait_for_step("refund-approval")
        picture("refund-approval", "Above the customer's own ceiling a member of staff decides")
        visit.scan(BADGE, "]C0")
        hands.wait_for_step("staff-login")
        hands.type_digits(PIN)
        hands.press("action.continue")
        hands.wait_for_step("staff-menu")
        hands.press("action.approve")

    def given_back() -> None:
        hands.wait_for_step("refund-money")
        hands.wait(
            lambda: visit.session.refund and visit.session.refund.message == "insert-card", "the terminal to ask"
        )
        picture("refund-money", "The money goes back to the card that paid")
        visit.payment.present_card(CARDS["visa"], Entry.TAPPED)
        hands.wait_for_step("refund-done")
        picture("refund-done", "Given back, with a receipt of its own")
        hands.press("action.print")
        hands.wait_for_step("thanks")
        hands.press("action.done")
        hands.wait_for_step("attract")

    yield from (chosen, approved, given_back)


def account_holder(visit: Visit) -> Iterator[Callable[[], None]]:
    """A card's code, the PIN, the account with its amounts hidden until they are wanted."""
    hands, picture = visit.hands, visit.picture
    holder = read_holders(_HOLDERS)[0]

    def known() -> None:
        visit.scan(f"ACC-{holder.card}", "]C0")
        hands.wait_for_step("account-pin")
        picture("account-pin", "The PIN, never shown and never spoken")
        hands.type_digits(holder.pin)
        hands.press("action.continue")
        hands.wait_for_step("account", "account-consent")
        if hands.step == "account-consent":
            picture("account-consent", "What is agreed to, once")
            hands.press("action.account-agree")
            hands.wait_for_step("account")

    def seen() -> None:
        picture("account", "The account: amounts stay hidden until they are wanted")
        hands.press("action.account-show")
        picture("account-open", "The amounts, on request")
        hands.press("action.account-leave")
        hands.wait_for_step("attract")

    yield from (known, seen)


def number_drawer(visit: Visit) -> Iterator[Callable[[], None]]:
    """A number for the cash desk."""
    hands, picture = visit.hands, visit.picture

    def drawn() -> None:
        hands.press("service.form-ticket")
        hands.wait_for_step("form")
        picture("form", "One question a screen")
        hands.press_label("Cash desk")
        hands.wait_for_step("form-done")
        picture("form-done", "The number, on the screen and on paper")
        hands.press("action.done")
        hands.wait_for_step("attract")

    yield drawn
