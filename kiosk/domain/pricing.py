"""What a basket costs, and why: lines, savings, deposits, taxes, vouchers, bills, and what is left to pay. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date

from kiosk.domain.basket import Basket, BillLine, Line, Voucher
from kiosk.domain.money import CurrencyMismatchError, Money, RoundingMode, rounded_ratio
from kiosk.domain.offers import Row, apply_promotions
from kiosk.domain.promotion import Promotion, PromotionError, PromotionKind
from kiosk.domain.quantity import Unit
from kiosk.domain.records import dataclass
from kiosk.domain.tax import TaxClass, TaxRules, TaxTotal, tax_totals


class NotWeighedError(ValueError):
    """A line sold by the kilogram has no weight: weigh it before it is priced."""


@dataclass(frozen=True, slots=True)
class PriceRules:
    """How a site prices. `mode` rounds weighed lines and percentages; the amount to pay is rounded to multiples of `total_step` minor
    units. No promotion touches goods of `never_reduced` tax classes (gift cards, say), nor a deposit. Raises PromotionError where
    two promotions share an id."""

    tax: TaxRules
    currency: str
    promotions: tuple[Promotion, ...] = ()
    mode: RoundingMode = RoundingMode.HALF_UP
    total_step: int = 1
    never_reduced: frozenset[str] = frozenset()
    _by_key: Mapping[str, tuple[Promotion, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, list[Promotion]] = {}
        if len({promotion.promotion_id for promotion in self.promotions}) < len(self.promotions):
            raise PromotionError("two promotions share an id; give each its own")
        for promotion in self.promotions:
            keys = {f"gtin:{gtin}" for gtin in promotion.gtins}
            if promotion.category:
                keys.add(f"category:{promotion.category}")
            for key in keys or {""}:
                index.setdefault(key, []).append(promotion)
        object.__setattr__(self, "_by_key", {key: tuple(found) for key, found in index.items()})

    def promotions_for(self, line: Line) -> Iterable[Promotion]:
        """The promotions whose set holds the article of `line`, whether they run today or not."""
        item, found = line.item, self._by_key
        keys = ("", f"gtin:{item.gtin}", f"gtin:{item.plu}", f"category:{item.category}")
        return {one.promotion_id: one for key in keys for one in found.get(key, ())}.values()


@dataclass(frozen=True, slots=True)
class Saving:
    """What a promotion saved; `amount` is positive. `labels` maps a language code to the promotion's short text."""

    promotion_id: str
    labels: Mapping[str, str]
    amount: Money


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its price. `gross` is before savings, `total` after them. `unit_price` is for a piece or a kilogram."""

    line: Line
    unit_price: Money
    gross: Money
    savings: tuple[Saving, ...]
    total: Money
    tax_class: str
    tax_rate_bp: int


@dataclass(frozen=True, slots=True)
class DepositLine:
    """The deposit of a line: `count` pieces at `unit`."""

    line_id: int
    count: int
    unit: Money
    total: Money
    tax_class: str
    tax_rate_bp: int


@dataclass(frozen=True, slots=True)
class VoucherUse:
    """A voucher as tender: `used` of its amount counts, `unused` is left over and is not paid out here."""

    voucher: Voucher
    used: Money
    unused: Money


@dataclass(frozen=True, slots=True)
class UnusedCoupon:
    """A coupon that saved nothing. `reason` is `unknown`, `not-today`, `below-minimum` or `nothing-to-reduce`."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket's price. With `gross` lines and deposits: `subtotal - savings + tax_added = total`; `total - vouchers + rounding +
    bills_total + fees_total = to_pay`.

    `lines` in the basket's order. `tax_added` is zero where prices include tax. `promotions` sums up each promotion over all lines,
    in the order applied. `total` is also the gross sum of `taxes`: what the shop turns over, and never the bills.

    A bill is paid exactly: no promotion and no coupon reduces it, no tax is in it or comes on top, and the amount to pay is not rounded
    by it. Vouchers pay for goods alone: whoever could pay a bill by gift card could turn any gift card into money, unseen.
    `bills_total` is taken for the billers, `fees_total` are the untaxed fees on top.
    """

    lines: tuple[PricedLine, ...]
    deposits: tuple[DepositLine, ...]
    promotions: tuple[Saving, ...]
    vouchers: tuple[VoucherUse, ...]
    unused_coupons: tuple[UnusedCoupon, ...]
    taxes: tuple[TaxTotal, ...]
    subtotal: Money
    savings: Money
    tax_added: Money
    total: Money
    rounding: Money
    to_pay: Money
    bills: tuple[BillLine, ...]
    bills_total: Money
    fees_total: Money


def price(basket: Basket, rules: PriceRules, today: date) -> Priced:
    """The price of `basket` on `today`. Nothing depends on the order of scanning but the order of the lines.

    Raises NotWeighedError, UnknownTaxClassError, CurrencyMismatchError.
    """
    rows = [Row(line, _gross(line, rules), line.item.tax_class not in rules.never_reduced) for line in basket.lines]
    applied = apply_promotions(_candidates(basket, rows, rules, today), rules.mode)
    by_id = {promotion.promotion_id: promotion for promotion in applied}
    lines = tuple(_priced_line(row, by_id, rules) for row in rows)
    deposits = tuple(_deposit(line, rules) for line in basket.lines if line.item.deposit)
    taxes = tax_totals(_taxable(lines, deposits), rules.tax, rules.currency)
    subtotal = sum(row.gross for row in rows) + sum(deposit.total.minor for deposit in deposits)
    savings = sum(sum(row.savings.values()) for row in rows)
    total = sum(tax.gross.minor for tax in taxes)
    vouchers = _vouchers(basket.vouchers, total, rules.currency)
    due = total - sum(use.used.minor for use in vouchers)
    goods = rounded_ratio(due, 1, rules.mode, rules.total_step)
    bills, fees = _bills(basket.bills, rules.currency)
    money = rules.currency
    return Priced(
        lines=lines,
        deposits=deposits,
        promotions=_summary(applied, rows, money),
        vouchers=vouchers,
        unused_coupons=_unused_coupons(basket, rules, applied, rows, today),
        taxes=taxes,
        subtotal=Money(subtotal, money),
        savings=Money(savings, money),
        tax_added=Money(total - subtotal + savings, money),
        total=Money(total, money),
        rounding=Money(goods - due, money),
        to_pay=Money(goods + bills + fees, money),
        bills=basket.bills,
        bills_total=Money(bills, money),
        fees_total=Money(fees, money),
    )


def unit_price(line: Line) -> Money:
    """The price of a piece or a kilogram; for a price-embedded line sold by the piece, the embedded price."""
    if line.embedded_price is not None and line.item.unit is Unit.PIECE:
        return line.embedded_price
    return line.item.price


def _gross(line: Line, rules: PriceRules) -> int:
    price_of_one, quantity = unit_price(line), line.quantity
    for amount in (price_of_one, line.embedded_price, line.item.deposit, line.item.member_price):
        if amount is not None and amount.currency != rules.currency:
            raise CurrencyMismatchError(
                f"article {line.item.gtin} has an amount in {amount.currency}; the site sells in {rules.currency}"
            )
    if line.embedded_price is not None:
        return line.embedded_price.minor
    if line.item.unit is Unit.PIECE:
        return price_of_one.minor * (quantity.count or 1)
    if not quantity.weight_g:
        raise NotWeighedError(f"article {line.item.gtin} is sold by the kilogram and has no weight; weigh it first")
    return rounded_ratio(price_of_one.minor * quantity.weight_g, 1000, rules.mode)


def _candidates(
    basket: Basket, rows: list[Row], rules: PriceRules, today: date
) -> Iterable[tuple[Promotion, list[Row]]]:
    found: dict[str, tuple[Promotion, list[Row]]] = {}
    # Sorted by what the line is, not by when it was scanned: equal pieces are then taken in the same order in every basket.
    for row in sorted(rows, key=_article_order):
        for promotion in rules.promotions_for(row.line) if row.is_reducible else ():
            if _is_on(promotion, basket, today):
                found.setdefault(promotion.promotion_id, (promotion, []))[1].append(row)
    return found.values()


def _article_order(row: Row) -> tuple[str | int, ...]:
    line = row.line
    member = line.item.member_price
    return (
        line.item.gtin,
        line.item.price.minor,
        member.minor if member else -1,
        line.item.category,
        line.item.tax_class,
        line.item.plu,
        line.embedded_price.minor if line.embedded_price is not None else -1,
        line.quantity.weight_g,
        line.quantity.count,
        line.batch or "",
        line.line_id,
    )


def _is_on(promotion: Promotion, basket: Basket, today: date) -> bool:
    if promotion.kind is PromotionKind.COUPON and promotion.code not in basket.coupons:
        return False
    if promotion.kind is PromotionKind.MEMBER and not basket.member:
        return False
    return promotion.is_valid_on(today)


def _priced_line(row: Row, promotions: Mapping[str, Promotion], rules: PriceRules) -> PricedLine:
    tax_class = rules.tax.of(row.line.item.tax_class)
    savings = tuple(
        Saving(promotion_id, promotions[promotion_id].labels, Money(amount, rules.currency))
        for promotion_id, amount in row.savings.items()
    )
    return PricedLine(
        row.line,
        unit_price(row.line),
        Money(row.gross, rules.currency),
        savings,
        Money(row.value, rules.currency),
        tax_class.code,
        tax_class.rate_bp,
    )


def _deposit(line: Line, rules: PriceRules) -> DepositLine:
    unit = line.item.deposit or Money(0, rules.currency)
    count = line.quantity.count or 1
    tax_class = rules.tax.of_deposit(line.item.tax_class)
    return DepositLine(line.line_id, count, unit, unit * count, tax_class.code, tax_class.rate_bp)


def _taxable(lines: tuple[PricedLine, ...], deposits: tuple[DepositLine, ...]) -> list[tuple[TaxClass, int]]:
    sold: tuple[PricedLine | DepositLine, ...] = (*lines, *deposits)
    return [(TaxClass(one.tax_class, one.tax_rate_bp), one.total.minor) for one in sold]


def _vouchers(vouchers: Iterable[Voucher], total: int, currency: str) -> tuple[VoucherUse, ...]:
    """Deposit slips first: a gift voucher may keep a rest for another day, a slip is worth most here and now."""
    once = {voucher.code: voucher for voucher in vouchers}
    uses, left = [], total
    for voucher in sorted(once.values(), key=lambda one: (one.kind != "deposit-return", one.code)):
        if voucher.amount.currency != currency:
            raise CurrencyMismatchError(
                f"voucher {voucher.code} is in {voucher.amount.currency}, the sale in {currency}"
            )
        used = min(voucher.amount.minor, left)
        left -= used
        uses.append(VoucherUse(voucher, Money(used, currency), Money(voucher.amount.minor - used, currency)))
    return tuple(uses)


def _bills(bills: Iterable[BillLine], currency: str) -> tuple[int, int]:
    amounts, fees = Money(0, currency), Money(0, currency)
    for one in bills:
        if (one.amount.currency, one.fee.currency) != (currency, currency):
            raise CurrencyMismatchError(
                f"the bill of line {one.line_id} is paid in {one.amount.currency}; the site takes {currency}"
            )
        amounts, fees = amounts + one.amount, fees + one.fee
    return amounts.minor, fees.minor


def _summary(applied: Iterable[Promotion], rows: list[Row], currency: str) -> tuple[Saving, ...]:
    return tuple(
        Saving(one.promotion_id, one.labels, Money(sum(row.savings.get(one.promotion_id, 0) for row in rows), currency))
        for one in applied
    )


def _unused_coupons(
    basket: Basket, rules: PriceRules, applied: list[Promotion], rows: list[Row], today: date
) -> tuple[UnusedCoupon, ...]:
    used = {promotion.code for promotion in applied if promotion.code}
    return tuple(
        UnusedCoupon(code, _why_unused(code, rules, rows, today))
        for code in dict.fromkeys(basket.coupons)
        if code not in used
    )


def _why_unused(code: str, rules: PriceRules, rows: list[Row], today: date) -> str:
    known = [one for one in rules.promotions if one.kind is PromotionKind.COUPON and one.code == code]
    running = [one for one in known if one.is_valid_on(today)]
    if not running:
        return "not-today" if known else "unknown"
    for promotion in running:
        spent = [
            row.value
            for row in rows
            if row.is_reducible and any(one is promotion for one in rules.promotions_for(row.line))
        ]
        if spent and sum(spent) >= promotion.min_spend_minor:
            return "nothing-to-reduce"
    return "below-minimum" if any(one.min_spend_minor for one in running) else "nothing-to-reduce"
