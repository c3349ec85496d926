"""The terminal's side of the process that brings the feeds down: starts it, looks at what it has shown, and starts it again if it ends."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Final

from kiosk.configuration import PROJECT_ROOT, Configuration
from kiosk.storage.boot import Books
from kiosk.storage.database import DatabaseError
from kiosk.storage.errors import StorageError
from ui import feeder

log = logging.getLogger(__name__)

_FIRST_AGAIN_S: Final = 1.0
_LAST_AGAIN_S: Final = 60.0


class FeedProcess:
    """Follows the feeds into the catalogue of `books`, which this process only reads from then on.

    `watcher(name)` is told on a thread of its own of each feed that was shown, once look-ups see it.
    """

    def __init__(self, books: Books, configuration: Configuration, url: str, watcher: Callable[[str], None]) -> None:
        self._asked = feeder.asked(books.directory, books.key, url, configuration)
        self._catalogue = books.catalogue
        self._watcher = watcher
        self._is_ending = threading.Event()
        self._child: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="feeds", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was fetched by then is not fetched again."""
        with self._starting:
            self._is_ending.set()
            if self._child is not None:
                self._child.terminate()  # also in the middle of a commit: what is staged is whole either way
        if self._thread.is_alive():
            self._thread.join()

    # --- on the feeds' thread

    def _run(self) -> None:
        self._catalogue.hand_over()
        again_s = _FIRST_AGAIN_S
        while (child := self._begun()) is not None:
            has_shown = self._follow(child)
            child.terminate()
            # One that was killed reads no more of what was still on its way to it.
            with contextlib.suppress(BrokenPipeError), child:
                pass
            if self._is_ending.is_set():
                return
            again_s = _FIRST_AGAIN_S if has_shown else min(_LAST_AGAIN_S, 2 * again_s)
            log.error("the process that fetches the feeds ended (%s); it is started again", child.returncode)
            self._is_ending.wait(again_s)

    def _begun(self) -> subprocess.Popen[str] | None:
        with self._starting:
            if self._is_ending.is_set():
                return None
            self._child = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-m", feeder.__name__],
                cwd=PROJECT_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                # Ctrl+C on a bench ends the terminal, which then ends this in good order.
                start_new_session=True,
            )
            return self._child

    def _follow(self, child: subprocess.Popen[str]) -> bool:
        """Until it ends; whether it has shown anything."""
        has_shown = False
        if child.stdin is None or child.stdout is None:
            return has_shown
        try:
            _say(child.stdin, self._asked)
            for line in child.stdout:
                self._catalogue.refresh()
                has_shown = True
                _say(child.stdin, "seen")
                self._watcher(line.strip())
        except (BrokenPipeError, StorageError, DatabaseError) as error:
            log.warning("the feeds cannot be followed now: %s", error)
        return has_shown


def _say(pipe: IO[str], line: str) -> None:
    pipe.write(f"{line}\n")
    pipe.flush()
