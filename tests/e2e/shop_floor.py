"""A terminal in this process with virtual devices on real wires, and what a test may look at behind it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.virtual.far_sides import KINDS, FarSides
from devices.virtual.payment_settings import TerminalSettings
from devices.virtual.printer import Fault as PrinterFault
from kiosk.configuration import Configuration, load
from kiosk.domain.facts import Entry, Kind
from kiosk.services.checkout.events import TimerRang
from ui.terminal import Kiosk, transports_of
from ui.tour.guide import own_books
from ui.tour.visit import Visit

SETTINGS = TerminalSettings(host_ms=120, removal_timeout_ms=1_500, remind_ms=500)
AWAY = ("action.done", "action.no-receipt", "action.back-to-basket", "action.back", "action.continue")


@dataclass
class ShopFloor:
    """One terminal, its far sides, and hands at its window."""

    kiosk: Kiosk
    far: FarSides
    visit: Visit

    def clear(self) -> None:
        """Mend everything, and let whoever is there leave."""
        assert self.far.printer is not None
        for fault in PrinterFault:
            self.far.printer.set_fault(fault, on=False)
        self.far.printer.ms_per_line = 0
        hands, register = self.visit.hands, self.kiosk.terminal.register
        self.visit.payment.expect(None)

        def is_free() -> bool:
            if hands.step == "pay":
                self.visit.payment.cancel_key()
            elif hands.step != "attract":
                away = next((key for key in AWAY if hands.can_press(key)), None)
                if away is not None and hands.step not in ("basket", "staff-menu", "refused"):
                    hands.press(away)
                else:
                    walk_away(self.kiosk)
            return hands.step == "attract" and register.state.devices.can_print and register.state.devices.can_charge

        hands.wait(is_free, "everybody to leave", 60)
        hands.wait(lambda: register.state.devices.scanner.state.value == "ready", "the scanner")

    def entries(self, *kinds: Kind) -> list[Entry]:
        """What the journal holds of these kinds by now."""
        self.kiosk.terminal.settle()
        return list(self.kiosk.terminal.books.journal.entries(kinds=kinds, limit=10_000))

    def body(self, kind: Kind) -> dict[str, Any]:
        """The newest entry of a kind."""
        return dict(self.entries(kind)[-1].fact.body)


def walk_away(kiosk: Kiosk) -> None:
    """The minute without a touch and the countdown after it, told at once."""
    register = kiosk.terminal.register
    register.post(TimerRang("idle"))
    for _ in range(register.rules.timeouts.countdown_s):
        register.post(TimerRang("countdown"))


@contextmanager
def visit_to(
    directory: Path, change: Callable[[Configuration], Configuration] = lambda found: found
) -> Iterator[ShopFloor]:
    """A terminal on the books in `directory`, open; closed in good order afterwards."""
    far = FarSides(KINDS, directory / "far-sides", settings=SETTINGS)
    try:
        configuration = change(own_books(load(environment={}), directory / "data"))
        kiosk = Kiosk(configuration, transports_of(configuration, far.urls))
        floor = ShopFloor(kiosk, far, Visit(kiosk, far, directory))
        try:
            opened: list[bool] = []
            kiosk.open(lambda: opened.append(True))
            floor.visit.hands.wait(lambda: opened, "the terminal to be ready", 60)
            yield floor
        finally:
            kiosk.close()
            kiosk.deleteLater()
            # What is left of a closed window is kept: PySide 6.12 at times crashes the process when it is collected while another one runs.
            gc.freeze()
    finally:
        far.close()
