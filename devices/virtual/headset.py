"""A headset to plug in without a jack: input events on a pseudo-terminal."""

from __future__ import annotations

from pathlib import Path

from devices.headsets.evdev_jack import EV_SW, EV_SYN, EVENT, SW_HEADPHONE_INSERT
from devices.virtual.pty_port import PtyPort


class VirtualHeadset(PtyPort):
    """The far side of `EvdevJack`. Nothing is plugged into the jack when it is made."""

    def __init__(self, directory: Path | None = None) -> None:
        super().__init__("headset", directory)

    def plug(self, *, inserted: bool) -> None:
        """Put the plug in, or take it out."""
        if self.line is not None:
            switch = EVENT.pack(0, 0, EV_SW, SW_HEADPHONE_INSERT, int(inserted))
            self.line.write(switch + EVENT.pack(0, 0, EV_SYN, 0, 0), 1_000)
