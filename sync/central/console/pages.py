"""How pages are made: templates with autoescape, words in the visitor's language, and the headers that keep anything foreign out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from kiosk.domain.money import Money
from kiosk.services.words import Words

ASSETS: Final = Path(__file__).resolve().parents[3] / "assets"
LANGUAGES: Final = ("en", "de")  # what the console's own words are translated into
LANGUAGE_COOKIE: Final = "tern_language"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PRICES: Final = re.compile(r"price:([0-9]{1,12}):([0-9]{1,12}):([A-Z]{3})")
_REFUND: Final = re.compile(r"refund:([0-9]{1,12}):([A-Z]{3}):([a-z-]{1,32})")
_PICTURE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be drawn: a template and what it shows."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(ASSETS / "console" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["picture"] = picture
    made.filters["price_asked"] = price_asked
    made.filters["refund_asked"] = refund_asked
    return made


@lru_cache(maxsize=len(LANGUAGES))
def words_in(code: str) -> Words:
    """The words of a language of the console."""
    return Words(ASSETS / "languages", code)


def chosen_language(cookie: str, accepted: str) -> str:
    """What the visitor chose, else the first of Accept-Language that there is, else English."""
    wanted = [cookie, *(part.partition(";")[0].strip()[:2].lower() for part in accepted[:200].split(","))]
    return next((code for code in wanted if code in LANGUAGES), LANGUAGES[0])


def draw(page: Page, language: str, **more: Any) -> Response:
    """The page as a response."""
    words = words_in(language)
    shown = {"t": words, "moment": Moments(words), "language": language, "languages": LANGUAGES, **more, **page.values}
    content = _environment().get_template(page.template).render(shown)
    return HTMLResponse(content, page.status, HEADERS)


def refund_asked(reason: str) -> tuple[Money, str] | None:
    """What a customer is to get back and why, in the words of `kiosk.services.refunds.money`; None for any other reason."""
    found = _REFUND.fullmatch(reason)
    return (Money(int(found[1]), found[2]), f"screen.refund-reason.{found[3]}") if found else None


def picture(name: str) -> str:
    """The file of a picture that a terminal named, "" where there is none of that name."""
    stem = name.removesuffix(".svg")
    is_there = bool(_PICTURE.fullmatch(stem)) and (ASSETS / "pictures" / f"{stem}.svg").is_file()
    return f"{stem}.svg" if is_there else ""


def price_asked(reason: str) -> tuple[Money, Money] | None:
    """The two prices of a question about a price, None where it is none."""
    found = _PRICES.fullmatch(reason)
    return (Money(int(found[1]), found[3]), Money(int(found[2]), found[3])) if found else None


class Moments:
    """Dates and times as a page writes them."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def told(self, at: str) -> str:
        """A terminal's own wall time, with its own offset: what the till showed."""
        try:
            found = datetime.fromisoformat(at)
        except ValueError:
            return at
        return f"{self._words.date(found.date())} {found:%H:%M:%S}"

    def of_ms(self, ms: int | None) -> str:
        """A moment of the service's clock, UTC."""
        if ms is None:
            return "–"
        found = datetime.fromtimestamp(ms / 1000, UTC)
        return f"{self._words.date(found.date())} {found:%H:%M:%S} UTC"

    def day(self, day: str) -> str:
        """A day."""
        return self._words.date(date.fromisoformat(day))

    def ago(self, seconds: int | None) -> str:
        """How long ago."""
        if seconds is None:
            return self._words("console.ago.never")
        for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
            if seconds >= size:
                return self._words(f"console.ago.{unit}", count=seconds // size)
        return self._words("console.ago.second", count=seconds)
