"""The performance figures, a file each, every one a ratio against a floor or a peer of the same run. Imports any floor below it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

# A file a figure, each with `measure(bounds) -> values`; imported by name, so that one figure does not load another's peers.
FIGURES: Final[dict[str, str]] = {
    "startup": "process start to ready for a scan, and memory, beside an empty Chromium kiosk window",
    "scan": "from bytes on the wire to the frame that shows the line, by the size of the catalogue",
    "interpret": "codes understood a second on one core, bills among them, and GS1 data beside biip",
    "commit": "sales a second, against write+fdatasync and raw sqlite3 on the same disk",
    "sync": "journal entries a second to the service, against PouchDB and the service from memory; a live sale's way",
    "feed": "from bytes on the wire to the frame while a catalogue and its changes come down, beside the same till when nothing does",
    "herd": "ten thousand terminals back at once under a virtual clock: until all is in, beside the ideal; what live requests wait",
    "ingest": "journal entries a second into PostgreSQL against a plain COPY of the same rows, and a full replay",
    "baskets": "memory after the last of a thousand baskets, beside that after the hundredth",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much to do, and where: `directory` is empty, on the disk that is measured, and deleted afterwards. `quick` proves that a
    figure can be taken; only the whole run gives one to rely on."""

    directory: Path
    quick: bool = False


class MeasureError(Exception):
    """A figure could not be taken; the message says which part failed and what to do."""
