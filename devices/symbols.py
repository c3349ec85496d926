"""Bar codes and QR codes as dots."""

from __future__ import annotations

from typing import Any

import zxingcpp
from PIL import Image

_FORMATS = {
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "code128": zxingcpp.BarcodeFormat.Code128,
    "code39": zxingcpp.BarcodeFormat.Code39,
    "code93": zxingcpp.BarcodeFormat.Code93,
    "codabar": zxingcpp.BarcodeFormat.Codabar,
    "itf": zxingcpp.BarcodeFormat.ITF,
    "ean13": zxingcpp.BarcodeFormat.EAN13,
    "ean8": zxingcpp.BarcodeFormat.EAN8,
    "upca": zxingcpp.BarcodeFormat.UPCA,
    "upce": zxingcpp.BarcodeFormat.UPCE,
    "pdf417": zxingcpp.BarcodeFormat.PDF417,
}


def draw_symbol(
    kind: str, data: bytes, module_dots: int, *, height_dots: int = 0, correction: str = "M"
) -> Image.Image:
    """The code without its quiet zone, mode "1", 1 is ink; `height_dots` is a linear code's height,
    `correction` a QR code's level: L, M, Q or H.

    Raises ValueError when the kind cannot hold the data.
    """
    if not data or kind not in _FORMATS:
        raise ValueError(f"{kind} cannot hold {len(data)} bytes")
    options = {"ec_level": correction} if kind == "qr" else {}
    # A linear code is drawn from text, a matrix code from bytes, so that UTF-8 is kept as it is.
    content = data if kind in {"qr", "pdf417"} else data.decode("latin-1")
    image: Any = zxingcpp.create_barcode(content, _FORMATS[kind], **options).to_image(scale=1, add_quiet_zones=False)
    drawn = memoryview(image)
    rows, columns = drawn.shape or (0, 0)
    modules = Image.frombytes("L", (columns, rows), drawn.tobytes()).point(lambda level: 0 if level else 1, "1")
    tall = height_dots or rows * module_dots
    return modules.resize((columns * module_dots, tall), Image.Resampling.NEAREST)
