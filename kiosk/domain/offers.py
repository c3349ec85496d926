"""How promotions take effect on the pieces of a basket: which goes first, which pieces it may have, and what it saves on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from kiosk.domain.basket import Line
from kiosk.domain.money import RoundingMode, rounded
from kiosk.domain.promotion import Promotion, PromotionKind, may_combine
from kiosk.domain.quantity import Unit


@dataclass(slots=True, eq=False)
class Piece:
    """One piece, or one weighed or price-embedded line as a whole: what it still costs, and the promotions that had it."""

    row: Row
    value: int
    taken_by: list[Promotion] = field(default_factory=list)


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
        return sum(piece.value for piece in self.pieces)


Saved = list[tuple[Piece, int]]


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in whole parts proportional to `weights` (none negative, not all zero): largest remainder, ties to the first."""
    total = sum(weights)
    shares, remainders = zip(*(divmod(amount * weight, total) for weight in weights), strict=True)
    parts = list(shares)
    for index in sorted(range(len(parts)), key=lambda one: -remainders[one])[: amount - sum(parts)]:
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
    waiting = {promotion.promotion_id: (promotion, rows, _offer(promotion, rows, mode)) for promotion, rows in level}
    while waiting:
        best_id = max(waiting, key=lambda one: _worth(waiting[one][2]))  # max keeps the first: the lowest id
        promotion, rows, saved = waiting.pop(best_id)
        if _worth(saved) <= 0:
            break
        applied.append(promotion)
        _take(promotion, saved)
        touched = {id(row) for row in rows}
        for key, (other, other_rows, _) in waiting.items():
            if any(id(row) in touched for row in other_rows):
                waiting[key] = (other, other_rows, _offer(other, other_rows, mode))
    return applied


def _worth(saved: Saved) -> int:
    return sum(amount for _, amount in saved)


def _take(promotion: Promotion, saved: Saved) -> None:
    for piece, amount in saved:
        piece.value -= amount
        piece.taken_by.append(promotion)
        if amount:
            savings = piece.row.savings
            savings[promotion.promotion_id] = savings.get(promotion.promotion_id, 0) + amount


def _offer(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Saved:
    return _OFFERS[promotion.kind](promotion, rows, mode)


def _free(promotion: Promotion, row: Row) -> list[Piece]:
    return [
        piece
        for piece in row.pieces
        if piece.value > 0 and (not piece.taken_by or all(may_combine(promotion, other) for other in piece.taken_by))
    ]


def _countable(promotion: Promotion, rows: Iterable[Row]) -> list[Piece]:
    """Free pieces, the dearest first; among equals in the order of the rows, which does not depend on the order of scanning."""
    pieces = [piece for row in rows if row.line.is_countable for piece in _free(promotion, row)]
    return sorted(pieces, key=lambda piece: -piece.value)


def _groups(pieces: list[Piece], size: int) -> list[list[Piece]]:
    return [pieces[start : start + size] for start in range(0, len(pieces) - size + 1, size)]


def _shared(pieces: list[Piece], saving: int) -> Saved:
    if not saving:
        return []
    return list(zip(pieces, allocate(saving, [piece.value for piece in pieces]), strict=True))


def _n_for_m(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Saved:
    saved: Saved = []
    for group in _groups(_countable(promotion, rows), promotion.n):
        saved += _shared(group, sum(piece.value for piece in group[promotion.pay :]))
    return saved


def _for_price(promotion: Promotion, pieces: list[Piece]) -> Saved:
    saved: Saved = []
    for group in _groups(pieces, promotion.n):
        saving = sum(piece.value for piece in group) - (promotion.price_minor or 0)
        if saving > 0:
            saved += _shared(group, saving)
    return saved


def _n_for_price(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Saved:
    saved: Saved = []
    for _, same in groupby(rows, key=lambda row: row.line.item.gtin):  # rows stand sorted by article
        saved += _for_price(promotion, _countable(promotion, same))
    return saved


def _mix_and_match(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Saved:
    return _for_price(promotion, _countable(promotion, rows))


def _percent(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Saved:
    saved: Saved = []
    for row in rows:
        pieces = _free(promotion, row)
        saved += _shared(pieces, _part(sum(piece.value for piece in pieces), promotion.percent_bp, mode))
    return saved


def _amount(promotion: Promotion, rows: list[Row], _mode: RoundingMode) -> Saved:
    return [(piece, min(promotion.amount_minor, piece.value)) for row in rows for piece in _free(promotion, row)]


def _coupon(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Saved:
    if sum(row.value for row in rows) < promotion.min_spend_minor:
        return []
    pieces = [piece for row in rows for piece in _free(promotion, row)]
    base = sum(piece.value for piece in pieces)
    return _shared(pieces, _part(base, promotion.percent_bp, mode) or min(promotion.amount_minor, base))


def _member(promotion: Promotion, rows: list[Row], mode: RoundingMode) -> Saved:
    if promotion.percent_bp:
        return _percent(promotion, rows, mode)
    saved: Saved = []
    for row in rows:
        own = row.line.item.member_price
        price = promotion.price_minor if promotion.price_minor is not None else own.minor if own else None
        if price is None or row.line.embedded_price is not None:
            continue
        target = rounded(Fraction(price * row.line.quantity.weight_g, 1000), mode) if _is_weighed(row.line) else price
        saved += [(piece, piece.value - target) for piece in _free(promotion, row) if piece.value > target]
    return saved


def _is_weighed(line: Line) -> bool:
    return line.item.unit is Unit.KILOGRAM


def _part(value: int, percent_bp: int, mode: RoundingMode) -> int:
    return rounded(Fraction(value * percent_bp, 10_000), mode)


_OFFERS: dict[PromotionKind, Callable[[Promotion, list[Row], RoundingMode], Saved]] = {
    PromotionKind.N_FOR_M: _n_for_m,
    PromotionKind.N_FOR_PRICE: _n_for_price,
    PromotionKind.MIX_AND_MATCH: _mix_and_match,
    PromotionKind.PERCENT: _percent,
    PromotionKind.AMOUNT: _amount,
    PromotionKind.COUPON: _coupon,
    PromotionKind.MEMBER: _member,
}
