"""The keys of `[cards]`: how the site's own cards are read. A list's tables have no defaults file: what a layout leaves out is unused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from kiosk.domain.cards.layout import CardLayout, CardLayoutError, ChipPlace


def _bytes(text: str) -> str:
    try:
        bytes.fromhex(text)
    except ValueError:
        raise ValueError("must be hexadecimal digits, two a byte") from None
    return text


Hexadecimal = Annotated[str, StringConstraints(max_length=47), AfterValidator(_bytes)]


class CardLayoutSettings(BaseModel):
    """One layout, of a magnetic track or of a chip."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    source: Literal["track1", "track2", "track3", "chip"]
    pattern: Annotated[str, StringConstraints(max_length=300)]
    prefix: Annotated[str, StringConstraints(max_length=20)] = ""
    check: str = "none"
    aid: Hexadecimal = ""
    sfi: Annotated[int, Field(ge=0, le=30)] = 0
    record: Annotated[int, Field(ge=0, le=254)] = 0
    file: Hexadecimal = ""
    tag: Hexadecimal = ""
    at: Annotated[int, Field(ge=0, le=254)] = 0
    length: Annotated[int, Field(ge=0, le=254)] = 0
    coding: Literal["text", "digits"] = "text"

    @model_validator(mode="after")
    def _usable(self) -> CardLayoutSettings:
        try:
            card_layout(self)
        except CardLayoutError as error:
            raise ValueError(f"does not make a layout: {error}") from None
        return self


class CardSettings(BaseModel):
    """The cards that are taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    layouts: Annotated[tuple[CardLayoutSettings, ...], Field(max_length=50)]

    @model_validator(mode="after")
    def _named_once(self) -> CardSettings:
        names = [each.name for each in self.layouts]
        if len(set(names)) < len(names):
            raise ValueError("must name each layout once")
        return self


def card_layout(settings: CardLayoutSettings) -> CardLayout:
    """The layout that the settings write. Raises CardLayoutError."""
    place = None
    if settings.source == "chip" or settings.aid:
        place = ChipPlace(
            bytes.fromhex(settings.aid),
            settings.sfi,
            settings.record,
            bytes.fromhex(settings.file),
            bytes.fromhex(settings.tag),
            settings.at,
            settings.length,
            settings.coding,
        )
    return CardLayout(settings.name, settings.source, settings.pattern, settings.prefix, settings.check, place)
