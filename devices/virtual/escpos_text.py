"""The text side of a virtual printer: modes, code pages, and the line that is being put together."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from devices.lettering import cells, draw_cell
from devices.printers.code_pages import CODE_PAGES
from devices.virtual.paper import Roll

_PAGE_NAMES = {number: name for name, number in CODE_PAGES.items()}
_FONTS = {"A": (12, 24), "B": (9, 17)}
_TAB_CELLS = 8
# A printer for the Chinese market; one for Japan would be "shift_jis".
_IDEOGRAPHS = "gb18030"


@dataclass(slots=True)
class Modes:
    """How characters print, as `ESC @` leaves it."""

    bold: bool = False
    underline: int = 0
    inverse: bool = False
    wide: int = 1
    tall: int = 1
    font: str = "A"
    align: int = 0
    line_dots: int = 30
    page: int = 0
    ideographs: bool = False
    code_height: int = 162
    code_module: int = 3
    code_words: int = 0


@dataclass(slots=True)
class Line:
    """Pieces of ink side by side, with their words, until a line feed prints them."""

    pieces: list[tuple[Image.Image, str]] = field(default_factory=list)
    width: int = 0

    def put(self, ink: Image.Image, words: str) -> None:
        """Add a piece at the right."""
        self.pieces.append((ink, words))
        self.width += ink.width


class TextPrinter:
    """Puts characters on the roll, a line at a time; wraps at the paper's edge."""

    def __init__(self, roll: Roll) -> None:
        self.roll = roll
        self.lines_printed = 0
        self.reset()

    def reset(self) -> None:
        """What `ESC @` does: modes as at power on, the line in hand dropped."""
        self.modes = Modes()
        self.drop_line()
        self._decoder = codecs.getincrementaldecoder(_IDEOGRAPHS)("replace")

    def write(self, data: bytes) -> None:
        """Bytes in the current code page."""
        for char in self._decode(data):
            self._put(self._glyph(char), char)

    def put_image(self, ink: Image.Image, words: str) -> None:
        """An image within the line (`ESC *`)."""
        self._put(ink.crop((0, 0, min(ink.width, self.roll.width), ink.height)), words)

    def drop_line(self) -> None:
        """Forget the line in hand."""
        self._line = Line()

    def tab(self) -> None:
        """On to the next eighth cell."""
        step = _TAB_CELLS * _FONTS["A"][0]
        self.move_to((self._line.width // step + 1) * step)

    def move_to(self, x: int) -> None:
        """Go on at `x` dots from the left; never backwards."""
        gap = min(x, self.roll.width) - self._line.width
        if gap > 0:
            self._line.put(Image.new("1", (gap, 1), 0), " " * max(1, gap // _FONTS["A"][0]))

    def line_feed(self) -> None:
        """Print the line in hand, or feed an empty one."""
        line, self._line = self._line, Line()
        height = max([self.modes.line_dots, *(ink.height for ink, _ in line.pieces)])
        if line.pieces:
            self._print(line, height)
        else:
            self.roll.feed(height)
            self.roll.say("")
        self.lines_printed += 1

    def end_line(self) -> None:
        """Print the line in hand, if there is one."""
        if self._line.pieces:
            self.line_feed()

    def stand(self, ink: Image.Image, words: str) -> None:
        """Print an image or a code in a line of its own."""
        self.end_line()
        if ink.width > self.roll.width:
            ink = ink.crop((0, 0, self.roll.width, ink.height))
        self.roll.draw(ink, self._start(ink.width), ink.height)
        self.roll.say(self._aligned(words))
        self.lines_printed += 1

    def _decode(self, data: bytes) -> str:
        if self.modes.ideographs:
            return self._decoder.decode(data)
        return data.decode(_PAGE_NAMES.get(self.modes.page, "cp437"), "replace")

    def _put(self, ink: Image.Image, words: str) -> None:
        if self._line.width + ink.width > self.roll.width:
            self.end_line()
        self._line.put(ink, words)

    def _glyph(self, char: str) -> Image.Image:
        modes = self.modes
        width, height = _FONTS[modes.font]
        width *= max(1, cells(char))
        ink = draw_cell(char, width, height, bold=modes.bold)
        if modes.underline:
            ink = ink.copy()
            ink.paste(1, (0, height - modes.underline, width, height))
        if modes.wide > 1 or modes.tall > 1:
            ink = ink.resize((width * modes.wide, height * modes.tall), Image.Resampling.NEAREST)
        return ink.point(lambda level: 0 if level else 255, "1") if modes.inverse else ink

    def _print(self, line: Line, height: int) -> None:
        tallest = max(ink.height for ink, _ in line.pieces)
        whole = Image.new("1", (line.width, tallest), 0)
        x = 0
        for ink, _ in line.pieces:
            whole.paste(ink, (x, tallest - ink.height))
            x += ink.width
        self.roll.draw(whole, self._start(line.width), height)
        self.roll.say(self._aligned("".join(words for _, words in line.pieces), line.width))

    def _start(self, width: int) -> int:
        return max(0, (self.roll.width - width) * self.modes.align // 2)

    def _aligned(self, words: str, width: int | None = None) -> str:
        taken = len(words) if width is None else width // _FONTS["A"][0]
        return " " * max(0, (self.roll.width // _FONTS["A"][0] - taken) * self.modes.align // 2) + words


def raster(width: int, height: int, data: bytes, *, wide: bool = False, tall: bool = False) -> Image.Image:
    """An image of rows of bytes, the highest bit at the left; 1 is ink."""
    ink = Image.frombytes("1", (width, height), data)
    return ink.resize((width * (2 if wide else 1), height * (2 if tall else 1)), Image.Resampling.NEAREST)


def columns(mode: int, data: bytes) -> Image.Image:
    """An image of columns of one or three bytes, the highest bit at the top (`ESC *`); 1 is ink."""
    deep = mode in (32, 33)
    rows_of_columns = Image.frombytes("1", (24 if deep else 8, len(data) // (3 if deep else 1)), data)
    ink = ImageOps.flip(rows_of_columns.transpose(Image.Transpose.ROTATE_90))
    return ink.resize(
        (ink.width * (2 if mode in (0, 32) else 1), ink.height * (1 if deep else 3)), Image.Resampling.NEAREST
    )
