"""A sale as the journal keeps it: everything that was sold, paid and promised, readable alone in ten years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from kiosk.domain.basket import Basket
from kiosk.domain.facts import Json
from kiosk.domain.money import Money
from kiosk.domain.pricing import DepositLine, Priced, PricedLine, Saving, VoucherUse
from kiosk.domain.records import dataclass
from kiosk.domain.sale_bills import SaleBill, sale_bill, sale_bill_body
from kiosk.domain.tax import TaxTotal

# A sale with bills is of another schema: a central service or a terminal that knows no bills sets it aside as one that it cannot read,
# and does not take the money of a biller for the shop's. A sale of goods stays readable for all of them.
SCHEMA, SCHEMA_WITH_BILLS = 1, 2

Part = TypeVar("Part")


class SaleBodyError(ValueError):
    """The body is no sale that this version can read; the message names what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class SaleSaving:
    """What a promotion saved, with its label in the language of the sale; `amount` is positive."""

    promotion_id: str
    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A line as sold. `count` pieces or `weight_g` grams; `unit` is what `unit_price` is for ("piece", "kg")."""

    line_id: int
    gtin: str
    plu: str
    name: str
    category: str
    count: int
    weight_g: int
    unit: str
    unit_price: Money
    price_version: str
    price_in_code: bool
    gross: Money
    savings: tuple[SaleSaving, ...]
    total: Money
    tax_class: str
    tax_rate_bp: int
    minimum_age: int
    batch: str | None
    expiry: date | None


@dataclass(frozen=True, slots=True)
class SaleVoucher:
    """A voucher taken as tender: `used` counted; `unused` was left over and not paid out."""

    code: str
    kind: str
    used: Money
    unused: Money


@dataclass(frozen=True, slots=True)
class SaleApproval:
    """Who looked at the shopper's age, and what was approved (see `Basket.age_fingerprint`)."""

    staff: str
    role: str
    reason: str
    fingerprint: str
    at: str


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale. `subtotal - savings + tax_added = total`; `total - vouchers + rounding + bills_total + fees_total = to_pay`. `at` is ISO
    8601 with offset. `total` is what the shop sold; `bills_total` was taken for the billers, `fees_total` are the fees on top.
    `item_count` are pieces of goods.

    `receipt_number` is given when the sale is booked, `tender` (what the payment terminal answered, see
    `kiosk.domain.payment_facts`) when it is paid: "" and empty before that, and no tender where vouchers paid it all.
    """

    sale_id: str
    at: str
    language: str
    currency: str
    item_count: int
    lines: tuple[SaleLine, ...]
    deposits: tuple[DepositLine, ...]
    promotions: tuple[SaleSaving, ...]
    taxes: tuple[TaxTotal, ...]
    vouchers: tuple[SaleVoucher, ...]
    coupons: tuple[str, ...]
    member: str | None
    approval: SaleApproval | None
    subtotal: Money
    savings: Money
    tax_added: Money
    total: Money
    rounding: Money
    to_pay: Money
    receipt_number: str = ""
    tender: Mapping[str, Json] | None = None
    bills: tuple[SaleBill, ...] = ()

    @property
    def bills_total(self) -> Money:
        """What was taken for the billers."""
        return sum((bill.amount for bill in self.bills), start=Money(0, self.currency))

    @property
    def fees_total(self) -> Money:
        """The fees for paying the bills."""
        return sum((bill.fee for bill in self.bills), start=Money(0, self.currency))

    @property
    def goods_to_pay(self) -> Money:
        """What was left to pay for the goods, after vouchers and rounding."""
        return self.to_pay - self.bills_total - self.fees_total

    @staticmethod
    def from_body(body: Mapping[str, Any]) -> Sale:
        """The sale of a body that `sale_body` made, of any schema since 1. Raises SaleBodyError."""
        if body.get("schema") not in (SCHEMA, SCHEMA_WITH_BILLS):
            raise SaleBodyError(
                f"schema {body.get('schema')!r} is not known to this version; it knows {SCHEMA} to {SCHEMA_WITH_BILLS}"
            )
        try:
            return _sale(body)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SaleBodyError(f"sale {body.get('sale_id')!r} cannot be read: {error!r}") from error


def sale_body(
    sale_id: str,
    basket: Basket,
    priced: Priced,
    *,
    language: str,
    at: str,
    tender: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """The body of `sale.completed`: plain texts and whole numbers, `..._minor` in minor units of `currency`.

    Names and labels stand in `language`, as the shopper saw them. Vouchers that nothing was left to pay with are not in it: they stay good.
    """
    approval = basket.approval
    return {
        "schema": SCHEMA_WITH_BILLS if priced.bills else SCHEMA,
        "sale_id": sale_id,
        "at": at,
        "language": language,
        "currency": priced.total.currency,
        "item_count": basket.piece_count,
        "lines": [_line_body(line, language) for line in priced.lines],
        "deposits": [_deposit_body(deposit) for deposit in priced.deposits],
        "promotions": [_saving_body(saving, language) for saving in priced.promotions],
        "taxes": [_tax_body(tax) for tax in priced.taxes],
        "vouchers": [_voucher_body(use) for use in priced.vouchers if use.used],
        "coupons": list(basket.coupons),
        "member": basket.member,
        "approval": None
        if approval is None
        else {name: getattr(approval, name) for name in ("staff", "role", "reason", "fingerprint", "at")},
        **{f"{name}_minor": getattr(priced, name).minor for name in _AMOUNTS},
        **(_bills_body(priced) if priced.bills else {}),
        **({} if tender is None else {"tender": tender}),
    }


_AMOUNTS = ("subtotal", "savings", "tax_added", "total", "rounding", "to_pay")


def _bills_body(priced: Priced) -> dict[str, Json]:
    return {
        "bills": [sale_bill_body(bill) for bill in priced.bills],
        "bills_total_minor": priced.bills_total.minor,
        "fees_total_minor": priced.fees_total.minor,
    }


def _line_body(priced: PricedLine, language: str) -> dict[str, Json]:
    line, item = priced.line, priced.line.item
    return {
        "line_id": line.line_id,
        "gtin": item.gtin,
        "plu": item.plu,
        "name": item.name(language),
        "category": item.category,
        "count": line.quantity.count,
        "weight_g": line.quantity.weight_g,
        "unit": item.unit.value,
        "unit_price_minor": priced.unit_price.minor,
        "price_version": item.price_version,
        "price_in_code": line.embedded_price is not None,
        "gross_minor": priced.gross.minor,
        "savings": [_saving_body(saving, language) for saving in priced.savings],
        "total_minor": priced.total.minor,
        "tax_class": priced.tax_class,
        "tax_rate_bp": priced.tax_rate_bp,
        "minimum_age": item.minimum_age,
        "batch": line.batch,
        "expiry": line.expiry.isoformat() if line.expiry else None,
    }


def _saving_body(saving: Saving, language: str) -> dict[str, Json]:
    label = saving.labels.get(language) or next(iter(saving.labels.values()), saving.promotion_id)
    return {"promotion_id": saving.promotion_id, "label": label, "amount_minor": saving.amount.minor}


def _deposit_body(deposit: DepositLine) -> dict[str, Json]:
    return {
        "line_id": deposit.line_id,
        "count": deposit.count,
        "unit_minor": deposit.unit.minor,
        "total_minor": deposit.total.minor,
        "tax_class": deposit.tax_class,
        "tax_rate_bp": deposit.tax_rate_bp,
    }


def _tax_body(tax: TaxTotal) -> dict[str, Json]:
    return {
        "tax_class": tax.tax_class,
        "tax_rate_bp": tax.rate_bp,
        "net_minor": tax.net.minor,
        "tax_minor": tax.tax.minor,
        "gross_minor": tax.gross.minor,
    }


def _voucher_body(use: VoucherUse) -> dict[str, Json]:
    return {
        "code": use.voucher.code,
        "kind": use.voucher.kind,
        "amount_minor": use.used.minor,
        "unused_minor": use.unused.minor,
        "currency": use.used.currency,
    }


def _sale(body: Mapping[str, Any]) -> Sale:
    def money(of: Mapping[str, Any], name: str) -> Money:
        return Money(_whole(of, f"{name}_minor"), body["currency"])

    def saving(of: Mapping[str, Any]) -> SaleSaving:
        return SaleSaving(_text(of, "promotion_id"), _text(of, "label"), money(of, "amount"))

    def parts(name: str, read: Callable[[Mapping[str, Any]], Part]) -> tuple[Part, ...]:
        return tuple(read(part) for part in body[name])

    return Sale(
        sale_id=_text(body, "sale_id"),
        at=_text(body, "at"),
        language=_text(body, "language"),
        currency=_text(body, "currency"),
        item_count=_whole(body, "item_count"),
        lines=parts("lines", lambda of: _line(of, money, saving)),
        deposits=parts("deposits", lambda of: _deposit(of, money)),
        promotions=parts("promotions", saving),
        taxes=parts("taxes", lambda of: _tax(of, money)),
        vouchers=parts(
            "vouchers",
            lambda of: SaleVoucher(_text(of, "code"), _text(of, "kind"), money(of, "amount"), money(of, "unused")),
        ),
        coupons=tuple(map(str, body["coupons"])),
        member=body["member"],
        approval=SaleApproval(**body["approval"]) if body["approval"] else None,
        **{name: money(body, name) for name in _AMOUNTS},
        receipt_number=str(body.get("receipt_number") or ""),
        tender=body.get("tender"),
        bills=tuple(map(sale_bill, body["bills"])) if body["schema"] == SCHEMA_WITH_BILLS else (),
    )


_ReadMoney = Callable[[Mapping[str, Any], str], Money]


def _line(of: Mapping[str, Any], money: _ReadMoney, saving: Callable[[Mapping[str, Any]], SaleSaving]) -> SaleLine:
    return SaleLine(
        line_id=_whole(of, "line_id"),
        gtin=_text(of, "gtin"),
        plu=_text(of, "plu"),
        name=_text(of, "name"),
        category=_text(of, "category"),
        count=_whole(of, "count"),
        weight_g=_whole(of, "weight_g"),
        unit=_text(of, "unit"),
        unit_price=money(of, "unit_price"),
        price_version=_text(of, "price_version"),
        price_in_code=bool(of["price_in_code"]),
        gross=money(of, "gross"),
        savings=tuple(map(saving, of["savings"])),
        total=money(of, "total"),
        tax_class=_text(of, "tax_class"),
        tax_rate_bp=_whole(of, "tax_rate_bp"),
        minimum_age=_whole(of, "minimum_age"),
        batch=of["batch"],
        expiry=date.fromisoformat(of["expiry"]) if of["expiry"] else None,
    )


def _deposit(of: Mapping[str, Any], money: _ReadMoney) -> DepositLine:
    return DepositLine(
        line_id=_whole(of, "line_id"),
        count=_whole(of, "count"),
        unit=money(of, "unit"),
        total=money(of, "total"),
        tax_class=_text(of, "tax_class"),
        tax_rate_bp=_whole(of, "tax_rate_bp"),
    )


def _tax(of: Mapping[str, Any], money: _ReadMoney) -> TaxTotal:
    return TaxTotal(
        _text(of, "tax_class"), _whole(of, "tax_rate_bp"), money(of, "net"), money(of, "tax"), money(of, "gross")
    )


def _text(of: Mapping[str, Any], name: str) -> str:
    if not isinstance(of[name], str):
        raise TypeError(f"{name} is no text")
    return str(of[name])


def _whole(of: Mapping[str, Any], name: str) -> int:
    if isinstance(of[name], bool) or not isinstance(of[name], int):
        raise TypeError(f"{name} is no whole number")
    return int(of[name])
