"""A print job as ESC/POS bytes (Epson's command reference). What the code page lacks is printed as an image.

python-escpos is not used for this: importing it takes 190 ms, sets up the root logger and leaves a folder in /tmp each time, and
printing a bar code writes to standard output (3.1, measured). The tests use it as a second opinion on the virtual printer.
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from devices.lettering import cells, draw_line
from devices.printers.code_pages import CODE_PAGES
from devices.printers.layout import Line, clean, lines_of
from devices.printers.paper_format import CUTS, PaperFormat
from devices.symbols import draw_symbol
from kiosk.ports import Align, PrintCode, PrintColumns, PrintFeed, PrintJob, PrintPart, PrintRule, PrintText

_CELL_WIDTH, _CELL_HEIGHT = 12, 24  # dots of font A
_LINE_DOTS = 30
_QUIET_MODULES = 8  # the empty border on both sides of a QR code
_LARGEST_MODULE, _SMALLEST_MODULE = 6, 2  # dots; under 0.25 mm a phone does not read it off thermal paper
_QUIET_FEED = b"\x1bJ\x18"  # four modules of six dots: the empty border above and below
_CODE128_DOTS = 80
_MOST_LINES = 255
_ALIGN = {Align.LEFT: 0, Align.CENTRE: 1, Align.RIGHT: 2}


def encode(job: PrintJob, paper: PaperFormat) -> bytes:
    """The job from a reset printer to the cut. Raises ValueError where a code cannot be printed on this paper."""
    # Printers for Asian markets start in their ideographs; status is asked for, never sent unasked into the proof.
    start = b"\x1b@" + b"\x1c." + b"\x1da\x00" + b"\x1bt" + bytes([CODE_PAGES[paper.code_page]])
    return start + b"".join(piece for part in job.parts for piece in _part(part, paper)) + CUTS[paper.cut]


def _part(part: PrintPart, paper: PaperFormat) -> Iterator[bytes]:
    if isinstance(part, PrintText | PrintColumns):
        for line in lines_of(part, paper.columns):
            yield _line(line, paper)
    elif isinstance(part, PrintRule):
        yield _line(Line("─" * paper.columns), paper)
    elif isinstance(part, PrintFeed):
        yield b"\n" * max(0, min(_MOST_LINES, part.lines))
    else:
        code = _qr(part.data.encode("utf-8"), paper) if part.kind == "qr" else _code128(part, paper)
        yield _aligned(Align.CENTRE, _QUIET_FEED + code + _QUIET_FEED)


def _line(line: Line, paper: PaperFormat) -> bytes:
    try:
        text = line.whole(paper.columns).encode(paper.code_page)
    except UnicodeEncodeError:
        return _aligned(line.align, _raster(_drawn(line, paper)))
    on, off = b"", b""
    if line.bold:
        on, off = on + b"\x1bE\x01", off + b"\x1bE\x00"
    if line.scale > 1:
        on, off = on + b"\x1d!\x11", off + b"\x1d!\x00"
    if line.inverse:
        on, off = on + b"\x1dB\x01", off + b"\x1dB\x00"
    return _aligned(line.align, on + text + b"\n" + off)


def _aligned(align: Align, body: bytes) -> bytes:
    return body if align is Align.LEFT else b"\x1ba" + bytes([_ALIGN[align]]) + body + b"\x1ba\x00"


def _drawn(line: Line, paper: PaperFormat) -> Image.Image:
    """The line as dots, each side on its own, so that an amount keeps its place beside a name in any script."""
    width = (paper.columns if line.right else max(1, cells(line.left) * line.scale)) * _CELL_WIDTH
    image = Image.new("1", (width, max(_LINE_DOTS, _CELL_HEIGHT * line.scale)), 0)
    for text, at_right in ((line.left, False), (line.right, True)):
        if text:
            ink = draw_line(text, _CELL_WIDTH, _CELL_HEIGHT, bold=line.bold)
            ink = ink.resize((ink.width * line.scale, ink.height * line.scale), Image.Resampling.NEAREST)
            image.paste(ink, (width - ink.width if at_right else 0, 0))
    return image.point(lambda level: 0 if level else 255, "1") if line.inverse else image


def _raster(ink: Image.Image) -> bytes:
    row = (ink.width + 7) // 8
    padded = Image.new("1", (row * 8, ink.height), 0)
    padded.paste(ink)
    return b"\x1dv0\x00" + row.to_bytes(2, "little") + ink.height.to_bytes(2, "little") + padded.tobytes()


def _qr(data: bytes, paper: PaperFormat) -> bytes:
    modules = draw_symbol("qr", data, 1).width
    module = min(_LARGEST_MODULE, paper.dots // (modules + _QUIET_MODULES))
    if module < _SMALLEST_MODULE:
        raise ValueError(f"a QR code of {len(data)} bytes is too fine for {paper.dots} dots")
    if paper.qr == "raster":
        return _raster(draw_symbol("qr", data, module))
    return (
        b"\x1d(k\x04\x001A2\x00"  # model 2
        + b"\x1d(k\x03\x001C"
        + bytes([module])
        + b"\x1d(k\x03\x001E1"  # correction M
        + b"\x1d(k"
        + (len(data) + 3).to_bytes(2, "little")
        + b"1P0"
        + data
        + b"\x1d(k\x03\x001Q0"
    )


def _code128(part: PrintCode, paper: PaperFormat) -> bytes:
    data = part.data
    if part.kind != "code128" or not data or len(data) > 60 or clean(data) != data or not data.isascii():
        raise ValueError(f"a {part.kind} code of {len(data)} characters cannot be printed")
    if data.isdigit() and len(data) % 2 == 0:
        payload = b"{C" + bytes(int(data[at : at + 2]) for at in range(0, len(data), 2))
    else:
        payload = b"{B" + data.replace("{", "{{").encode("ascii")
    modules = draw_symbol("code128", data.encode("ascii"), 1, height_dots=1).width + 20
    module = min(3, paper.dots // modules)
    if module < 1:
        raise ValueError(f"a bar code of {len(data)} characters is wider than {paper.dots} dots")
    settings = b"\x1dh" + bytes([_CODE128_DOTS]) + b"\x1dw" + bytes([max(2, module)]) + b"\x1dH\x02\x1df\x00"
    return settings + b"\x1dk\x49" + bytes([len(payload)]) + payload
