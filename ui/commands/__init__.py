"""The commands of `kiosk`, a file each: `add_arguments(parser)` and `run(arguments) -> exit status`. Nothing here is imported early."""

from __future__ import annotations


class CommandError(Exception):
    """What a person did wrong or cannot have: one plain line that says what is wrong and what to do."""
