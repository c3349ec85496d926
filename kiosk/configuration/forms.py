"""Reads the files that define forms, each whole or not at all. A wrong one is a record that says why; the terminal starts without it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator
from pydantic_core.core_schema import ValidationInfo

from kiosk.configuration.layers import Origin, UnreadableLayerError, file_layer, origin_of
from kiosk.configuration.loading import PROJECT_ROOT, Problem
from kiosk.configuration.refusals import explain
from kiosk.configuration.schema import Configuration
from kiosk.configuration.toml_lines import KeyPath
from kiosk.domain import forms as domain
from kiosk.domain.queueing import Calendar, Hours, HoursError, hours_of, series_of
from kiosk.domain.records import dataclass

ICONS = PROJECT_ROOT / "assets" / "icons" / "ink"
MOST_FIELDS = 12
MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class FormRecord:
    """What became of a form's file: `form` is None where `problems` keep it from being offered."""

    path: str
    form: domain.Form | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FormsRead:
    """Every file's record, in order, and the forms that can be offered."""

    records: tuple[FormRecord, ...] = ()
    book: domain.FormBook = field(default_factory=domain.FormBook)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, by file and line."""
        return tuple(problem for record in self.records for problem in record.problems)


def read_forms(configuration: Configuration) -> FormsRead:
    """The forms of `[forms] files`. Never raises: what is wrong stands in the records."""
    terminal, languages = configuration.terminal, configuration.site.languages
    records, forms = [], {}
    for path in configuration.forms.files:
        record = read_form(PROJECT_ROOT / path, languages)
        if record.form is not None and record.form.name in forms:
            twice = Problem(Origin(record.path), "name", f'"{record.form.name}" is the name of another form already')
            record = FormRecord(record.path, None, (twice,))
        records.append(record)
        if record.form is not None:
            forms[record.form.name] = record.form
    records += _unknown(configuration, forms)
    return FormsRead(tuple(records), domain.FormBook(forms, series_of(terminal.id, terminal.series)))


def read_form(path: Path, languages: Iterable[str]) -> FormRecord:
    """One file's form, said in all `languages`."""
    try:
        layer = file_layer(path)
    except UnreadableLayerError as error:
        return FormRecord(str(path), None, (Problem(error.origin, "", str(error)),))
    try:
        settings = _FormSettings.model_validate_json(
            json.dumps(layer.values, default=str), strict=True, context={"languages": tuple(languages)}
        )
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False, include_context=True):
            at: KeyPath = tuple(part for part in detail["loc"] if part != "[key]")
            around = at[:-1] if detail["type"] == "missing" else at
            where = origin_of([layer], around) if around else Origin(str(path), 1)
            problems.append(Problem(where, ".".join(map(str, at)), explain(_FormSettings, at, detail)))
        return FormRecord(str(path), None, tuple(problems))
    return FormRecord(str(path), settings.form())


def _unknown(configuration: Configuration, forms: dict[str, domain.Form]) -> list[FormRecord]:
    """Forms that a profile names and nobody defines, once each."""
    services = {one for profile in configuration.profiles.values() for one in profile if one.startswith("form:")}
    words = "is not offered: no file of forms.files defines it, or that file is wrong"
    missing = sorted(services - {f"form:{name}" for name in forms})
    return [FormRecord("", None, (Problem(Origin("profiles"), service, words),)) for service in missing]


def _plain(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("must be one line without control characters, and without spaces at its ends")
    return text


def _in_every_language(texts: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    missing = [code for code in (info.context or {}).get("languages", ()) if code not in texts]
    if missing:
        raise ValueError(f"must be said in every language of site.languages; missing: {', '.join(missing)}")
    return texts


Text = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_plain)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=600), AfterValidator(_plain)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Texts = Annotated[dict[Code, Text], Field(min_length=1, max_length=20), AfterValidator(_in_every_language)]
LongTexts = Annotated[dict[Code, Long], Field(min_length=1, max_length=20), AfterValidator(_in_every_language)]


def _picture(name: str) -> str:
    if name and not (ICONS / f"{name}.svg").is_file():
        raise ValueError("must be the name of a picture in assets/icons/ink, or empty")
    return name


Picture = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,32}$"), AfterValidator(_picture)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Letters = Annotated[str, StringConstraints(pattern=r"^[A-Z]{0,3}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Spans = Annotated[tuple[Annotated[str, StringConstraints(max_length=40)], ...], Field(max_length=6)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class _ChoiceSettings(_Part):
    name: Name
    label: Texts


class _FieldSettings(_Part):
    name: Name
    kind: Literal["choice", "number", "text", "phone", "email", "code", "slot"]
    label: Texts
    hint: dict[Code, Text] = Field(default_factory=dict, max_length=20)
    required: bool = True
    longest: Annotated[int, Field(ge=1, le=domain.LONGEST_ANSWER)] = 60
    least: Annotated[int, Field(ge=0, le=10**9)] = 0
    most: Annotated[int, Field(ge=0, le=10**9)] = 999_999
    check: Literal["", "digits", "name", "serial", "luhn", "iban"] = ""
    private: bool = False
    choices: Annotated[tuple[_ChoiceSettings, ...], Field(max_length=MOST_CHOICES)] = ()

    @field_validator("choices", mode="after")
    @classmethod
    def _to_choose_from(cls, choices: tuple[_ChoiceSettings, ...], info: ValidationInfo) -> tuple[_ChoiceSettings, ...]:
        if info.data.get("kind") != "choice" and choices:
            raise ValueError('belong to a field of kind "choice" only')
        if len({one.name for one in choices}) != len(choices):
            raise ValueError("must have names of their own")
        return choices


class _HoursSettings(_Part):
    hours: dict[Weekday, Spans] = Field(default_factory=dict)
    closed: Annotated[tuple[date, ...], Field(max_length=400)] = ()

    @field_validator("hours", mode="after")
    @classmethod
    def _readable(cls, hours: dict[Weekday, Spans]) -> dict[Weekday, Spans]:
        try:
            hours_of({str(day): spans for day, spans in hours.items()})
        except HoursError as error:
            raise ValueError(f"must be opening hours: {error}") from None
        return hours

    def read(self) -> Hours:
        return hours_of({str(day): spans for day, spans in self.hours.items()}, self.closed)


class _CalendarSettings(_HoursSettings):
    every_min: Annotated[int, Field(ge=5, le=480)]
    capacity: Annotated[int, Field(ge=1, le=20)]
    ahead_days: Annotated[int, Field(ge=0, le=60)] = 14
    lead_min: Annotated[int, Field(ge=0, le=10_080)] = 60


class _ConsentSettings(_Part):
    version: Version
    text: LongTexts


class _FormSettings(_Part):
    name: Name
    version: Annotated[int, Field(ge=1, le=100_000)]
    title: Texts
    icon: Picture = ""
    end: Literal["queue", "slot", "request"]
    letters: Letters = ""
    review: bool = True
    opening: _HoursSettings = Field(default_factory=_HoursSettings)
    calendar: _CalendarSettings | None = None
    consent: _ConsentSettings | None = None
    fields: Annotated[tuple[_FieldSettings, ...], Field(min_length=1, max_length=MOST_FIELDS)]

    @field_validator("fields", mode="after")
    @classmethod
    def _that_fit(cls, fields: tuple[_FieldSettings, ...], info: ValidationInfo) -> tuple[_FieldSettings, ...]:
        if len({one.name for one in fields}) != len(fields):
            raise ValueError("must have names of their own")
        for one in fields:
            if one.kind == "choice" and len(one.choices) < 2:
                raise ValueError(f'{one.name}: a field of kind "choice" needs two choices or more')
            if one.least > one.most:
                raise ValueError(f"{one.name}: least is more than most")
        asked = sum(one.kind == "slot" for one in fields)
        if (info.data.get("end") == "slot") != (asked == 1) or asked > 1:
            raise ValueError('must hold one field of kind "slot" where end = "slot", and none elsewhere')
        if asked and info.data.get("calendar") is None:
            raise ValueError('of kind "slot" needs a table [calendar] above it')
        if any(one.private for one in fields) and info.data.get("consent") is None:
            raise ValueError("that are private need a table [consent] above them: people agree before it is kept")
        return fields

    def form(self) -> domain.Form:
        calendar = self.calendar
        return domain.Form(
            name=self.name,
            version=self.version,
            title=self.title,
            fields=tuple(_field(one) for one in self.fields),
            ending=domain.Ending(self.end),
            icon=self.icon,
            letters=self.letters,
            hours=self.opening.read(),
            calendar=Calendar(
                calendar.read(), calendar.every_min, calendar.capacity, calendar.ahead_days, calendar.lead_min
            )
            if calendar
            else None,
            consent=domain.Consent(self.consent.version, self.consent.text) if self.consent else None,
            review=self.review,
        )


def _field(one: _FieldSettings) -> domain.Field:
    return domain.Field(
        one.name,
        domain.FieldKind(one.kind),
        one.label,
        one.hint,
        one.required,
        one.longest,
        one.least,
        one.most,
        one.check,
        tuple(domain.Choice(choice.name, choice.label) for choice in one.choices),
        one.private,
    )
