"""The virtual printer for QML: the paper as it comes out, the papers torn off, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickImageProvider

from devices.virtual.printer import Fault, Paper, VirtualPrinter
from ui.viewmodels.rows import Row, Rows, TileRow
from ui.viewmodels.shown import Shown, part, shown

_LOOK_EVERY_MS = 60
_SHOWN_PAPERS = 12
_SLOW_MS_PER_LINE = 200
_SWITCHES = (*(fault.value for fault in Fault), "unplugged", "slow")


@dataclass(frozen=True, slots=True)
class PaperRow(Row):
    """A torn-off paper: the address of its picture, its size in dots, its words for those who cannot see it."""

    picture: str
    dotsWide: int
    dotsHigh: int
    words: str


class PaperImages(QQuickImageProvider):
    """Answers `image://paper/NAME` with the picture that was last put under NAME (before any "?")."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._images: Mapping[str, QImage] = {}

    def put(self, images: Mapping[str, QImage]) -> None:
        """These are all the pictures there are."""
        self._images = dict(images)

    def requestImage(self, name: str, size: QSize, requested: QSize) -> QImage:  # noqa: ARG002 - Qt's own signature
        """The picture, as wide as asked for; a picture of one empty dot where there is none."""
        image = self._images.get(name.partition("?")[0])
        if image is None:
            image = QImage(1, 1, QImage.Format.Format_RGB888)
            image.fill(Qt.GlobalColor.transparent)
        if 0 < requested.width() < image.width():
            return image.scaledToWidth(requested.width(), Qt.TransformationMode.SmoothTransformation)
        return image


class PrinterBench(Shown):
    """Looks at the printer some sixteen times a second: `roll` is the address of what hangs out, "" for nothing."""

    changed = Signal()
    roll = shown(str, "roll", changed)
    rollDotsWide = shown(int, "rollDotsWide", changed)
    rollDotsHigh = shown(int, "rollDotsHigh", changed)
    faulty = shown(bool, "faulty", changed)
    papers = part(Rows, "papers")
    switches = part(Rows, "switches")

    def __init__(self, printer: VirtualPrinter, parent: QObject | None = None) -> None:
        super().__init__(parent, roll="", rollDotsWide=1, rollDotsHigh=1, faulty=False)
        self._printer = printer
        self._papers = Rows(PaperRow, self)
        self._switches = Rows(TileRow, self)
        self._on: set[str] = set()
        self._seen: tuple[int, int] = (-1, -1)
        self._torn: dict[str, tuple[Paper, QImage]] = {}
        self._number = 0
        self._usual_ms_per_line = printer.ms_per_line
        self.images = PaperImages()
        self._tell_switches()
        self._eye = QTimer(self, interval=_LOOK_EVERY_MS)
        self._eye.timeout.connect(self.look)
        self._eye.start()

    @Slot(str)
    def toggle(self, name: str) -> None:
        """Break or mend what `name` says: a fault of the printer, "unplugged" or "slow"."""
        on = name not in self._on
        if name == "unplugged":
            (self._printer.unplug if on else self._printer.replug)()
        elif name == "slow":
            self._printer.ms_per_line = _SLOW_MS_PER_LINE if on else self._usual_ms_per_line
        elif name in set(Fault):
            self._printer.set_fault(Fault(name), on=on)
        else:
            return
        self._on = self._on | {name} if on else self._on - {name}
        self._tell_switches()

    @Slot()
    def look(self) -> None:
        """Show what came out since the last look."""
        papers = self._printer.papers
        seen = (self._printer.lines_printed, id(papers[-1]) if papers else 0)
        if seen == self._seen:
            return
        self._seen = seen
        picture = self._printer.picture()
        roll = _as_qimage(picture)
        hangs_out = picture.height > _empty_height(picture)
        self._take(papers)
        self._number += 1
        self.images.put({"roll": roll, **{key: image for key, (_, image) in self._torn.items()}})
        self.show(
            roll=f"image://paper/roll?{self._number}" if hangs_out else "",
            rollDotsWide=roll.width(),
            rollDotsHigh=roll.height(),
        )
        self._papers.replace(
            [
                PaperRow(key, f"image://paper/{key}", image.width(), image.height(), paper.text)
                for key, (paper, image) in reversed(self._torn.items())
            ]
        )

    def _take(self, papers: tuple[Paper, ...]) -> None:
        known = {id(paper): key for key, (paper, _) in self._torn.items()}
        kept: dict[str, tuple[Paper, QImage]] = {}
        for paper in papers[-_SHOWN_PAPERS:]:
            key = known.get(id(paper))
            if key is None:
                self._number += 1
                key, entry = f"cut-{self._number}", (paper, _as_qimage(paper.image))
            else:
                entry = self._torn[key]
            kept[key] = entry
        self._torn = kept

    def _tell_switches(self) -> None:
        self._switches.replace([TileRow(name, name, chosen=name in self._on) for name in _SWITCHES])
        self.show(faulty=bool(self._on))


def _as_qimage(picture: Image.Image) -> QImage:
    rgb = picture.convert("RGB")
    raw = rgb.tobytes()
    # The bytes belong to Python: copy, so that the picture outlives them.
    return QImage(raw, rgb.width, rgb.height, 3 * rgb.width, QImage.Format.Format_RGB888).copy()


def _empty_height(picture: Image.Image) -> int:
    """How high a picture of no paper at all is at most: its margins."""
    return picture.width // 10
