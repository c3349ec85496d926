"""The bench window, and the command that runs it: far sides of the wires here, the terminal as a process beside."""

from __future__ import annotations

import signal
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickView

from devices.virtual.far_sides import KINDS, FarSides
from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.services.words import Words
from ui.art import Art
from ui.bench import typeinfo
from ui.bench.bench import Bench
from ui.bench.process import KioskProcess, kiosk_command, kiosk_environment
from ui.bench.shelf import read_shelf
from ui.typeinfo import QML
from ui.viewmodels.words import WordsBridge
from ui.window import RefusingFactory, WindowError, load_fonts

ASSETS = PROJECT_ROOT / "assets"
WIDTH, HEIGHT = 640, 800
_NARROWEST, _LOWEST = 620, 640


class BenchWindow:
    """The window with `bench` in it. Raises WindowError."""

    def __init__(self, bench: Bench, words: WordsBridge, assets: Path = ASSETS) -> None:
        typeinfo.register()
        load_fonts(assets / "fonts")
        self._view = QQuickView()
        self._refusing = RefusingFactory()
        engine = self._view.engine()
        engine.setNetworkAccessManagerFactory(self._refusing)
        engine.addImageProvider("art", Art(assets))
        if bench.printing is not None:
            engine.addImageProvider("paper", bench.printing.images)
        engine.addImportPath(str(QML))
        self._view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self._view.resize(WIDTH, HEIGHT)
        self._view.setMinimumWidth(_NARROWEST)
        self._view.setMinimumHeight(_LOWEST)
        self._view.setTitle(words.say("bench.title"))
        self._view.setInitialProperties({"bench": bench, "words": words})
        self._view.setSource(QUrl.fromLocalFile(str(QML / "bench" / "Bench.qml")))
        if self._view.status() is not QQuickView.Status.Ready:
            raise WindowError("\n".join(error.toString() for error in self._view.errors()))

    @property
    def view(self) -> QQuickView:
        """The window itself."""
        return self._view

    def show(self) -> None:
        """Put it at the right edge of the screen, as high as the screen allows."""
        room = self._view.screen().availableGeometry()
        self._view.setGeometry(
            max(room.left(), room.right() + 1 - WIDTH), room.top(), WIDTH, min(HEIGHT, room.height())
        )
        self._view.show()

    def grab(self) -> QImage:
        """What the window shows now."""
        return self._view.grabWindow()

    def root(self) -> QQuickItem:
        """The item at the root of everything shown."""
        return self._view.rootObject()

    def close(self) -> None:
        """Take the window down: its items first, as they look at the view-models."""
        self._view.setSource(QUrl())
        self._view.close()


def run_bench(configuration: Configuration, config_path: Path | None, data_dir: Path) -> int:
    """Start the virtual far sides, the terminal as a child process on them, and the bench; until its window is closed.

    Raises OSError where no port or pseudo-terminal is to be had, LedgerError, ShelfError, WindowError.
    """
    app = QGuiApplication.instance() or QGuiApplication(["bench"])
    virtual = [kind for kind in KINDS if getattr(configuration.devices, kind).is_virtual]
    sides = FarSides(virtual, data_dir / "virtual")
    power = KioskProcess(
        kiosk_command(config_path, data_dir), kiosk_environment(sides.urls), data_dir / "logs" / "kiosk.log"
    )
    # The terminal first: it takes longer to start than the bench.
    power.powerOn()
    try:
        return _play(configuration, sides, power)
    finally:
        power.stop()
        sides.close()
        app.processEvents()


def _play(configuration: Configuration, sides: FarSides, power: KioskProcess) -> int:
    site = configuration.site
    language = site.languages[0]
    words = WordsBridge(
        Words(ASSETS / "languages", language, country=site.country, offered=site.languages), language, site.currency
    )
    shelf = read_shelf(PROJECT_ROOT / configuration.data.store / "shelf.toml")
    bench = Bench(sides, power, shelf, words)
    window = BenchWindow(bench, words)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QGuiApplication.quit())
    window.show()
    try:
        return QGuiApplication.exec()
    finally:
        window.close()
        bench.close()
