"""A basket as JSON and back: for the draft that outlives a power cut, and for a basket on hold. Prices stay as they were seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kiosk.domain.basket import Approval, Basket, BillLine, Line, Voucher
from kiosk.domain.bills.body import bill_body, bill_from_body
from kiosk.domain.chain import canonical
from kiosk.domain.facts import Json
from kiosk.domain.item import Item
from kiosk.domain.money import Money
from kiosk.domain.quantity import Quantity, Unit

# A basket with bills is of another schema: an older version, which would leave them out, then refuses it as a whole.
SCHEMA, SCHEMA_WITH_BILLS = 1, 2


class BasketBodyError(ValueError):
    """The text is not a basket that this version can read; start with an empty one."""


def basket_body(basket: Basket) -> dict[str, Json]:
    """`basket` as JSON. Approvals are left out: whoever takes a basket up again is looked at again."""
    return {
        "schema": SCHEMA_WITH_BILLS if basket.bills else SCHEMA,
        "lines": [_line_body(line) for line in basket.lines],
        "coupons": list(basket.coupons),
        "vouchers": [{"code": v.code, "kind": v.kind, "amount": _money_body(v.amount)} for v in basket.vouchers],
        "member": basket.member,
        "next_line_id": basket.next_line_id,
        **({"bills": [_bill_line_body(one) for one in basket.bills]} if basket.bills else {}),
    }


def basket_from_body(body: Mapping[str, Any], approval: Approval | None = None) -> Basket:
    """The basket of a body. Raises BasketBodyError."""
    try:
        if body["schema"] not in (SCHEMA, SCHEMA_WITH_BILLS):
            raise BasketBodyError(f"this basket was written by another version (schema {body['schema']!r})")
        return Basket(
            lines=tuple(_line(line) for line in body["lines"]),
            coupons=tuple(str(code) for code in body["coupons"]),
            vouchers=tuple(Voucher(v["code"], v["kind"], _money(v["amount"])) for v in body["vouchers"]),
            member=body["member"],
            approval=approval,
            next_line_id=int(body["next_line_id"]),
            bills=tuple(_bill_line(one) for one in body["bills"]) if body["schema"] == SCHEMA_WITH_BILLS else (),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BasketBodyError(f"not a basket: {error}") from error


def fingerprint(basket: Basket) -> str:
    """What an approval from afar is bound to: sha256 of everything in the basket, as 64 hex digits. Any change is another basket."""
    return hashlib.sha256(canonical(basket_body(basket)).encode("ascii")).hexdigest()


def _line_body(line: Line) -> dict[str, Json]:
    return {
        "line_id": line.line_id,
        "item": _item_body(line.item),
        "count": line.quantity.count,
        "weight_g": line.quantity.weight_g,
        "embedded_price": _money_body(line.embedded_price),
        "batch": line.batch,
        "expiry": line.expiry.isoformat() if line.expiry else None,
    }


def _line(body: Mapping[str, Any]) -> Line:
    return Line(
        line_id=int(body["line_id"]),
        item=_item(body["item"]),
        quantity=Quantity(count=body["count"], weight_g=body["weight_g"]),
        embedded_price=_optional_money(body["embedded_price"]),
        batch=body["batch"],
        expiry=date.fromisoformat(body["expiry"]) if body["expiry"] else None,
    )


def _bill_line_body(line: BillLine) -> dict[str, Json]:
    return {
        "line_id": line.line_id,
        "bill": bill_body(line.bill),
        "amount": _money_body(line.amount),
        "fee": _money_body(line.fee),
        "payment_ref": line.payment_ref,
        "is_confirmed": line.is_confirmed,
    }


def _bill_line(body: Mapping[str, Any]) -> BillLine:
    return BillLine(
        line_id=int(body["line_id"]),
        bill=bill_from_body(body["bill"]),
        amount=_money(body["amount"]),
        fee=_money(body["fee"]),
        payment_ref=str(body["payment_ref"]),
        is_confirmed=body["is_confirmed"] is True,
    )


def _item_body(item: Item) -> dict[str, Json]:
    return {
        "gtin": item.gtin,
        "names": dict(item.names),
        "price": _money_body(item.price),
        "unit": item.unit.value,
        "tax_class": item.tax_class,
        "category": item.category,
        "picture": item.picture,
        "price_version": item.price_version,
        "plu": item.plu,
        "minimum_age": item.minimum_age,
        "deposit": _money_body(item.deposit),
        "member_price": _money_body(item.member_price),
    }


def _item(body: Mapping[str, Any]) -> Item:
    return Item(
        gtin=body["gtin"],
        names=dict(body["names"]),
        price=_money(body["price"]),
        unit=Unit(body["unit"]),
        tax_class=body["tax_class"],
        category=body["category"],
        picture=body["picture"],
        price_version=body["price_version"],
        plu=body["plu"],
        minimum_age=int(body["minimum_age"]),
        deposit=_optional_money(body["deposit"]),
        member_price=_optional_money(body["member_price"]),
    )


def _money_body(money: Money | None) -> Json:
    return None if money is None else [money.minor, money.currency]


def _money(body: Sequence[Any]) -> Money:
    minor, currency = body
    return Money(int(minor), str(currency))


def _optional_money(body: Sequence[Any] | None) -> Money | None:
    return None if body is None else _money(body)
