"""What the terminal does towards people besides the screen: sounds, the attendant's light, and forgetting the customer."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

# PipeWire's, PulseAudio's and ALSA's own players; none of them is Qt's, whose multimedia module is not among the Essentials.
_PLAYERS = ("pw-play", "paplay", "aplay")
SOUNDS = frozenset({"good", "bad", "attention", "warning"})


class ScreenFront:
    """Implements `kiosk.services.checkout.register.Front` for a terminal with a screen. A machine without a player is silent."""

    def __init__(self, sounds: Path) -> None:
        self._sounds = sounds
        self._player = next((found for name in _PLAYERS if (found := shutil.which(name))), None)
        self._playing: subprocess.Popen[bytes] | None = None
        self._light: Callable[[str], None] = lambda _: None
        self._forgetters: list[Callable[[], None]] = []

    def on_call(self, light: Callable[[str], None]) -> None:
        """Show every call for staff there; "" is the end of one."""
        self._light = light

    def on_forget(self, forget: Callable[[], None]) -> None:
        """Call `forget` when a session ends."""
        self._forgetters.append(forget)

    def sound(self, name: str) -> None:
        """Play one of `SOUNDS`. One at a time: a scan every tenth of a second does not queue up beeps."""
        if self._player is None or name not in SOUNDS or (self._playing is not None and self._playing.poll() is None):
            return
        try:
            self._playing = subprocess.Popen(  # noqa: S603 - a player found on the path, a file of ours
                [self._player, str(self._sounds / f"{name}.wav")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            log.warning("no sound: %s cannot be started (%s)", self._player, error)
            self._player = None

    def call_staff(self, reason: str) -> None:
        """Light the attendant's light."""
        log.info("staff: %s", reason or "not needed any more")
        self._light(reason)

    def forget_customer(self) -> None:
        """The session is over."""
        for forget in self._forgetters:
            forget()
