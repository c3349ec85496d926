"""The bench window, and the command that runs it: far sides of the wires here, the terminal as a process beside."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickView

from devices.virtual.chip_card import VirtualChipCard
from devices.virtual.far_sides import KINDS, FarSides
from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.services.words import Words
from ui.art import Art
from ui.bench import typeinfo
from ui.bench.bench import Bench
from ui.bench.bills import sheaf
from ui.bench.holders import read_holders, sent_code
from ui.bench.office import OfficeBench
from ui.bench.process import KioskProcess, kiosk_command, kiosk_environment
from ui.bench.shelf import ShelfError, Thing, read_shelf
from ui.office.office import Office
from ui.typeinfo import QML
from ui.viewmodels.words import WordsBridge
from ui.window import RefusingFactory, WindowError, draw_by_processor, load_fonts

log = logging.getLogger(__name__)

ASSETS = PROJECT_ROOT / "assets"
WIDTH, HEIGHT = 640, 864
_NARROWEST, _LOWEST = 620, 720
_OFFICE_AFTER_MS = 1_500


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


def run_bench(
    configuration: Configuration, config_path: Path | None, data_dir: Path, *, with_office: bool = True
) -> int:
    """Start the virtual far sides, the terminal as a child process on them, and the bench; until its window is closed.

    A central service runs beside them where the terminal has none of its own (`sync.enabled`) and `with_office` asks for it.
    Raises OSError where no port or pseudo-terminal is to be had, LedgerError, WindowError.
    """
    draw_by_processor()
    app = QGuiApplication.instance() or QGuiApplication(["bench"])
    virtual = [kind for kind in KINDS if getattr(configuration.devices, kind).is_virtual]
    sides = FarSides(virtual, data_dir / "virtual")
    office = None
    if with_office and not configuration.sync.enabled:
        office = Office(config_path, data_dir, data_dir / "logs" / "office.log")
    environment = {**kiosk_environment(sides.urls), **(office.environment if office else {})}
    power = KioskProcess(kiosk_command(config_path, data_dir), environment, data_dir / "logs" / "kiosk.log")
    watch = _end_on_signals()
    # The terminal first: it takes longer to start than the bench.
    power.powerOn()
    try:
        return _play(configuration, data_dir, sides, power, OfficeBench(office) if office else None)
    finally:
        power.stop()
        if office:
            office.close()
        sides.close()
        watch.stop()
        app.processEvents()


def _play(
    configuration: Configuration, data_dir: Path, sides: FarSides, power: KioskProcess, office: OfficeBench | None
) -> int:
    site = configuration.site
    language = site.languages[0]
    words = WordsBridge(
        Words(ASSETS / "languages", language, country=site.country, offered=site.languages), language, site.currency
    )
    store = PROJECT_ROOT / configuration.data.store
    bench = Bench(
        sides,
        power,
        _shelf(store / "shelf.toml"),
        words,
        bills=sheaf(datetime.now(ZoneInfo(site.time_zone)).date(), int(time.time())),
        holders=read_holders(store / "accounts.toml"),
        chip=VirtualChipCard() if configuration.devices.card.driver == "pcsc" else None,
        sent=lambda holder: sent_code(data_dir / "central" / "demo-core.db", holder),
        account_prefix=next(iter(site.scan.account_prefixes), ""),
        office=office,
    )
    window = BenchWindow(bench, words)
    window.show()
    if office is not None:
        # The terminal has a head start on the two cores that a small machine has.
        QTimer.singleShot(_OFFICE_AFTER_MS, office.start)
    try:
        return QGuiApplication.exec()
    finally:
        if office is not None:
            office.close()
        window.close()
        bench.close()


def _end_on_signals() -> QTimer:
    """Let SIGINT and SIGTERM end the bench in good order, whenever they come: its terminal must not be left running alone.

    Python runs its handlers between its own steps only, so that there has to be one now and then.
    """
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: asked.append(number))
    watch = QTimer(interval=200)
    watch.timeout.connect(lambda: QGuiApplication.quit() if asked else None)
    watch.start()
    return watch


def _shelf(path: Path) -> Sequence[Thing]:
    """The things to scan; a store of one's own need not have any, as codes can be typed."""
    try:
        return read_shelf(path)
    except ShelfError as error:
        log.warning("the bench has nothing on its shelf: %s", error)
        return ()
