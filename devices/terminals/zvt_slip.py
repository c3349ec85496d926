"""The card slip that a ZVT terminal has the register print: text lines (06 D1) and text blocks (06 D3), sorted into whose copy it is.

Source: ZVT protocol specification PA00P015, "print line" and "print text-block". Card numbers are masked before anything is kept.
"""

from __future__ import annotations

from dataclasses import field

from devices.terminals.zvt_codec import Apdu
from devices.terminals.zvt_fields import (
    TAG_LINE_ATTRIBUTE,
    TAG_RECEIPT_TYPE,
    TAG_TEXT_BLOCK,
    TAG_TEXT_LINE,
    clean_text,
    parse_fields,
    parse_tlv,
)
from kiosk.domain.records import dataclass

MAX_LINES = 400
MAX_LINE_CHARS = 64
RECEIPT_MERCHANT, RECEIPT_CUSTOMER = 1, 2
# Words on the slip itself, for terminals that print lines without saying whose copy they are.
_CUSTOMER_WORDS = ("kundenbeleg", "customer copy", "customer receipt", "cardholder")
_MERCHANT_WORDS = ("händlerbeleg", "haendlerbeleg", "merchant copy", "merchant receipt")


@dataclass(frozen=True, slots=True)
class Slips:
    """The copies of one slip, line by line."""

    customer: tuple[str, ...] = ()
    merchant: tuple[str, ...] = ()


@dataclass(slots=True)
class SlipCollector:
    """Gathers lines until the terminal's command is over. At most 400 lines of 64 characters are kept."""

    _customer: list[str] = field(default_factory=list)
    _merchant: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _count: int = 0

    def collect(self, apdu: Apdu) -> None:
        """Take a 06 D1 or a 06 D3. Never raises."""
        if apdu.command == 0x06D3:
            self._collect_block(apdu.data)
        elif apdu.data:
            self._collect_line(apdu.data[0], apdu.data[1:])

    def take(self) -> Slips:
        """What was gathered, and begin anew."""
        self._close()
        slips = Slips(tuple(self._customer), tuple(self._merchant))
        self._customer, self._merchant, self._open, self._count = [], [], [], 0
        return slips

    def _collect_line(self, attribute: int, text: bytes) -> None:
        if attribute == 0xFF:  # line feeds, their number follows
            for _ in range(min(text[0] if text else 1, 5)):
                self._add("")
            return
        centred = attribute & 0xC0 == 0x40
        words = clean_text(text)
        if words or attribute < 0x80:
            self._add(words.strip().center(24).rstrip() if centred else words)
        if attribute & 0x80:  # the last line of this copy
            self._close()

    def _collect_block(self, data: bytes) -> None:
        objects = dict(parse_fields(data).tlv)
        kind = objects.get(TAG_RECEIPT_TYPE, b"\0")[:1]
        for tag, value in parse_tlv(objects.get(TAG_TEXT_BLOCK, b"")):
            if tag == TAG_TEXT_LINE:
                self._add(clean_text(value))
            elif tag == TAG_LINE_ATTRIBUTE and value[:1] >= b"\x80":
                self._close(kind[0] if kind else 0)
        self._close(kind[0] if kind else 0)

    def _add(self, line: str) -> None:
        self._count += 1
        if self._count <= MAX_LINES:
            self._open.append(line[:MAX_LINE_CHARS])

    def _close(self, kind: int = 0) -> None:
        lines, self._open = self._open, []
        if not any(lines):
            return
        if kind == RECEIPT_CUSTOMER or (kind != RECEIPT_MERCHANT and self._is_customers(lines)):
            self._customer += lines
        else:
            self._merchant += lines

    def _is_customers(self, lines: list[str]) -> bool:
        """Whose copy lines without a receipt type are: by their words, else the first is the merchant's, the second the customer's."""
        text = "\n".join(lines).casefold()
        if any(word in text for word in _CUSTOMER_WORDS):
            return True
        if any(word in text for word in _MERCHANT_WORDS):
            return False
        return bool(self._merchant)
