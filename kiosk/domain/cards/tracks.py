"""Magnetic tracks as a reader sends them: sentinels, check characters, damage, and swipes the wrong way round (ISO/IEC 7811, 7813)."""

from __future__ import annotations

import re
from dataclasses import field
from functools import reduce
from operator import xor

from kiosk.domain.records import dataclass

LONGEST_SWIPE_BYTES = (
    320  # three tracks of 79, 40 and 107 characters (ISO/IEC 7813, 4909), and room for what readers put around them
)
_END = "?"
# Track 3 begins with ";" on the card (ISO/IEC 4909); readers say "+" or "#", so that it is told from track 2.
_STARTS = {"%": 1, ";": 2, "+": 3, "#": 3}
_LONGEST = {1: 76, 2: 37, 3: 104}  # between the sentinels
# What a character is worth on the card: six bits from the space on track 1, four from the "0" on the others.
_BASE = {1: 0x20, 2: 0x30, 3: 0x30}
_VALUES = {1: 64, 2: 16, 3: 16}
_LIKE_A_TRACK = re.compile(rb"[%;+#][ -_]{3}|[ -_]{3}[%;+#]|[%;+#]E\?")
_ERROR = "E"  # what a reader sends in place of a track that it could not read


@dataclass(frozen=True, slots=True)
class Tracks:
    """The tracks of one swipe by number, without sentinels. `damaged`: what came of those that cannot be trusted, "" where nothing did."""

    data: dict[int, str]
    damaged: dict[int, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Tracks(data of {sorted(self.data)}, damaged {sorted(self.damaged)})"


def is_swipe(frame: bytes | bytearray) -> bool:
    """Whether these bytes are what a card left, however damaged; noise on the line is not."""
    return _LIKE_A_TRACK.search(frame) is not None


def split(frame: bytes | bytearray) -> Tracks:
    """The tracks of one swipe; `frame` is what came between two ends, noise before and behind it included."""
    text = bytes(frame[: LONGEST_SWIPE_BYTES + 1]).decode("ascii", "replace")
    too_long = len(frame) > LONGEST_SWIPE_BYTES
    found = _split(text[::-1] if _is_backwards(text) else text)
    return Tracks({}, {**found.damaged, **found.data}) if too_long else found


def _is_backwards(text: str) -> bool:
    """Some readers send the bits of a swipe from right to left as they came: the first sentinel then is an end, the last a start."""
    signs = [sign for sign in text if sign in _STARTS or sign == _END]
    return len(signs) > 1 and signs[0] == _END and signs[-1] != _END


def _split(text: str) -> Tracks:
    data: dict[int, str] = {}
    damaged: dict[int, str] = {}
    at = 0
    while at < len(text):
        number = _STARTS.get(text[at])
        if number is None:
            at += 1  # noise, or a check character that was told already
            continue
        if number == 2 and (2 in data or 2 in damaged):
            number = 3
        said, at, is_sound = _track(text, at, number)
        (data if is_sound else damaged).setdefault(number, said)
    for number in data.keys() & damaged.keys():
        del data[number]  # told twice, once badly: neither is believed
    return Tracks(data, damaged)


def _track(text: str, start: int, number: int) -> tuple[str, int, bool]:
    """What stands between the sentinels, where the next track may begin, and whether it can be trusted."""
    end = text.find(_END, start)
    if end < 0:
        return text[start + 1 :], len(text), False
    said = text[start + 1 : end]
    if said in {_ERROR, ""}:
        return "", end + 1, False
    sound = _is_of_track(said, number)
    after = text[end + 1 : end + 2]
    is_check = after == _check_character(said, number) and (after not in _STARTS or _ends_there(text, end + 2))
    if after and is_check:
        return said, end + 2, sound
    return said, end + 1, sound and (after in _STARTS or not after.isprintable() or not after)


def _ends_there(text: str, at: int) -> bool:
    """Whether nothing, or another track, begins at `at`: a check character may look like a start."""
    return at >= len(text) or text[at] in _STARTS or not text[at].isprintable()


def _check_character(said: str, number: int) -> str:
    """The longitudinal redundancy check over start, data and end (ISO/IEC 7811-6, 7811-2), as a reader would send it."""
    start = "%" if number == 1 else ";"
    values = [_value(sign, number) or 0 for sign in (start, *said, _END)]
    return chr(_BASE[number] + reduce(xor, values))


def _value(sign: str, number: int) -> int | None:
    value = ord(sign) - _BASE[number]
    return value if 0 <= value < _VALUES[number] else None


def _is_of_track(said: str, number: int) -> bool:
    return (
        len(said) <= _LONGEST[number]
        and all(_value(sign, number) is not None for sign in said)
        and (number == 1 or ";" not in said)
    )


def check_character(number: int, said: str) -> str:
    """The check character that track `number` with `said` between its sentinels bears, as a character of that track."""
    return _check_character(said, number)
