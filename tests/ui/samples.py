"""Sample sessions: what each screen shows at its fullest, in words of the demo store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from account_samples import account_sessions
from form_samples import form_sessions
from PySide6.QtCore import QCoreApplication, QEventLoop
from refund_samples import ALL_REASONS, refund_sessions

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.item import Category, Item
from kiosk.domain.money import Money
from kiosk.domain.pricing import PriceRules, price
from kiosk.domain.promotion import Promotion, PromotionKind
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.tax import TaxClass, TaxRules
from kiosk.ports import Health, HealthState
from kiosk.services.checkout.session import (
    Devices,
    Easier,
    Notice,
    PaymentView,
    PickerView,
    PriceAsked,
    ReceiptView,
    Session,
    StaffView,
    Tone,
)
from kiosk.services.words import Words
from tests.ui.bill_samples import bill_samples
from ui.viewmodels.look import Look
from ui.viewmodels.presenting import Presenter
from ui.viewmodels.till import Till
from ui.viewmodels.words import WordsBridge
from ui.window import KioskWindow, Panel

ASSETS = Path(__file__).resolve().parents[2] / "assets"
READY = Health(HealthState.READY)
DEVICES = Devices(READY, READY, READY)

_ITEMS = (
    # name_en, name_de, minor, category, picture, deposit, age
    ("Espresso, whole beans, 1 kg", "Espresso, ganze Bohne, 1 kg", 1249, "coffee-tea", "coffee", 0, 0),
    ("Butter", "Butter", 249, "dairy", "butter", 0, 0),
    ("Bananas, loose", "Bananen, lose", 179, "fruit", "banana", 0, 0),
    ("Sparkling water, 6 × 1.5 l", "Mineralwasser, 6 × 1,5 l", 294, "water", "water", 150, 0),
    ("Rye bread, sliced, 500 g", "Roggenbrot, geschnitten, 500 g", 219, "bakery", "loaf", 0, 0),
    ("Riesling, dry, 0.75 l", "Riesling, trocken, 0,75 l", 699, "wine", "wine", 0, 16),
    ("Whole milk 3.8 %, 1 l", "Vollmilch 3,8 %, 1 l", 129, "dairy", "milk", 0, 0),
    ("Oranges, Navel, net 1.5 kg", "Orangen Navel, Netz 1,5 kg", 299, "fruit", "orange", 0, 0),
)
_CATEGORIES = (
    ("fruit", "Fruit", "Obst", "apple"),
    ("vegetables", "Vegetables", "Gemüse", "carrot"),
    ("bakery", "Bread and cakes", "Brot und Kuchen", "loaf"),
    ("snacks", "Nuts and snacks", "Nüsse und Snacks", "nuts"),
    ("flowers", "Flowers", "Blumen", "flowers"),
    ("services", "Stamps and giving", "Briefmarken und Spenden", "heart"),
)


def item(at: int, name: str = "") -> Item:
    """An article of the samples; `name` replaces its names."""
    english, german, minor, category, picture, deposit, age = _ITEMS[at]
    return Item(
        gtin=f"{9526001000000 + at:014d}",
        names={"en": name or english, "de": name or german},
        price=Money(minor, "EUR"),
        unit=Unit.KILOGRAM if "loose" in english else Unit.PIECE,
        tax_class="reduced",
        category=category,
        picture=picture,
        price_version="1",
        minimum_age=age,
        deposit=Money(deposit, "EUR") if deposit else None,
    )


def sold(names: str = "") -> Session:
    """A session with a full basket; `names` replaces every article's name."""
    basket = Basket()
    for at in range(len(_ITEMS)):
        one = item(at, names)
        quantity = Quantity.grams(842) if one.unit is Unit.KILOGRAM else Quantity.pieces(2 if at > 5 else 1)
        basket = basket.with_item(one, quantity)
    labels = {"en": "2 for 5.00 €", "de": "2 für 5,00 €"}
    two = Promotion("two", PromotionKind.N_FOR_PRICE, labels, gtins=frozenset({item(7).gtin}), n=2, price_minor=500)
    rules = PriceRules(TaxRules({"reduced": TaxClass("reduced", 700)}), "EUR", (two,))
    basket = replace(
        basket, coupons=("CPN-COFFEE",), vouchers=(Voucher("DEP-7K2M9Q4T", "deposit-return", Money(325, "EUR")),)
    )
    priced = price(basket, rules, date(2026, 11, 21))
    return Session(
        "en",
        "basket",
        "sale-1",
        basket,
        priced,
        (Basket(),),
        basket.lines[-1].line_id,
        devices=DEVICES,
    )


_PRICE = PriceAsked(1, "Oranges, Navel, net 2 kg", Money(299, "EUR"), Money(249, "EUR"))


def _payment(message: str, **more: object) -> PaymentView:
    return PaymentView("ref-1", 2869, message, **more)  # type: ignore[arg-type]


def sessions() -> dict[str, Session]:
    """Each screen and overlay by a short name."""
    empty, full = Session("en", devices=DEVICES), sold()
    plain = replace(full, priced=full.priced)
    receipt = replace(empty, payment=_payment("approved"), receipt=ReceiptView("sale-1", 1042))
    categories = tuple(
        Category(code, {"en": en, "de": de}, picture, on_touch=True) for code, en, de, picture in _CATEGORIES
    )
    goods = tuple(item(at % len(_ITEMS)) for at in range(16))
    text = (
        "Hofmarkt, Marktstraße 1, 10115 Berlin\n2026-11-21 14:03 Receipt 1042\n"
        + "Oranges, Navel 5.00\n" * 8
        + "Total 28.69 EUR"
    )
    no_paper = replace(DEVICES, printer=Health(HealthState.FAULT, "paper-out"))
    found: dict[str, Session] = {
        "attract": empty,
        "attract-no-card": replace(empty, devices=replace(DEVICES, payment=Health(HealthState.FAULT))),
        "home-both": replace(empty, profile="both"),
        "home-shop": replace(empty, profile="shop"),
        "home-bank": replace(empty, profile="bank"),
        "basket": full,
        "basket-notice": replace(full, notice=Notice("notice.voucher-added", tone=Tone.GOOD)),
        "basket-help": replace(full, help_called=True),
        "picker": replace(full, step="picker", picker=PickerView(categories, goods)),
        "keypad": replace(full, step="keypad"),
        "weight": replace(full, step="weight", pending_item=item(2)),
        "price": replace(full, step="price", pending_item=item(2)),
        "price-check": replace(full, step="price-check", help_called=True, price_asked=_PRICE),
        "coupon": replace(full, step="coupon"),
        "unknown-code": replace(full, step="unknown-code", problem="check-digit"),
        "refused": replace(
            full, step="refused", problem="recalled", problem_params={"item": "Spinat"}, help_called=True
        ),
        "age-check": replace(full, step="age-check", help_called=True),
        "staff-login": replace(full, step="staff-login", staff=StaffView("age", "STF-1", refusal="wrong-pin")),
        "staff-menu": replace(full, step="staff-menu", staff=StaffView("age", "STF-1", "Mara Lind", "attendant")),
        "staff-price": replace(
            full, step="staff-menu", staff=StaffView("price", "STF-1", "Mara Lind", "attendant"), price_asked=_PRICE
        ),
        "staff-service": replace(
            full, step="staff-menu", staff=StaffView("service", "STF-1", "Mara Lind", "attendant")
        ),
        "paper-out": replace(full, step="paper-out", problem="paper-out", devices=no_paper),
        "pay": replace(plain, step="pay", payment=_payment("insert-card")),
        "pay-pin": replace(plain, step="pay", payment=_payment("enter-pin")),
        "pay-remove": replace(plain, step="pay", payment=_payment("remove-card")),
        "pay-cancelling": replace(plain, step="pay", payment=_payment("cancelling", cancelling=True)),
        "clarifying": replace(plain, step="clarifying", payment=_payment("please-wait"), help_called=True),
        "receipt-choice": replace(receipt, step="receipt-choice"),
        "receipt-choice-no-paper": replace(receipt, step="receipt-choice", devices=no_paper),
        "printing": replace(receipt, step="printing"),
        "receipt-qr": replace(receipt, step="receipt-qr", receipt=ReceiptView("sale-1", 1042, text)),
        "thanks": replace(receipt, step="thanks"),
        "held": replace(full, step="held", held_code="HLD-4TQ7ZC8P"),
        "resume": replace(full, step="resume"),
        "out-of-service": replace(empty, step="out-of-service", problem="payment-unresolved"),
        "overlay-help": replace(full, overlay="help"),
        "overlay-language": replace(full, overlay="language"),
        "overlay-easier": replace(full, overlay="easier"),
        "overlay-more": replace(full, overlay="more"),
        "overlay-still-there": replace(full, countdown_s=17),
    }
    found |= bill_samples(full, empty)
    for problem in ("declined", "cancelled", "wrong-pin", "card-left-in", "timeout", "unreachable"):
        found[f"pay-problem-{problem}"] = replace(
            plain, step="pay-problem", problem=problem, payment=_payment("", reason=problem)
        )
    found |= account_sessions(empty, replace(empty, devices=no_paper))
    return {**found, **form_sessions(empty), **refund_sessions(full)}


SAMPLES = sessions()
# The most that a home screen holds, and how little.
PROFILES = {
    "self-checkout": ("checkout",),
    "shop": ("checkout", "bills", "refund"),
    "bank": ("bills", "account", "form:ticket", "form:appointment"),
    "both": ("checkout", "bills", "account", "refund", "form:ticket", "form:after-sales"),
    "closed": (),
}


class Stage:
    """A window with a till that no register stands behind: `asked` keeps what touches asked for."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        words = Words(ASSETS / "languages", "en", country="DE")
        self.words = WordsBridge(words, "en", "EUR")
        self.till = Till(self.asked.append)
        self.look = Look("Hofmarkt")
        self.presenter = Presenter(
            self.till,
            self.words,
            terminal="4",
            currency="EUR",
            offered=lambda session: PROFILES[session.profile],
            refund_reasons=ALL_REASONS,
        )
        self.window = KioskWindow(self.till, self.words, self.look, ASSETS, Panel())
        self.window.show()

    def show(
        self, session: Session, width: int = 1280, height: int = 800, language: str = "en", **easier: bool
    ) -> None:
        """Show `session` in this size, language and way."""
        if (self.window.view.width(), self.window.view.height()) != (width, height):
            self.presenter.show(SAMPLES["attract"])  # a panel never changes its size under a customer
            self.window.resize(width, height)
            settle()
        modes = Easier(**{"reduced_motion": True, **easier})
        self.presenter.show(replace(session, language=language, easier=modes))
        settle()
        self.window.grab()  # lays out what was only asked for

    def close(self) -> None:
        """Take the window down before the view-models that it shows."""
        self.window.close()
        settle()


def settle() -> None:
    """Let everything that is due happen."""
    for _ in range(3):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
