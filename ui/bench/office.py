"""The office for QML: whether it is there, the line to it with its switch, and the sales that arrived."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from ui.office.arrivals import Arrivals, ArrivalsError
from ui.office.office import Doors, Office, OfficeError
from ui.viewmodels.shown import Shown, shown

_LOOK_EVERY_S = 0.5
_END_S = 10.0


class OfficeBench(Shown):
    """`state` is "starting", "open" or "failed", then `notice` says why. `arrived` sales are at the office, the last of `lastMinor`.

    `console` is an address for a browser, where `person` logs in with `password`.
    """

    changed = Signal()
    state = shown(str, "state", changed)
    notice = shown(str, "notice", changed)
    cut = shown(bool, "cut", changed)
    arrived = shown(int, "arrived", changed)
    lastMinor = shown(float, "lastMinor", changed)
    console = shown(str, "console", changed)
    person = shown(str, "person", changed)
    password = shown(str, "password", changed)

    # From the threads that start and ask, to the one that shows.
    _opened = Signal(object)
    _looked = Signal(int, float)

    def __init__(
        self,
        office: Office,
        parent: QObject | None = None,
        browse: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(
            parent,
            state="starting", notice="", cut=False, arrived=0, lastMinor=0.0, console="", person="", password="",
        )  # fmt: skip
        self._office = office
        self._browse = browse
        self._is_ending = threading.Event()
        self._looking: threading.Thread | None = None
        self._opened.connect(self._show_doors)
        self._looked.connect(self._show_arrived)

    def start(self) -> None:
        """Open the office; shown when it is done."""
        self._office.start(self._opened.emit)

    def close(self) -> None:
        """End the office. Callable more than once."""
        self._is_ending.set()
        self._office.close()
        if self._looking is not None:
            self._looking.join(_END_S)

    @Slot()
    def toggleLine(self) -> None:
        """Cut the terminal's line to the office, or mend it."""
        cut = not self.value("cut")
        (self._office.line.cut if cut else self._office.line.mend)()
        self.show(cut=cut)

    @Slot()
    def openConsole(self) -> None:
        """Show the console in the browser of this machine."""
        self._browse(QUrl(self.value("console")))

    def _show_doors(self, found: Doors | OfficeError) -> None:
        if isinstance(found, OfficeError):
            self.show(state="failed", notice=str(found))
            return
        self.show(state="open", console=found.console, person=found.person, password=found.password)
        self._looking = threading.Thread(
            target=self._look, args=(Arrivals(found.sales, found.token),), name="arrivals", daemon=True
        )
        self._looking.start()

    def _show_arrived(self, count: int, last_minor: float) -> None:
        self.show(arrived=count, lastMinor=last_minor)

    def _look(self, arrivals: Arrivals) -> None:
        """On a thread of its own."""
        while not self._is_ending.wait(_LOOK_EVERY_S):
            try:
                if arrivals.look():
                    self._looked.emit(len(arrivals.seen), float(arrivals.seen[-1].to_pay_minor))
            except ArrivalsError:
                continue  # the office is being ended, or too busy to say: it is asked again
        arrivals.close()
