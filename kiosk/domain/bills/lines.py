"""The text in a QR code: its bytes decoded by the standard's own charset, hostile characters refused, nothing cleaned away."""

from __future__ import annotations

import re

from kiosk.domain.bills.bill import Reason, Refused, require


def decoded(data: bytes, charset: str) -> str:
    """`data` as text. Raises Refused: what cannot be decoded is not guessed at."""
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        raise Refused(Reason.CHARACTERS) from None


def lines_of(text: str) -> list[str]:
    """The lines of `text`, which end in CR LF or in LF, all alike. Raises Refused where one holds what `require_plain` refuses."""
    lines = text.split("\r\n" if "\r\n" in text else "\n")
    require_plain("".join(lines))
    return lines


def require_plain(text: str) -> None:
    """Raises Refused for what a customer cannot see as it is: controls (C0, C1, line breaks), marks of writing direction, characters
    without width, private use, halves of a pair, what Unicode has not assigned. Markup is only text: nothing here is ever drawn as such.
    """
    require(text.isprintable() or _SPACES.sub("", text).isprintable(), Reason.CHARACTERS)


_SPACES = re.compile(
    "[\u00a0\u2000-\u200a\u202f\u205f\u3000]"
)  # spaces that are no line breaks; isprintable() knows but one
