"""What a person reads, in each language."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.domain.facts import Kind
from kiosk.domain.money import Money
from kiosk.services.words import PLURALS, Words, WordsError, printable

PROJECT = Path(__file__).resolve().parents[2]
LANGUAGES = PROJECT / "assets" / "languages"

ENGLISH = """
[language]
code = "en"
name = "English"
locale = "en_150"
direction = "ltr"
[screen.pay]
title = "Pay {amount}"
greeting = "Hello {name}, {other}"
[screen.basket]
items = { one = "{count} item", other = "{count} items" }
"""
GERMAN = """
[language]
code = "de"
name = "Deutsch"
locale = "de_DE"
direction = "ltr"
[screen.pay]
title = "{amount} zahlen"
[screen.basket.items]
one = "{count} Artikel"
other = "{count} Artikel"
"""
ARABIC = """
[language]
code = "ar"
name = "العربية"
locale = "ar_EG"
direction = "rtl"
[screen.basket]
items = { zero = "z", one = "o", two = "t", few = "f", many = "m", other = "x" }
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for code, text in {"en": ENGLISH, "de": GERMAN, "ar": ARABIC}.items():
        (tmp_path / f"{code}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_language_changes_in_the_middle_of_a_visit(directory: Path) -> None:
    words = Words(directory, "en")
    amount = Money(129950, "EUR")
    assert words("screen.pay.title", amount=amount) == "Pay 1,299.50\u00a0€"
    words.switch("de")
    assert words("screen.pay.title", amount=amount) == "1.299,50\u00a0€ zahlen"
    assert words.code == "de"


def test_a_receipt_keeps_its_language_when_the_next_shopper_chooses_another(directory: Path) -> None:
    words = Words(directory, "de")
    receipt = words.speaking("de")
    words.switch("en")
    assert receipt("screen.pay.title", amount="1") == "1 zahlen"
    assert words.speaking("ar").is_right_to_left
    assert not words.is_right_to_left


def test_languages_go_by_their_own_names_in_the_order_of_the_site(directory: Path) -> None:
    assert [name for _, name in Words(directory, "en").languages()] == ["العربية", "Deutsch", "English"]
    offered = Words(directory, "en", offered=["en", "de"]).languages()
    assert list(offered) == [("en", "English"), ("de", "Deutsch")]


def test_numbers_of_things_agree_with_their_words(directory: Path) -> None:
    words = Words(directory, "en")
    assert words("screen.basket.items", count=1) == "1 item"
    assert words("screen.basket.items", count=1200) == "1,200 items"
    words.switch("ar")
    assert [words("screen.basket.items", count=n) for n in (0, 1, 2, 3, 11, 100)] == ["z", "o", "t", "f", "m", "x"]


@pytest.mark.parametrize("name", ["{0.__class__}", "{other}", "{name!r:>100000}", "%s", "\\1", "{{", "<b>"])
def test_a_name_from_outside_comes_out_as_it_is(directory: Path, name: str) -> None:
    words = Words(directory, "en")
    assert words("screen.pay.greeting", name=name, other="all") == f"Hello {name}, all"


def test_missing_words_are_seen_and_logged_once(directory: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = Words(directory, "en")
    with caplog.at_level(logging.ERROR):
        assert [words("screen.none.title") for _ in range(3)] == ["[screen.none.title]"] * 3
        assert words("screen.pay.title") == "Pay {amount}"
        assert words("screen.basket.items") == "{count} items"
    assert len(caplog.records) == 3
    assert words.has("screen.pay.title")
    assert not words.has("screen.pay")


def test_a_language_that_cannot_be_used_says_why_and_changes_nothing(directory: Path) -> None:
    words = Words(directory, "en")
    (directory / "fr.toml").write_text('[language]\ncode = "de"\n', encoding="utf-8")
    (directory / "it.toml").write_text("not toml", encoding="utf-8")
    (directory / "nl.toml").write_text(ENGLISH.replace('"en"', '"nl"') + "n = 3\n", encoding="utf-8")
    for code, part in {
        "fr": "needs",
        "it": "cannot be read",
        "nl": "must be text",
        "../en": "no",
        "es": "exist",
    }.items():
        with pytest.raises(WordsError, match=part):
            words.switch(code)
    assert words.code == "en"


def test_a_locale_that_does_not_exist_is_named(directory: Path) -> None:
    (directory / "en.toml").write_text(ENGLISH.replace("en_150", "qq_QQ"), encoding="utf-8")
    with pytest.raises(WordsError, match=r"en.*'qq_QQ' is not a locale"):
        Words(directory, "en").number(1)


@pytest.mark.parametrize(
    ("code", "country", "expected"),
    [
        ("en", "DE", "1,371.50 €"),
        ("en", "GB", "€1,371.50"),
        ("en", "", "1,371.50 €"),
        ("de", "DE", "1.371,50 €"),
        ("de", "AT", "€ 1.371,50"),
        ("ar", "DE", "1,371.50 €"),
    ],
)
def test_money_is_written_as_the_language_and_the_country_write_it(
    directory: Path, code: str, country: str, expected: str
) -> None:
    assert printable(Words(directory, code, country=country).money(Money(137150, "EUR"))) == expected


def test_each_currency_has_its_own_decimals(directory: Path) -> None:
    words = Words(directory, "en")
    written = [printable(words.money(Money(-1234, currency))) for currency in ("EUR", "JPY", "KWD", "IQD")]
    assert written == ["-12.34 €", "-1,234 JP¥", "-1.234 KWD", "-1.234 IQD"]


def test_weights_rates_dates_and_times_read_as_in_the_shop(directory: Path) -> None:
    words = Words(directory, "de", time_zone="Europe/Berlin")
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert printable(words.weight(482)) == "0,482 kg"
    assert printable(words.percent_bp(1900)) == "19 %"
    assert printable(words.percent_bp(750)) == "7,5 %"
    assert words.date(moment) == "22.11.2026"
    assert words.time(moment) == "00:30"
    assert words.date(date(2026, 11, 21)) == "21.11.2026"
    assert words.number(12000) == "12.000"


def test_paper_gets_plain_spaces_and_no_invisible_signs() -> None:
    assert printable("\u200f1\u202f371,50\u00a0€\u2069 \u2212a\u00adb") == "1 371,50 € -ab"
    assert printable("a\x1bp\x00\n\t\x85b") == "apb"


def test_no_amount_no_babel(directory: Path) -> None:
    """Babel's data cost more than an empty window's whole first frame may wait for."""
    program = (
        "import sys; from pathlib import Path; from kiosk.services.words import Words; "
        f"w = Words(Path({str(directory)!r}), 'en'); w('screen.pay.title', amount='1'); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=False).returncode == 0


# --- the shipped languages ---------------------------------------------------------------------------------------------


def shipped() -> list[str]:
    return sorted(path.stem for path in LANGUAGES.glob("*.toml"))


def sentences(code: str) -> dict[str, str | dict[str, str]]:
    flat: dict[str, str | dict[str, str]] = {}

    def walk(table: dict[str, object], above: str) -> None:
        for name, value in table.items():
            key = f"{above}.{name}" if above else name
            if isinstance(value, dict) and not ("other" in value and value.keys() <= PLURALS):
                walk(value, key)
            else:
                flat[key] = value  # type: ignore[assignment]

    values = tomllib.loads((LANGUAGES / f"{code}.toml").read_text("utf-8"))
    values.pop("language")
    walk(values, "")
    return flat


def parameters(sentence: str | dict[str, str]) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence if isinstance(sentence, str) else sentence["other"]))


def test_english_and_german_are_shipped() -> None:
    assert {"en", "de"} <= set(shipped())


@pytest.mark.parametrize("code", shipped())
def test_every_language_says_everything_english_says_with_the_same_facts(code: str) -> None:
    english, other = sentences("en"), sentences(code)
    assert english.keys() == other.keys()
    assert {key: parameters(value) for key, value in other.items()} == {
        key: parameters(value) for key, value in english.items()
    }


# A key as it stands in Python and QML: whole, or its beginning where the rest is put together ("problem." + code).
_LITERAL = re.compile(r"""["']([a-z]+\.[a-z0-9.-]*)(["'{])""")
_FILES = (".qmltypes", ".qml", ".svg", ".png", ".toml")


def asked_for() -> dict[str, list[str]]:
    """Every literal in the code that begins with a section of the languages, and the files that hold it."""
    sections = {key.partition(".")[0] for key in sentences("en")}
    found: dict[str, list[str]] = {}
    for path in (p for folder in ("kiosk/services", "ui") for p in (PROJECT / folder).rglob("*")):
        if path.suffix in {".py", ".qml", ".mjs", ".js"}:
            for key, end in _LITERAL.findall(path.read_text("utf-8")):
                if key.partition(".")[0] in sections and key not in set(Kind) and not key.endswith(_FILES):
                    found.setdefault(key if end != "{" else f"{key}*", []).append(path.name)
    return found


def test_the_search_for_keys_finds_them() -> None:
    found = asked_for()
    assert {"receipt.total", "step.pay"} <= found.keys()


def has_words(key: str, known: Iterable[str]) -> bool:
    if key.endswith((".", "*")):
        return any(one.startswith(key.rstrip("*")) for one in known)
    return key in known


@pytest.mark.parametrize("code", shipped())
def test_every_key_that_the_code_asks_for_has_words(code: str) -> None:
    known = sentences(code)
    missing = {key: places for key, places in asked_for().items() if not has_words(key, known)}
    assert missing == {}
