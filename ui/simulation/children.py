"""A process that is started, spoken with, watched and killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from kiosk.configuration import PROJECT_ROOT

_START_S: Final = 60.0
_END_S: Final = 20.0


class BrokenError(Exception):
    """Something that must hold did not; the message says what."""


class Child:
    """One end of the line. What it writes to stderr is appended to `log`."""

    def __init__(self, role: str, arguments: tuple[str, ...], log: Path) -> None:
        """Come back when it says that it is ready. Raises BrokenError."""
        self.role = role
        self.most_bytes = 0  # of memory, as far as it was looked at
        self._said: dict[str, str] = {}
        self._news = threading.Condition()
        self._is_over = False
        self._last_word = ""
        # The import path of a checkout comes first: what is installed may be another one.
        environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "PYDANTIC_DISABLE_PLUGINS": "__all__"}
        command = [sys.executable, "-m", f"ui.simulation.{role}", *arguments]
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
            )
        self._reader = threading.Thread(target=self._listen, name=f"what the {role} says", daemon=True)
        self._reader.start()
        try:
            self.wait_for("ready", _START_S)
        except BaseException:  # also where whoever plays is told to end meanwhile
            self.discard()
            raise

    def say(self, word: str) -> None:
        """A word on its stdin. Raises BrokenError where it has ended by itself."""
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(f"{word}\n")
                self._process.stdin.flush()
        except OSError as error:
            raise BrokenError(f"the {self.role} ended by itself (status {self._process.wait(_END_S)})") from error

    def last(self, word: str) -> str:
        """What stood behind `word` when it was said last, "" for never."""
        with self._news:
            return self._said.get(word, "")

    def wait_for(self, word: str, within_s: float) -> str:
        """What stands behind `word` once it is said. Raises BrokenError."""
        with self._news:
            if not self._news.wait_for(lambda: word in self._said or self._is_over, within_s):
                raise BrokenError(f"the {self.role} did not say {word!r} within {within_s:.0f} s")
            if word not in self._said:
                raise BrokenError(f"the {self.role} ended by itself before it said {word!r}")
            return self._said[word]

    @property
    def last_word(self) -> str:
        """What was said last, without what stood behind it."""
        return self._last_word

    def ask(self, word: str, answer: str, within_s: float = 20.0) -> str:
        """Say `word`, and what stands behind the `answer` to it. Raises BrokenError."""
        with self._news:
            self._said.pop(answer, None)
        self.say(word)
        return self.wait_for(answer, within_s)

    def look(self) -> None:
        """Note how much memory it has taken at most, where the system tells."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
            self.most_bytes = max(self.most_bytes, 1_024 * int(status.partition("VmHWM:")[2].split()[0]))

    @property
    def descriptors(self) -> int:
        """How many files and sockets it has open, 0 where the system does not tell."""
        with contextlib.suppress(OSError):
            return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))
        return 0

    def kill(self) -> None:
        """SIGKILL: nothing of it goes on. Raises BrokenError where it had ended before by itself."""
        self.look()
        ended = self._process.poll()
        self._process.kill()
        self._gone()
        if ended is not None:
            raise BrokenError(f"the {self.role} ended by itself (status {ended})")

    def discard(self) -> None:
        """Kill it, whatever it is at."""
        with contextlib.suppress(BrokenError):
            self.kill()

    def end(self) -> None:
        """In order. Raises BrokenError where it does not end, or not well."""
        self.look()
        self.say("end")
        try:
            status = self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = None
        self._gone()
        if status != 0:
            raise BrokenError(f"the {self.role} did not end in order (status {status})")

    def _gone(self) -> None:
        self._process.wait(_END_S)
        self._reader.join(_END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _listen(self) -> None:
        out = self._process.stdout
        for line in out if out is not None else ():
            word, _, rest = line.strip().partition(" ")
            with self._news:
                self._said[word], self._last_word = rest, word
                self._news.notify_all()
        with self._news:
            self._is_over = True
            self._news.notify_all()
