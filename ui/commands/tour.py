"""A visit to a terminal of its own, with pictures, receipts and a summary; or random customers, until they have had enough."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.commands import CommandError
from ui.commands.setting import configuration


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
    if arguments.random:
        from ui.tour.crowd import play_crowd

        return play_crowd(configuration(arguments), seed=arguments.seed, minutes=arguments.minutes)
    if arguments.directory is None:
        raise CommandError("say where the pictures go: kiosk tour DIR")
    from ui.tour.guide import play

    summary = play(configuration(arguments), arguments.directory)
    print(f"{len(summary.pictures)} pictures and {len(summary.receipts)} receipts in {arguments.directory}")
    print(
        f"{summary.sales} sales; journal: {summary.entries} entries, chain {'whole' if summary.chain_ok else 'broken'}"
    )
    for failure in summary.failures:
        print(f"went wrong: {failure}")
    return 0 if summary.ok else 1
