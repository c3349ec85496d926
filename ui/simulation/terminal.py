"""A terminal's books and line as a process of their own: `python -m ui.simulation.terminal DIRECTORY LIFE BRISK`. It sells until "rest"."""

from __future__ import annotations

import logging
import random
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.ports import Order, OrderOutcome
from kiosk.storage.boot import Books, open_books
from sync.identity import load_identity
from sync.line import Line, ServiceClock
from sync.orders import Orders
from sync.shipping import Pace
from sync.telemetry import Telemetry
from sync.uplink import Uplink
from ui.simulation.words import DONE_NAME, TELEMETRY_BYTES, TERMINAL, hear, say

_BRISK: Final = Pace(base_ms=20, cap_ms=300)
_POLL_S: Final = 2
_LARGE: Final = 700  # more than one batch holds


def live(directory: Path, life: int, *, is_brisk: bool) -> None:
    """Until "end" is heard; after "rest" nothing is sold, and it says when nothing is left to be sent."""
    books, identity, clock = open_books(directory, TERMINAL), load_identity(directory), ServiceClock()
    if identity is None:
        raise SystemExit(f"{directory} is not enrolled")

    def obey(order: Order) -> OrderOutcome:
        with (directory / DONE_NAME).open("a", encoding="ascii") as done:
            done.write(f"{order.order_id}\n")
        return OrderOutcome("done")

    uplink = Uplink(books.journal, Line(identity, clock), pace=_BRISK if is_brisk else None)
    every_s = 0.2 if is_brisk else 15.0
    telemetry = Telemetry(directory, Line(identity, clock), quota_bytes=TELEMETRY_BYTES, stamp=_stamp, every_s=every_s)
    orders = Orders(Line(identity, clock), books.journal, {"message": obey}, _stamp, poll_s=_POLL_S)
    rests, ends = threading.Event(), threading.Event()
    for part in (uplink, telemetry, orders):
        part.start()
    hear(lambda word: {"rest": rests, "end": ends}[word].set())
    say("ready")
    _sell(books, telemetry, random.Random(life), life, rests)  # noqa: S311 - repeatable on purpose
    _ship(books, uplink, ends)
    for part in (orders, telemetry, uplink):
        part.stop()
    books.close()


def _sell(books: Books, telemetry: Telemetry, draw: random.Random, life: int, rests: threading.Event) -> None:
    sold = 0
    while not rests.wait(draw.uniform(0.001, 0.03)):
        facts = []
        for _ in range(_LARGE if draw.random() < 0.005 else draw.randrange(1, 6)):
            sold += 1
            sale, note = f"{life}-{sold}", "ü" * draw.randrange(600)
            body: dict[str, Json] = {
                "sale_id": sale,
                "total_minor": draw.randrange(10_000),
                "currency": "EUR",
                "note": note,
            }
            facts.append(Fact(Kind.SALE_COMPLETED, sale, body, *_stamp()))
        say(f"at {books.journal.commit(facts)[-1].seq}")
        for _ in range(draw.randrange(20)):
            telemetry.note("step", {"from": "basket", "to": "pay", "note": "x" * draw.randrange(300)})


def _ship(books: Books, uplink: Uplink, ends: threading.Event) -> None:
    told = ""
    while not ends.wait(0.02):
        state, head = uplink.state, books.journal.head()[0]
        is_empty = state.pending == 0 and books.journal.mark().seq == head
        word = f"empty {head}" if is_empty else f"left {state.pending} of {head} {state.reason}"
        if word != told:
            told = word
            say(word)


def _stamp() -> tuple[str, int]:
    return datetime.now().astimezone().isoformat(timespec="milliseconds"), time.monotonic_ns() // 1_000_000


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    live(Path(sys.argv[1]), int(sys.argv[2]), is_brisk=sys.argv[3] == "1")
