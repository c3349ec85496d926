"""What most commands begin with: the configuration, refused in one line where it is wrong."""

from __future__ import annotations

from argparse import Namespace

from kiosk.configuration import Configuration, ConfigurationError, DeviceCheck, load
from ui.commands import CommandError


def configuration(arguments: Namespace, check_device: DeviceCheck | None = None) -> Configuration:
    """The configuration of `--config` and the environment, with `--data` in it. Raises CommandError.

    Drivers are loaded, and their settings checked, only for a command that passes `check_device`.
    """
    try:
        found = load(arguments.config, check_device=check_device)
    except ConfigurationError as error:
        raise CommandError(first_of(error)) from None
    return with_data(found, arguments)


def with_data(found: Configuration, arguments: Namespace) -> Configuration:
    """`found` with the directory of `--data` in it, where one is given."""
    if arguments.data is None:
        return found
    directory = str(arguments.data.absolute())
    return found.model_copy(update={"data": found.data.model_copy(update={"directory": directory})})


def first_of(error: ConfigurationError) -> str:
    """The first problem, and how to see the others."""
    more = len(error.problems) - 1
    return f"{error.problems[0]}" + (f" (and {more} more: kiosk config check)" if more else "")
