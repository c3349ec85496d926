"""Promotions: what a shop offers, to which articles, when, and beside what else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Literal

from kiosk.domain.facts import Json
from kiosk.domain.records import dataclass

CombinesWith = Literal["none", "all"] | tuple[str, ...]

_WHOLE_BP = 10_000


class PromotionError(ValueError):
    """A promotion that cannot be: the message names it and what is wrong."""


class PromotionKind(StrEnum):
    """The kinds of offer.

    N_FOR_M: of every `n` pieces of the set, the cheapest `n - pay` are free. N_FOR_PRICE: every `n` pieces of one article cost
    `price_minor`. MIX_AND_MATCH: any `n` pieces of the set cost `price_minor`. PERCENT: `percent_bp` off each line. AMOUNT:
    `amount_minor` off each piece. COUPON: by `code`, percentage or amount off the set, once a basket, from `min_spend_minor` on.
    MEMBER: for members; the price on the article's own record, or `price_minor` or `percent_bp` off where the promotion has one.
    """

    N_FOR_M = "n-for-m"
    N_FOR_PRICE = "n-for-price"
    MIX_AND_MATCH = "mix-and-match"
    PERCENT = "percent"
    AMOUNT = "amount"
    COUPON = "coupon"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Promotion:
    """An offer. Applies to the articles in `gtins` (GTIN, PLU or item reference, as the catalogue has them) or of `category`; to every
    article where both are empty. Lower `priority` goes first; both dates are included. Two promotions share a piece only if
    each names the other in `combines_with`. `labels` maps a language code to a short text for line and receipt. Raises PromotionError.
    """

    promotion_id: str
    kind: PromotionKind
    labels: Mapping[str, str] = field(hash=False)
    priority: int = 100
    gtins: frozenset[str] = frozenset()
    category: str = ""
    n: int = 0
    pay: int = 0
    price_minor: int | None = None
    percent_bp: int = 0
    amount_minor: int = 0
    code: str = ""
    min_spend_minor: int = 0
    valid_from: date = date.min
    valid_to: date = date.max
    combines_with: CombinesWith = "none"

    def __post_init__(self) -> None:
        wrong = _what_is_wrong(self)
        if wrong:
            raise PromotionError(f"promotion {self.promotion_id!r} ({self.kind}): {wrong}")

    def is_valid_on(self, day: date) -> bool:
        """Whether the offer runs on `day`."""
        return self.valid_from <= day <= self.valid_to

    def allows(self, promotion_id: str) -> bool:
        """Whether this promotion, for its part, lets another one at the same piece."""
        if isinstance(self.combines_with, tuple):
            return promotion_id in self.combines_with
        return self.combines_with == "all"

    @staticmethod
    def from_body(body: Mapping[str, Json]) -> Promotion:
        """A promotion from its plain form (feed, file): keys as in the demo store's `promotions.toml`, `label_xx` or `labels`, dates in
        ISO form. `percent` is a whole number, `percent_bp` the same in basis points. Raises PromotionError."""
        name = body.get("id", "?")
        try:
            return _parsed(body)
        except PromotionError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise PromotionError(f"promotion {name!r}: {error!r}; see the description of promotions") from error

    def to_body(self) -> dict[str, Json]:
        """The plain form, which `from_body` reads back."""
        return {
            "id": self.promotion_id,
            "kind": str(self.kind),
            "labels": dict(self.labels),
            "priority": self.priority,
            "gtins": sorted(self.gtins),
            "category": self.category,
            "n": self.n,
            "pay": self.pay,
            "price_minor": self.price_minor,
            "percent_bp": self.percent_bp,
            "amount_minor": self.amount_minor,
            "code": self.code,
            "min_spend_minor": self.min_spend_minor,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(),
            "combines_with": list(self.combines_with) if isinstance(self.combines_with, tuple) else self.combines_with,
        }


def may_combine(one: Promotion, other: Promotion) -> bool:
    """Whether the two may share a piece: each has to allow the other."""
    return one.allows(other.promotion_id) and other.allows(one.promotion_id)


def _what_is_wrong(promotion: Promotion) -> str:
    kind = promotion.kind
    numbers = (
        promotion.n,
        promotion.pay,
        promotion.amount_minor,
        promotion.min_spend_minor,
        promotion.price_minor or 0,
    )
    if min(numbers) < 0:
        return "a number is below zero"
    if not 0 <= promotion.percent_bp <= _WHOLE_BP:
        return "the percentage is not between 0 and 100"
    if kind is PromotionKind.N_FOR_M and not 0 < promotion.pay < promotion.n:
        return "it needs 0 < pay < n"
    if kind in (PromotionKind.N_FOR_PRICE, PromotionKind.MIX_AND_MATCH) and (
        promotion.n < 1 or promotion.price_minor is None
    ):
        return "it needs n of 1 or more and price_minor"
    if kind is PromotionKind.PERCENT and not promotion.percent_bp:
        return "it needs a percentage"
    if kind is PromotionKind.AMOUNT and not promotion.amount_minor:
        return "it needs amount_minor"
    if kind is PromotionKind.COUPON:
        if not promotion.code:
            return "it needs a code"
        if bool(promotion.percent_bp) == bool(promotion.amount_minor):
            return "it needs either a percentage or amount_minor"
    return ""


def _parsed(body: Mapping[str, Json]) -> Promotion:
    labels = body.get("labels") or {key[6:]: text for key, text in body.items() if key.startswith("label_")}
    if not isinstance(labels, Mapping):
        raise TypeError("labels is not a table")
    price = body.get("price_minor")
    return Promotion(
        promotion_id=_text(body, "id"),
        kind=PromotionKind(_text(body, "kind")),
        labels={str(language): str(text) for language, text in labels.items()},
        priority=_number(body, "priority", 100),
        gtins=frozenset(_texts(body.get("gtins") or ())),
        category=str(body.get("category") or ""),
        n=_number(body, "n"),
        pay=_number(body, "pay"),
        price_minor=None if price is None else _number(body, "price_minor"),
        percent_bp=_number(body, "percent_bp") or _number(body, "percent") * 100,
        amount_minor=_number(body, "amount_minor"),
        code=str(body.get("code") or ""),
        min_spend_minor=_number(body, "min_spend_minor"),
        valid_from=_day(body, "valid_from", date.min),
        valid_to=_day(body, "valid_to", date.max),
        combines_with=_combines(body.get("combines_with", "none")),
    )


def _text(body: Mapping[str, Json], key: str) -> str:
    value = body[key]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{key} is not a text")
    return value


def _number(body: Mapping[str, Json], key: str, default: int = 0) -> int:
    value = body.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{key} is not a whole number")
    return value


def _day(body: Mapping[str, Json], key: str, default: date) -> date:
    return date.fromisoformat(_text(body, key)) if body.get(key) else default


def _texts(value: Json) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
        raise TypeError("a list of texts is needed")
    return tuple(str(one) for one in value)


def _combines(value: Json) -> CombinesWith:
    if value == "none":
        return "none"
    if value == "all":
        return "all"
    return _texts(value)
