"""A terminal of its own to measure: books with a catalogue of any size, a configuration, and the far sides of its wires."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from devices.virtual.payment_cards import Customer
from devices.virtual.payment_settings import TerminalSettings
from devices.virtual.payment_terminal import VirtualPaymentTerminal, serve_payment_terminal
from devices.virtual.printer import VirtualPrinter
from devices.virtual.scanner import VirtualScanner
from kiosk.configuration import PROJECT_ROOT, Configuration, load
from kiosk.storage.boot import open_books
from kiosk.storage.catalogue_generate import made_up_edition, made_up_gtin
from kiosk.storage.catalogue_load import load_store
from kiosk.storage.catalogue_stage import load as load_edition
from kiosk.storage.database import open_reader
from kiosk.storage.key import load_key
from kiosk.storage.reading import JOURNAL_NAME, KEY_NAME

_FIRST: Final = 7  # of each thousand of made-up articles, the first few are produce


def stock(directory: Path, items: int) -> None:
    """Make the books in `directory` with `items` articles, as a feed would have brought them over the demo store: under its name,
    so that a start does not load the store's files again, and with its offers."""
    configuration = own_configuration(directory)
    books = open_books(directory, configuration.terminal.id)
    try:
        store, site = PROJECT_ROOT / configuration.data.store, configuration.site
        load_store(books.catalogue, store, site.currency, site.tax.keys())
        offers = books.catalogue.promotions(datetime.now(UTC).date())
        made_up = made_up_edition(items, configuration.site.currency)
        load_edition(books.catalogue, replace(made_up, source=books.catalogue.edition, promotions=offers))
    finally:
        books.close()


def own_configuration(directory: Path) -> Configuration:
    """The product's own configuration, with its data in `directory`."""
    found = load(None)
    return found.model_copy(update={"data": found.data.model_copy(update={"directory": str(directory.absolute())})})


def gtins(items: int, count: int) -> list[str]:
    """`count` GTIN-13s spread over a catalogue of `items`, each but once as long as there are enough."""
    step = 7919 if items > 7919 else 97  # a prime, so that neighbours in the basket are strangers in the file
    numbers = (_FIRST + place * step % (items - 1000 if items > 1000 else items - _FIRST) for place in range(count))
    return [made_up_gtin(number + 10 if number % 1000 < 5 else number) for number in numbers]


def draft(directory: Path) -> str:
    """The basket in progress as the books in `directory` keep it, "" where there is none; also while a terminal runs on them."""
    connection = open_reader(directory / JOURNAL_NAME, load_key(directory / KEY_NAME))
    try:
        row = connection.execute("SELECT body FROM draft").fetchone()
    finally:
        connection.close()
    return str(row[0]) if row else ""


def forget_draft(directory: Path) -> None:
    """Let the next start find no basket to go on with."""
    books = open_books(directory, own_configuration(directory).terminal.id)
    books.drafts.clear()
    books.close()


@dataclass(frozen=True, slots=True)
class FarEnds:
    """The far sides of a terminal's wires."""

    scanner: VirtualScanner
    printer: VirtualPrinter
    payment: VirtualPaymentTerminal


@contextmanager
def far_sides(
    directory: Path, settings: TerminalSettings | None = None, customer: Customer | None = None
) -> Iterator[tuple[FarEnds, Path]]:
    """Virtual devices in this process, on real wires, and the site's configuration file that names them: the terminal that uses it
    has the drivers of a real one, and no virtual device in its memory. `settings` and `customer` are the payment terminal's."""
    with ExitStack() as opened:
        ends = FarEnds(
            opened.enter_context(closing(VirtualScanner(directory.absolute()))),
            opened.enter_context(closing(VirtualPrinter().start())),
            opened.enter_context(closing(serve_payment_terminal(customer=customer, settings=settings))),
        )
        site = directory / "site.toml"
        urls = {"scanner": ends.scanner.url, "printer": ends.printer.url, "payment": ends.payment.url}
        tables = (f"[devices.{kind}]\ntransport = {json.dumps(url)}\n" for kind, url in urls.items())
        site.write_text("\n".join(tables), "utf-8")
        yield ends, site
