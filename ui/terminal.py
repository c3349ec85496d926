"""A terminal on the screen: the wired terminal, its window, and the far sides of its virtual wires, started and ended together."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Slot
from PySide6.QtGui import QGuiApplication, QImage

from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.ports import Health
from kiosk.services.home import offered
from ui.front import ScreenFront
from ui.loop import QtLoop
from ui.viewmodels.look import Look
from ui.viewmodels.presenting import Presenter
from ui.viewmodels.till import Till
from ui.viewmodels.words import WordsBridge
from ui.window import KioskWindow, Panel, draw_by_processor
from ui.wired import Terminal
from ui.wiring import SiteClock, put_together

if TYPE_CHECKING:
    from devices.virtual.far_sides import FarSides

log = logging.getLogger(__name__)

ASSETS = PROJECT_ROOT / "assets"
_KINDS = ("scanner", "printer", "payment", "card", "headset")
_COLOURS = (
    "brand",
    "paper",
    "card",
    "line",
    "ink",
    "success",
    "savings",
    "warning",
    "error",
)


class Kiosk(QObject):
    """One terminal with its window. `transports` as for `put_together`; raises as it does, and WindowError."""

    def __init__(self, configuration: Configuration, transports: Mapping[str, str]) -> None:
        super().__init__()
        self._is_open = False
        self._ready: Callable[[], None] | None = None
        self.configuration = configuration
        self.loop = QtLoop(self)
        self.front = ScreenFront(ASSETS / "sounds")
        clock = SiteClock(self.loop, configuration.site.time_zone)
        self.terminal: Terminal = put_together(configuration, clock, self.front, transports)
        register, site = self.terminal.register, configuration.site
        self.till = Till(register.post, self)
        self.till.voice.attend(self.terminal.speaking)
        self._bridge = WordsBridge(self.terminal.words, site.languages[0], site.currency, self)
        self.terminal.say_anew = self._bridge.say_anew
        self._look = look_of(configuration, self)
        panel = configuration.panel
        self.window = KioskWindow(
            self.till, self._bridge, self._look, ASSETS, Panel(panel.width, panel.height, panel.fullscreen)
        )
        presenter = Presenter(
            self.till,
            self._bridge,
            terminal=configuration.terminal.id,
            currency=site.currency,
            offered=lambda session: offered(session, register.rules),
            refund_reasons=tuple(configuration.refunds.reasons),
            forms=lambda: register.rules.forms,
        )
        register.watch(lambda session, _: presenter.show(session))
        presenter.show(register.state)

    def open(self, ready: Callable[[], None] | None = None) -> None:
        """Show the window, and open the terminal once its first frame is on the screen.

        `ready` is called once the scanner is connected as well, or is known to be out of reach.
        """
        self._ready = ready
        # Queued: with a threaded renderer the signal comes from the thread that renders, and may come twice before we listen.
        self.window.view.frameSwapped.connect(self._first_frame, Qt.ConnectionType.QueuedConnection)
        self.window.show()

    @Slot()
    def _first_frame(self) -> None:
        if self._is_open:
            return
        self._is_open = True
        self.window.view.frameSwapped.disconnect(self._first_frame)
        if self._ready is not None:
            self._when_scanning(self._ready)
        self.terminal.open()

    def _when_scanning(self, ready: Callable[[], None]) -> None:
        waiting = [ready]

        def told(_: Health) -> None:
            if waiting:
                self.loop.post(waiting.pop())

        scanner = self.terminal.supervisors.get("scanner")
        if scanner is None:
            self.loop.post(ready)
        else:
            scanner.on_health(told)

    def grab(self) -> QImage:
        """What the screen shows now."""
        return self.window.grab()

    def close(self) -> None:
        """Take the window down and close the books; nothing rings afterwards."""
        self.loop.stop()
        self.window.close()
        self.terminal.close()


def look_of(configuration: Configuration, parent: QObject | None = None) -> Look:
    """The retailer's look, from the configuration."""
    theme = configuration.theme
    colours = {name: getattr(theme, name) for name in _COLOURS}
    colours |= {"brandInk": theme.on_brand, "inkSoft": theme.ink_soft}
    return Look(
        theme.name or configuration.site.name,
        pitch_mm=configuration.panel.pixel_pitch_mm,
        logo=theme.logo,
        colours=colours,
        parent=parent,
    )


def application() -> QGuiApplication:
    """The process's Qt application, made where there is none."""
    draw_by_processor()
    found = QGuiApplication.instance()
    if isinstance(found, QGuiApplication):
        return found
    made = QGuiApplication(["tern"])
    made.setApplicationDisplayName("Tern")
    return made


def transports_of(configuration: Configuration, far_sides: Mapping[str, str]) -> dict[str, str]:
    """The transport of every device that is configured, the far side's where it is `virtual:`."""
    found: dict[str, str] = {}
    for kind in _KINDS:
        settings = getattr(configuration.devices, kind)
        if settings.driver == "none":
            continue
        url = far_sides.get(kind) if settings.is_virtual else settings.transport
        if url is not None:
            found[kind] = url
    return found


def virtual_kinds(configuration: Configuration) -> list[str]:
    """The kinds of device that are configured as `virtual:`."""
    devices = configuration.devices
    return [kind for kind in _KINDS if getattr(devices, kind).driver != "none" and getattr(devices, kind).is_virtual]


def run_kiosk(configuration: Configuration, *, customer: str | None = "good") -> int:
    """Run a terminal until its window is closed or the process is asked to end (SIGTERM, SIGINT). Far sides of virtual wires run
    in this process; `customer` pays at a virtual payment terminal."""
    app = application()
    far = _far_sides(configuration, customer)
    try:
        kiosk = Kiosk(configuration, transports_of(configuration, far.urls if far else {}))
        stop_watching = end_on_signals(app)
        kiosk.open(notify_ready)
        status = app.exec()
        stop_watching()
        kiosk.close()
        return status
    finally:
        if far is not None:
            far.close()


def _far_sides(configuration: Configuration, customer: str | None) -> FarSides | None:
    kinds = virtual_kinds(configuration)
    if not kinds:
        return None
    from devices.virtual.far_sides import FarSides  # noqa: PLC0415 - a terminal with real devices never loads them

    return FarSides(kinds, PROJECT_ROOT / configuration.data.directory / "virtual", customer=customer)


def notify_ready() -> None:
    """Tell a service manager that the terminal is ready for a scan (sd_notify(3): a datagram to NOTIFY_SOCKET)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        try:
            line.sendto(b"READY=1", f"\0{address[1:]}" if address.startswith("@") else address)
        except OSError as error:
            log.warning("the service manager could not be told that the terminal is ready: %s", error)


def end_on_signals(app: QGuiApplication) -> Callable[[], None]:
    """Let SIGTERM and SIGINT end the loop in good order: Python runs its handlers only when Python runs, so a byte wakes it.

    Gives what ends the watching; until then both ends of the line stay open.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.quit())
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda: reader.recv(64))

    def stop() -> None:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        writer.close()
        reader.close()

    return stop
