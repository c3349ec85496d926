"""A terminal that serves one customer after another by itself: a process of its own, a line on standard output for each that is served."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from kiosk.domain.scan import Scan
from kiosk.runtime import Timer
from kiosk.services.checkout.events import GoOn, PayPressed, ReceiptChosen, Scanned
from kiosk.services.checkout.session import Session
from ui.commands.setting import configuration
from ui.measure.baskets import ITEMS, PAUSE_S
from ui.measure.shop import gtins
from ui.terminal import Kiosk, application, end_on_signals, transports_of

ARTICLES: Final = 5


def main(argv: Sequence[str]) -> int:
    """CONFIG DATA FIRST BASKETS: serve so many customers, with a pause after the FIRST, then wait to be ended."""
    app = application()
    found = configuration(Namespace(config=Path(argv[0]), data=Path(argv[1])))
    kiosk = Kiosk(found, transports_of(found, {}))
    stop_watching = end_on_signals(app)
    kiosk.open(Crowd(kiosk, int(argv[2]), int(argv[3])).begin)
    status = app.exec()
    stop_watching()
    kiosk.close()
    return int(status)


class Crowd:
    """What the customers do, step by step as the terminal leads them; each act once a step or an article is reached."""

    def __init__(self, kiosk: Kiosk, first: int, baskets: int) -> None:
        self._later = kiosk.loop.later
        self._pause_at = baskets - first
        self._pause: Timer | None = None  # held: a timer that nobody holds never rings
        self._register = kiosk.terminal.register
        self._post = self._register.post
        self._left = baskets
        self._codes = cycle(gtins(ITEMS, 997))  # a prime: the baskets differ
        self._done: tuple[str, int] = ("", -1)

    def begin(self) -> None:
        """Let the first one come."""
        self._register.watch(self._act)
        self._act(self._register.state, None)

    def _act(self, session: Session, _: Any) -> None:
        reached = (session.step, session.basket.item_count)
        if reached == self._done:
            return
        was, self._done = self._done[0], reached
        if session.step == "attract" and was == "thanks":
            self._served()
        if not self._left:
            return
        act = self._next(session)
        if act is None:
            return
        if session.step == "attract" and self._left == self._pause_at:
            self._pause = self._later(int(PAUSE_S * 1000), lambda: self._post(act))
        else:
            self._post(act)

    def _next(self, session: Session) -> object | None:
        match session.step:
            case "attract" | "basket" if session.basket.item_count < ARTICLES:
                return Scanned(Scan(next(self._codes).encode(), "E0"))
            case "basket" | "pay-problem":
                return PayPressed()
            case "receipt-choice":
                return ReceiptChosen("none")
            case "paper-out" | "thanks":
                return GoOn()
        return None

    def _served(self) -> None:
        self._left -= 1
        os.write(sys.stdout.fileno(), b"served\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
