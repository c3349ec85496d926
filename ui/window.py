"""The touch screen: one window, its QML engine without any network, fonts and pictures of our own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QIODevice, QObject, QSize, Qt, QUrl
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlNetworkAccessManagerFactory
from PySide6.QtQuick import QQuickItem, QQuickView

from kiosk.domain.records import dataclass
from ui import typeinfo
from ui.art import Art
from ui.keypad import KeyedView
from ui.viewmodels.look import Look
from ui.viewmodels.till import Till
from ui.viewmodels.words import WordsBridge


class WindowError(Exception):
    """The screen could not be drawn; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The touch screen's size in pixels, and whether it is filled."""

    width: int = 1280
    height: int = 800
    fullscreen: bool = False


class KioskWindow:
    """The window with the screens of `till`. `assets` holds fonts/, icons/ and pictures/. Raises WindowError."""

    def __init__(self, till: Till, words: WordsBridge, look: Look, assets: Path, panel: Panel | None = None) -> None:
        self._panel = panel or Panel()
        typeinfo.register()
        load_fonts(assets / "fonts")
        self._view = KeyedView(till)
        self._refusing = RefusingFactory()
        engine = self._view.engine()
        engine.setNetworkAccessManagerFactory(self._refusing)
        engine.addImageProvider("art", Art(assets))
        engine.addImportPath(str(typeinfo.QML))
        self._view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self._view.resize(self._panel.width, self._panel.height)
        self._view.setTitle(look.value("retailer"))
        self._view.setInitialProperties({"till": till, "words": words, "look": look})
        self._view.setSource(QUrl.fromLocalFile(str(typeinfo.QML / "Shell.qml")))
        if self._view.status() is not QQuickView.Status.Ready:
            raise WindowError("\n".join(error.toString() for error in self._view.errors()))

    @property
    def view(self) -> QQuickView:
        """The window itself."""
        return self._view

    @property
    def refused(self) -> Sequence[str]:
        """The addresses that something on the screen tried to fetch, and was refused."""
        return tuple(self._refusing.asked)

    def show(self) -> None:
        """Put the window on the screen."""
        if self._panel.fullscreen:
            self._view.setFlag(Qt.WindowType.FramelessWindowHint)
            self._view.showFullScreen()
        else:
            self._view.show()

    def grab(self) -> QImage:
        """What the window shows now."""
        return self._view.grabWindow()

    def resize(self, width: int, height: int) -> None:
        """Another size, in pixels."""
        self._view.resize(QSize(width, height))

    def root(self) -> QQuickItem:
        """The item at the root of everything shown."""
        return self._view.rootObject()

    def close(self) -> None:
        """Take the window down: its items first, as they look at the view-models."""
        self._view.setSource(QUrl())
        self._view.close()


def draw_by_processor() -> None:
    """Draw without a graphics processor where nothing else is asked for (QT_QUICK_BACKEND); before the first window.

    Only what changed is painted, no driver is needed, and the look has nothing that would be faster otherwise.
    """
    os.environ.setdefault("QT_QUICK_BACKEND", "software")


def load_fonts(folder: Path) -> None:
    """Load the bundled fonts, so that nothing depends on what the machine has."""
    for path in sorted(folder.glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))


class RefusingFactory(QQmlNetworkAccessManagerFactory):
    """The engine's access to the network: none (a picture or font named in data must not be fetched)."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def create(self, parent: QObject) -> QNetworkAccessManager:
        """A manager that refuses every request."""
        return _RefusingManager(self.asked, parent)


class _RefusingManager(QNetworkAccessManager):
    def __init__(self, asked: list[str], parent: QObject) -> None:
        super().__init__(parent)
        self._asked = asked

    def createRequest(
        self, operation: QNetworkAccessManager.Operation, request: QNetworkRequest, data: QIODevice | None = None
    ) -> QNetworkReply:
        """Refuse: the request that goes on names a scheme that nothing serves."""
        self._asked.append(bytes(QByteArray(request.url().toEncoded()).data()).decode(errors="replace")[:200])
        return super().createRequest(operation, QNetworkRequest(QUrl("refused:")), data)
