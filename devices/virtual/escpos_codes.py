"""The codes a virtual printer draws itself: `GS k` bar codes, `GS ( k` QR and PDF417."""

from __future__ import annotations

from PIL import Image

from devices.symbols import draw_symbol
from devices.virtual.escpos_text import TextPrinter
from devices.virtual.paper import PrintedCode

_LINEAR = ("upca", "upce", "ean13", "ean8", "code39", "itf", "codabar", "code93", "code128")
_MATRIX = {48: "pdf417", 49: "qr"}
_CORRECTIONS = {48: "L", 49: "M", 50: "Q", 51: "H"}
_LONGEST_WORDS = 200


class CodePrinter:
    """Keeps what was stored for the next code, and prints it through the text printer."""

    def __init__(self, text: TextPrinter) -> None:
        self._text = text
        self.reset()

    def reset(self) -> None:
        """Sizes as at power on, nothing stored."""
        self._stored: dict[int, bytes] = {}
        self._module = {48: 3, 49: 3}
        self._correction = "L"

    def bar_code(self, args: bytes) -> None:
        """`GS k` with its arguments: a system, then the data."""
        system = args[0] - 65 if args[0] >= 65 else args[0]
        data = args[2:] if args[0] >= 65 else args[1:].rstrip(b"\x00")
        if not 0 <= system < len(_LINEAR):
            self._text.stand(_nothing(), "[unknown bar code]")
            return
        kind = _LINEAR[system]
        if kind == "code128":
            data = _code128_text(data)
        modes = self._text.modes
        self._print(kind, data, modes.code_module, height_dots=max(1, modes.code_height))
        if modes.code_words in (2, 3):
            self._text.write(data)
            self._text.line_feed()

    def matrix(self, args: bytes) -> None:
        """`GS ( k` with its arguments: the family, the function, its parameters."""
        family, function, rest = args[0], args[1], args[2:]
        if family not in _MATRIX or not rest:
            return
        if function == 67:
            self._module[family] = min(16, max(1, rest[0]))
        elif function == 69 and family == 49:
            self._correction = _CORRECTIONS.get(rest[0], "L")
        elif function == 80:
            self._stored[family] = rest[1:]
        elif function == 81:
            self._print(_MATRIX[family], self._stored.get(family, b""), self._module[family])

    def _print(self, kind: str, data: bytes, module_dots: int, *, height_dots: int = 0) -> None:
        words = f"[{kind} {_readable(data)}]"
        try:
            ink = draw_symbol(kind, data, module_dots, height_dots=height_dots, correction=self._correction)
        except ValueError:
            self._text.stand(_nothing(), f"[{kind}: cannot be printed]")
            return
        if ink.width > self._text.roll.width:  # a real printer prints nothing then, and says nothing
            self._text.stand(_nothing(), f"[{kind}: wider than the paper]")
            return
        self._text.stand(ink, words)
        self._text.roll.hold(PrintedCode(kind, data))


def _nothing() -> Image.Image:
    return Image.new("1", (1, 1), 0)


def _readable(data: bytes) -> str:
    words = "".join(char if char.isprintable() else "·" for char in data.decode("utf-8", "replace"))
    return words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS] + " ..."


def _code128_text(data: bytes) -> bytes:
    """What a `GS k 73` string holds, without its code set letters: `{A`, `{B`, `{C` (two digits a byte), `{1` FNC1, `{{` a brace."""
    text, at, set_c = bytearray(), 0, False
    while at < len(data):
        if data[at : at + 1] == b"{" and at + 1 < len(data):
            letter = data[at + 1 : at + 2]
            set_c = letter == b"C" if letter in (b"A", b"B", b"C") else set_c
            text += {b"{": b"{", b"1": b"\x1d"}.get(letter, b"")
            at += 2
        else:
            text += b"%02d" % data[at] if set_c else data[at : at + 1]
            at += 1
    return bytes(text)
