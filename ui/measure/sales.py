"""Sales as a shop makes them, to commit and to look up: five lines, two tax classes, a deposit, paid by card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from kiosk.domain.basket import Basket
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.item import Item
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Payment, Result
from kiosk.domain.payment_facts import booking, intent_body
from kiosk.domain.pricing import PriceRules, price
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.sale import sale_body
from kiosk.domain.tax import TaxClass, TaxRules

_AT = "2026-11-21T10:00:00+01:00"
_NAMES = (
    "Rowan fresh milk 1 l",
    "Alder whole rye bread 750 g",
    "Birch mineral water 6 x 1.5 l",
    "Bananas",
    "Elm mild soap 300 ml",
)
_PRICES_MINOR = (119, 349, 294, 199, 245)
_RULES = PriceRules(
    TaxRules({code: TaxClass(code, rate) for code, rate in (("standard", 1900), ("reduced", 700))}), "EUR"
)


def paid_sale(number: int) -> tuple[Fact, tuple[Fact, ...]]:
    """The intent of sale `number`, and the facts of its one commit: payment approved, sale completed, receipt pending."""
    basket = Basket()
    for place, item in enumerate(_items()):
        weighed = item.unit is Unit.KILOGRAM
        basket = basket.with_item(item, Quantity.grams(812) if weighed else Quantity.pieces(1 + place % 2))
    priced = price(basket, _RULES, date(2026, 11, 21))
    sale_id = f"019ab{number:07x}{number * 2654435761 % 2**64:016x}"
    sale = {**sale_body(sale_id, basket, priced, language="en", at=_AT), "receipt_number": str(number + 1)}
    payment = Payment(f"p{sale_id}", priced.to_pay, sale, last_trace=number)
    outcome = Outcome(Result.APPROVED, amount=priced.to_pay, trace=number + 1, receipt_no=number % 9999 + 1)
    intended = _stamp(payment.ref, Kind.PAYMENT_INTENDED, intent_body(payment))
    approved = Payment(payment.ref, payment.amount, sale, last_trace=number, outcome=outcome)
    return intended, booking(approved, _stamper(payment.ref))


def _items() -> tuple[Item, ...]:
    return tuple(
        Item(
            gtin=f"{40001230000 + place * 7:014d}",
            names={"en": name, "de": name},
            price=Money(minor, "EUR"),
            unit=Unit.KILOGRAM if name == "Bananas" else Unit.PIECE,
            tax_class="standard" if "soap" in name else "reduced",
            category="food",
            picture="",
            price_version="2026-11-21",
            deposit=Money(150, "EUR") if "water" in name else None,
        )
        for place, (name, minor) in enumerate(zip(_NAMES, _PRICES_MINOR, strict=True))
    )


def _stamper(ref: str) -> Callable[[Kind, Mapping[str, Json]], Fact]:
    return partial(_stamp, ref)


def _stamp(ref: str, kind: Kind, body: Mapping[str, Json]) -> Fact:
    subject = str(body.get("sale_id", ref)) if not kind.startswith("payment.") else ref
    return Fact(kind, subject, body, _AT, 1_000)
