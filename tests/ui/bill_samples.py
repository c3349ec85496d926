"""Sample sessions of paying a bill: each screen at its fullest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.bills.reading import BillRules
from kiosk.domain.bills.typed import State, Typed
from kiosk.domain.bills.typed_checks import typed
from kiosk.domain.money import Money
from kiosk.domain.pricing import PriceRules, price
from kiosk.domain.tax import TaxClass, TaxRules
from kiosk.services.bill_payment.view import BillView, Offer
from kiosk.services.checkout.session import Session

RULES = PriceRules(TaxRules({"reduced": TaxClass("reduced", 700)}), "EUR")
BOLETO = "23793381286000782713695000063305975520000370000"
FINNISH = "479440520200360820048831500000000868516259619897100612"
DUE = date(2026, 12, 4)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


ENERGY = Bill(
    "epc", "DE02120300000000202051", "EUR", "Stadtwerke Musterstadt GmbH", "RF18539007547034", euro(8_421), DUE, "Strom"
)
LONGEST = Bill(
    "epc",
    "DE02120300000000202051",
    "EUR",
    "Gemeinschaftsstadtwerke Kamen Bönen Bergkamen Versorgungsbetriebe GmbH",  # 70 letters
    "RF18ABCDEFGHIJKLMNOPQRSTUVWXYZ01234",  # 35
    euro(99_999_999),
    DUE,
    "Abschlag Januar bis Dezember, Zählernummer 1ESY1160324581, bitte immer angeben",
)
NAMELESS = Bill("boleto-utility", "02200040", "EUR", None, "4600082100000000012345678", euro(1_275))


def offer(bill: Bill, **more: object) -> Offer:
    plain = Offer(bill.payee or "", bill.amount, euro(0), bill.due, None, False, euro(1), euro(100_000), True)
    return replace(plain, **more)  # type: ignore[arg-type] # the test's own


def view(bill: Bill, **more: object) -> BillView:
    return replace(BillView(bill, bill_key(bill), offer(bill), bill.amount), **more)  # type: ignore[arg-type] # the test's own


def typing(text: str, state: State = State.OPEN) -> Typed:
    found = typed(text, BillRules(), "EUR", lambda _: None)
    return replace(found, verdict=state) if state is not State.OPEN else found


def with_bills(session: Session, *bills: Bill, fee: int = 0) -> Session:
    basket = session.basket
    for at, bill in enumerate(bills):
        basket = basket.with_bill(bill, bill.amount or euro(100), euro(fee), f"ref-{at}", is_confirmed=at % 2 == 0)
    priced = price(basket, RULES, date(2026, 11, 22))
    newest = basket.bills[-1].line_id
    return replace(session, step="basket", basket=basket, priced=priced, newest_line_id=newest, sale_id="sale-1")


def bill_samples(full: Session, empty: Session) -> dict[str, Session]:
    """Each screen of a bill by a short name."""

    def at(step: str, bill: BillView, session: Session = full) -> Session:
        return replace(session, step=step, bill=bill)

    overdue, late = {"day": date(2026, 11, 2)}, {"day": date(2026, 11, 2), "late": euro(250)}
    energy, longest = view(ENERGY), view(LONGEST)
    fee = offer(ENERGY, fee=euro(150), late=euro(250), may_change=True)
    unsure = offer(LONGEST, fee=euro(150), late=euro(1_250), may_change=True, is_confirmed=False)
    bank = replace(empty, profile="bank")
    found = {
        "bill-start": at("bill-start", BillView(), bank),
        "bill-typing": at("bill-typing", BillView()),
        "bill-typing-some": at("bill-typing", BillView(typed=typing(BOLETO[:25]))),
        "bill-typing-wrong": at("bill-typing", BillView(typed=typing("2379338129600078271369500"))),
        "bill-typing-all": at("bill-typing", BillView(typed=typing(FINNISH, State.GOOD))),
        "bill-typing-refused": at("bill-typing", BillView(typed=typing(FINNISH[:30]), not_read="bill-malformed")),
        "bill-asking": at("bill-asking", BillView(ENERGY, "k")),
        "bill": at("bill", energy, bank),
        "bill-fee": at("bill", replace(energy, offer=fee)),
        "bill-longest": at("bill", replace(longest, offer=unsure)),
        "bill-nameless": at("bill", view(NAMELESS, offer=offer(NAMELESS, is_confirmed=False))),
        "bill-amount": at("bill-amount", replace(longest, offer=unsure)),
        "bill-amount-high": at("bill-amount", replace(energy, refused_amount="high")),
        "bill-problem-unread": at("bill-problem", BillView(problem="bill-check-digit")),
        "bill-problem-mixed": at("bill-problem", replace(energy, problem="bill-mixed")),
        "bill-problem-late": at("bill-problem", replace(energy, problem="bill-overdue-late", params=late)),
        "bill-problem-overdue": at("bill-problem", replace(energy, problem="bill-overdue", params=overdue)),
        "bill-problem-again": at("bill-problem", replace(energy, problem="bill-paid-before", params=overdue)),
        "bill-problem-limit": at("bill-problem", replace(energy, problem="bill-limit", params={"limit": euro(10**8)})),
        "overlay-more-bills": replace(full, overlay="more", profile="both"),
        "basket-bills": with_bills(bank, NAMELESS, ENERGY, fee=150),
        "basket-mixed": with_bills(full, ENERGY, NAMELESS),
    }
    for code in ("being-paid", "closed", "unknown", "offline-total", "none"):
        found[f"bill-problem-{code}"] = at("bill-problem", replace(energy, problem=f"bill-{code}"))
    amount = {"limit": euro(20_000)}
    found["bill-problem-offline-amount"] = at(
        "bill-problem", replace(energy, problem="bill-offline-amount", params=amount)
    )
    return found
