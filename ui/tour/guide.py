"""Plays the tour: starts a terminal of its own with virtual wires, visits it, and sums up."""

from __future__ import annotations

import os
from pathlib import Path

from devices.virtual.far_sides import KINDS, FarSides
from kiosk.configuration import Configuration
from ui.tour.summary import Summary, summarise
from ui.tour.visit import SCENES, Visit, portrait


def play(configuration: Configuration, directory: Path) -> Summary:
    """Visit a fresh terminal whose books are kept in `directory`/books; pictures, receipts and the summary go to `directory`."""
    prefer_offscreen()
    from ui.terminal import Kiosk, application, transports_of  # noqa: PLC0415 - Qt reads its platform when it is loaded

    directory.mkdir(parents=True, exist_ok=True)
    application()
    far = FarSides(KINDS, directory / "far-sides")
    try:
        kiosk = Kiosk(own_books(configuration, directory / "books"), transports_of(configuration, far.urls))
        kiosk.open()
        try:
            visit = Visit(kiosk, far, directory)
            for scenes in SCENES:
                if not visit.failures:
                    visit.play(scenes)
            upright = Visit(kiosk, far, directory, prefix="portrait-")
            if not visit.failures:
                upright.play(portrait)
            kiosk.terminal.settle()
            failures = (*visit.failures, *upright.failures)
            return summarise(kiosk.terminal.books, far, (*visit.pictures, *upright.pictures), failures, directory)
        finally:
            kiosk.close()
    finally:
        far.close()


def prefer_offscreen() -> None:
    """Draw without a display where there is none: the pictures are the same."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ.setdefault("QT_QUICK_BACKEND", "software")


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
