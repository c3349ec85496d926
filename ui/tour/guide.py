"""Plays the tour: starts a terminal of its own with virtual wires, visits it, and sums up."""

from __future__ import annotations

import os
from pathlib import Path

from devices.virtual.far_sides import KINDS, FarSides
from kiosk.configuration import Configuration
from ui.tour.office import FarOffice
from ui.tour.services import account_holder, bill_payer, number_drawer, returner
from ui.tour.summary import Summary, summarise
from ui.tour.visit import (
    Visit,
    age_and_card,
    first_shopper,
    portrait,
    second_shopper,
    third_shopper,
    ways_to_see,
)

_AT_THE_TILL = (first_shopper, ways_to_see, age_and_card)
_SERVICES = (bill_payer, returner, account_holder, number_drawer)


def play(configuration: Configuration, directory: Path, config_path: Path | None = None) -> Summary:
    """Visit a fresh terminal whose books are kept in `directory`/books; pictures, receipts and the summary go to `directory`.

    `config_path` is the file that `configuration` was read from, for the central service beside. Raises OSError, StorageError, WindowError.
    """
    prefer_offscreen()
    from ui.terminal import Kiosk, application, transports_of  # noqa: PLC0415 - Qt reads its platform when it is loaded

    directory.mkdir(parents=True, exist_ok=True)
    application()
    far = FarSides(KINDS, directory / "far-sides")
    office = FarOffice(config_path, directory / "books")
    try:
        office.start()
        own = with_line(own_books(configuration, directory / "books"), office.office.line.url)
        kiosk = Kiosk(own, transports_of(configuration, far.urls))
        kiosk.terminal.register.watch(office.watch)
        kiosk.open()
        try:
            visit = Visit(kiosk, far, directory)
            for scenes in (*_AT_THE_TILL, office.scenes, second_shopper, third_shopper, *_SERVICES):
                if not visit.failures:
                    visit.play(scenes)
            upright = Visit(kiosk, far, directory, prefix="portrait-")
            if not visit.failures:
                upright.play(portrait)
            kiosk.terminal.settle()
            failures = [*visit.failures, *upright.failures, *office.problems(kiosk.terminal.books, visit.hands)]
            pictures = (*visit.pictures, *upright.pictures)
            return summarise(kiosk.terminal.books, far, pictures, failures, directory, office.delivery())
        finally:
            kiosk.close()
    finally:
        office.close()
        far.close()


def prefer_offscreen() -> None:
    """Draw without a display where there is none: the pictures are the same."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ.setdefault("QT_QUICK_BACKEND", "software")


def with_line(configuration: Configuration, url: str) -> Configuration:
    """The configuration with the line to the central service at `url`."""
    sync = configuration.sync.model_copy(update={"enabled": True, "url": url})
    return configuration.model_copy(update={"sync": sync})


def own_books(configuration: Configuration, directory: Path) -> Configuration:
    """The configuration with books of its own, all devices virtual."""
    virtual = {
        kind: getattr(configuration.devices, kind).model_copy(update={"transport": "virtual:"}) for kind in KINDS
    }
    return configuration.model_copy(
        update={
            "data": configuration.data.model_copy(update={"directory": str(directory.absolute())}),
            "devices": configuration.devices.model_copy(update=virtual),
        }
    )
