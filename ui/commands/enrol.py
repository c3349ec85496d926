"""Makes this terminal known to the central service: a one-time pairing code typed or scanned, a key pair made here that never leaves."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from kiosk.configuration import PROJECT_ROOT
from ui.commands import CommandError
from ui.commands.setting import configuration


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk enrol`."""
    parser.add_argument("code", help="the pairing code, as in XXXX-XXXX-XXXX")
    parser.add_argument("--central", metavar="URL", default="", help="the service's address; else sync.url")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: Namespace) -> int:
    """Enrol, and keep who this terminal is beside its books."""
    from sync.identity import EnrolmentError, IdentityError, enrol

    settings = configuration(arguments)
    url = arguments.central or settings.sync.url
    if not url:
        raise CommandError("where is the central service? name it with --central URL, or set sync.url")
    try:
        made = enrol(PROJECT_ROOT / settings.data.directory, url, arguments.code, settings.terminal.id)
    except (EnrolmentError, IdentityError, ValueError, OSError) as error:
        raise CommandError(" ".join(str(error).split("\n"))) from None
    if arguments.json:
        print(
            json.dumps({"terminal_id": made.terminal_id, "store_id": made.store_id, "key_id": made.key_id, "url": url})
        )
    else:
        print(f"terminal {made.terminal_id} of store {made.store_id} is known to {url} by the key {made.key_id}")
        if not settings.sync.enabled:
            print("nothing is sent until sync.enabled is true")
    return 0
