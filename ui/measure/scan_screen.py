"""A terminal that says when it has drawn: a process of its own, a line on standard output for each frame that shows something new."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.services.checkout.events import EmptyPressed
from ui.commands.setting import configuration
from ui.terminal import Kiosk, application, end_on_signals, transports_of

A_BASKET: Final = 10  # lines; then the basket is given up, and the next one begun


def main(argv: Sequence[str]) -> int:
    """CONFIG DATA: run until asked to end. Says `ready`, `line` for each line drawn, `empty` for each basket given up, and when."""
    app = application()
    found = configuration(Namespace(config=Path(argv[0]), data=Path(argv[1])))
    kiosk = Kiosk(found, transports_of(found, {}))
    stop_watching = end_on_signals(app)
    teller = Teller(kiosk)
    kiosk.open(teller.ready)
    status = app.exec()
    stop_watching()
    kiosk.close()
    return int(status)


class Teller:
    """Looks, after each frame, at what the view-model showed when it was drawn. The software renderer draws on the loop's thread,
    in one go: nothing changes between the drawing and this look."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self._lines = 0

    def ready(self) -> None:
        """The terminal takes scans from now on."""
        self._kiosk.window.view.frameSwapped.connect(self._look)
        _say("ready")

    def _look(self) -> None:
        basket = self._kiosk.till.basket
        lines = basket.lines.rowCount() + (basket.value("newestId") != 0)
        if lines == self._lines:
            return
        self._lines = lines
        _say("line" if lines else "empty")
        if lines == A_BASKET:
            self._kiosk.loop.post(lambda: self._kiosk.terminal.register.post(EmptyPressed()))


def _say(what: str) -> None:
    os.write(sys.stdout.fileno(), f"{what} {time.monotonic()!r}\n".encode("ascii"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
