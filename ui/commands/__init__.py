"""The commands of `kiosk`, a file each: `add_arguments(parser)` and `run(arguments) -> exit status`. Nothing here is imported early."""

from __future__ import annotations

from argparse import ArgumentTypeError


class CommandError(Exception):
    """What a person did wrong or cannot have: one plain line that says what is wrong and what to do."""


def port(text: str) -> int:
    """A TCP port, 0 for a free one. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535):
        raise ArgumentTypeError(f"{text[:20]!r} is not a port between 0 and 65535")
    return int(text)
