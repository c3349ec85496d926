"""A QR code as rows of modules, for the screen to draw."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1)
def qr_rows(text: str) -> tuple[str, ...]:
    """The modules of `text` as a QR code (ISO/IEC 18004, level M), rows of "1" (dark) and "0", without the quiet zone; "" gives none."""
    if not text:
        return ()
    from qrcode.constants import ERROR_CORRECT_M  # noqa: PLC0415 - costs 40 ms, wanted after the sale and not at the start
    from qrcode.main import QRCode  # noqa: PLC0415 - as above

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.get_matrix())
