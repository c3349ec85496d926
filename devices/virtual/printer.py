"""A receipt printer without hardware: takes ESC/POS over TCP or a pseudo-terminal, draws the paper, and fails on demand."""

from __future__ import annotations

import contextlib
import itertools
import logging
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from PIL import Image

from devices.transport import Transport, TransportLostError
from devices.virtual.escpos_machine import EscposMachine
from devices.virtual.escpos_status import Fault
from devices.virtual.escpos_stream import LONGEST_COMMAND
from devices.virtual.paper import Paper, save_paper
from devices.virtual.pty_port import PtyPort

__all__ = ["Fault", "Paper", "VirtualPrinter", "serve_printer"]

log = logging.getLogger(__name__)

DOTS_80_MM = 576
DOTS_58_MM = 384
T = TypeVar("T")

_KEPT_PAPERS = 50
_BUFFER_BYTES = (
    LONGEST_COMMAND + 64 * 1024
)  # when full the line is not read: the sender feels it, as with a real printer
_POLL_MS = 100
_PROGRESS_EVERY_S = 0.04


class VirtualPrinter:
    """A printer that drivers reach at `url`: over TCP on a `port` (0: any free one), or over a pseudo-terminal (`port` None).

    `on_cut(paper)` is called at each cut, `on_progress(picture)` up to 25 times a second while paper comes out; both on the
    printing thread. One sender at a time, as real printers have it. Start with `start`, end with `close`, or use as a context.
    """

    def __init__(
        self,
        *,
        port: int | None = 0,
        host: str = "127.0.0.1",
        dots: int = DOTS_80_MM,
        ms_per_line: int = 0,
        on_cut: Callable[[Paper], None] | None = None,
        on_progress: Callable[[Image.Image], None] | None = None,
    ) -> None:
        self.ms_per_line = ms_per_line
        self._on_cut, self._on_progress = on_cut, on_progress
        self._papers: deque[Paper] = deque(maxlen=_KEPT_PAPERS)
        self._fresh: list[Paper] = []
        self._machine = EscposMachine(dots, self._reply, self._fresh.append)
        self._changed = threading.Condition(threading.RLock())
        self._closing = threading.Event()
        self._line: Transport | None = None
        self._cut_after: int | None = None
        self._plugged = True
        self._shown_at, self._unseen = 0.0, False
        self._pty = PtyPort("printer") if port is None else None
        self._listener = None if port is None else socket.create_server((host, port), backlog=4)
        self._address: tuple[str, int] = (host, 0) if self._listener is None else self._listener.getsockname()[:2]
        self._threads = [
            threading.Thread(target=work, name=f"virtual-printer-{name}", daemon=True)
            for name, work in (("line", self._attend_line), ("head", self._print))
        ]

    @property
    def url(self) -> str:
        """The transport a driver opens."""
        return self._pty.url if self._pty is not None else f"tcp:{self._address[0]}:{self._address[1]}"

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The last papers that were cut, the newest at the end."""
        with self._changed:
            return tuple(self._papers)

    @property
    def drawer_pulses(self) -> int:
        """How often a cash drawer would have opened."""
        return self._machine.drawer_pulses

    @property
    def lines_printed(self) -> int:
        """Lines since it was made."""
        return self._machine.lines_printed

    def picture(self) -> Image.Image:
        """The paper that hangs out now."""
        with self._changed:
            return self._machine.roll.picture()

    def start(self) -> VirtualPrinter:
        """Switch it on."""
        for thread in self._threads:
            thread.start()
        return self

    def set_fault(self, fault: Fault, *, on: bool = True) -> None:
        """Break or mend something. Mended, it goes on with what it had not printed yet."""
        with self._changed:
            self._machine.set_fault(fault, on=on)
            self._changed.notify_all()

    def paper_out_after(self, lines: int) -> None:
        """The roll ends after so many more lines."""
        with self._changed:
            self._machine.paper_out_after(lines)

    def cut_line_after(self, size: int) -> None:
        """The line breaks once, after so many more bytes; it can be reopened at once."""
        with self._changed:
            self._cut_after = size

    def unplug(self) -> None:
        """The cable is pulled: nobody is connected, nobody can connect."""
        with self._changed:
            self._plugged = False
            self._hang_up()
            if self._pty is not None:
                self._pty.unplug()

    def replug(self) -> None:
        """The cable is back."""
        with self._changed:
            if self._pty is not None:
                self._pty.replug()
            self._plugged = True

    def power_cycle(self) -> None:
        """Off and on: what was in its memory is gone, and so is the connection."""
        with self._changed:
            self._machine.power_cycle()
            self._hang_up()
            if self._pty is not None:
                self._pty.replug()

    def close(self) -> None:
        """Switch it off for good."""
        with self._changed:
            self._closing.set()
            self._hang_up()
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(5)
        self._stop_listening()
        if self._pty is not None:
            self._pty.close()

    def __enter__(self) -> VirtualPrinter:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- the line's thread -----------------------------------------------------------------------------------------------

    def _attend_line(self) -> None:
        while not self._closing.is_set():
            line = self._pty_line() if self._pty is not None else self._accept()
            if line is None:
                continue
            try:
                while not self._closing.is_set():
                    self._take(line)
            except TransportLostError:
                log.debug("virtual printer: the sender is gone")
            finally:
                with self._changed:
                    self._line = None
                line.close()
        self._stop_listening()

    def _pty_line(self) -> Transport | None:
        with self._changed:
            self._line = self._pty.line if self._pty is not None else None
            if self._line is None:
                self._changed.wait(_POLL_MS / 1000)
            return self._line

    def _accept(self) -> Transport | None:
        if not self._plugged:
            self._stop_listening()
            self._closing.wait(_POLL_MS / 1000)
            return None
        if self._listener is None:
            self._listener = socket.create_server(self._address, backlog=4)
        self._listener.settimeout(_POLL_MS / 1000)
        try:
            peer, address = self._listener.accept()
        except OSError:  # nobody came, or hung up again at once
            return None
        with self._changed:
            self._line = Transport(peer.detach(), f"virtual printer for {address[0]}")
            return self._line

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _take(self, line: Transport) -> None:
        with self._changed:
            if self._machine.pending >= _BUFFER_BYTES:
                self._changed.wait(_POLL_MS / 1000)
                return
        data = line.read(4096, _POLL_MS)
        with self._changed:
            broken = self._cut_after is not None and len(data) >= self._cut_after
            if self._cut_after is not None:
                data = data[: self._cut_after]
                self._cut_after = None if broken else self._cut_after - len(data)
            if data:
                self._machine.receive(data)
                self._changed.notify_all()
            if broken:
                self._hang_up()
                if self._pty is not None:
                    self._pty.replug()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()

    def _reply(self, answer: bytes) -> None:
        if self._line is not None:
            try:
                self._line.write(answer, 1000)
            except TransportLostError:
                log.debug("virtual printer: nobody is there to hear the answer")

    # --- the printing thread ---------------------------------------------------------------------------------------------

    def _print(self) -> None:
        while not self._closing.is_set():
            with self._changed:
                before = self._machine.lines_printed
                worked = self._machine.step()
                lines = self._machine.lines_printed - before
                finished, self._fresh[:] = tuple(self._fresh), ()
                self._papers.extend(finished)
            for paper in finished:
                self._tell(self._on_cut, paper)
            self._unseen = self._unseen or lines > 0 or bool(finished)
            self._show(at_rest=not worked)
            if lines and self.ms_per_line:
                self._closing.wait(lines * self.ms_per_line / 1000)
            if not worked:
                self._rest()

    def _rest(self) -> None:
        with self._changed:
            if not self._machine.pending or self._machine.stopped:
                self._changed.wait(_POLL_MS / 1000)

    def _show(self, *, at_rest: bool) -> None:
        now = time.monotonic()
        if self._on_progress and self._unseen and (at_rest or now - self._shown_at >= _PROGRESS_EVERY_S):
            self._shown_at, self._unseen = now, False
            self._tell(self._on_progress, self.picture())

    def _tell(self, watcher: Callable[[T], None] | None, what: T) -> None:
        if watcher is not None:
            try:
                watcher(what)
            except Exception:
                log.exception("virtual printer: a watcher failed")


def serve_printer(
    port: int,
    out_dir: Path,
    *,
    host: str = "127.0.0.1",
    ready: Callable[[str], None] | None = None,
    until: threading.Event | None = None,
) -> None:
    """Serve on `port` until interrupted or `until` is set; each cut becomes `receipt-NNNN.png` and `.txt` in `out_dir`.

    `ready(url)` is called once it listens. Raises OSError when the port is taken or the folder cannot be written.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    numbers = itertools.count(_last_number(out_dir) + 1)
    with VirtualPrinter(port=port, host=host, on_cut=lambda paper: _save(paper, out_dir, next(numbers))) as printer:
        if ready is not None:
            ready(printer.url)
        with contextlib.suppress(KeyboardInterrupt):
            (until or threading.Event()).wait()


def _last_number(folder: Path) -> int:
    names = (re.fullmatch(r"receipt-(\d{4,9})\.png", path.name) for path in folder.iterdir())
    return max((int(name[1]) for name in names if name), default=0)


def _save(paper: Paper, folder: Path, number: int) -> None:
    picture = save_paper(paper, folder, number)
    log.info("virtual printer: wrote %s", picture)
