"""Money, numbers, weights and dates as a locale writes them, by Babel. Import it late: Babel's data take 45 ms to load."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime, time
from decimal import Decimal

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.languages import get_official_languages
from babel.numbers import NumberPattern, format_decimal, format_percent
from babel.units import format_unit

from kiosk.domain.money import Money, decimals


class Formats:
    """How one locale writes. `country` (ISO 3166) wins over `locale` where the language is official there.

    Raises ValueError for a locale that CLDR does not know.
    """

    def __init__(self, code: str, locale: str, country: str = "") -> None:
        language = code.partition("-")[0]
        if country and language in get_official_languages(country, de_facto=True):
            locale = f"{code.replace('-', '_')}_{country}"
        try:
            self._locale = Locale.parse(locale)
        except UnknownLocaleError:
            raise ValueError(f"{locale!r} is not a locale that CLDR knows; mend [language] locale") from None
        self._currencies: dict[str, NumberPattern] = {}

    def money(self, amount: Money) -> str:
        """An amount with its currency, with the decimals of ISO 4217."""
        digits = decimals(amount.currency)
        pattern = self._currencies.get(amount.currency)
        if pattern is None:
            pattern = copy(self._locale.currency_formats["standard"])
            # CLDR rounds some currencies to what is used in cash; a till keeps the digits of ISO 4217.
            pattern.frac_prec = (digits, digits)
            self._currencies[amount.currency] = pattern
        value = Decimal(amount.minor).scaleb(-digits)
        return str(pattern.apply(value, self._locale, currency=amount.currency, currency_digits=False))

    def amount(self, amount: Money) -> str:
        """An amount without its currency, with the decimals of ISO 4217."""
        digits = decimals(amount.currency)
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return format_decimal(Decimal(amount.minor).scaleb(-digits), format=pattern, locale=self._locale)

    def number(self, value: int) -> str:
        """A whole number, grouped."""
        return format_decimal(value, locale=self._locale)

    def weight(self, weight_g: int) -> str:
        """Grams as kilograms with three decimals."""
        kilograms = Decimal(weight_g).scaleb(-3)
        return format_unit(kilograms, "mass-kilogram", length="short", format="#,##0.000", locale=self._locale)

    def percent_bp(self, basis_points: int) -> str:
        """Basis points as a percentage, with up to two decimals."""
        pattern = self._locale.percent_formats[None].pattern.replace("#,##0", "#,##0.##")
        return format_percent(Decimal(basis_points).scaleb(-4), format=pattern, locale=self._locale)

    def weekday(self, day: date) -> str:
        """Weekday, day and month, short."""
        return format_skeleton("MMMEd", day, locale=self._locale)

    def date(self, day: date) -> str:
        """A day, month and year."""
        return format_date(day, "medium", locale=self._locale)

    def time(self, moment: datetime | time) -> str:
        """Hours and minutes, as they stand in `moment`."""
        # Babel takes a moment with an offset to UTC; here the time is already the site's.
        return format_time(moment.replace(tzinfo=None), "short", locale=self._locale)

    def plural_category(self, count: int) -> str:
        """The CLDR plural category of `count`: "one", "few", "other" ..."""
        return str(self._locale.plural_form(count))
