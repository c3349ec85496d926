"""`interpret`: how many codes a second are understood on one core, the slowest of them, and GS1 data beside biip."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any, Final

from kiosk.domain.interpret import interpret
from kiosk.domain.resolver import ScanRules
from ui.measure import Bounds, MeasureError
from ui.measure.interpret_stream import Kind, stream

CODES: Final = 100_000
CODES_QUICK: Final = 2_000
WARM_UP: Final = 500
_TODAY: Final = date(2026, 11, 22)


def measure(bounds: Bounds) -> dict[str, Any]:
    """Codes a second as `kiosk interpret` answers them, without the pipe and the JSON; the slowest in milliseconds; and how many times as
    fast GS1 data is answered as biip parses it (`of_biip`), the two taking turns code by code. All of it in processor time of one
    thread, so that what else the machine does counts for nobody; `codes_per_s_wall` is by the clock on the wall. Raises MeasureError."""
    codes = stream(CODES_QUICK if bounds.quick else CODES, random.Random(11))  # noqa: S311 - not a secret
    rules = ScanRules(today=_TODAY)
    for code in codes[:WARM_UP]:
        interpret(code.line, rules)
    seconds: list[float] = []
    bills = 0
    begun = time.perf_counter()
    for code in codes:
        started = time.thread_time()
        answer = interpret(code.line, rules)
        seconds.append(time.thread_time() - started)
        if answer["kind"] != code.kind:
            raise MeasureError(f"{code.line!r} was taken for {answer['kind']}; this is a bug, please report it")
        bills += code.kind is Kind.BILL
    wall_s = time.perf_counter() - begun
    return {
        "codes_per_s": round(len(codes) / sum(seconds)),
        "codes_per_s_wall": round(len(codes) / wall_s),
        "slowest_ms": round(max(seconds) * 1000, 3),
        "bills": bills,
        **_beside_biip([code.line for code in codes if code.is_gs1], rules),
        "how": f"{len(codes)} codes: articles, GS1 data, labels, own codes, bills, nonsense; processor time of one thread",
    }


def _beside_biip(lines: list[str], rules: ScanRules) -> dict[str, Any]:
    """`of_biip` above 1: ours is faster."""
    try:
        parse: Callable[[str], object] = import_module("biip").parse
    except ImportError:
        return {"of_biip": "biip is not installed (packaging/requirements-dev.txt)"}
    contenders: tuple[Callable[[str], object], ...] = (lambda line: interpret(line, rules), parse)
    ours = theirs = 0.0
    for number, line in enumerate(lines):
        taken = [0.0, 0.0]
        for turn in (number % 2, (number + 1) % 2):
            started = time.thread_time()
            contenders[turn](line)
            taken[turn] = time.thread_time() - started
        if number >= WARM_UP // 10:
            ours, theirs = ours + taken[0], theirs + taken[1]
    return {"of_biip": round(theirs / ours, 3), "gs1_codes": len(lines)}
