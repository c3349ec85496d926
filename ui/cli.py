"""The `kiosk` command: finds the command, loads only what that one needs, and says what is wrong in one plain line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from ui.commands import CommandError

# A file a command; the words are for `kiosk --help`. Imported by name, so that `interpret` never waits for a window.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("run", "the terminal, with a bench beside it where its devices are virtual"),
    "tour": ("tour", "a scripted visit through the real window, or random customers: pictures, receipts, a summary"),
    "interpret": ("interpret", "scan data on stdin, a line each -> one JSON object a line"),
    "journal": ("journal", "verify, show or export the journal"),
    "virtual": ("virtual", "a virtual scanner, printer or payment terminal for anyone's use"),
    "devices": ("devices", "list the drivers and the configured devices, or test them"),
    "measure": ("measure", "take the performance figures, as ratios against floors and peers of the same run"),
    "simulate": ("simulate", "play what can go wrong on the line, from seeds, and prove what must hold"),
    "central": ("central", "the central service: serve it, seed it, let terminals in, make its projections anew"),
    "biller": ("biller", "a biller to try things out with: takes bills, keeps a ledger, fails on demand"),
    "enrol": ("enrol", "make this terminal known to the central service, with a one-time pairing code"),
    "config": ("config", "check or show the configuration"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0, or 1 with one plain line on stderr; 130 when interrupted."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except CommandError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has gone. Nothing more may be written, not even by the interpreter's last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class Parser(argparse.ArgumentParser):
    """Refuses in one line and with status 1, as every other error of a command."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}; see {self.prog} --help")


def _run(argv: list[str]) -> int:
    shared, name, rest = _split(argv)
    if name is None:
        _top_parser().print_help()
        return 0
    if name not in COMMANDS:
        raise CommandError(f"there is no command {name[:40]!r}; there are {', '.join(COMMANDS)}")
    # Pydantic would read what every installed package says of itself, looking for plug-ins of its own: a tenth of what it costs.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    command = import_module(f"ui.commands.{COMMANDS[name][0]}")
    parser = Parser(prog=f"kiosk {name}", description=command.__doc__, allow_abbrev=False)
    command.add_arguments(parser)
    _add_shared(parser)
    arguments = parser.parse_args(rest)
    for key, value in vars(shared).items():
        if getattr(arguments, key, None) is None:
            setattr(arguments, key, value)
    status: int = command.run(arguments)
    sys.stdout.flush()
    return status


def _split(argv: list[str]) -> tuple[argparse.Namespace, str | None, list[str]]:
    """What stands before the command, the command, and what stands behind it."""
    parser = Parser(prog="kiosk", add_help=False, allow_abbrev=False)
    _add_shared(parser)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("command", nargs="?")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    found = parser.parse_args(argv)
    shared = argparse.Namespace(config=found.config, data=found.data)
    return shared, None if found.help else found.command, found.rest


def _add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="the site's configuration, over config/default.toml"
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="where journal and catalogue are, instead of [data]")


def _top_parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<11}{words}" for name, (_, words) in COMMANDS.items())
    parser = Parser(
        prog="kiosk",
        usage="kiosk [--config FILE] [--data DIR] COMMAND ...",
        description="A self-service terminal that keeps serving.",
        epilog=f"commands:\n{lines}\n\nkiosk COMMAND --help says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_shared(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
