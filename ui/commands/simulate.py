"""Plays what can go wrong, on the real code, from seeds: every play can be played again. The first that breaks something is named."""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

from ui.commands import CommandError

_MOST_SEEDS = 1_000_000


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk simulate`."""
    parser.add_argument("--seeds", type=_number, default=1, metavar="N", help="how many plays")
    parser.add_argument("--from", dest="first", type=_number, default=0, metavar="S", help="the first seed")
    parser.add_argument(
        "--faults",
        choices=["network"],
        help="network: terminal, service and the line between them; both ends killed at any moment",
    )
    parser.add_argument(
        "--keep", action="store_true", help="leave the files of a play that broke something, and say where"
    )
    parser.add_argument("--json", action="store_true", help="for programs: an object a line")


def run(arguments: Namespace) -> int:
    """A line a seed; 1 where one broke something, and the plays after it are played all the same."""
    if arguments.faults is None:
        raise CommandError(
            "say what shall fail: --faults network (payments under every schedule of faults are played by ./test tests/simulation)"
        )
    signal.signal(signal.SIGTERM, _told_to_end)  # so that what a play has in the air comes down with it
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    try:
        broken = [seed for seed in seeds if not _play(seed, arguments)]
    except ModuleNotFoundError as error:
        words = f"no central service is installed here ({error.name} is missing); packaging/set-up.sh run installs it"
        raise CommandError(words) from None
    if broken:
        again = f"kiosk simulate --faults network --from {broken[0]} --seeds 1 --keep"
        raise CommandError(f"{len(broken)} of {arguments.seeds} plays broke something; play one again with: {again}")
    return 0


def _play(seed: int, arguments: Namespace) -> bool:
    from ui.simulation.children import BrokenError
    from ui.simulation.network import Network
    from ui.simulation.schedule import schedule

    directory = Path(tempfile.mkdtemp(prefix=f"tern-simulate-{seed}-"))
    told: dict[str, Any] = {"seed": seed, "ok": True}
    network = Network(directory, schedule(seed))
    try:
        told |= asdict(network.play())
    except BrokenError as error:
        told |= {"ok": False, "broken": str(error)}
    finally:
        network.close()
        is_kept = arguments.keep and not told["ok"]
        if is_kept:
            told["files"] = str(directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    print(json.dumps(told) if arguments.json else _line(told), flush=True)
    return bool(told["ok"])


def _told_to_end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _line(told: dict[str, Any]) -> str:
    if not told["ok"]:
        where = f" (see {told['files']})" if "files" in told else ""
        return f"seed {told['seed']:<6} BROKEN: {told['broken']}{where}"
    return (
        f"seed {told['seed']:<6} ok: {told['entries']} entries once and in order, {told['faults']} requests met a fault,"
        f" {told['kills']} kills, {told['orders']} orders, empty after {told['empty_s']:.1f} s"
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= _MOST_SEEDS and len(text) <= 9):
        raise ArgumentTypeError(f"{text[:20]!r} is not a whole number up to {_MOST_SEEDS}")
    return int(text)
