"""How promotions take effect on the pieces of a basket: which goes first, which pieces it may have, and what it saves on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kiosk.domain.basket import Line
from kiosk.domain.money import RoundingMode, rounded_ratio
from kiosk.domain.promotion import Promotion, PromotionKind, may_combine
from kiosk.domain.quantity import Unit


@dataclass(slots=True, eq=False)
class Piece:
    """One piece, or one weighed or price-embedded line as a whole: what it still costs, and the promotions that had it."""

    row: Row
    value: int
    taken_by: tuple[Promotion, ...] = ()


@dataclass(slots=True, eq=False)
class Row:
    """A basket's line while promotions work on it. `is_reducible` is off for goods that no promotion may touch."""

    line: Line
    gross: int
    is_reducible: bool
    pieces: list[Piece] = field(default_factory=list)
    savings: dict[str, int] = field(default_factory=dict)  # by promotion, in the order applied

    def __post_init__(self) -> None:
        count = self.line.quantity.count if self.line.is_countable else 1
        each, left = divmod(self.gross, count)
        self.pieces = [Piece(self, each + (number < left)) for number in range(count)]

    @property
    def value(self) -> int:
        """What the line costs now."""
        return _cost(self.pieces)


Offer = list[tuple[list[Piece], int]]  # groups of pieces, and what is saved on each group


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in whole parts proportional to `weights` (none negative, not all zero): largest remainder, ties to the first."""
    total = sum(weights)
    parts = [amount * weight // total for weight in weights]
    left = amount - sum(parts)
    if left:
        by_remainder = sorted(range(len(parts)), key=lambda one: -(amount * weights[one] % total))
        for index in by_remainder[:left]:
            parts[index] += 1
    return parts


def apply_promotions(candidates: Iterable[tuple[Promotion, list[Row]]], mode: RoundingMode) -> list[Promotion]:
    """Apply each promotion to its rows: by priority, then by saving (largest first), then by id. Returns those that saved something."""
    applied: list[Promotion] = []
    in_order = sorted(candidates, key=lambda one: (one[0].priority, one[0].promotion_id))
    for _, level in groupby(in_order, key=lambda one: one[0].priority):
        applied += _apply_level(list(level), mode)
    return applied


def _apply_level(level: list[tuple[Promotion, list[Row]]], mode: RoundingMode) -> list[Promotion]:
    applied: list[Promotion] = []
    waiting = [(promotion, rows, _offer(promotion, rows, mode)) for promotion, rows in level]
    while waiting:
        best = max(waiting, key=lambda one: _worth(one[2]))  # max keeps the first: the lowest id
        promotion, _, offer = best
        if not _worth(offer):
            break
        applied.append(promotion)
        _take(promotion, offer)
        touched = {id(piece.row) for pieces, _ in offer for piece in pieces}
        waiting = [
            one if touched.isdisjoint(map(id, one[1])) else (one[0], one[1], _offer(one[0], one[1], mode))
            for one in waiting
            if one is not best
        ]
    return applied


def _worth(offer: Offer) -> int:
    return sum([saving for _, saving in offer])


def _take(promotion: Promotion, offer: Offer) -> None:
    """A piece of a group counts as taken also where its own share of the saving is nothing."""
    for pieces, saving in offer:
        for piece, amount in zip(pieces, allocate(saving, [piece.value for piece in pieces]), strict=True):
            piece.value -= amount
            piece.taken_by = (*piece.taken_by, promotion)
            if amount:
                savings = piece.row.savings
                savings[promotion.promotion_id] = savings.get(promotion.promotion_id, 0) + amount


def _offer(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Offer:
    return [(pieces, saving) for pieces, saving in _OFFERS[promotion.kind](promotion, rows, mode) if saving > 0]


def _free(promotion: Promotion, row: Row) -> list[Piece]:
    return [
        piece
        for piece in row.pieces
        if piece.value > 0 and (not piece.taken_by or all(may_combine(promotion, one) for one in piece.taken_by))
    ]


def _countable(promotion: Promotion, rows: Iterable[Row]) -> list[Piece]:
    """Free pieces, the dearest first; among equals in the order of the rows, which does not depend on the order of scanning."""
    pieces = [piece for row in rows if row.line.is_countable for piece in _free(promotion, row)]
    return sorted(pieces, key=lambda piece: -piece.value)


def _groups(pieces: list[Piece], size: int) -> list[list[Piece]]:
    return [pieces[start : start + size] for start in range(0, len(pieces) - size + 1, size)]


def _cost(pieces: list[Piece]) -> int:
    return sum([piece.value for piece in pieces])


def _n_for_m(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Offer:
    return [(group, _cost(group[promotion.pay :])) for group in _groups(_countable(promotion, rows), promotion.n)]


def _for_price(promotion: Promotion, pieces: list[Piece]) -> Offer:
    return [(group, _cost(group) - (promotion.price_minor or 0)) for group in _groups(pieces, promotion.n)]


def _n_for_price(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Offer:
    by_article = groupby(rows, key=lambda row: row.line.item.gtin)  # rows stand sorted by article
    return [group for _, same in by_article for group in _for_price(promotion, _countable(promotion, same))]


def _mix_and_match(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Offer:
    return _for_price(promotion, _countable(promotion, rows))


def _percent(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Offer:
    lines = [_free(promotion, row) for row in rows]
    return [(pieces, rounded_ratio(_cost(pieces) * promotion.percent_bp, 10_000, mode)) for pieces in lines]


def _amount(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Offer:
    return [([piece], min(promotion.amount_minor, piece.value)) for row in rows for piece in _free(promotion, row)]


def _coupon(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Offer:
    if sum([row.value for row in rows]) < promotion.min_spend_minor:
        return []
    pieces = [piece for row in rows for piece in _free(promotion, row)]
    cost = _cost(pieces)
    if promotion.percent_bp:
        return [(pieces, rounded_ratio(cost * promotion.percent_bp, 10_000, mode))]
    return [(pieces, min(promotion.amount_minor, cost))]


def _member(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Offer:
    if promotion.percent_bp:
        return _percent(promotion, rows, mode)
    offer: Offer = []
    for row in rows:
        own = row.line.item.member_price
        price = promotion.price_minor if promotion.price_minor is not None else own.minor if own else None
        if price is None or row.line.embedded_price is not None:
            continue
        if row.line.item.unit is Unit.KILOGRAM:
            price = rounded_ratio(price * row.line.quantity.weight_g, 1000, mode)
        offer += [([piece], piece.value - price) for piece in _free(promotion, row)]
    return offer


_OFFERS: dict[PromotionKind, Callable[[Promotion, list[Row], RoundingMode], Offer]] = {
    PromotionKind.N_FOR_M: _n_for_m,
    PromotionKind.N_FOR_PRICE: _n_for_price,
    PromotionKind.MIX_AND_MATCH: _mix_and_match,
    PromotionKind.PERCENT: _percent,
    PromotionKind.AMOUNT: _amount,
    PromotionKind.COUPON: _coupon,
    PromotionKind.MEMBER: _member,
}
