"""`sync`: journal entries a second from one terminal's books into the service's, against PouchDB and against the service from memory."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack, closing
from typing import Any, Final

from ui.measure import Bounds
from ui.measure.sync_ends import Ends, FromMemory, Shipping, both_ends, sell
from ui.measure.sync_peer import Peer, PeerMissingError, peer

ENTRIES: Final = 5_000
ENTRIES_QUICK: Final = 1_000
ROUNDS: Final = 5
LIVE_SALES: Final = 100
LIVE_SALES_QUICK: Final = 5
_REST_S: Final = 0.05  # between live sales, so that the line is idle


def measure(bounds: Bounds) -> dict[str, Any]:
    """Medians of rounds that the three take in turns, each with the same entries, after one round that is not counted. Ours runs from
    the uplink's start, with its TLS handshake, to the last acknowledgement: every entry proven, and durable in both journals. Theirs
    replicates without a sync to disk. Where PouchDB cannot run, `how` says why. Raises MeasureError."""
    count, rounds = (ENTRIES_QUICK, 1) if bounds.quick else (ENTRIES, ROUNDS)
    seconds: dict[str, list[float]] = {}
    without = ""
    with ExitStack() as opened:
        ends = opened.enter_context(both_ends(bounds.directory))
        memory = opened.enter_context(closing(FromMemory(bounds.directory)))
        other: Peer | None = None
        try:
            other = opened.enter_context(peer(bounds.directory / "peer", may_install=not bounds.quick))
        except PeerMissingError as error:
            without = str(error)
        for number in range(rounds + 1):
            taken = _round(ends, memory, other, number, count)
            for name, value in taken.items() if number else ():
                seconds.setdefault(name, []).append(value)
        live = _live(ends, (rounds + 1) * count, LIVE_SALES_QUICK if bounds.quick else LIVE_SALES)
    return {**_values(seconds, count), **live, "how": _how(count, rounds, without)}


def _round(ends: Ends, memory: FromMemory, other: Peer | None, number: int, count: int) -> dict[str, float]:
    """The seconds of each, with the same entries."""
    entries = sell(ends.books, number * count, count)
    taken = {}
    with Shipping(ends) as shipping:
        begun_s = time.perf_counter()
        shipping.uplink.start()
        taken["sync"] = shipping.emptied() - begun_s
    ends.settled()
    taken["projected"] = time.perf_counter() - begun_s
    taken["memory"] = memory.taken(entries)
    if other is not None:
        taken["pouchdb"] = other.replicated(f"round{number}", entries)
    return taken


def _live(ends: Ends, first: int, sales: int) -> dict[str, float]:
    """From the commit of a sale to its acknowledgement, on a line that has nothing else to do."""
    found_ms = []
    with Shipping(ends) as shipping:
        shipping.uplink.start()
        for number in range(first, first + sales + 1):
            time.sleep(_REST_S)
            shipping.expect()
            sell(ends.books, number, 4)
            begun_s = time.perf_counter()
            found_ms.append((shipping.emptied() - begun_s) * 1_000)
    cuts = statistics.quantiles(found_ms[1:], n=100, method="inclusive")
    return {"live_p50_ms": round(cuts[49], 1), "live_p99_ms": round(cuts[98], 1)}


def _values(seconds: dict[str, list[float]], count: int) -> dict[str, Any]:
    median = {name: statistics.median(values) for name, values in seconds.items()}
    ours = median["sync"]
    found: dict[str, Any] = {"of_memory": round(median["memory"] / ours, 3)}
    if "pouchdb" in median:
        found["of_pouchdb"] = round(median["pouchdb"] / ours, 2)
    names = {"sync": "entries_per_s", "projected": "entries_per_s_projected"}
    return found | {names.get(name, f"entries_per_s_{name}"): round(count / value) for name, value in median.items()}


def _how(count: int, rounds: int, without: str) -> str:
    how = (
        f"median of {rounds} rounds of {count} entries in batches of at most 500, taken in turns; TLS on loopback, both ends SQLite with a"
        " sync a commit; one process at each end, as PouchDB's"
    )
    return f"{how}; without PouchDB: {without}" if without else how
