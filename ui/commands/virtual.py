"""Runs a virtual scanner, printer, card reader, chip card or payment terminal, at the far side of a real wire, for anyone's register."""

from __future__ import annotations

import json
import signal
import sys
import threading
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ui.commands import CommandError

if TYPE_CHECKING:
    from devices.virtual.card_reader import VirtualCardReader


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk virtual`."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    scanner = kinds.add_parser("scanner", help="scans each line of stdin onto a pseudo-terminal")
    scanner.add_argument("--suffix", choices=list(_SUFFIXES), default="cr", help="what ends a code (cr)")
    card = kinds.add_parser("card", help="a magnetic-stripe reader: swipes each line of stdin onto a pseudo-terminal")
    card.add_argument("--check", action="store_true", help="send each track's check character")
    chip = kinds.add_parser("chip-card", help="a chip card: each line of stdin is put into the virtual reader of vpcd")
    chip.add_argument("--port", type=_port, default=35_963, help="where vpcd listens (35963)")
    printer = kinds.add_parser("printer", help="an ESC/POS printer on a tcp port: a PNG and a text file for each cut")
    printer.add_argument("--out", metavar="DIR", type=Path, required=True, help="where the paper goes")
    payment = kinds.add_parser("payment-terminal", help="a ZVT payment terminal on a tcp port, with a customer at hand")
    payment.add_argument(
        "--ledger", metavar="FILE", type=Path, help="a JSON line for each authorisation, capture, reversal, refund"
    )
    payment.add_argument(
        "--customer", metavar="NAME", default="good", help="who comes to pay (good); nobody for no one"
    )
    for kind in (printer, payment):
        kind.add_argument("--port", type=_port, required=True, help="tcp port on 127.0.0.1; 0 for a free one")
    for kind in (scanner, card, chip, printer, payment):
        kind.add_argument("--json", action="store_true", help="say where it listens as a JSON object")


def run(arguments: Namespace) -> int:
    """Run until interrupted or terminated, or until stdin ends (scanner, card, chip-card)."""
    try:
        _KINDS[arguments.kind](arguments)
    except OSError as error:
        raise CommandError(f"{error.strerror or error}; choose another port or folder") from None
    return 0


def _scanner(arguments: Namespace) -> None:
    from devices.virtual.scanner import VirtualScanner
    from kiosk.domain.interpret import unescaped
    from ui.commands.scan_lines import lines

    with VirtualScanner(suffix=_SUFFIXES[arguments.suffix]) as scanner:
        _announce(scanner.url, arguments)
        for line in lines(sys.stdin.buffer):
            scanner.scan(unescaped(line), aim="")


def _card(arguments: Namespace) -> None:
    """A line is the tracks of one card as `2:9276...=2912`, with blanks between tracks; or the name of a fault."""
    from devices.virtual.card_reader import VirtualCardReader, tracks_of

    with VirtualCardReader(with_check=arguments.check) as reader:
        _announce(reader.url, arguments)
        for line in sys.stdin:
            said = line.strip()
            if said in _CARD_FAULTS:
                _CARD_FAULTS[said](reader)
            elif tracks := tracks_of(said):
                reader.swipe(tracks)
            elif said:
                print(
                    f"not a swipe: {said[:60]!r}; write tracks such as 2:9276123456789=2912, or one of "
                    f"{', '.join(_CARD_FAULTS)}",
                    file=sys.stderr,
                )


def _chip_card(arguments: Namespace) -> None:
    """A line is a member's number, `payment`, `other`, or `remove`."""
    from devices.virtual.chip_card import ChipCard, VirtualChipCard, payment_card, tern_card

    kinds = {"payment": payment_card(), "other": ChipCard(())}
    with VirtualChipCard(arguments.port) as hand:
        _announce(f"tcp:127.0.0.1:{arguments.port}", arguments)
        for line in sys.stdin:
            said = line.strip()
            if said in kinds or (said.isascii() and said.isalnum() and len(said) <= 40 and said != "remove"):
                hand.insert(kinds.get(said) or tern_card(said))
            else:
                hand.remove()


def _printer(arguments: Namespace) -> None:
    from devices.virtual.printer import serve_printer

    serve_printer(arguments.port, arguments.out, ready=lambda url: _announce(url, arguments), until=_ending())


def _payment_terminal(arguments: Namespace) -> None:
    from devices.virtual.payment_cards import CUSTOMERS
    from devices.virtual.payment_ledger import LedgerError
    from devices.virtual.payment_terminal import serve_payment_terminal

    customer = None if arguments.customer == "nobody" else arguments.customer
    if customer is not None and customer not in CUSTOMERS:
        raise CommandError(f"there is no customer {customer[:40]!r}; there are {', '.join(CUSTOMERS)}, nobody")
    ending = _ending()
    try:
        terminal = serve_payment_terminal(arguments.port, arguments.ledger, customer=customer)
    except LedgerError as error:
        raise CommandError(str(error)) from None
    with terminal:
        _announce(terminal.url, arguments)
        ending.wait()


def _announce(url: str, arguments: Namespace) -> None:
    print(json.dumps({"url": url}) if arguments.json else f"listening on {url}", flush=True)


def _ending() -> threading.Event:
    """Set when the process is asked to end, so that ledgers and papers are closed in good order."""
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    return ending


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535):
        raise ArgumentTypeError(f"{text[:20]!r} is not a port between 0 and 65535")
    return int(text)


_SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "none": b""}
_CARD_FAULTS: dict[str, Callable[[VirtualCardReader], None]] = {
    "half": lambda reader: reader.half_swipe({2: "9276123456789=2912"}),
    "garbage": lambda reader: reader.garbage(200),
    "unreadable": lambda reader: reader.unreadable(1, 2, 3),
    "unplug": lambda reader: reader.unplug(),
    "replug": lambda reader: reader.replug(),
}
_KINDS = {
    "scanner": _scanner,
    "card": _card,
    "chip-card": _chip_card,
    "printer": _printer,
    "payment-terminal": _payment_terminal,
}
