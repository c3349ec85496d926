"""A visit to a terminal of its own, with pictures, receipts and a summary; or random customers, until they have had enough."""

from __future__ import annotations

import logging
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.commands import CommandError
from ui.commands.run import refusals
from ui.commands.setting import configuration

_A_WEEK = 7 * 24 * 60


def add_arguments(parser: ArgumentParser) -> None:
    """What `kiosk tour` takes."""
    parser.add_argument(
        "directory", metavar="DIR", type=Path, nargs="?", help="where pictures, receipts and the summary go"
    )
    parser.add_argument(
        "--random", action="store_true", help="random customers on the books in --data, for soak and crash tests"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which customers come")
    parser.add_argument("--minutes", type=float, default=1.0, metavar="M", help="for how long")


def run(arguments: Namespace) -> int:
    """Play it. 0, or 1 where a step went wrong or the books are not right."""
    if arguments.directory is None and not arguments.random:
        raise CommandError("say where the pictures go: kiosk tour DIR")
    if not 0 <= arguments.minutes <= _A_WEEK:
        raise CommandError(f"--minutes has to lie between 0 and {_A_WEEK}")
    # Nothing else may be said of a terminal that goes through troubles on purpose.
    logging.disable(logging.ERROR)
    try:
        return _random(arguments) if arguments.random else _scripted(arguments)
    except refusals() as error:
        raise CommandError(" ".join(str(error).split("\n"))) from None


def _random(arguments: Namespace) -> int:
    from ui.tour.crowd import play_crowd
    from ui.tour.hands import TourError

    try:
        return play_crowd(configuration(arguments), seed=arguments.seed, minutes=arguments.minutes)
    except TourError as error:
        raise CommandError(str(error)) from None


def _scripted(arguments: Namespace) -> int:
    from ui.tour.guide import play

    summary = play(configuration(arguments), arguments.directory, arguments.config)
    print(f"{len(summary.pictures)} pictures and {len(summary.receipts)} receipts in {arguments.directory}")
    print(
        f"{summary.sales} sales; journal: {summary.entries} entries, chain {'whole' if summary.chain_ok else 'broken'}"
    )
    print(
        f"{summary.delivered.sales} sales arrived at the central service, the slowest {summary.delivered.slowest_s} s after its end"
    )
    for failure in summary.failures:
        print(f"went wrong: {failure}")
    return 0 if summary.ok else 1
