"""The paper of a virtual printer: dots and words as they come out, and the finished piece at each cut."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

LONGEST_DOTS = 20_000  # two and a half metres at 203 dpi: more is a runaway job, and is torn off
_GROW_DOTS = 1024
_MARGIN_DOTS = 32
_TOOTH_DOTS = 8
_PAPER, _INK, _TABLE = (252, 249, 241), (38, 36, 40), (226, 226, 222)


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A code that the printer drew itself: "qr", "code128", ... and what it holds."""

    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished piece of paper. `commands` lists every command of its bytes but line feeds, the unknown ones marked as such."""

    image: Image.Image
    text: str
    codes: tuple[PrintedCode, ...]
    commands: tuple[str, ...]


class Roll:
    """Paper as it comes out of the printer, `width` dots wide."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._dots = Image.new("1", (self.width, _GROW_DOTS), 0)
        self._y = 0
        self._lines: list[str] = []
        self._codes: list[PrintedCode] = []

    @property
    def blank(self) -> bool:
        """Whether nothing has come out since the last cut."""
        return self._y == 0

    @property
    def full(self) -> bool:
        """Whether this piece is as long as one may be."""
        return self._y >= LONGEST_DOTS

    def draw(self, ink: Image.Image, x: int, advance: int) -> None:
        """Print `ink` (mode "1", 1 is ink) at `x`, then feed `advance` dots; what does not fit is cut off."""
        self._reach(self._y + max(ink.height, advance))
        self._dots.paste(1, (x, self._y), ink)
        self.feed(advance)

    def feed(self, dots: int) -> None:
        """Move the paper."""
        self._y = min(LONGEST_DOTS, self._y + dots)
        self._reach(self._y)

    def say(self, line: str) -> None:
        """Add a line to the paper's text."""
        self._lines.append(line.rstrip())

    def hold(self, code: PrintedCode) -> None:
        """Remember a code that was drawn."""
        self._codes.append(code)

    def picture(self, *, torn: bool = False) -> Image.Image:
        """The paper so far, in colour; `torn` with the edge of a cutter."""
        height = max(self._y, 1)
        ink = self._dots.crop((0, 0, self.width, height)).convert("L")
        paper = ImageOps.colorize(ink, black=_PAPER, white=_INK)
        sheet = Image.new("RGB", (self.width + 2 * _MARGIN_DOTS, height + _MARGIN_DOTS + 2 * _TOOTH_DOTS), _PAPER)
        sheet.paste(paper, (_MARGIN_DOTS, _MARGIN_DOTS))
        if torn:
            _tear(sheet)
        return sheet

    def cut(self, commands: tuple[str, ...]) -> Paper:
        """The finished piece; the roll starts anew."""
        paper = Paper(self.picture(torn=True), "\n".join(self._lines).rstrip() + "\n", tuple(self._codes), commands)
        self._dots = Image.new("1", (self.width, _GROW_DOTS), 0)
        self._y = 0
        self._lines, self._codes = [], []
        return paper

    def _reach(self, height: int) -> None:
        wanted = min(height, LONGEST_DOTS)
        if wanted > self._dots.height:
            grown = Image.new("1", (self.width, min(LONGEST_DOTS, max(wanted, self._dots.height * 2))), 0)
            grown.paste(self._dots)
            self._dots = grown


def save_paper(paper: Paper, folder: Path, number: int) -> Path:
    """Write `receipt-NNNN.png` and `.txt`, each whole or not at all; returns the picture's path. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"receipt-{number:04d}.png"
    for path in (picture.with_suffix(".txt"), picture):
        part = path.with_name(path.name + ".part")
        if path.suffix == ".png":
            paper.image.save(part, "PNG")
        else:
            part.write_text(paper.text, "utf-8")
        part.replace(path)
    return picture


def _tear(sheet: Image.Image) -> None:
    pen = ImageDraw.Draw(sheet)
    for edge, tip in ((0, _TOOTH_DOTS), (sheet.height - 1, sheet.height - 1 - _TOOTH_DOTS)):
        for x in range(0, sheet.width, 2 * _TOOTH_DOTS):
            pen.polygon([(x, edge), (x + _TOOTH_DOTS, tip), (x + 2 * _TOOTH_DOTS, edge)], fill=_TABLE)
