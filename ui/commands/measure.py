"""Takes the performance figures, each as a ratio against a floor or a peer measured in the same run."""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from kiosk.configuration import PROJECT_ROOT
from ui.commands import CommandError
from ui.commands.setting import configuration
from ui.measure import FIGURES, Bounds, MeasureError
from ui.measure.machine import facts


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk measure`."""
    figures = "; ".join(f"{name}: {words}" for name, words in FIGURES.items())
    parser.add_argument("name", nargs="*", metavar="NAME", help=f"take only these figures. {figures}")
    parser.add_argument(
        "--quick", action="store_true", help="prove that the figures can be taken; they then mean little"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: Namespace) -> int:
    """Take the figures and print them: one JSON object, or a line a value."""
    for name in arguments.name:
        if name not in FIGURES:
            raise CommandError(f"there is no figure {name[:40]!r}; there are {', '.join(FIGURES)}")
    names = dict.fromkeys(arguments.name or FIGURES)
    with _scratch(_disk_of(PROJECT_ROOT / configuration(arguments).data.directory)) as directory:
        found: dict[str, dict[str, Any]] = {"machine": {**facts(directory), "quick": arguments.quick}}
        for name in names:
            found[name] = _taken(name, directory, quick=arguments.quick)
            if not arguments.json:
                _print(name, found[name])
    if arguments.json:
        print(json.dumps(found))
    else:
        _print("machine", found["machine"])
    return 0


def _taken(name: str, directory: Path, *, quick: bool) -> dict[str, Any]:
    place = directory / name
    place.mkdir()
    try:
        values: dict[str, Any] = import_module(f"ui.measure.{name}").measure(Bounds(place, quick))
    except MeasureError as error:
        raise CommandError(str(error)) from None
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return values


@contextmanager
def _scratch(where: Path) -> Iterator[Path]:
    """A directory on the disk of the books, gone afterwards, also when the command is told to end."""

    def told_to_end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal handlers are called
        raise KeyboardInterrupt

    try:
        directory = Path(tempfile.mkdtemp(prefix=".measure-", dir=where))
    except OSError as error:
        raise CommandError(f"{where} cannot be measured in ({error}); name another directory with --data") from None
    former = signal.signal(signal.SIGTERM, told_to_end)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        signal.signal(signal.SIGTERM, former)


def _disk_of(directory: Path) -> Path:
    """`directory`, or what is above it and exists."""
    return next(path for path in (directory.absolute(), *directory.absolute().parents) if path.is_dir())


def _print(name: str, values: Mapping[str, Any]) -> None:
    print(name)
    for key, value in values.items():
        if isinstance(value, Mapping):
            value = "  ".join(f"{one} {each}" for one, each in value.items())  # noqa: PLW2901 - one line a value
        print(f"  {key:<22}{value}", flush=True)
