"""Letters as dots: characters drawn into fixed cells, for what a printer's own font lacks and for drawing its paper."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

# The product's own first; then what the system has, because no one font holds every script.
_FOLDERS = (
    Path(__file__).resolve().parent.parent / "assets" / "fonts",
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts"),
)
_FIRST = "DejaVuSansMono.ttf"
_MOST_FONTS = 40
_NOWHERE = "\U0010ffff"  # a character no font has: what it draws is the font's sign for "missing"


def cells(text: str) -> int:
    """How many character cells `text` takes: two for an ideograph, none for a combining mark."""
    return sum(map(_width, text))


def draw_line(text: str, cell_width: int, cell_height: int, *, bold: bool = False) -> Image.Image:
    """`text` in cells of these dots, as an image of mode "1" where 1 is ink.

    Runs of a right-to-left script are shaped and turned by Pillow's layout; each character stands in its own cell otherwise.
    """
    image = Image.new("1", (max(1, cells(text) * cell_width), cell_height), 0)
    pen = ImageDraw.Draw(image)
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        _draw_run(pen, image.width, text, cell_height)
    else:
        x = 0
        for cluster in _clusters(text):
            glyph = draw_cell(cluster, cell_width * max(1, cells(cluster)), cell_height, bold=bold)
            image.paste(glyph, (x, 0))
            x += glyph.width
    return image


@lru_cache(maxsize=2048)
def draw_cell(cluster: str, width: int, height: int, *, bold: bool = False) -> Image.Image:
    """One character with its marks, as an image of `width` x `height` dots, mode "1", 1 is ink."""
    image = Image.new("1", (width, height), 0)
    if not cluster.isspace():
        font = _font_with(cluster[0], _points(height))
        pen = ImageDraw.Draw(image)
        scalable = isinstance(font, ImageFont.FreeTypeFont)
        x = max(0, round((width - font.getlength(cluster)) / 2))
        baseline = round(height * 0.78) if scalable else 0
        for shift in (0, 1) if bold else (0,):
            pen.text((x + shift, baseline), cluster, fill=1, font=font, anchor="ls" if scalable else None)
    return image


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for char in text:
        if clusters and _width(char) == 0:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _points(cell_height: int) -> int:
    return max(
        6, round(cell_height * 20 / 24)
    )  # DejaVu Sans Mono at 20 is 12 dots wide, the cell of a printer's font A


def _draw_run(pen: ImageDraw.ImageDraw, width: int, text: str, height: int) -> None:
    strong = next(char for char in text if unicodedata.bidirectional(char) in {"R", "AL"})
    size = _points(height)
    font = _font_with(strong, size)
    while font.getlength(text) > width and size > 6:
        size -= 1
        font = _font_with(strong, size)
    pen.text((max(0.0, (width - font.getlength(text)) / 2), round(height * 0.78)), text, fill=1, font=font, anchor="ls")


def _font_with(char: str, size: int) -> Any:
    for path in _font_files():
        font = _open(path, size)
        if font is not None and _has(path, char):
            return font
    first = _font_files()[:1]
    return _open(first[0], size) if first else ImageFont.load_default(size)


@lru_cache(maxsize=1)
def _font_files() -> tuple[str, ...]:
    """Monospaced fonts of the product and the system, and fonts for scripts that have none, in the order they are tried."""
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        for pattern in (
            _FIRST,
            "*Mono*.[to]t[fc]",
            "*CJK*Regular*.[to]t[fc]",
            "*Arabic*Regular*.[to]t[fc]",
            "*.[to]tf",
        ):
            for path in sorted(folder.rglob(pattern)):
                if not any(word in path.name for word in ("Bold", "Oblique", "Italic")):
                    found.setdefault(path.name, str(path))
    return tuple(found.values())[:_MOST_FONTS]


@lru_cache(maxsize=128)
def _open(path: str, size: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(path, size)
    except OSError:
        return None  # a broken font file is no reason not to print


@lru_cache(maxsize=4096)
def _has(path: str, char: str) -> bool:
    font = _open(path, 20)
    if font is None:
        return False
    return bytes(font.getmask(char)) != bytes(font.getmask(_NOWHERE)) or char.isspace()
