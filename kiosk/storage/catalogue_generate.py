"""Makes up catalogues of any size, always the same ones, with valid numbers: to measure with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from kiosk.domain.item import Category
from kiosk.storage.catalogue import SqliteCatalogue
from kiosk.storage.catalogue_load import check_digit
from kiosk.storage.catalogue_stage import Edition, StoredItem, load

_ADJECTIVES = (
    "red",
    "green",
    "mild",
    "fresh",
    "dark",
    "light",
    "fine",
    "wild",
    "sweet",
    "smoked",
    "whole",
    "organic",
    "crisp",
    "young",
)
_NOUNS = (
    "apple",
    "bread",
    "cheese",
    "coffee",
    "juice",
    "milk",
    "noodle",
    "oil",
    "pepper",
    "rice",
    "soap",
    "tea",
    "yoghurt",
    "biscuit",
)
_BRANDS = (
    "Alder",
    "Birch",
    "Cedar",
    "Elm",
    "Hazel",
    "Juniper",
    "Larch",
    "Maple",
    "Oak",
    "Rowan",
    "Spruce",
    "Willow",
    "Yew",
)


def generate(catalogue: SqliteCatalogue, items: int, currency: str = "EUR") -> bool:
    """Load `items` articles that nobody sells, always the same ones, with valid numbers; False where they are in use already."""
    made_up = made_up_edition(items, currency)
    if catalogue.edition == made_up.source:
        return False
    load(catalogue, made_up)
    return True


def made_up_edition(items: int, currency: str = "EUR") -> Edition:
    """The catalogue that `generate` loads."""
    source = f"generated:{items}:{currency}"
    categories = tuple(
        Category(code, {"en": code.title(), "de": code.title()}, code, place, on_touch=place < 8)
        for place, code in enumerate(_NOUNS)
    )
    return Edition(currency, source, source, ("en", "de"), _made_up(items), categories)


def made_up_gtin(number: int) -> str:
    """The 13 digits of article `number` of a made-up catalogue. Raises ValueError where that one is produce, which has none."""
    if _is_produce(number):
        raise ValueError(f"article {number} is produce, which has no GTIN")
    stem = f"952{number:09d}"  # GS1 keeps prefix 952 for demonstrations
    return stem + check_digit(stem)


def _made_up(items: int) -> Iterator[StoredItem]:
    words = itertools.cycle(itertools.product(_BRANDS, _ADJECTIVES, _NOUNS))
    for number, (brand, adjective, noun) in zip(range(items), words, strict=False):
        if _is_produce(number):
            plu = 4000 + number // 1000 * 5 + number % 1000
            key = plu
        else:
            plu = None
            key = int(made_up_gtin(number))
        name = f"{brand} {adjective} {noun} {number}"
        yield StoredItem(
            number=key,
            names={"en": name, "de": name},
            category=noun,
            unit="kg" if plu else "piece",
            price_minor=49 + number * 37 % 4950,
            tax="reduced",
            picture=noun,
            plu=plu,
            quick=number % 1000 == 0 and plu is not None,
        )


def _is_produce(number: int) -> bool:
    return number % 1000 < 5 and number < 20_000  # a hundred kinds at most, as in a shop
