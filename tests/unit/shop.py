"""A shop made up for the tests of prices and sales: articles, offers, baskets, and random ones of each."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.bills.bill import Bill
from kiosk.domain.item import Item
from kiosk.domain.money import Money, RoundingMode
from kiosk.domain.pricing import PriceRules
from kiosk.domain.promotion import Promotion, PromotionKind
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.tax import TaxClass, TaxRules

TODAY = date(2026, 11, 21)
CLASSES = {code: TaxClass(code, rate_bp) for code, rate_bp in (("standard", 1900), ("reduced", 700), ("zero", 0))}
TAX = TaxRules(CLASSES)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def an_item(number: int = 1, minor: int = 100, **more: Any) -> Item:
    item = Item(f"{number:014}", {"en": f"Item {number}"}, euro(minor), Unit.PIECE, "standard", "food", "", "v1")
    return replace(item, **more)


def an_offer(kind: str, promotion_id: str = "p", **more: Any) -> Promotion:
    return Promotion(promotion_id, PromotionKind(kind), {"en": promotion_id}, **more)


def the_rules(*promotions: Promotion, **more: Any) -> PriceRules:
    return PriceRules(TAX, "EUR", promotions, **more)


def a_basket(*items: Item | tuple[Item, int], **more: Any) -> Basket:
    basket = Basket(**more)
    for one in items:
        item, count = one if isinstance(one, tuple) else (one, 1)
        basket = basket.with_item(item, Quantity.pieces(count))
    return basket


_ITEMS = [
    an_item(
        number,
        minor,
        category=f"c{number % 3}",
        tax_class=("standard", "reduced", "zero")[number % 3],
        deposit=euro(25) if number % 4 == 0 else None,
        member_price=euro(minor * 4 // 5) if number % 2 else None,
        unit=Unit.KILOGRAM if number % 5 == 0 else Unit.PIECE,
    )
    for number, minor in enumerate((1, 33, 99, 100, 149, 149, 250, 333, 999, 1999), 1)
]


@st.composite
def offers(draw: st.DrawFn) -> tuple[Promotion, ...]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(PromotionKind))
        n = draw(st.integers(2, 4))
        by_percent = draw(st.booleans()) or kind is PromotionKind.PERCENT
        offer = an_offer(
            kind,
            f"p{number}",
            priority=draw(st.integers(1, 3)),
            n=n,
            pay=draw(st.integers(1, n - 1)),
            price_minor=draw(st.integers(0, 900)),
            percent_bp=draw(st.integers(1, 10_000)) if by_percent else 0,
            amount_minor=0 if by_percent and kind is PromotionKind.COUPON else draw(st.integers(1, 400)),
            code=f"C{number}",
            min_spend_minor=draw(st.sampled_from([0, 500, 2000])),
            gtins=draw(st.frozensets(st.sampled_from([item.gtin for item in _ITEMS]), max_size=5)),
            category=draw(st.sampled_from(["", "c0", "c1"])),
            combines_with=draw(st.sampled_from(["none", "all", ("p0",), ("p1", "p2")])),
        )
        made.append(offer)
    return tuple(made)


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    kinds = draw(st.lists(st.sampled_from(["gift", "deposit-return"]), max_size=2))
    basket = Basket(
        coupons=tuple(draw(st.lists(st.sampled_from([f"C{n}" for n in range(6)]), max_size=3))),
        member=draw(st.sampled_from([None, "MBR-1"])),
        vouchers=tuple(Voucher(f"V{n}", kind, euro(draw(st.integers(1, 5000)))) for n, kind in enumerate(kinds)),
    )
    for item in draw(st.lists(st.sampled_from(_ITEMS), max_size=10)):
        amount = draw(st.integers(1, 4))
        weighed = item.unit is Unit.KILOGRAM
        quantity = Quantity.grams(amount * 137) if weighed else Quantity.pieces(amount)
        embedded = euro(amount * 77) if weighed and draw(st.booleans()) else None
        basket = basket.with_item(item, quantity, embedded_price=embedded)
    return basket


@st.composite
def site_rules(draw: st.DrawFn) -> PriceRules:
    mode, flag = st.sampled_from(RoundingMode), st.booleans()
    tax = TaxRules(CLASSES, draw(flag), draw(flag), draw(mode), draw(flag))
    return PriceRules(tax, "EUR", draw(offers()), draw(mode), draw(st.sampled_from([1, 5])))


def a_bill(number: int = 1, minor: int | None = 4200, **more: Any) -> Bill:
    bill = Bill("epc", f"DE{number:020}", "EUR", "Stadtwerke", f"RF{number:02}", None if minor is None else euro(minor))
    return replace(bill, **more)


def billed(basket: Basket, *amounts: int, fee: int = 0, is_confirmed: bool = True) -> Basket:
    """`basket` with bills of these amounts, each with the fee."""
    for number, minor in enumerate(amounts, len(basket.bills) + 1):
        bill = a_bill(number, minor)
        basket = basket.with_bill(bill, euro(minor), euro(fee), f"ref-{number}", is_confirmed=is_confirmed)
    return basket


@st.composite
def billed_baskets(draw: st.DrawFn) -> Basket:
    """Random baskets with one to four bills beside whatever else is in them."""
    basket = draw(baskets())
    for number in range(1, draw(st.integers(1, 4)) + 1):
        bill = a_bill(number, draw(st.none() | st.integers(1, 10**9)), due=draw(st.none() | st.dates()))
        amount, fee = euro(draw(st.integers(1, 10**9))), euro(draw(st.integers(0, 500)))
        basket = basket.with_bill(bill, amount, fee, f"ref-{number}", is_confirmed=draw(st.booleans()))
    return basket
