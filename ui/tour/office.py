"""The office at the far end of the tour's line: what arrived there, how soon, and a scene with the line cut."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from kiosk.services.checkout.session import Session
from kiosk.storage.boot import Books
from ui.office.arrivals import Arrivals, ArrivalsError, Arrived
from ui.office.office import Doors, Office, OfficeError
from ui.tour.hands import Hands, TourError
from ui.tour.summary import Delivery, completed_sales
from ui.tour.visit import MILK, Visit

_LOOK_EVERY_S: Final = 0.1
_OPEN_S: Final = 60.0
_ARRIVE_S: Final = 30.0  # of the line's return


class FarOffice:
    """An office of the tour's own, with its books in `directory`. `open` and `close` on the loop's thread."""

    def __init__(self, config_path: Path | None, directory: Path) -> None:
        """Raises OSError where no port is to be had."""
        self.office = Office(config_path, directory, directory / "logs" / "office.log")
        self._ended: list[tuple[float, bool]] = []
        self._found: list[Doors | OfficeError] = []
        self._arrivals: Arrivals | None = None
        self._is_ending = threading.Event()
        self._looking = threading.Thread(target=self._look, name="arrivals", daemon=True)
        self._step = ""

    def start(self) -> None:
        """Begin; the terminal is let in behind the first scenes."""
        self.office.start(self._opened)

    def watch(self, session: Session, _: object = None) -> None:
        """The session is this now: notes when a sale ends."""
        if session.step == "receipt-choice" and self._step != session.step:
            self._ended.append((time.monotonic(), self.office.line.is_cut))
        self._step = session.step

    def close(self) -> None:
        """End it. Callable more than once."""
        self._is_ending.set()
        self.office.close()
        if self._looking.is_alive():
            self._looking.join()

    def open(self, hands: Hands) -> None:
        """Wait until it is there. Raises TourError."""
        hands.wait(lambda: self._found, "the central service to start", _OPEN_S)
        found = self._found[0]
        if isinstance(found, OfficeError):
            raise TourError(f"there is no central service: {found}")

    def scenes(self, visit: Visit) -> Iterator[Callable[[], None]]:
        """A sale without a line; the line mended, and everything is there."""
        hands = visit.hands

        def without_a_line() -> None:
            self.open(hands)
            hands.wait(lambda: not visit.session.line.reason, "the terminal's line", _ARRIVE_S)
            self.office.line.cut()
            visit.scan_item(MILK)
            hands.press("action.pay")
            hands.wait_for_step("pay")
            visit.tap_card("visa")
            hands.wait_for_step("receipt-choice")
            hands.wait(lambda: visit.session.line.reason, "the terminal to notice that there is no line", _ARRIVE_S)
            visit.picture("no-line", "Without a line the terminal sells on, and says so in the corner")
            hands.press("action.no-receipt")
            hands.wait_for_step("thanks")
            hands.press("action.done")
            hands.wait_for_step("attract")

        def the_line_is_back() -> None:
            self.office.line.mend()
            self.wait_for(len(self._ended), hands)

        yield from (without_a_line, the_line_is_back)

    def wait_for(self, sales: int, hands: Hands) -> None:
        """Until so many sales are there. Raises TourError."""
        seen = self._seen
        hands.wait(lambda: len(seen()) >= sales, f"{sales} sales at the central service", _ARRIVE_S)

    def delivery(self) -> Delivery:
        """What is there now."""
        seen = self._seen()
        waited = [
            one.seen_s - ended_s for one, (ended_s, was_cut) in zip(seen, self._ended, strict=False) if not was_cut
        ]
        return Delivery(len(seen), sum(one.total_minor for one in seen), round(max(waited, default=0.0), 2))

    def problems(self, books: Books, hands: Hands) -> list[str]:
        """What is lost or doubled between the terminal's books and the office, once the last sale had its time to arrive."""
        ours = [sale.sale_id for sale in completed_sales(books)]
        with contextlib.suppress(TourError):
            self.wait_for(len(ours), hands)
        theirs = [one.sale_id for one in self._seen()]
        return [f"sale {sale_id} is not at the central service" for sale_id in ours if sale_id not in theirs] + [
            f"sale {sale_id} is at the central service {theirs.count(sale_id)} times"
            for sale_id in sorted(set(theirs))
            if theirs.count(sale_id) != ours.count(sale_id)
        ]

    def _seen(self) -> Sequence[Arrived]:
        return tuple(self._arrivals.seen) if self._arrivals else ()

    # --- on other threads

    def _opened(self, found: Doors | OfficeError) -> None:
        if isinstance(found, Doors):
            self._arrivals = Arrivals(found.sales, found.token)
            self._looking.start()
        self._found.append(found)

    def _look(self) -> None:
        while self._arrivals is not None and not self._is_ending.wait(_LOOK_EVERY_S):
            try:
                self._arrivals.look()
            except ArrivalsError:
                continue  # being ended, or too busy to say: asked again
