"""The site's settings as the rules that the domain decides by."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.configuration.schema import SiteSettings
from kiosk.domain.money import RoundingMode
from kiosk.domain.pricing import PriceRules
from kiosk.domain.promotion import Promotion
from kiosk.domain.tax import TaxClass, TaxRules


def tax_rules(site: SiteSettings) -> TaxRules:
    """How the site taxes."""
    return TaxRules(
        classes={code: TaxClass(code, rate_bp) for code, rate_bp in site.tax.items()},
        prices_include_tax=site.prices_include_tax,
        round_per_line=site.rounding.tax_per == "line",
        mode=RoundingMode(site.rounding.mode),
        tax_deposits=site.tax_deposits,
    )


def price_rules(site: SiteSettings, promotions: Iterable[Promotion] = ()) -> PriceRules:
    """How the site prices, with the promotions of the day's catalogue. Raises PromotionError where two share an id."""
    return PriceRules(
        tax=tax_rules(site),
        currency=site.currency,
        promotions=tuple(promotions),
        mode=RoundingMode(site.rounding.mode),
        total_step=site.rounding.total_step_minor,
        never_reduced=frozenset(site.never_reduced),
    )
