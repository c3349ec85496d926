"""A print job as lines: words cleaned, wrapped and set in columns, before any printer's bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from devices.lettering import cells
from kiosk.ports import Align, PrintColumns, PrintText

_LEAST_LEFT = 8  # cells; a name squeezed into fewer is not readable, and the amount goes below it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of at most `columns` cells: `left` stands as `align` says, `right` at the right edge."""

    left: str
    right: str = ""
    align: Align = Align.LEFT
    bold: bool = False
    scale: int = 1
    inverse: bool = False

    def whole(self, columns: int) -> str:
        """Both sides with the space between them."""
        if not self.right:
            return self.left
        return self.left + " " * (columns // self.scale - cells(self.left) - cells(self.right)) + self.right


def clean(text: str) -> str:
    """`text` without anything that is not meant to be read: no control character, no mark of direction, plain spaces, composed.

    A control character in a product's name could open a drawer (threats: ESC/POS through product names).
    """
    kept = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category in {"Zs", "Zl", "Zp"} or char in "\t\n\r":
            kept.append(" ")
        elif category == "Cs":
            kept.append("?")
        elif category not in {"Cc", "Cf"}:
            kept.append(char)
    return "".join(kept)


def lines_of(part: PrintText | PrintColumns, columns: int) -> Iterator[Line]:
    """The lines of one part on a paper `columns` cells wide."""
    scale = 2 if part.scale >= 2 else 1
    width = columns // scale
    if isinstance(part, PrintText):
        for text in wrap(clean(part.text), width):
            yield Line(text, align=part.align, bold=part.bold, scale=scale, inverse=part.inverse)
        return
    left, right = clean(part.left), clean(part.right)
    room = width - cells(right) - 1
    if not right or room < min(_LEAST_LEFT, cells(left)):
        for text in wrap(left, width) if left else ():
            yield Line(text, bold=part.bold, scale=scale)
        for text in wrap(right, width) if right else ():
            yield Line("", text, bold=part.bold, scale=scale)
        return
    first, *more = wrap(left, room)
    yield Line(first, right, bold=part.bold, scale=scale)
    for text in more:
        yield Line(text, bold=part.bold, scale=scale)


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at spaces where there are any; at least one line."""
    if cells(text) <= width:
        return [text]  # as it is: spaces around an inverse word are part of it
    lines: list[str] = []
    rest = text.rstrip()
    while cells(rest) > width:
        fitting = _fitting(rest, width)
        space = rest.rfind(" ", 0, fitting + 1)
        at = space if space > 0 and rest[:space].strip() else fitting
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*lines, rest]


def _fitting(text: str, width: int) -> int:
    """How many characters of `text` fit into `width` cells; at least one."""
    taken = 0
    for at, char in enumerate(text):
        taken += cells(char)
        if taken > width:
            return max(1, at)
    return len(text)
