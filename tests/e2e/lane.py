"""A lane whose far sides live on in the test while its terminal, a process of its own, is killed and started again."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from devices.virtual.payment_settings import TerminalSettings
from devices.virtual.payment_terminal import serve_payment_terminal
from devices.virtual.printer import VirtualPrinter
from devices.virtual.scanner import VirtualScanner
from tests.e2e.command import PROJECT, clean_environment, kiosk

PATIENCE_S = 40.0
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}


class Lane:
    """Scanner, printer and payment terminal; `terminal()` starts the machine between them, any number of times."""

    def __init__(self, directory: Path, settings: TerminalSettings | None = None, **variables: str) -> None:
        self.data = directory / "data"
        self.log = directory / "terminal.log"
        self.scanner = VirtualScanner(directory)
        self.printer = VirtualPrinter().start()
        self.payment = serve_payment_terminal(0, directory / "ledger.jsonl", customer=None, settings=settings)
        self._variables = variables

    def terminal(self, **variables: str) -> Terminal:
        """Start the terminal on the lane's data; `variables` are more of its environment."""
        return self.terminal_by([sys.executable, "-m", "tests.e2e.kiosk_on_a_string"], **variables)

    def terminal_by(self, command: list[str], **variables: str) -> Terminal:
        """The same by another command."""
        transports = {"SCANNER": self.scanner.url, "PRINTER": self.printer.url, "PAYMENT": self.payment.url}
        ours = {f"KIOSK__DEVICES__{kind}__TRANSPORT": url for kind, url in transports.items()}
        ours["KIOSK__DATA__DIRECTORY"] = str(self.data)
        return Terminal({**clean_environment(), **OFFSCREEN, **ours, **self._variables, **variables}, self.log, command)

    def entries(self) -> list[dict[str, Any]]:
        """The journal, read while no terminal runs; its chain has to be whole."""
        verified = kiosk("journal", "verify", "--data", self.data)
        assert verified.returncode == 0, verified.stderr.decode()
        exported = kiosk("journal", "export", "--data", self.data)
        assert exported.returncode == 0, exported.stderr.decode()
        return [json.loads(line) for line in exported.stdout.splitlines()]

    def kinds(self) -> list[str]:
        """The kinds of the journal's entries, in order."""
        return [str(entry["kind"]) for entry in self.entries()]

    def charges(self) -> list[int]:
        """What stands on customers' cards, by the payment terminal's own ledger."""
        return [entry.amount_minor for entry in self.payment.ledger.charges()]

    def __enter__(self) -> Lane:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for side in (self.scanner, self.printer, self.payment):
            side.close()


class Terminal:
    """The process: what its screen said last, hands for it, and its end."""

    def __init__(self, environment: dict[str, str], log: Path, command: list[str]) -> None:
        self.said: list[dict[str, Any]] = []
        with log.open("ab") as complaints:
            self._process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def now(self) -> dict[str, Any]:
        """What the screen stands at."""
        return self.said[-1] if self.said else {"step": "", "items": 0, "message": "", "problem": ""}

    def do(self, *lines: str) -> None:
        """Press these, one after another."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{line}\n" for line in lines))
        self._process.stdin.flush()

    def wait(self, is_so: Callable[[dict[str, Any]], object], what: str) -> dict[str, Any]:
        """Wait until the screen stands so."""
        wait_until(
            lambda: is_so(self.now) or "error" in self.now or self._process.poll() is not None,
            lambda: f"{what}; the screen stands at {self.now}",
        )
        assert self._process.poll() is None, f"the terminal ended while a test waited for {what}"
        assert "error" not in self.now, self.now
        return self.now

    def wait_for_step(self, *steps: str) -> dict[str, Any]:
        """Wait until the journey stands at one of these."""
        return self.wait(lambda now: now.get("step") in steps, f"step {' or '.join(steps)}")

    def is_ready(self) -> None:
        """Wait until every device is."""
        self.wait(lambda now: now.get("ready") and now.get("scanner") == "ready", "the devices")

    def kill(self) -> None:
        """A power cut."""
        self._process.kill()
        self._gone()

    def end(self) -> int:
        """In good order; with its exit status."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._gone()
        return self._process.returncode

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    def _gone(self) -> None:
        self._process.wait(20)
        self._reader.join(20)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(json.loads(line))


def wait_until(is_so: Callable[[], object], what: Callable[[], str]) -> None:
    """Poll, with a deadline that no healthy machine reaches."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, f"waited {PATIENCE_S:g} s for {what()}"
        time.sleep(0.005)
