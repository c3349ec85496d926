"""The shipped languages are fit to be shown and read to a customer; that they say the same is tested in test_words.py."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.bills.bill import Reason
from kiosk.domain.interpret import MESSAGES

LANGUAGES = Path(__file__).resolve().parents[2] / "assets" / "languages"
CODES = sorted(path.stem for path in LANGUAGES.glob("*.toml"))
CUSTOMERS_SECTIONS = {"screen", "notice", "problem", "terminal"}
WORDS_IN_A_SENTENCE = 12


def texts(table: dict, above: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its dotted key, each plural form by itself."""
    for name, value in table.items():
        key = f"{above}.{name}".lstrip(".")
        if isinstance(value, str):
            yield key, value
        else:
            yield from texts(value, key)


def language_file(code: str) -> dict:
    return tomllib.loads((LANGUAGES / f"{code}.toml").read_text("utf-8"))


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_that_a_customer_sees_is_long(code: str) -> None:
    long = [
        f"{key}: {sentence}"
        for key, text in texts(language_file(code))
        if key.split(".")[0] in CUSTOMERS_SECTIONS
        for sentence in re.split(r"(?<=[.!?:])\s", text)
        if sum(bool(re.search(r"\w", word)) for word in sentence.split()) > WORDS_IN_A_SENTENCE
    ]
    assert long == []


@pytest.mark.parametrize("code", CODES)
def test_no_text_could_be_taken_for_markup_or_has_stray_spaces(code: str) -> None:
    wrong = [
        key
        for key, text in texts(language_file(code))
        if not text or text != " ".join(text.split()) or re.search("[<>]", text)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_every_parameter_is_a_plain_name(code: str) -> None:
    names = {(key, name) for key, text in texts(language_file(code)) for name in re.findall(r"\{([^}]*)", text)}
    assert [key for key, name in names if not re.fullmatch("[a-z][a-z0-9_]*", name)] == []


@pytest.mark.parametrize("code", CODES)
def test_every_step_can_be_read_and_heard(code: str) -> None:
    screens = language_file(code)["screen"]
    assert [step for step, words in screens.items() if not {"title", "spoken"} <= words.keys()] == []


@pytest.mark.parametrize("code", CODES)
def test_every_reason_why_a_code_is_not_taken_has_words(code: str) -> None:
    reasons = {*MESSAGES, *map(str, Reason), "bill-not-here", "not-sold-here"}
    assert reasons - language_file(code)["problem"].keys() == set()
