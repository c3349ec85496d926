"""Runs the terminal: with a bench beside it where its devices are virtual, or alone."""

from __future__ import annotations

import gc
import logging
from argparse import ArgumentParser, Namespace
from pathlib import Path

from kiosk.configuration import (
    PROJECT_ROOT,
    Configuration,
    ConfigurationError,
    data_directory,
    load_or_last_good,
)
from ui.commands import CommandError
from ui.commands.setting import first_of, with_data
from ui.device_check import check_device

log = logging.getLogger(__name__)


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk run`."""
    parser.add_argument("--no-bench", action="store_true", help="no bench, also where devices are virtual")
    parser.add_argument("--no-office", action="store_true", help="no central service beside the bench")


def run(arguments: Namespace) -> int:
    """Run until the window is closed or the process is asked to end."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    directory = arguments.data or data_directory(arguments.config)
    configuration = with_data(_last_good(arguments, directory), arguments)
    try:
        return (
            _with_bench(configuration, arguments) if _wants_bench(configuration, arguments) else _alone(configuration)
        )
    except refusals() as error:
        raise CommandError(" ".join(str(error).split("\n"))) from None


def _last_good(arguments: Namespace, directory: Path) -> Configuration:
    try:
        loaded = load_or_last_good(arguments.config, directory, check_device=check_device)
    except ConfigurationError as error:
        raise CommandError(first_of(error)) from None
    for problem in loaded.problems:
        log.error("the configuration is refused, the last good one holds: %s", problem)
    return loaded.configuration


def _wants_bench(configuration: Configuration, arguments: Namespace) -> bool:
    from ui.terminal import virtual_kinds

    return bool(virtual_kinds(configuration)) and not arguments.no_bench


def _with_bench(configuration: Configuration, arguments: Namespace) -> int:
    from ui.bench.window import run_bench

    directory = PROJECT_ROOT / configuration.data.directory
    return run_bench(configuration, arguments.config, directory, with_office=not arguments.no_office)


def _alone(configuration: Configuration) -> int:
    # Loading makes a hundred thousand objects that stay, and no garbage: looking for some takes a twentieth of the start.
    gc.disable()
    from ui.terminal import run_kiosk

    gc.freeze()
    gc.enable()
    return run_kiosk(configuration)


def refusals() -> tuple[type[Exception], ...]:
    """What a person can mend: books, store, drivers, ports, the window. All else is a mistake of ours, and is shown whole."""
    from devices.registry import DriverSettingsError
    from devices.virtual.payment_ledger import LedgerError
    from kiosk.services.words import WordsError
    from kiosk.storage.errors import StorageError
    from ui.bench.shelf import ShelfError
    from ui.window import WindowError

    return (StorageError, DriverSettingsError, LedgerError, WordsError, ShelfError, WindowError, OSError)
