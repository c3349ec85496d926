"""The words of screen, speech, receipt and console: a language is one file, and everything shown to people comes through here.

Keys are dotted ("screen.pay.title"). A value is text with `{name}` parameters, or a table of CLDR plural categories that
`count` chooses from. What is put in for a parameter is data: it is never read as a pattern.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.domain.money import Money
from kiosk.domain.records import dataclass

if TYPE_CHECKING:
    from kiosk.services.formats import Formats

log = logging.getLogger(__name__)

PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})  # CLDR plural categories
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_PARAMETER = re.compile(r"\{([a-z][a-z0-9_]*)\}")

Sentence = str | Mapping[str, str]


class WordsError(Exception):
    """A language cannot be used; the message says which file, what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language as its file introduces it: `name` in its own words, `locale` as CLDR knows it ("en_150"), `direction` "ltr" or "rtl"."""

    code: str
    name: str
    locale: str
    direction: str


class Words:
    """Words in one language at a time. Read from any thread; `switch` on the thread that shows them.

    `offered` are the codes the site offers, in its order (all that there are where empty). Dates and times are shown in
    `time_zone`. Money and numbers follow the country's own way where it speaks the language ("en" in GB), else the
    locale that the language file names.
    """

    def __init__(
        self, directory: Path, code: str, *, offered: Sequence[str] = (), country: str = "", time_zone: str = "UTC"
    ) -> None:
        self._directory = directory
        self._offered = tuple(offered)
        self._country = country
        self._time_zone = ZoneInfo(time_zone)
        self._files: dict[str, _LanguageFile] = {}
        self._missed: set[str] = set()
        self._instead: Mapping[str, Mapping[str, str]] = {}
        self._use(code)

    @property
    def language(self) -> Language:
        """The language in use."""
        return self._file.language

    @property
    def code(self) -> str:
        """The code of the language in use."""
        return self._file.language.code

    @property
    def is_right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return self._file.language.direction == "rtl"

    def languages(self) -> Sequence[tuple[str, str]]:
        """The languages on offer, in the site's order: each code, and its name in its own words."""
        codes = self._offered or tuple(sorted(path.stem for path in self._directory.glob("*.toml")))
        return tuple((code, self._load(code).language.name) for code in codes)

    def switch(self, code: str) -> None:
        """Speak another language from now on. Raises WordsError, and then nothing has changed."""
        self._use(code)

    def put_instead(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Say these at their keys, where there is one in the language in use (key -> language -> text). They are said as they stand."""
        self._instead = texts

    def speaking(self, code: str) -> Words:
        """The same words in the language `code`, for a document in a language of its own. Raises WordsError."""
        other = Words.__new__(Words)
        other.__dict__.update(self.__dict__)
        other._missed = set()
        other._use(code)
        return other

    def __call__(self, key: str, /, **parameters: object) -> str:
        """The words at `key`. A key that does not exist comes out in brackets, and is logged once."""
        if (other := self._instead.get(key, {}).get(self.code)) is not None:
            return other
        sentence = self._file.sentences.get(key)
        if sentence is None:
            self._miss(key, "is not among the words")
            return f"[{key}]"
        if not isinstance(sentence, str):
            sentence = self._plural(key, sentence, parameters.get("count"))
        return _PARAMETER.sub(lambda found: self._put(key, found, parameters), sentence)

    def has(self, key: str) -> bool:
        """Whether there are words at `key`, for codes that come from outside (a device's message)."""
        return key in self._file.sentences

    def holds(self, text: str) -> bool:
        """Whether `text` stands among the words just so: then it is nobody's own."""
        return text in self._file.plain

    def keys(self) -> Iterator[str]:
        """Every key of the language in use."""
        return iter(self._file.sentences)

    def money(self, amount: Money) -> str:
        """An amount with its currency, with as many decimals as ISO 4217 gives it."""
        return self._formats.money(amount)

    def amount(self, amount: Money) -> str:
        """An amount without its currency, for columns that name it once."""
        return self._formats.amount(amount)

    def number(self, value: int) -> str:
        """A whole number, grouped as the language groups it."""
        return self._formats.number(value)

    def weight(self, weight_g: int) -> str:
        """A weight in kilograms with three decimals."""
        return self._formats.weight(weight_g)

    def percent_bp(self, basis_points: int) -> str:
        """A percentage; 1900 basis points are 19 %."""
        return self._formats.percent_bp(basis_points)

    def weekday(self, day: date) -> str:
        """A day of these weeks, without its year: "Tue 24 Nov"."""
        return self._formats.weekday(day)

    def date(self, day: date) -> str:
        """A date; that of a moment (datetime with offset) in the site's time zone."""
        return self._formats.date(self._local(day) if isinstance(day, datetime) else day)

    def time(self, moment: datetime | time) -> str:
        """The time of day, hours and minutes; a moment in the site's time zone."""
        return self._formats.time(self._local(moment) if isinstance(moment, datetime) else moment)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._time_zone) if moment.tzinfo else moment

    def _use(self, code: str) -> None:
        self._file = self._load(code)
        self._formats_in_use: Formats | None = None

    @property
    def _formats(self) -> Formats:
        if self._formats_in_use is None:
            # Babel and its data cost 45 ms: paid with the first amount, not before the first screen.
            from kiosk.services.formats import Formats  # noqa: PLC0415 (see above)

            try:
                self._formats_in_use = Formats(self.code, self.language.locale, self._country)
            except ValueError as error:
                raise WordsError(f"{self._directory / self.code}.toml: {error}") from None
        return self._formats_in_use

    def _load(self, code: str) -> _LanguageFile:
        if code not in self._files:
            if not _CODE.fullmatch(code):
                raise WordsError(f"{code[:40]!r} is not a language code; write one such as 'en'")
            self._files[code] = _read_language(self._directory / f"{code}.toml", code)
        return self._files[code]

    def _plural(self, key: str, sentence: Mapping[str, str], count: object) -> str:
        if not isinstance(count, int):
            self._miss(key, "needs a count")
            return sentence["other"]
        return sentence.get(self._formats.plural_category(count), sentence["other"])

    def _put(self, key: str, found: re.Match[str], parameters: Mapping[str, object]) -> str:
        name = found[1]
        if name not in parameters:
            self._miss(key, f"needs {found[0]}")
            return found[0]
        value = parameters[name]
        if isinstance(value, Money):
            return self.money(value)
        return self.number(value) if name == "count" and isinstance(value, int) else str(value)

    def _miss(self, key: str, what: str) -> None:
        if key not in self._missed:
            self._missed.add(key)
            log.error("words: %r %s in %s.toml", key, what, self.code)


# A printer's code pages lack these, and a QR code's reader may show them as boxes: spaces become plain, marks of direction go.
_UNPRINTABLE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys(
            "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad\u2028\u2029"
        ),
        **dict.fromkeys("\u2010\u2011\u2212", "-"),
        **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]),
    }
)


def printable(text: str) -> str:
    """`text` for paper: Babel's special spaces (U+00A0, U+202F) as plain ones, control characters, marks of direction and
    invisible signs taken out: one line stays one line."""
    return text.translate(_UNPRINTABLE)


@dataclass(frozen=True, slots=True)
class _LanguageFile:
    language: Language
    sentences: Mapping[str, Sentence]
    plain: frozenset[str]  # those without parameters


def _read_language(path: Path, code: str) -> _LanguageFile:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise WordsError(f"{path} does not exist; choose a language that has its file there") from None
    except (OSError, ValueError) as error:
        raise WordsError(f"{path} cannot be read: {error}") from None
    header = values.pop("language", {})
    if header.get("code") != code or header.get("direction") not in {"ltr", "rtl"}:
        raise WordsError(f'{path} needs [language] with code = "{code}", name, locale, direction ("ltr" or "rtl")')
    try:
        language = Language(code, str(header["name"]), str(header["locale"]), header["direction"])
    except KeyError as error:
        raise WordsError(f"{path} needs {error} under [language]") from None
    sentences = dict(_flat(values, "", path))
    plain = frozenset(text for text in sentences.values() if isinstance(text, str) and "{" not in text)
    return _LanguageFile(language, sentences, plain)


def _flat(table: Mapping[str, object], above: str, path: Path) -> Iterator[tuple[str, Sentence]]:
    for name, value in table.items():
        key = f"{above}.{name}" if above else name
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict) and "other" in value and value.keys() <= PLURALS:
            yield key, {category: str(text) for category, text in value.items()}
        elif isinstance(value, dict):
            yield from _flat(value, key, path)
        else:
            raise WordsError(f"{path}: {key} must be text, or a table of plurals with other")
