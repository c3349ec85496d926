"""Speaks through speech-dispatcher, by its client `spd-say`: one short process an utterance, in order, none of them waited for.

Without `-w` the client returns as soon as the daemon has the text. Priority "message" makes the daemon speak one utterance
after the other, where its usual "text" lets a new one cut the last (SSIP, 3.1); `-C` cuts and empties the queue.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Sequence

from kiosk.ports import Health, HealthState

log = logging.getLogger(__name__)

PROGRAM = "spd-say"
LONGEST_TEXT = 2_000  # letters, about two minutes of speech
_HAND_OVER_S = 10.0  # the first call starts the daemon
_CANCEL = ("-C",)


class SpeechDispatcher:
    """Implements `kiosk.ports.Speaker`. `rate` is the daemon's own scale, -100 (slow) to 100 (fast)."""

    def __init__(self, *, rate: int = 0) -> None:
        self._program = shutil.which(PROGRAM)
        self._rate = rate
        self._waiting: deque[Sequence[str]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._silent = True
        self._thread: threading.Thread | None = None
        self._health = Health(HealthState.READY)
        if self._program is None:
            self._health = Health(HealthState.ABSENT, "not-installed")
            log.warning("nothing is read aloud: %s is not on this machine; install speech-dispatcher", PROGRAM)

    @property
    def health(self) -> Health:
        """ABSENT where the program is missing, FAULT where it failed the last time."""
        return self._health

    def say(self, text: str, language: str) -> None:
        """Speak `text` after what is being spoken."""
        options = ("-N", "tern", "-P", "message", "-r", str(self._rate), "-l", language)
        self._silent = False
        # Behind "--" a text that begins with a dash is a text; the list never meets a shell.
        self._hand_over([(*options, "--", _plain(text))])

    def stop(self) -> None:
        """Be silent now."""
        if self._silent:
            return
        self._silent = True
        with self._changed:
            self._waiting.clear()
        self._hand_over([_CANCEL])

    def close(self) -> None:
        """Be silent for good, and end the thread."""
        if self._thread is None:
            return
        self.stop()
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(_HAND_OVER_S + 1)
        self._thread = None

    def _hand_over(self, calls: Sequence[Sequence[str]]) -> None:
        if self._program is None:
            return
        with self._changed:
            self._waiting.extend(calls)
            self._changed.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
            self._thread.start()

    # --- on the speaker's thread ---

    def _run(self) -> None:
        while (call := self._next()) is not None:
            self._call(call)

    def _next(self) -> Sequence[str] | None:
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            return self._waiting.popleft() if self._waiting else None

    def _call(self, options: Sequence[str]) -> None:
        try:
            done = subprocess.run(  # noqa: S603 - a program found on the path, its text behind "--"
                [str(self._program), *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_HAND_OVER_S,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            self._failed(type(error).__name__)  # its message would hold the text
            return
        if done.returncode != 0:
            self._failed(f"exit status {done.returncode}")
        elif self._health.state is HealthState.FAULT:
            log.info("things are read aloud again")
            self._health = Health(HealthState.READY)

    def _failed(self, what: str) -> None:
        if self._health.state is not HealthState.FAULT:
            log.warning("nothing is read aloud: %s failed (%s); does speech-dispatcher run?", PROGRAM, what)
            self._health = Health(HealthState.FAULT, "speech-failed")


def _plain(text: str) -> str:
    """`text` without control characters: an argument cannot hold U+0000, and the rest is no speech."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:LONGEST_TEXT]
