"""Layouts: how a site's own cards say whose they are, on a magnetic track or in a chip."""

from __future__ import annotations

import re
from dataclasses import field
from enum import StrEnum
from typing import Final

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.bills.references import ROUTINES
from kiosk.domain.cards.payment import is_payment, is_payment_application, is_payment_number, is_payment_range
from kiosk.domain.cards.tracks import Tracks
from kiosk.domain.records import dataclass

TRACKS: Final = {"track1": 1, "track2": 2, "track3": 3}
CHIP: Final = "chip"
CHECKS = ("none", *ROUTINES)
LONGEST_NUMBER = 40


class CardProblem(StrEnum):
    """Why a card gives no holder."""

    PAYMENT = "payment-card"
    UNKNOWN = "unknown-card"
    NOT_READABLE = "not-readable"


class CardLayoutError(ValueError):
    """A layout that cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ChipPlace:
    """Where a chip keeps the number: select `aid`, read a record or a file, take a tag's value or a fixed place of it.

    Either `record` of `sfi` (1 to 30) is read, or the elementary `file` (two bytes) from its beginning. `tag` is the BER-TLV tag whose
    value counts, wherever in the data it stands; without it `length` bytes from `at` do. `coding` is "text" (ASCII) or "digits"
    (two a byte, filled up with F).
    """

    aid: bytes
    sfi: int = 0
    record: int = 0
    file: bytes = b""
    tag: bytes = b""
    at: int = 0
    length: int = 0
    coding: str = "text"

    def __post_init__(self) -> None:
        if not 5 <= len(self.aid) <= 16:
            raise CardLayoutError("aid has to be 5 to 16 bytes, two hexadecimal digits each (ISO/IEC 7816-4)")
        if is_payment_application(self.aid):
            raise CardLayoutError("aid is a payment scheme's: payment cards are never read")
        by_record = 1 <= self.sfi <= 30 and 1 <= self.record <= 254
        if by_record == bool(self.file) or len(self.file) not in {0, 2} or (self.file and (self.sfi or self.record)):
            raise CardLayoutError("either sfi (1 to 30) and record (1 to 254), or file (two bytes) has to be given")
        if bool(self.tag) == bool(self.length) or len(self.tag) > 3 or not 0 <= self.at + self.length <= 255:
            raise CardLayoutError("either tag (1 to 3 bytes), or at and length (within 255 bytes) has to be given")
        if self.coding not in {"text", "digits"}:
            raise CardLayoutError('coding has to be "text" or "digits"')


@dataclass(frozen=True, slots=True)
class CardLayout:
    """How one kind of card is read. `source` is "track1", "track2", "track3" (then `prefix` is how the track begins behind its start
    sentinel, at least three characters) or "chip" (then `chip` says where).

    `pattern` has to fit the whole of what is read: characters, classes in brackets and `\\d`, each with `{n}`, `{n,m}` or `?` behind it
    if need be, and the groups `(?P<number>...)`, which is the holder's number, and `(?P<check>...)`, whose digits follow by the routine
    `check` from all digits before them. Raises CardLayoutError, also where a payment card could fit.
    """

    name: str
    source: str
    pattern: str
    prefix: str = ""
    check: str = "none"
    chip: ChipPlace | None = None
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.source not in {*TRACKS, CHIP}:
            raise CardLayoutError(f"source has to be one of {', '.join((*TRACKS, CHIP))}")
        if (self.chip is not None) != (self.source == CHIP):
            raise CardLayoutError("aid and the place to read belong to a chip, and a chip needs them")
        if self.chip is None:
            _check_prefix(self.prefix, TRACKS[self.source])
        if self.check not in CHECKS:
            raise CardLayoutError(f"check {self.check!r} is not one of {', '.join(CHECKS)}")
        _check_pattern(self.pattern, self.check)
        try:
            object.__setattr__(self, "_compiled", re.compile(self.pattern, re.ASCII))
        except re.error as error:
            raise CardLayoutError(f"the pattern cannot be read: {error}") from None

    def read(self, text: str) -> Holder | CardProblem | None:
        """The holder that `text` names, NOT_READABLE where its check digit is wrong, None where it is another layout's."""
        found = self._compiled.fullmatch(text) if text.startswith(self.prefix) else None
        if found is None:
            return None
        number = found["number"]
        if not 0 < len(number) <= LONGEST_NUMBER or not number.isprintable():
            return CardProblem.NOT_READABLE
        if is_payment_number(re.sub("[^0-9]", "", number)):
            return CardProblem.PAYMENT
        if self.check != "none":
            before = re.sub("[^0-9]", "", text[: found.start("check")])
            if not before or ROUTINES[self.check](before) != found["check"]:
                return CardProblem.NOT_READABLE
        return Holder(IdentifiedBy.CARD, number, self.name)


def read_tracks(tracks: Tracks, layouts: tuple[CardLayout, ...]) -> Holder | CardProblem:
    """Whose card was swiped. A payment card is told before any layout sees a track of it."""
    if is_payment(tracks):
        return CardProblem.PAYMENT
    problem = CardProblem.NOT_READABLE if tracks.damaged else CardProblem.UNKNOWN
    for layout in layouts:
        said = tracks.data.get(TRACKS.get(layout.source, 0))
        found = None if said is None else layout.read(said)
        if isinstance(found, Holder):
            return found
        problem = found or problem
    return problem


_TOKEN = re.compile(
    r"""\(\?P<(?P<name>number|check)> | (?P<close>\))
    | (?:[A-Za-z0-9 :;,<>\#%&=_@!'"/-] | \\d | \\[^A-Za-z0-9] | \[(?![^]]*--)[A-Za-z0-9 ./:_-]+\])
      (?:\{[0-9]{1,3}(?:,(?P<most>[0-9]{1,3}))?\} | (?P<maybe>\?))?""",
    re.VERBOSE,
)


def _check_prefix(prefix: str, track: int) -> None:
    if not 3 <= len(prefix) <= 20 or not prefix.isascii() or not prefix.isprintable():
        raise CardLayoutError("prefix has to be how the track begins, 3 to 20 characters")
    # Behind the format code: "B" on track 1 (ISO/IEC 7813), two digits on track 3 (ISO/IEC 4909).
    behind = {1: prefix.removeprefix("B"), 2: prefix, 3: prefix[2:]}[track]
    for beginning in {prefix, behind}:
        digits = re.match(r"([0-9]+)(?:[=^].*)?", beginning)
        if digits is not None and digits[0] == beginning and is_payment_range(digits[1]):
            raise CardLayoutError(f"prefix {prefix!r} is how payment cards begin: they are never read")


def _check_pattern(pattern: str, check: str) -> None:
    """Raises CardLayoutError for anything that could make matching slow, or that has not the groups it needs."""
    groups: list[str] = []
    at, depth, varying = 0, 0, 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if (
            token is None
            or (token["close"] and not depth)
            or (token["name"] and not _may_open(token["name"], groups, depth))
        ):
            raise CardLayoutError(
                f"the pattern cannot have {pattern[at : at + 12]!r}: only characters, [classes], \\d, {{n}}, {{n,m}}, ? "
                "and the groups (?P<number>...) and (?P<check>...), once, the check inside the number or behind it"
            )
        groups += [token["name"]] if token["name"] else []
        depth += bool(token["name"]) - bool(token["close"])
        varying += bool(token["most"] or token["maybe"])
        at = token.end()
    if depth or "number" not in groups:
        raise CardLayoutError("the pattern needs a group (?P<number>...): the holder's number")
    if ("check" in groups) != (check != "none"):
        raise CardLayoutError("a group (?P<check>...) and a check other than none go together")
    if varying > 2:
        raise CardLayoutError("the pattern has more than two parts of varying length")


def _may_open(name: str, groups: list[str], depth: int) -> bool:
    return name not in groups and (not depth or name == "check")
