"""What a printer and its paper are, as its settings say."""

from __future__ import annotations

from kiosk.domain.records import dataclass

# Each feeds the paper to the cutter first (GS V 66 and 65); without a cutter, to the edge one tears at.
CUTS = {"partial": b"\x1dV\x42\x00", "full": b"\x1dV\x41\x00", "none": b"\x1bd\x04"}


@dataclass(frozen=True, slots=True)
class PaperFormat:
    """Cells a line, dots a line, code page, who draws QR codes ("native" or "raster"), and how a job ends (a key of CUTS)."""

    columns: int
    dots: int
    code_page: str
    qr: str
    cut: str
