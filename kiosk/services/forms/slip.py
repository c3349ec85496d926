"""The slip of a form that was sent: the number large, what it is for and since when; nothing private is on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from kiosk.domain.forms import Ending, said
from kiosk.ports import (
    Align,
    Attended,
    PrintColumns,
    Printer,
    PrintFeed,
    PrintJob,
    PrintOutcome,
    PrintPart,
    PrintResult,
    PrintRule,
    PrintText,
)
from kiosk.runtime import Loop
from kiosk.services.forms.effects import PrintSlip
from kiosk.services.receipt_paper import Shop
from kiosk.services.words import Words, printable

log = logging.getLogger(__name__)


class Slips:
    """Prints slips. Callable from any thread; nothing here blocks."""

    def __init__(self, printer: Attended[Printer], shop: Shop, words: Words, loop: Loop) -> None:
        self._printer = printer
        self._shop = shop
        self._words = words
        self._loop = loop

    def print(self, slip: PrintSlip, done: Callable[[bool], None]) -> None:
        """Print it; `done` is told whether it is known to have come out, from any thread."""
        parts = slip_parts(slip, self._shop, self._words.speaking(slip.language), self._loop.wall())
        job = PrintJob(f"{slip.submission_id}/slip", parts)

        def printed(outcome: PrintResult | Exception) -> None:
            is_out = isinstance(outcome, PrintResult) and outcome.outcome is PrintOutcome.PRINTED
            if not is_out:
                log.warning("the slip of form %s did not come out: %s", slip.form.name, outcome)
            done(is_out)

        self._printer.submit(lambda printer: printer.print(job), printed)


def slip_parts(slip: PrintSlip, shop: Shop, words: Words, at: datetime) -> tuple[PrintPart, ...]:
    """The slip from top to bottom."""
    language = words.code
    parts: list[PrintPart] = [
        PrintText(printable(shop.name), Align.CENTRE, bold=True, scale=2),
        PrintFeed(),
        PrintText(printable(said(slip.form.title, language)), Align.CENTRE, bold=True),
        PrintFeed(),
        PrintText(printable(slip.number), Align.CENTRE, bold=True, scale=2),
        PrintFeed(),
    ]
    if slip.slot:
        moment = datetime.fromisoformat(slip.slot)
        parts += [
            PrintText(printable(f"{words.weekday(moment)}, {words.time(moment)}"), Align.CENTRE, bold=True, scale=2),
            PrintFeed(),
        ]
        if not slip.is_fixed:
            parts += [PrintText(printable(words("slip.to-confirm")), Align.CENTRE, bold=True), PrintFeed()]
    parts += [PrintColumns(printable(label), printable(answer)) for label, answer in slip.lines]
    parts += [
        PrintRule(),
        PrintColumns(printable(words.date(at)), printable(words.time(at))),
        PrintFeed(),
        PrintText(printable(words(f"slip.{_HINTS[slip.form.ending]}")), Align.CENTRE),
    ]
    return tuple(parts)


_HINTS = {Ending.QUEUE: "wait", Ending.SLOT: "come", Ending.REQUEST: "answer"}
