"""The fields ("bitmaps") and containers inside ZVT messages, read and built. Card numbers end here: four digits come out, never more.

Source: ZVT protocol specification PA00P015, chapters "data elements (bitmaps)" and "TLV container". Nothing here raises on what came
over the line: a field that is unknown, cut short or unreadable ends the reading, and the result says that it is not `complete`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from devices.terminals.zvt_codec import ZvtError, from_bcd
from kiosk.domain.records import dataclass

LLVAR, LLLVAR, TLV = -2, -3, -1
# The length of each field: bytes, or one of the three above. PA00P015, table of bitmaps.
FIELD_LENGTHS: Mapping[int, int] = {
    0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x06: TLV, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2, 0x17: 2, 0x19: 1,
    0x22: LLVAR, 0x23: LLVAR, 0x24: LLLVAR, 0x27: 1, 0x29: 4, 0x2A: 15, 0x2D: LLVAR, 0x2E: LLLVAR, 0x37: 3, 0x3A: 2,
    0x3B: 8, 0x3C: LLLVAR, 0x3D: 3, 0x49: 2, 0x60: LLLVAR, 0x87: 2, 0x88: 3, 0x8A: 1, 0x8B: LLVAR, 0x8C: 1,
    0x9A: LLLVAR, 0xA0: 1, 0xA7: LLVAR, 0xAA: 3, 0xAF: LLLVAR, 0xBA: 5, 0xD0: 1, 0xD1: LLVAR, 0xD2: 1, 0xD3: 1,
}  # fmt: skip

TAG_RECEIPT_TYPE, TAG_TEXT_BLOCK, TAG_TEXT_LINE, TAG_LINE_ATTRIBUTE = 0x1F07, 0x25, 0x07, 0x09

_PAN = 0x22
# Tracks, chip data, check values and PIN data: the register has no use for them, so that they are stepped over and not kept.
_SECRET_FIELDS = frozenset((0x23, 0x24, 0x2D, 0x2E, 0x3A, 0x9A, 0xA7, 0xAF, 0xD1))
_TEXT_FIELDS = frozenset((0x2A, 0x3B, 0x3C, 0x8B))
# Of a TLV container only what is named here is kept: other tags may hold a card number (5A, 57, ...).
_KEPT_TAGS = frozenset((TAG_RECEIPT_TYPE, TAG_TEXT_BLOCK, 0x1F10, 0x1F12, 0x26, 0x45))
_CARD_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")
_MAX_TLV_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Fields:
    """What a message's fields held, raw, by number; 22 is the card's last four digits in ASCII, and text has its card numbers masked.

    `complete`: all fields could be read.
    """

    values: Mapping[int, bytes] = field(repr=False)
    tlv: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)
    complete: bool = True

    def number(self, tag: int) -> int | None:
        """A BCD field as a number; None when it is absent or no number."""
        raw = self.values.get(tag)
        try:
            return None if raw is None else from_bcd(raw)
        except ZvtError:
            return None

    def byte(self, tag: int) -> int | None:
        """A field of one byte; None when it is absent."""
        raw = self.values.get(tag)
        return raw[0] if raw else None

    def text(self, tag: int) -> str:
        """A field of text; "" when it is absent."""
        return self.values.get(tag, b"").decode("cp437")


@dataclass(frozen=True, slots=True)
class StatusInformation:
    """04 0F: the result of a transaction. `result` 0 is approved; what the terminal did not say is None or "".

    `reversed_trace` is the payment's trace where this is a reversal; `time` is HHMMSS and `date` MMDD as the terminal's own clock
    says; `currency` is the ISO 4217 number.
    """

    result: int | None
    amount_minor: int | None
    currency: int | None
    trace: int | None
    receipt_no: int | None
    time: str
    date: str
    card_last4: str
    card_name: str
    terminal_id: str
    authorisation: str
    additional_text: str
    host_result: int | None
    complete: bool
    reversed_trace: int | None = None

    @property
    def approved(self) -> bool:
        """Whether money moved. Only a plain 00 says so."""
        return self.result == 0


def parse_status(data: bytes) -> StatusInformation:
    """The content of an 04 0F. Never raises."""
    read = parse_fields(data)
    return StatusInformation(
        result=read.byte(0x27),
        amount_minor=read.number(0x04),
        currency=read.number(0x49),
        trace=read.number(0x0B),
        receipt_no=read.number(0x87),
        time=_digits(read.values.get(0x0C)),
        date=_digits(read.values.get(0x0D)),
        card_last4=read.values.get(_PAN, b"").decode("ascii"),
        card_name=read.text(0x8B),
        terminal_id=_digits(read.values.get(0x29)),
        authorisation=read.text(0x3B),
        additional_text=read.text(0x3C),
        host_result=read.byte(0xA0),
        complete=read.complete,
        reversed_trace=read.number(0x37),
    )


def parse_fields(data: bytes) -> Fields:
    """Read fields one after the other until the end, or until one that is unknown or cut short. Never raises."""
    values: dict[int, bytes] = {}
    tlv: tuple[tuple[int, bytes], ...] = ()
    at = 0
    while at < len(data):
        tag = data[at]
        span = _field_span(tag, data, at + 1)
        if span is None:
            return Fields(values, tlv, complete=False)
        start, at = span
        raw = data[start:at]
        if tag == _PAN:
            values[tag] = _last_four(raw)
        elif FIELD_LENGTHS[tag] == TLV:
            tlv = tuple((inner, value) for inner, value in parse_tlv(raw) if inner in _KEPT_TAGS)
        elif tag in _TEXT_FIELDS:
            values[tag] = clean_text(raw.split(b"\0")[0]).encode("cp437")
        elif tag not in _SECRET_FIELDS:
            values[tag] = raw
    return Fields(values, tlv)


def parse_tlv(data: bytes) -> list[tuple[int, bytes]]:
    """The data objects directly inside a container, in order (BER: ISO/IEC 8825-1). Ends at the first that is cut short."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        tag, at = _tlv_tag(data, at)
        length, at = _tlv_length(data, at)
        if length is None or at + length > len(data):
            break
        found.append((tag, data[at : at + length]))
        at += length
    return found


def build_fields(values: Mapping[int, bytes]) -> bytes:
    """Fields in the order given, lengths added. Raises ZvtError for a field that is unknown or of the wrong size."""
    out = bytearray()
    for tag, raw in values.items():
        kind = FIELD_LENGTHS.get(tag)
        if kind is None:
            raise ZvtError(f"field {tag:02X} is not in the table of fields")
        if kind > 0 and len(raw) != kind:
            raise ZvtError(f"field {tag:02X} takes {kind} bytes, not {len(raw)}")
        out.append(tag)
        if kind == TLV:
            out += _ber_length(len(raw))
        elif kind < 0:
            if len(raw) >= 10**-kind:
                raise ZvtError(f"field {tag:02X} cannot hold {len(raw)} bytes")
            out += bytes(0xF0 | int(digit) for digit in str(len(raw)).zfill(-kind))
        out += raw
    return bytes(out)


def build_tlv(tag: int, value: bytes) -> bytes:
    """One data object: tag, BER length, value."""
    return tag.to_bytes(2 if tag > 0xFF else 1, "big") + _ber_length(len(value)) + value


def clean_text(raw: bytes) -> str:
    """Text of the terminal (code page 437) without control characters, and with whatever could be a card number masked."""
    text = "".join(char if char.isprintable() else " " for char in raw.decode("cp437"))
    return _CARD_NUMBER.sub(_masked, text).rstrip()


def _masked(match: re.Match[str]) -> str:
    digits = [int(char) for char in match[0] if char.isdigit()]
    doubled = (sum(divmod(digit * 2, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    if sum(doubled) % 10:
        return match[0]  # no card number passes without its Luhn digit (ISO/IEC 7812-1); a VU number may stand
    return "*" * (len(digits) - 4) + "".join(map(str, digits[-4:]))


def _last_four(raw: bytes) -> bytes:
    """The last four digits of a packed card number; masked half bytes are E, the filler is F."""
    tail = raw.hex().rstrip("f")[-4:]
    return tail.encode("ascii") if len(tail) == 4 and tail.isdecimal() else b""


def _digits(raw: bytes | None) -> str:
    text = (raw or b"").hex()
    return text if text.isdecimal() else ""


def _field_span(tag: int, data: bytes, at: int) -> tuple[int, int] | None:
    """Where the content of field `tag` starts and ends; None when the field is unknown or cut short."""
    kind = FIELD_LENGTHS.get(tag)
    if kind is None:
        return None
    length: int | None = kind
    if kind == TLV:
        length, at = _tlv_length(data, at)
    elif kind < 0:
        length, at = _var_length(data[at : at - kind], -kind), at - kind
    if length is None or at + length > len(data):
        return None
    return at, at + length


def _var_length(head: bytes, size: int) -> int | None:
    digits = [byte & 0x0F for byte in head if byte >> 4 == 0x0F]
    if len(digits) != size or max(digits) > 9:
        return None
    return int("".join(map(str, digits)))


def _tlv_tag(data: bytes, at: int) -> tuple[int, int]:
    tag = data[at]
    at += 1
    if tag & 0x1F == 0x1F:  # a tag of several bytes: each but the last has its high bit set
        for _ in range(_MAX_TLV_DEPTH):
            if at >= len(data):
                break
            tag = tag << 8 | data[at]
            at += 1
            if not data[at - 1] & 0x80:
                break
    return tag, at


def _tlv_length(data: bytes, at: int) -> tuple[int | None, int]:
    if at >= len(data):
        return None, at
    first = data[at]
    if first < 0x80:
        return first, at + 1
    size = first & 0x7F
    if size not in (1, 2) or at + 1 + size > len(data):
        return None, at
    return int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size


def _ber_length(length: int) -> bytes:
    if length < 0x80:
        return bytes((length,))
    if length <= 0xFF:
        return bytes((0x81, length))
    return b"\x82" + length.to_bytes(2, "big")
