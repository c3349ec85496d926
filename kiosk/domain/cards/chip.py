"""What is said to a chip, and what it answers (ISO/IEC 7816-4): commands, BER-TLV, a number at its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk.domain.account import Holder
from kiosk.domain.cards.layout import CardLayout, CardProblem, ChipPlace

OK = 0x9000
_DEEPEST = 6
_LONGEST_TEXT = 80


def select(aid: bytes) -> bytes:
    """SELECT an application by its name, the first of its kind."""
    return bytes((0x00, 0xA4, 0x04, 0x00, len(aid))) + aid + b"\x00"


def reading(place: ChipPlace) -> Sequence[bytes]:
    """The commands that read `place` once its application is selected; what the last one answers counts."""
    if place.record:
        return (bytes((0x00, 0xB2, place.record, place.sfi << 3 | 0x04, 0x00)),)
    return (b"\x00\xa4\x02\x0c\x02" + place.file, b"\x00\xb0\x00\x00\x00")


def read_chip(layout: CardLayout, data: bytes) -> Holder | CardProblem:
    """Whose card it is that answered `data` where `layout` says to read."""
    if layout.chip is None:
        raise ValueError(f"layout {layout.name!r} is of a track, not of a chip")
    text = _text(layout.chip, data)
    if text is None:
        return CardProblem.NOT_READABLE
    return layout.read(text) or CardProblem.UNKNOWN


def _text(place: ChipPlace, data: bytes) -> str | None:
    raw = data[place.at : place.at + place.length] if place.length else next(_values(data, place.tag), b"")
    if not raw or len(raw) > _LONGEST_TEXT or len(raw) < place.length:
        return None
    if place.coding == "digits":
        digits = raw.hex().upper().rstrip("F")
        return digits if digits.isdigit() else None
    text = raw.rstrip(b"\x00 \xff").decode("ascii", "replace")
    return text if text.isascii() and text.isprintable() else None


def _values(data: bytes, tag: bytes, depth: int = 0) -> Iterator[bytes]:
    """The values of `tag`, wherever they stand; data that are no BER-TLV end the search."""
    at = 0
    while at < len(data) and depth < _DEEPEST:
        if data[at] in {0x00, 0xFF}:  # filling between objects
            at += 1
            continue
        found = _object(data, at)
        if found is None:
            return
        name, start, end = found
        if name == tag:
            yield data[start:end]
        elif name[0] & 0x20:
            yield from _values(data[start:end], tag, depth + 1)
        at = end


def _object(data: bytes, at: int) -> tuple[bytes, int, int] | None:
    """The tag at `at`, where its value begins and ends; None where it is cut short."""
    start = at + 1
    if data[at] & 0x1F == 0x1F:
        while start < len(data) and data[start] & 0x80:
            start += 1
        start += 1
    name = data[at:start]
    if start >= len(data):
        return None
    size = data[start]
    start += 1
    if size & 0x80:
        more = size & 0x7F
        if not 1 <= more <= 2:
            return None
        size = int.from_bytes(data[start : start + more], "big")
        start += more
    return (name, start, start + size) if start + size <= len(data) else None
