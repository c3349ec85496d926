"""Value added tax: classes and rates, prices with or without it, and the totals a receipt has to state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.domain.money import Money, RoundingMode, rounded_ratio
from kiosk.domain.records import dataclass

_WHOLE_BP = 10_000


class UnknownTaxClassError(ValueError):
    """An article names a tax class that the site does not have: the catalogue and the site's configuration disagree."""


@dataclass(frozen=True, slots=True)
class TaxClass:
    """A class of goods taxed alike; `rate_bp` in basis points (1900 is 19 %)."""

    code: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What was sold in one tax class: `net` and `tax` make `gross`."""

    tax_class: str
    rate_bp: int
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class TaxRules:
    """How a site taxes. `classes` by code. With `prices_include_tax` a price is what the shopper pays (Europe), else tax comes on top.

    `round_per_line` rounds the tax of every line, else that of every class's total. `tax_deposits` taxes a deposit as its article is
    taxed (German VAT: the deposit shares the fate of the goods); without it deposits stand untaxed in a class of their own, "".
    """

    classes: Mapping[str, TaxClass]
    prices_include_tax: bool = True
    round_per_line: bool = False
    mode: RoundingMode = RoundingMode.HALF_UP
    tax_deposits: bool = True

    def of(self, code: str) -> TaxClass:
        """The class `code`. Raises UnknownTaxClassError."""
        found = self.classes.get(code)
        if found is None:
            known = ", ".join(sorted(self.classes))
            raise UnknownTaxClassError(
                f"tax class {code!r} is not among the site's ({known}); add it or mend the catalogue"
            )
        return found

    def of_deposit(self, code: str) -> TaxClass:
        """The class that the deposit of an article of class `code` is taxed in. Raises UnknownTaxClassError."""
        return self.of(code) if self.tax_deposits else _UNTAXED


_UNTAXED = TaxClass("", 0)


def tax_totals(amounts: Iterable[tuple[TaxClass, int]], rules: TaxRules, currency: str) -> tuple[TaxTotal, ...]:
    """The totals of each class, by code, from `amounts` (class and price in minor units, one for each line sold)."""
    by_class: dict[TaxClass, list[int]] = {}
    for tax_class, amount in amounts:
        by_class.setdefault(tax_class, []).append(amount)
    return tuple(
        _total(tax_class, by_class[tax_class], rules, currency)
        for tax_class in sorted(by_class, key=lambda one: one.code)
    )


def _total(tax_class: TaxClass, amounts: list[int], rules: TaxRules, currency: str) -> TaxTotal:
    parts = amounts if rules.round_per_line else [sum(amounts)]
    base_bp = _WHOLE_BP + tax_class.rate_bp if rules.prices_include_tax else _WHOLE_BP
    tax = sum(rounded_ratio(part * tax_class.rate_bp, base_bp, rules.mode) for part in parts)
    priced = sum(amounts)
    gross = priced if rules.prices_include_tax else priced + tax
    return TaxTotal(
        tax_class.code, tax_class.rate_bp, Money(gross - tax, currency), Money(tax, currency), Money(gross, currency)
    )
