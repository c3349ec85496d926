"""One play on the network: a terminal that sells, its service, the line between them, and the proof when all is well again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.storage.boot import open_books
from sync.central.authority import tls_files
from sync.central.database import Database
from sync.central.enrolment import make_code
from sync.central.migrations import migrate
from sync.faults.faulty import FaultyLine
from sync.faults.proxy import LineProxy, place
from sync.identity import EnrolmentError, enrol
from sync.telemetry import FILE_NAME as TELEMETRY_NAME
from ui.simulation import proof
from ui.simulation.children import BrokenError, Child
from ui.simulation.schedule import Schedule, Step
from ui.simulation.witness import Witness
from ui.simulation.words import DONE_NAME, STORE, TELEMETRY_BYTES, TERMINAL

EMPTY_WITHIN_S: Final = 30.0
_ANSWERED_WITHIN_S: Final = 60.0
_MOST_SERVICE_BYTES: Final = 400_000_000
_MOST_TERMINAL_BYTES: Final = 200_000_000
_MOST_DESCRIPTORS: Final = 100
_MOST_REQUESTS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Played:
    """What a play was: how many entries, requests that met a fault, processes killed, and how long the queue took to be empty."""

    entries: int
    faults: int
    kills: int
    orders: int
    empty_s: float


class Network:
    """Terminal, line and service in `directory`. `play` once, then `close`."""

    def __init__(self, directory: Path, wanted: Schedule) -> None:
        self._wanted = wanted
        self._central = directory / "central"
        self._books = directory / "books"
        self._log = directory / "log.txt"
        self._central.mkdir(parents=True)
        self._store = self._central / "central.db"
        self._place = place(0)
        self._port: int = self._place.getsockname()[1]
        self._witness = Witness()
        self._line = self._new_line()
        self._service: Child | None = None
        self._terminal: Child | None = None
        self._weather = 0
        self._lives = self._kills = self._orders = self._durable = 0

    def play(self) -> Played:
        """Let it happen, mend it, prove it. Raises BrokenError."""
        self._open()
        for step in self._wanted.steps:
            self._act(step)
            time.sleep(step.dwell_ms / 1_000)
            if step.is_passing:
                self._mend()
        empty_s = self._calm_down()
        service, terminal = self._ends()
        self._is_small(service, terminal)
        terminal.end()
        service.end()
        self._note_durable(terminal)
        entries = self._prove()
        faults = self._requests - self._line.happened["well"] if isinstance(self._line, FaultyLine) else 0
        return Played(entries, faults, self._kills, self._orders, empty_s)

    def close(self) -> None:
        """End everything that was started."""
        for child in (self._terminal, self._service):
            if child is not None:
                child.discard()
        self._line.close()
        self._place.close()

    @property
    def _requests(self) -> int:
        """How many were made; over TLS nobody can count them, and as many as could be are taken for it."""
        return self._line.happened.total() if isinstance(self._line, FaultyLine) else _MOST_REQUESTS

    # --- the play

    def _new_line(self) -> LineProxy:
        if self._wanted.is_secret:
            return LineProxy(f"https://127.0.0.1:{self._port}")
        return FaultyLine(self._port, seed=self._wanted.seed, watcher=self._witness.watch)

    def _open(self) -> None:
        store = Database(f"sqlite:///{self._store}", connections=1)
        try:
            migrate(store)
            code = store.write(lambda c: make_code(c, TERMINAL, STORE, who="simulation", now_s=time.time()))
        finally:
            store.close()
        tls_files(self._central / "tls", ["127.0.0.1"], datetime.now(UTC))
        self._start_service()
        try:
            enrol(self._books, self._line.start(), code, TERMINAL)
        except EnrolmentError as error:
            raise BrokenError(f"the terminal was not enrolled: {error}") from error
        self._start_terminal()

    def _act(self, step: Step) -> None:
        line = self._line
        acts: dict[str, Callable[[], None]] = {
            "weather": lambda: self._set_weather(step.value),
            "cut": line.cut,
            "mend": self._mend,
            "hold": line.hold,
            "slow": lambda: line.slow(delay_ms=20, bytes_per_s=step.value),
            "forget": line.forget,
            "order": self._order,
            "kill-service": self._kill_service,
            "kill-terminal": self._kill_terminal,
            "kill-both": self._kill_both,
        }
        acts[step.action]()

    def _mend(self) -> None:
        """There is a line again, and the weather is what it was."""
        self._line.mend()
        self._set_weather(self._weather)

    def _set_weather(self, percent: int) -> None:
        self._weather = percent
        if isinstance(self._line, FaultyLine):
            self._line.percent = percent

    def _order(self) -> None:
        self._ends()[0].ask("order", "ordered")
        self._orders += 1

    def _kill_service(self) -> None:
        self._drop_service()
        self._start_service()

    def _kill_terminal(self) -> None:
        self._drop_terminal()
        self._start_terminal()

    def _kill_both(self) -> None:
        self._drop_service()
        self._drop_terminal()
        self._start_terminal()
        self._start_service()

    def _drop_service(self) -> None:
        """Whatever it acknowledged before this moment has to be there, before anyone can send it again."""
        promised = self._witness.promised
        self._ends()[0].kill()
        self._kills += 1
        with proof.opened(self._store) as connection:
            proof.keeps_its_word(connection, promised)

    def _drop_terminal(self) -> None:
        terminal = self._ends()[1]
        terminal.kill()
        self._note_durable(terminal)
        self._kills += 1

    def _start_service(self) -> None:
        flag = str(int(self._wanted.is_secret))
        self._service = Child("service", (str(self._central), str(self._port), flag), self._log)

    def _start_terminal(self) -> None:
        life = self._wanted.seed * 1_000 + self._lives
        self._lives += 1
        self._terminal = Child("terminal", (str(self._books), str(life), str(int(self._wanted.is_brisk))), self._log)

    def _ends(self) -> tuple[Child, Child]:
        if self._service is None or self._terminal is None:
            raise BrokenError("an end of the line was never started")
        return self._service, self._terminal

    def _note_durable(self, terminal: Child) -> None:
        self._durable = max(self._durable, int(terminal.last("at") or 0))

    # --- and its end

    def _calm_down(self) -> float:
        """Mend the line; how long the queue took to be empty."""
        service, terminal = self._ends()
        terminal.say("rest")
        self._line.mend()
        mended_s = time.monotonic()
        while terminal.last_word != "empty":
            if time.monotonic() - mended_s > EMPTY_WITHIN_S:
                left = terminal.last("left") or terminal.last_word
                raise BrokenError(f"{EMPTY_WITHIN_S:.0f} s after the line's return the queue is not empty: {left}")
            time.sleep(0.01)
        empty_s = time.monotonic() - mended_s
        while service.ask("open", "open") != "0" or terminal.last_word != "empty":
            if time.monotonic() - mended_s > _ANSWERED_WITHIN_S:
                raise BrokenError(f"{service.last('open')} orders are not answered after {_ANSWERED_WITHIN_S:.0f} s")
            time.sleep(0.05)
        return empty_s

    def _is_small(self, service: Child, terminal: Child) -> None:
        """Nothing of what is in memory or in files grew beyond its bound. Raises BrokenError."""
        for child, most_bytes in ((service, _MOST_SERVICE_BYTES), (terminal, _MOST_TERMINAL_BYTES)):
            child.look()
            if child.most_bytes > most_bytes or child.descriptors > _MOST_DESCRIPTORS:
                raise BrokenError(
                    f"the {child.role} takes {child.most_bytes} bytes and {child.descriptors} descriptors"
                )

    def _prove(self) -> int:
        written = self._written()
        if len(written) < self._durable:
            raise BrokenError(f"entry {self._durable} was durable at the terminal, and {len(written)} are there")
        if self._witness.taken_twice:
            raise BrokenError(f"{self._witness.taken_twice} requests were accepted twice")
        done = self._books / DONE_NAME
        proof.keeps_to_its_quota(self._books / TELEMETRY_NAME, TELEMETRY_BYTES)
        with proof.opened(self._store) as connection:
            proof.keeps_its_word(connection, self._witness.promised)
            proof.holds_all(connection, TERMINAL, written)
            proof.projects_each_once(connection, written)
            proof.orders_done_once(connection, written, done.read_text().split() if done.exists() else [])
            proof.is_quiet_and_small(connection, self._store, self._requests)
        return len(written)

    def _written(self) -> list[proof.Row]:
        books = open_books(self._books, TERMINAL)
        try:
            verdict = books.journal.verify()
            if not verdict.ok:
                raise BrokenError(f"the terminal's own chain breaks at {verdict.seq}: {verdict.reason}")
            found = books.journal.stored(after_seq=0, limit=1_000_000)
            return [
                proof.Row(e.journal_id, e.seq, e.at, e.clock_ms, e.kind, e.subject, e.body, e.prev, e.digest)
                for e in found
            ]
        finally:
            books.close()
