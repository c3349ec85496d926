"""How much of an item: pieces, or a weight in grams. Never a float."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.records import dataclass


class Unit(StrEnum):
    """What a price is for: one piece, or one kilogram."""

    PIECE = "piece"
    KILOGRAM = "kg"


@dataclass(frozen=True, slots=True)
class Quantity:
    """`count` pieces or `weight_g` grams; exactly one of them is set, and it is positive."""

    count: int = 0
    weight_g: int = 0

    def __post_init__(self) -> None:
        if (self.count > 0) == (self.weight_g > 0) or self.count < 0 or self.weight_g < 0:
            raise ValueError(f"a quantity is pieces or grams, positive: {self.count} pieces, {self.weight_g} g")

    @property
    def unit(self) -> Unit:
        """The unit that this quantity is counted in."""
        return Unit.PIECE if self.count else Unit.KILOGRAM

    @staticmethod
    def pieces(count: int) -> Quantity:
        """`count` pieces, one or more."""
        return Quantity(count=count)

    @staticmethod
    def grams(weight_g: int) -> Quantity:
        """`weight_g` grams, one or more."""
        return Quantity(weight_g=weight_g)
