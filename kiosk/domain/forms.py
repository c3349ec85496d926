"""A form that a site defines: its questions, what counts as an answer to each, consent, and what becomes of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Final

from kiosk.domain.bills.iban import is_iban
from kiosk.domain.bills.references import luhn
from kiosk.domain.cards.payment import is_payment_number
from kiosk.domain.facts import Json
from kiosk.domain.queueing import Calendar, Hours
from kiosk.domain.records import dataclass

LONGEST_ANSWER = 200
_LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, less its brackets
_LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_PHONE_DIGITS = range(6, 16)  # E.164, 6.2.1: at most 15

Texts = Mapping[str, str]  # by language


class FieldKind(StrEnum):
    """What is asked for, and so how it is answered."""

    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    CODE = "code"  # scanned or typed: a receipt, the number on a device
    SLOT = "slot"


class Ending(StrEnum):
    """What becomes of a form that is sent."""

    QUEUE = "queue"  # a number of today, to be called by
    SLOT = "slot"  # an appointment
    REQUEST = "request"  # work for the store's people, later


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    name: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Field:
    """A question. `longest` in letters; `least` and `most` of a number; `check` is one of `CHECKS`, "" for none. A `private` answer names
    the customer or what is theirs: never read aloud, and masked once it is given."""

    name: str
    kind: FieldKind
    label: Texts
    hint: Texts = field(default_factory=dict)
    required: bool = True
    longest: int = 60
    least: int = 0
    most: int = 999_999
    check: str = ""
    choices: tuple[Choice, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """What the customer agrees to, word for word, under a version."""

    version: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the site defined it. `letters` stand in front of its numbers; `hours` are its counter's; `calendar` that of appointments;
    with `review` everything is shown once more before it is sent."""

    name: str
    version: int
    title: Texts
    fields: tuple[Field, ...]
    ending: Ending
    icon: str = ""
    letters: str = ""
    hours: Hours = field(default_factory=Hours)
    calendar: Calendar | None = None
    consent: Consent | None = None
    review: bool = True


@dataclass(frozen=True, slots=True)
class FormBook:
    """The forms of a terminal by name, and the letters of its numbers."""

    forms: Mapping[str, Form] = field(default_factory=dict)
    series: str = ""


def said(texts: Texts, language: str) -> str:
    """What a text says in `language`, or in the first that it has."""
    return texts.get(language) or next(iter(texts.values()), "")


def answer_of(asked: Field, text: str) -> tuple[str, str]:
    """(answer, "") as it is kept, or ("", stable code of what is wrong): "form-required", "form-characters", "form-too-long", ..."""
    if any(not letter.isprintable() for letter in text):
        return "", "form-characters"
    plain = " ".join(text.split())
    if not plain:
        return "", "form-required" if asked.required else ""
    if len(plain) > asked.longest:
        return "", "form-too-long"
    if asked.kind is not FieldKind.PHONE and _may_be_card("".join(letter for letter in plain if letter in _DIGITS)):
        return "", "form-card"
    answer, problem = _BY_KIND[asked.kind](asked, plain)
    if not problem and asked.check and not CHECKS[asked.check](answer):
        return "", f"form-{asked.check}"
    return (answer, "") if not problem else ("", problem)


def shown_answer(asked: Field, answer: str, language: str, *, masked: bool) -> str:
    """An answer for people: a choice by its label; a private one by its last letters alone, while it is `masked`."""
    if asked.kind is FieldKind.CHOICE:
        return next((said(one.label, language) for one in asked.choices if one.name == answer), "")
    if not answer or not (masked and asked.private):
        return answer
    kept = answer[-2:] if len(answer) > 4 else ""
    return "•" * 6 + kept


def answers_body(form: Form, answers: Mapping[str, str], language: str) -> list[dict[str, Json]]:
    """The answers as the journal keeps them, each with its question in `language`: readable alone in ten years."""
    return [
        {
            "field": one.name,
            "label": said(one.label, language),
            "value": answers[one.name],
            "shown": shown_answer(one, answers[one.name], language, masked=False),
            "private": one.private,
        }
        for one in form.fields
        if answers.get(one.name)
    ]


# --- named checks: a form names one of these, and never brings a pattern of its own ---


def _may_be_card(digits: str) -> bool:
    """Whether it may be a payment card's number, which is never kept. No telephone number is as long; articles' numbers are shorter, and
    of 15 digits only American Express is a card: the others are mobile telephones' (IMEI, 3GPP TS 23.003, 6.2.1)."""
    may_be = len(digits) > 15 or (len(digits) == 15 and digits[:2] in ("34", "37"))
    return may_be and is_payment_number(digits)


def _is_serial(text: str) -> bool:
    return bool(_SERIAL.fullmatch(text)) and any(letter.isdigit() for letter in text)


def _luhn(text: str) -> bool:
    return len(text) > 1 and set(text) <= _DIGITS and luhn(text[:-1]) == text[-1]


_DIGITS: Final = frozenset("0123456789")
_SERIAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{3,39}")
_NAME = re.compile(r"[^\W\d_][^\d_<>{}\[\]\\|]*")
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")

CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "digits": lambda text: set(text) <= _DIGITS,
    "name": lambda text: bool(_NAME.fullmatch(text)),
    "serial": _is_serial,  # the number on a device, or of a receipt
    "luhn": _luhn,
    "iban": lambda text: is_iban(text.replace(" ", "").upper()),
}


def _choice(asked: Field, text: str) -> tuple[str, str]:
    return (text, "") if any(one.name == text for one in asked.choices) else ("", "form-choice")


def _number(asked: Field, text: str) -> tuple[str, str]:
    if not set(text) <= _DIGITS:
        return "", "form-digits"
    return (str(int(text)), "") if asked.least <= int(text) <= asked.most else ("", "form-number")


def _phone(_: Field, text: str) -> tuple[str, str]:
    digits = "".join(letter for letter in text if letter in _DIGITS)
    written = set(text.removeprefix("+")) <= _DIGITS | set(" /()-.")
    if not written or len(digits.removeprefix("00")) not in _PHONE_DIGITS:
        return "", "form-phone"
    return (f"+{digits}" if text.startswith("+") else digits), ""


def _email(_: Field, text: str) -> tuple[str, str]:
    local = text.partition("@")[0]
    good = len(text) <= _LONGEST_EMAIL and len(local) <= _LONGEST_LOCAL and _EMAIL.fullmatch(text) is not None
    return (text, "") if good and ".." not in text and local[-1:] != "." else ("", "form-email")


def _any(_: Field, text: str) -> tuple[str, str]:
    return text, ""


_BY_KIND: Final[Mapping[FieldKind, Callable[[Field, str], tuple[str, str]]]] = {
    FieldKind.CHOICE: _choice,
    FieldKind.NUMBER: _number,
    FieldKind.TEXT: _any,
    FieldKind.PHONE: _phone,
    FieldKind.EMAIL: _email,
    FieldKind.CODE: _any,
    FieldKind.SLOT: _any,
}
