"""Pictures and signs for QML: drawn from the files under assets/, by name, and by nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_COLOUR = re.compile(r"[0-9a-fA-F]{6}")
_BRAND = "#0C5C45"  # the colour of the retailer in the scenes
_INK = "#17211C"  # the colour that the signs are drawn in
_PLAIN_TINT = "#ECEDE8"
_LONGEST_SIDE_PX = 1024


class Art(QQuickImageProvider):
    """Answers `image://art/icon/NAME/RRGGBB`, `image://art/scene/NAME/RRGGBB` and `image://art/picture/NAME`; a picture that is not
    known is drawn as a plain square.

    A name from the catalogue never becomes a path: it is looked up among the files that were there at the start.
    """

    def __init__(self, assets: Path) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._icons = _files(assets / "icons" / "ink")
        self._scenes = _files(assets / "brand")
        self._pictures = _files(assets / "pictures")
        self._tints = _tints(assets / "pictures" / "index.toml")

    def requestImage(self, name: str, size: QSize, requested: QSize) -> QImage:  # noqa: ARG002 - Qt's own signature
        """The image called `name` in the size asked for."""
        kind, _, rest = name.partition("/")
        what, _, colour = rest.partition("/")
        side = (
            QSize(*(min(_LONGEST_SIDE_PX, max(1, side)) for side in (requested.width(), requested.height())))
            if requested.isValid()
            else QSize(96, 96)
        )
        if kind == "scene":
            return self._scene(what, f"#{colour}" if _COLOUR.fullmatch(colour) else _BRAND, side)
        if kind == "icon":
            return self._icon(what, f"#{colour}" if _COLOUR.fullmatch(colour) else "#17211C", side)
        return self._picture(what, side)

    def _icon(self, name: str, colour: str, side: QSize) -> QImage:
        image = _empty(side)
        if _NAME.fullmatch(name) and name in self._icons:
            drawn = self._icons[name].read_text(encoding="utf-8").replace(_INK, colour)
            _draw(drawn.encode(), image, QRectF(0, 0, side.width(), side.height()))
        return image

    def _scene(self, name: str, colour: str, side: QSize) -> QImage:
        if name not in self._scenes:
            return _empty(side)
        drawn = QSvgRenderer(
            QByteArray(self._scenes[name].read_text(encoding="utf-8").replace(_BRAND, colour).encode())
        )
        image = _empty(drawn.defaultSize().scaled(side, Qt.AspectRatioMode.KeepAspectRatio))
        painter = QPainter(image)
        drawn.render(painter)
        painter.end()
        return image

    def _picture(self, name: str, side: QSize) -> QImage:
        image = _empty(side)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(self._tints.get(name, _PLAIN_TINT)))
        painter.setPen(Qt.PenStyle.NoPen)
        round_px = min(20.0, side.width() * 0.25)
        painter.drawRoundedRect(QRectF(0, 0, side.width(), side.height()), round_px, round_px)
        painter.end()
        if name in self._pictures:
            edge = side.width() * 0.12
            inner = QRectF(edge, edge, side.width() - 2 * edge, side.height() - 2 * edge)
            _draw(self._pictures[name].read_bytes(), image, inner)
        return image


def _empty(side: QSize) -> QImage:
    image = QImage(side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _draw(svg: bytes, image: QImage, place: QRectF) -> None:
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter, place)
    painter.end()


def _files(folder: Path) -> Mapping[str, Path]:
    return {path.stem: path for path in folder.glob("*.svg") if _NAME.fullmatch(path.stem)}


def _tints(index: Path) -> Mapping[str, str]:
    if not index.is_file():
        return {}
    with index.open("rb") as file:
        return {name: entry.get("tint", _PLAIN_TINT) for name, entry in tomllib.load(file).items()}
