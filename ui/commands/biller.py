"""A biller to try things out with: answers about bills and takes payments over HTTP, as docs/integrators/billers.md says; ends with ^C."""

from __future__ import annotations

import json
import signal
import threading
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.commands import CommandError, port


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk biller`."""
    parser.add_argument("what", choices=["demo"])
    parser.add_argument("--port", type=port, default=8490, help="on this machine alone; 0 for a free one")
    parser.add_argument(
        "--key-file", type=Path, metavar="FILE", help="the key that callers have to send; nobody has to unless told"
    )
    parser.add_argument(
        "--ledger", type=Path, metavar="FILE", help="keep the payments there; forgotten at the end unless told"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: Namespace) -> int:
    """Serve until asked to end. Raises CommandError."""
    from sync.central.billers.demo_biller import DemoBiller

    try:
        key = arguments.key_file.read_text("ascii").strip() if arguments.key_file else ""
        biller = DemoBiller(arguments.port, key=key, ledger=arguments.ledger)
    except (OSError, ValueError) as error:
        raise CommandError(f"the demo biller cannot be started: {error}") from None
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    biller.start()
    try:
        print(json.dumps({"url": biller.url}) if arguments.json else f"the demo biller is at {biller.url}", flush=True)
        ended.wait()
    finally:
        biller.stop()
    return 0
