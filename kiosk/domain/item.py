"""What is sold: an article as the catalogue holds it, and its category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from kiosk.domain.money import Money
from kiosk.domain.quantity import Unit
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """An article. `price` is for one piece or one kilogram (`unit`), including tax where the site's prices do.

    `names` maps a language code to the name in it; `price_version` names the price list that `price` came from, and a sale
    keeps it. `deposit` is charged a piece as a line of its own. `minimum_age` is in years, 0 for everyone.
    """

    gtin: str  # 14 digits, zero-filled; produce without a number of its own carries its PLU there
    names: Mapping[str, str]
    price: Money
    unit: Unit
    tax_class: str
    category: str
    picture: str
    price_version: str
    plu: str = ""
    minimum_age: int = 0
    deposit: Money | None = None
    member_price: Money | None = None

    def name(self, language: str) -> str:
        """The name in `language`, or in the first language there is."""
        return self.names.get(language) or next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class Category:
    """A group of items, as the touch picker and the promotions know it."""

    code: str
    names: Mapping[str, str]
    picture: str
    order: int = 0
    on_touch: bool = False
    item_count: int = field(default=0, compare=False)

    def name(self, language: str) -> str:
        """The name in `language`, or in the first language there is."""
        return self.names.get(language) or next(iter(self.names.values()))
